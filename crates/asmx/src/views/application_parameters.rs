//! `<PARAMETERS>`: settings as flat upper-case elements (CONTRACT section 15).
//!
//! What this server does not have is said to be off, empty or zero: mail, a search index, partial uploads by mail.

use super::flag;
use crate::protocol::{Element, Names};
use holdall_services::{GeneralSettings, SHORTEST_PASSWORD};

/// The element.
pub(crate) fn application_parameters(
    settings: &GeneralSettings,
    names: &Names,
    for_administrator: bool,
) -> Element {
    let mut parameters = for_everybody(settings, names);
    if for_administrator {
        parameters.extend(for_administrators(settings, names));
    }
    Element::named("PARAMETERS").containing(parameters)
}

fn for_everybody(settings: &GeneralSettings, names: &Names) -> Vec<Element> {
    vec![
        leaf("WEBDAV", flag(settings.web_dav)),
        off("ALLOWEMAILATTACHMENTS"),
        leaf("ATTACHMENTSIZELIMIT", "0"),
        leaf("APPLICATIONURL", names.url.clone()),
        leaf("SYSTEMEMAILADDRESS", ""),
        off("INDEXSRV"),
        leaf("SEARCHPAGESIZE", settings.search_page_size.to_string()),
        leaf("FILEUPLOADLIMIT", settings.document_max_len.to_string()),
        off("ALLOWPARTIALEMAILUPLOADS"),
    ]
}

fn for_administrators(settings: &GeneralSettings, names: &Names) -> Vec<Element> {
    let mut more = vec![
        leaf("INDEXCATALOG", ""),
        off("LOGLOGINS"),
        leaf("FILEUPLOADTIMEOUT", settings.upload_timeout_seconds.to_string()),
        leaf("ALLOWOWNERSHIPTRANSFER", flag(settings.allow_ownership_transfer)),
        off("SUBSCRIPTIONNOTIFICATIONS"),
        off("SENDEMAIL"),
        off("SENDTO_DISPLAYUSERLIST"),
        leaf("SMTPSERVER", ""),
        leaf("SMTPSERVERPORT", "0"),
        leaf("SMTPCONNECTIONTIMEOUT", "0"),
        leaf("SMTPSENDUSERNAME", ""),
        leaf("SMTPSENDPASSWORD", "****"),
        leaf("PWDMINLEN", SHORTEST_PASSWORD.to_string()),
    ];
    more.extend(
        [
            "PWDALPHA",
            "PWDNUM",
            "PWDEXPIRES",
            "PWDWEAKLIST",
            "PWDNONALPHA",
            "PWDNOUSERNAME",
            "PWDNOEMAIL",
        ]
        .map(off),
    );
    let authority = vec![leaf("AuthenticationAuthority", "native")];
    more.push(Element::named("AuthenticationAuthorities").containing(authority));
    more.push(leaf("ServerName", names.server.clone()));
    // Neither addresses behind the public one nor paths on disk are anybody's business.
    more.push(Element::named("IPAddressList"));
    more.push(Element::named("WarehousePaths"));
    more
}

fn leaf(name: &'static str, value: impl Into<String>) -> Element {
    Element::named(name).text(value)
}

fn off(name: &'static str) -> Element {
    leaf(name, flag(false))
}
