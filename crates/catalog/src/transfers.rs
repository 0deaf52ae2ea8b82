//! What is on its way in or out, and what is chosen for it.

pub mod downloads;
pub mod queued;
pub mod staging;
pub mod uploads;
