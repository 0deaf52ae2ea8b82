//! A file for each noun of the API.

pub(crate) mod downloads;
pub(crate) mod sessions;
