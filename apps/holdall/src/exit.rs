//! How the program ends: an exit code for each thing that a script may want to tell apart.

use holdall_client::Failure;
use std::process::ExitCode;

/// How a command that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// All of it.
    Whole,
    /// But for what was left out and told.
    Incomplete,
}

impl From<Done> for ExitCode {
    fn from(done: Done) -> Self {
        match done {
            Done::Whole => Self::SUCCESS,
            Done::Incomplete => Self::from(5),
        }
    }
}

/// The code of a failure: 3 for who may not, 4 for what is not there, 5 for what would be incomplete, else 1.
pub(crate) fn code_of(error: &anyhow::Error) -> ExitCode {
    ExitCode::from(match error.downcast_ref::<Failure>() {
        Some(Failure::SignedOut(_) | Failure::Denied(_)) => 3,
        Some(Failure::NotFound(_) | Failure::Ended(_)) => 4,
        Some(Failure::Incomplete(_)) => 5,
        _ => 1,
    })
}
