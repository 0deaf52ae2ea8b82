//! The settings one by one: their bounds, and how the catalog keeps them.

use super::{GeneralSettings, Holiday, WorkHours};
use crate::Failure;
use holdall_catalog::CatalogError;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// The names of the days' rows, Monday first.
const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Most holidays kept.
const MOST_HOLIDAYS: usize = 1000;

/// Fails on the first value that is out of its bounds.
pub(super) fn check(settings: &GeneralSettings) -> Result<(), Failure> {
    let bounded: [(&'static str, u64, RangeInclusive<u64>); 7] = [
        ("document_max_len", settings.document_max_len, 1 << 20..=1 << 50),
        (
            "upload_timeout_seconds",
            settings.upload_timeout_seconds,
            1..=86_400,
        ),
        (
            "upload_chunk_len",
            settings.upload_chunk_len,
            262_144..=33_554_432,
        ),
        ("search_page_size", settings.search_page_size, 1..=1000),
        ("recycled_purge_months", settings.recycled_purge_months, 0..=36),
        ("recycled_move_days", settings.recycled_move_days, 0..=3650),
        ("first_year_offered", settings.first_year_offered, 1..=9999),
    ];
    for (field, value, bounds) in bounded {
        if !bounds.contains(&value) {
            return Err(Failure::invalid(
                field,
                format!("it is {} to {}", bounds.start(), bounds.end()),
            ));
        }
    }
    settings
        .work_week
        .iter()
        .flatten()
        .try_for_each(|hours| hours.check())?;
    if settings.holidays.len() > MOST_HOLIDAYS {
        return Err(Failure::invalid(
            "holidays",
            format!("there are at most {MOST_HOLIDAYS}"),
        ));
    }
    settings.holidays.iter().try_for_each(Holiday::check)
}

/// The settings as rows of the catalog.
pub(super) fn texts(settings: &GeneralSettings) -> Vec<(&'static str, String)> {
    let mut texts = vec![
        ("document_max_len", settings.document_max_len.to_string()),
        (
            "upload_timeout_seconds",
            settings.upload_timeout_seconds.to_string(),
        ),
        ("upload_chunk_len", settings.upload_chunk_len.to_string()),
        ("staging_enabled", settings.staging_enabled.to_string()),
        ("staging_max_len", settings.staging_max_len.to_string()),
        ("staging_max_count", settings.staging_max_count.to_string()),
        ("search_page_size", settings.search_page_size.to_string()),
        (
            "recycled_purge_months",
            settings.recycled_purge_months.to_string(),
        ),
        ("recycled_move_days", settings.recycled_move_days.to_string()),
        (
            "allow_ownership_transfer",
            settings.allow_ownership_transfer.to_string(),
        ),
        ("web_dav", settings.web_dav.to_string()),
        ("display_add_ins", settings.display_add_ins.to_string()),
        ("first_year_offered", settings.first_year_offered.to_string()),
        ("reroute_redirections", settings.reroute_redirections.to_string()),
        ("send_diagnostics", settings.send_diagnostics.to_string()),
    ];
    let days = DAYS.iter().zip(&settings.work_week);
    texts.extend(days.map(|(day, hours)| (*day, hours.map(WorkHours::text).unwrap_or_default())));
    let holidays: Vec<String> = settings.holidays.iter().map(Holiday::text).collect();
    texts.push(("holidays", holidays.join("\n")));
    texts
}

/// The settings that the rows of the catalog say; what they leave out is as in a new house.
pub(super) fn read(rows: &[(String, String)]) -> Result<GeneralSettings, CatalogError> {
    let rows = Rows(
        rows.iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect(),
    );
    let new = GeneralSettings::default();
    let mut work_week = new.work_week;
    for (day, hours) in DAYS.iter().zip(&mut work_week) {
        *hours = match rows.0.get(day) {
            None => *hours,
            Some(&"") => None,
            Some(text) => Some(WorkHours::parse(text).ok_or_else(|| unreadable(day))?),
        };
    }
    let holidays = rows.0.get("holidays").copied().unwrap_or_default();
    let holidays = holidays
        .lines()
        .map(|line| Holiday::parse(line).ok_or_else(|| unreadable("holidays")));
    Ok(GeneralSettings {
        document_max_len: rows.value("document_max_len", new.document_max_len)?,
        upload_timeout_seconds: rows.value("upload_timeout_seconds", new.upload_timeout_seconds)?,
        upload_chunk_len: rows.value("upload_chunk_len", new.upload_chunk_len)?,
        staging_enabled: rows.value("staging_enabled", new.staging_enabled)?,
        staging_max_len: rows.value("staging_max_len", new.staging_max_len)?,
        staging_max_count: rows.value("staging_max_count", new.staging_max_count)?,
        search_page_size: rows.value("search_page_size", new.search_page_size)?,
        recycled_purge_months: rows.value("recycled_purge_months", new.recycled_purge_months)?,
        recycled_move_days: rows.value("recycled_move_days", new.recycled_move_days)?,
        allow_ownership_transfer: rows.value("allow_ownership_transfer", new.allow_ownership_transfer)?,
        web_dav: rows.value("web_dav", new.web_dav)?,
        display_add_ins: rows.value("display_add_ins", new.display_add_ins)?,
        first_year_offered: rows.value("first_year_offered", new.first_year_offered)?,
        reroute_redirections: rows.value("reroute_redirections", new.reroute_redirections)?,
        send_diagnostics: rows.value("send_diagnostics", new.send_diagnostics)?,
        work_week,
        holidays: holidays.collect::<Result<_, _>>()?,
    })
}

/// Rows by name.
struct Rows<'r>(HashMap<&'r str, &'r str>);

impl Rows<'_> {
    fn value<T: FromStr>(&self, name: &str, otherwise: T) -> Result<T, CatalogError> {
        match self.0.get(name) {
            None => Ok(otherwise),
            Some(text) => text.parse().map_err(|_unreadable| unreadable(name)),
        }
    }
}

fn unreadable(name: &str) -> CatalogError {
    CatalogError::Inconsistent {
        what: format!("the setting {name} cannot be read"),
    }
}

#[cfg(test)]
mod tests {
    use super::{check, read, texts};
    use crate::Failure;
    use crate::settings::{GeneralSettings, Holiday};

    fn round_trip(settings: &GeneralSettings) -> GeneralSettings {
        let rows: Vec<_> = texts(settings)
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text))
            .collect();
        read(&rows).unwrap()
    }

    #[test]
    fn every_field_survives_the_catalog() {
        let mut settings = GeneralSettings {
            document_max_len: 1 << 21,
            upload_timeout_seconds: 7,
            upload_chunk_len: 1 << 20,
            staging_enabled: false,
            staging_max_len: u64::MAX,
            staging_max_count: 9,
            search_page_size: 50,
            recycled_purge_months: 3,
            recycled_move_days: 30,
            allow_ownership_transfer: true,
            web_dav: true,
            display_add_ins: false,
            first_year_offered: 1970,
            reroute_redirections: true,
            send_diagnostics: false,
            ..GeneralSettings::default()
        };
        settings.work_week.rotate_left(1);
        let holiday = |date: &str, description: &str| Holiday {
            date: date.into(),
            description: description.into(),
        };
        settings.holidays = vec![holiday("2026-12-25", "Christmas Day"), holiday("2027-01-01", "")];
        assert_eq!(round_trip(&settings), settings);
        assert_eq!(
            round_trip(&GeneralSettings::default()),
            GeneralSettings::default()
        );
        assert_eq!(read(&[]).unwrap(), GeneralSettings::default());
    }

    #[test]
    fn values_out_of_bounds_are_named() {
        let new = GeneralSettings::default();
        assert!(check(&new).is_ok());
        for (settings, named) in [
            (
                GeneralSettings {
                    document_max_len: 0,
                    ..new.clone()
                },
                "document_max_len",
            ),
            (
                GeneralSettings {
                    upload_chunk_len: 1,
                    ..new.clone()
                },
                "upload_chunk_len",
            ),
            (
                GeneralSettings {
                    search_page_size: 0,
                    ..new.clone()
                },
                "search_page_size",
            ),
            (
                GeneralSettings {
                    recycled_purge_months: 37,
                    ..new.clone()
                },
                "recycled_purge_months",
            ),
        ] {
            assert!(
                matches!(check(&settings), Err(Failure::Invalid { field, .. }) if field == named),
                "{named}"
            );
        }
        let line_break = Holiday {
            date: "2026-12-25".into(),
            description: "a\nb".into(),
        };
        assert!(
            check(&GeneralSettings {
                holidays: vec![line_break],
                ..new
            })
            .is_err()
        );
    }
}
