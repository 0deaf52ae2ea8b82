//! Logs for people (CONTRACT section 16).

mod checkins;
mod period;
mod views;

pub(crate) use checkins::GetCheckInLog;
pub(crate) use views::{GetDocumentViewLog, GetUserViewLog};
