//! Logs for people (CONTRACT section 16).

mod checkins;
mod deletions;
mod period;
mod views;

pub(crate) use checkins::GetCheckInLog;
pub(crate) use deletions::GetDeleteLog;
pub(crate) use views::{GetDocumentViewLog, GetUserViewLog};
