//! Instants as RFC 3339 text.

use holdall_model::Timestamp;

/// `2024-05-01T12:00:00Z`; the epoch for instants that no calendar can show.
pub(crate) fn format(instant: Timestamp) -> String {
    jiff::Timestamp::from_second(instant.seconds())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_string()
}
