//! The JSON of the native API, shared by the server and the command line.
//!
//! Every length is in bytes and every instant is RFC 3339 in UTC, whole seconds.

mod downloads;
mod problem;
mod sessions;

pub use downloads::{Download, Mode, Rename, Skip, SkipReason, StageDownload, StagedDownload};
pub use problem::Problem;
pub use sessions::{Credentials, Session, User};
