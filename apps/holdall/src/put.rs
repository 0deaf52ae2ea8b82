//! Bringing files and directories to a server: what is to go where, what is there already, and what is under way.

mod notes;
mod plan;

pub(crate) use notes::Notes;
pub(crate) use plan::{Going, Plan};
