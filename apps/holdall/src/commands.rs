//! What each command does, a file a command.

pub(crate) mod demo;
pub(crate) mod import;
pub(crate) mod serve;
pub(crate) mod user;
