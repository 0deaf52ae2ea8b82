//! What the server holds and knows.

use crate::protocol::{Answer, Call, Element, Operation, Trouble};
use crate::views::{application_parameters, kind};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Failure, MediaType, media_types};

/// Counts users and documents. Only a system administrator may.
#[derive(Request)]
#[op("GetSystemStatistics", group = "Settings", root = "root")]
pub(crate) struct GetSystemStatistics;

impl Operation for GetSystemStatistics {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let found = call.services.settings.statistics(&caller).await?;
        let [month, two_months, three_months] = found.registered;
        let counts = [
            ("TotalUserCount", found.enabled_users + found.disabled_users),
            ("ActiveUserCount", found.enabled_users),
            ("DisabledUserCount", found.disabled_users),
            ("TotalDocumentCount", found.documents),
            ("TotalDocumentSize", found.raw_len),
            ("TotalCheckedOutDocuments", found.locked_documents),
            ("RegisteredDocumentsIn30Days", month),
            ("RegisteredDocumentsIn60Days", two_months),
            ("RegisteredDocumentsIn90Days", three_months),
        ];
        let counts = counts.map(|(name, count)| Element::named(name).text(count.to_string()));
        let statistics = Element::named("SystemStatistics").containing(counts.into());
        Ok(Element::success().containing(vec![statistics]).into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::Denied).then_some("[921]Insufficient rights")
    }
}

/// Lists the media types that documents are served with, by the extensions of their names.
#[derive(Request)]
#[op("GetMimeTypes", group = "Settings")]
pub(crate) struct GetMimeTypes;

impl Operation for GetMimeTypes {
    async fn run(self, _: Caller, _: &Call) -> Result<Answer, Trouble> {
        let types = media_types().into_iter().map(mime_type).collect();
        let types = Element::named("MimeTypes").containing(types);
        Ok(Element::success().containing(vec![types]).into())
    }
}

fn mime_type(of: MediaType) -> Element {
    let extension = format!(".{}", of.extension);
    let description = match kind(&extension) {
        "Unknown" => format!("{} File", of.extension.to_uppercase()),
        known => known.to_owned(),
    };
    Element::named("MimeType").containing(vec![
        Element::named("ExtensionType").text(extension),
        Element::named("Description").text(description),
        Element::named("MimeTypeString").text(of.media_type),
    ])
}

/// Answers how the server is set. System administrators see more than others; no password is shown to anybody.
#[derive(Request)]
#[op(
    "getApplicationParameters",
    group = "Settings",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct GetApplicationParameters;

impl Operation for GetApplicationParameters {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let settings = call.services.settings.general(&caller).await?;
        let is_administrator = call.services.people.is_administrator(&caller).await?;
        let parameters = application_parameters(&settings, &call.names, is_administrator);
        let root = Element::success().with("error", "");
        Ok(root.containing(vec![parameters]).into())
    }
}
