//! The other end of the wire: what a program needs to talk to a server, over the native API or over infoRouter's protocol,
//! and to bring an archive home whole whatever happens on the way.
//!
//! It knows nothing of how a server is made: only the JSON of `holdall_api_types`, the documented protocol, and the one
//! layout that archives have. Calls block their thread; a program that runs on an async runtime makes and drops a
//! [`Remote`] on a blocking thread.

pub mod srv;

mod documents;
mod failure;
mod items;
mod links;
mod queue;
mod remote;
mod sessions;
mod transfer;
mod uploads;

pub use documents::sha256_of;
pub use failure::Failure;
pub use remote::Remote;
pub use transfer::{Chunked, Order, Progress, Target, Transfer, fetch_by_chunks, preview};
pub use uploads::Upload;
