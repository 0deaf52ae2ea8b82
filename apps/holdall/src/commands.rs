//! What each command does, a file a command.

pub(crate) mod browse;
pub(crate) mod demo;
pub(crate) mod get;
pub(crate) mod import;
pub(crate) mod link;
pub(crate) mod login;
pub(crate) mod manual;
pub(crate) mod put;
pub(crate) mod queue;
pub(crate) mod serve;
pub(crate) mod user;
pub(crate) mod zip;
