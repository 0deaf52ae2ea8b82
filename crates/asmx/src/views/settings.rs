//! `<GeneralSettings>`, in both directions (CONTRACT section 15).

use crate::protocol::{Element, Node, Trouble, parse_xml};
use holdall_services::{GeneralSettings, Holiday, WorkHours};
use std::str::FromStr;

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Settings in domain words and on the wire, for the texts of failures.
const NAMES: [(&str, &str); 9] = [
    ("document_max_len", "DocumentMaxSize"),
    ("upload_timeout_seconds", "FileUploadTimeOut"),
    ("upload_chunk_len", "DefaultUploadFileChunkSize"),
    ("search_page_size", "SearchPageSize"),
    ("recycled_purge_months", "SystemRecycleBinAutoPurgeOption"),
    ("recycled_move_days", "MoveUsersRecycleBinToSystemRecycleBinIn"),
    ("first_year_offered", "MinYearInDateControls"),
    ("work week", "Workdays"),
    ("holidays", "HolidayList"),
];

/// The element that the services call `field`.
pub(crate) fn setting_name(field: &'static str) -> &'static str {
    NAMES
        .iter()
        .find(|(known, _)| *known == field)
        .map_or(field, |(_, name)| name)
}

/// The element.
pub(crate) fn settings(settings: &GeneralSettings) -> Element {
    let uploads = vec![
        leaf("DocumentMaxSize", &settings.document_max_len),
        leaf("FileUploadTimeOut", &settings.upload_timeout_seconds),
        leaf("DefaultUploadFileChunkSize", &settings.upload_chunk_len),
    ];
    let archives = vec![
        leaf("Enabled", &settings.staging_enabled),
        leaf("MaxTotalSize", &settings.staging_max_len),
        leaf("MaxTotalCount", &settings.staging_max_count),
    ];
    Element::named("GeneralSettings").containing(vec![
        Element::named("UploadSettings").containing(uploads),
        leaf("AllowOwnershipTransfer", &settings.allow_ownership_transfer),
        leaf("WebDav", &settings.web_dav),
        leaf("DisplayAddIns", &settings.display_add_ins),
        leaf("MinYearInDateControls", &settings.first_year_offered),
        leaf("SystemRecycleBinAutoPurgeOption", &settings.recycled_purge_months),
        leaf(
            "MoveUsersRecycleBinToSystemRecycleBinIn",
            &settings.recycled_move_days,
        ),
        leaf("RerouteRedirections", &settings.reroute_redirections),
        leaf("SendDiagnosticsAndStatistics", &settings.send_diagnostics),
        Element::named("Workdays").containing(work_days(settings)),
        Element::named("HolidayList").containing(settings.holidays.iter().map(holiday).collect()),
        Element::named("ZipDownloadSetting").containing(archives),
        leaf("SearchPageSize", &settings.search_page_size),
    ])
}

fn leaf(name: &'static str, value: &impl ToString) -> Element {
    Element::named(name).text(value.to_string())
}

/// The days on which people work; days off are left out.
fn work_days(settings: &GeneralSettings) -> Vec<Element> {
    let day = |(name, hours): (&&'static str, &Option<WorkHours>)| {
        let hours = (*hours)?;
        Some(Element::named(name).containing(vec![
            leaf("StartHour", &hours.start_hour),
            leaf("StartMinute", &hours.start_minute),
            leaf("EndHour", &hours.end_hour),
            leaf("EndMinute", &hours.end_minute),
        ]))
    };
    DAYS.iter().zip(&settings.work_week).filter_map(day).collect()
}

fn holiday(holiday: &Holiday) -> Element {
    let date = leaf("HolidayDate", &holiday.date);
    Element::named("Holiday").containing(vec![date, leaf("Description", &holiday.description)])
}

/// The settings of a document, which may be wrapped as `GetGeneralAppSettings` answers it. What is left out gets the default of
/// a new house; holidays that are left out are none.
pub(crate) fn read_settings(xml: &str) -> Result<GeneralSettings, Trouble> {
    let invalid = || Trouble::Fixed("Invalid settings XML format");
    let root = parse_xml(xml).map_err(|_| invalid())?;
    let root = if root.is("GeneralSettings") {
        &root
    } else {
        root.child("GeneralSettings").ok_or_else(invalid)?
    };
    let (uploads, archives) = (root.child("UploadSettings"), root.child("ZipDownloadSetting"));
    let (root, new) = (Some(root), GeneralSettings::default());
    Ok(GeneralSettings {
        document_max_len: value(uploads, "DocumentMaxSize", new.document_max_len)?,
        upload_timeout_seconds: value(uploads, "FileUploadTimeOut", new.upload_timeout_seconds)?,
        upload_chunk_len: value(uploads, "DefaultUploadFileChunkSize", new.upload_chunk_len)?,
        staging_enabled: flag(archives, "Enabled", new.staging_enabled)?,
        staging_max_len: value(archives, "MaxTotalSize", new.staging_max_len)?,
        staging_max_count: value(archives, "MaxTotalCount", new.staging_max_count)?,
        search_page_size: value(root, "SearchPageSize", new.search_page_size)?,
        recycled_purge_months: value(root, "SystemRecycleBinAutoPurgeOption", new.recycled_purge_months)?,
        recycled_move_days: value(
            root,
            "MoveUsersRecycleBinToSystemRecycleBinIn",
            new.recycled_move_days,
        )?,
        allow_ownership_transfer: flag(root, "AllowOwnershipTransfer", new.allow_ownership_transfer)?,
        web_dav: flag(root, "WebDav", new.web_dav)?,
        display_add_ins: flag(root, "DisplayAddIns", new.display_add_ins)?,
        first_year_offered: value(root, "MinYearInDateControls", new.first_year_offered)?,
        reroute_redirections: flag(root, "RerouteRedirections", new.reroute_redirections)?,
        send_diagnostics: flag(root, "SendDiagnosticsAndStatistics", new.send_diagnostics)?,
        work_week: read_work_week(root, new.work_week)?,
        holidays: read_holidays(root),
    })
}

fn text<'a>(parent: Option<&'a Node>, name: &str) -> Option<&'a str> {
    let child = parent?.child(name)?;
    Some(child.text.trim()).filter(|text| !text.is_empty())
}

fn value<T: FromStr>(parent: Option<&Node>, name: &'static str, otherwise: T) -> Result<T, Trouble> {
    match text(parent, name) {
        None => Ok(otherwise),
        Some(text) => text
            .parse()
            .map_err(|_| Trouble::invalid(name, "a whole number that is not negative is expected")),
    }
}

fn flag(parent: Option<&Node>, name: &'static str, otherwise: bool) -> Result<bool, Trouble> {
    match text(parent, name).map(str::to_ascii_lowercase).as_deref() {
        None => Ok(otherwise),
        Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        Some(_) => Err(Trouble::invalid(name, "true, false, 1 or 0 is expected")),
    }
}

fn read_work_week(
    root: Option<&Node>,
    otherwise: [Option<WorkHours>; 7],
) -> Result<[Option<WorkHours>; 7], Trouble> {
    let Some(days) = root.and_then(|root| root.child("Workdays")) else {
        return Ok(otherwise);
    };
    let mut week = [None; 7];
    for (name, hours) in DAYS.iter().zip(&mut week) {
        let day = days.child(name).filter(|day| !day.children.is_empty());
        *hours = day.map(|day| read_hours(Some(day))).transpose()?;
    }
    Ok(week)
}

fn read_hours(day: Option<&Node>) -> Result<WorkHours, Trouble> {
    Ok(WorkHours {
        start_hour: value(day, "StartHour", 0)?,
        start_minute: value(day, "StartMinute", 0)?,
        end_hour: value(day, "EndHour", 0)?,
        end_minute: value(day, "EndMinute", 0)?,
    })
}

fn read_holidays(root: Option<&Node>) -> Vec<Holiday> {
    let list = root.and_then(|root| root.child("HolidayList"));
    let nodes = list.map(|list| list.children.as_slice()).unwrap_or_default();
    let holiday = |node: &Node| {
        let field = |name| text(Some(node), name).unwrap_or_default().to_owned();
        Holiday {
            date: field("HolidayDate").chars().take(10).collect(),
            description: field("Description"),
        }
    };
    nodes
        .iter()
        .filter(|node| node.is("Holiday"))
        .map(holiday)
        .collect()
}
