//! What can be asked: a folder per area, a file per family.

pub(crate) mod access;
pub(crate) mod documents;
pub(crate) mod downloads;
pub(crate) mod folders;
pub(crate) mod libraries;
pub(crate) mod logs;
pub(crate) mod people;
pub(crate) mod sessions;
pub(crate) mod system;
pub(crate) mod uploads;
