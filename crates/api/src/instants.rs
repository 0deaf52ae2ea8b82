//! Instants as RFC 3339 text.

use crate::problem::Problem;
use holdall_model::Timestamp;

/// `2024-05-01T12:00:00Z`; the epoch for instants that no calendar can show.
pub(crate) fn format(instant: Timestamp) -> String {
    jiff::Timestamp::from_second(instant.seconds())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_string()
}

/// The instant of an RFC 3339 text from the years 1 to 9999. Fails with 400 that names the field.
pub(crate) fn read(text: &str, field: &str) -> Result<Timestamp, Problem> {
    let instant = text.parse::<jiff::Timestamp>().ok();
    let years = FIRST..=LAST;
    let instant = instant.filter(|instant| years.contains(&instant.as_second()));
    let wrong = || {
        Problem::malformed(
            "must be an instant of RFC 3339 from the years 1 to 9999",
            Some(field),
        )
    };
    instant
        .map(|instant| Timestamp(instant.as_millisecond()))
        .ok_or_else(wrong)
}

/// 0001-01-01T00:00:00Z and 9999-12-30T00:00:00Z, in seconds since 1970.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_128_000;
