//! What is on its way in or out, and what is chosen for it.

pub mod announced;
pub mod answers;
pub mod deliveries;
pub mod downloads;
pub mod kept;
pub mod links;
pub mod staging;
pub mod uploads;
