//! From when to when a log is asked for (CONTRACT section 1.4).

use crate::protocol::{Dates, Trouble};
use holdall_model::Timestamp;
use holdall_services::LogPeriod;

/// The period between two texts, either of which may be empty. Days and seconds count to their ends.
pub(super) fn period(from: &str, until: &str, dates: &Dates) -> Result<LogPeriod, Trouble> {
    Ok(LogPeriod {
        from: read(from.trim(), "startDate", dates)?,
        until: last_of(until.trim(), dates)?,
    })
}

fn last_of(text: &str, dates: &Dates) -> Result<Option<Timestamp>, Trouble> {
    let is_day = text.len() == "2024-01-02".len();
    let second = if is_day {
        read(&format!("{text}T23:59:59"), "endDate", dates)?
    } else {
        read(text, "endDate", dates)?
    };
    Ok(second.map(|second| Timestamp(second.0.saturating_add(999))))
}

fn read(text: &str, name: &'static str, dates: &Dates) -> Result<Option<Timestamp>, Trouble> {
    if text.is_empty() {
        return Ok(None);
    }
    match dates.read(text) {
        Some(instant) => Ok(Some(instant)),
        None => Err(Trouble::invalid(
            name,
            "a date such as 2024-01-02 or 2024-01-02T03:04:05 is expected",
        )),
    }
}
