//! infoRouter's protocol from the client's end: forms posted to `/srv.asmx`, XML answers, files in chunks whose CRC32 is
//! checked. Only documented operations are used, so it works against any server that speaks the protocol.
//!
//! Calls block their thread. A program that runs on an async runtime makes and drops the client on a blocking thread.

mod answer;
mod chunks;
mod details;
mod error;
mod instants;
mod listing;
mod reader;
mod session;

pub use answer::Element;
pub use chunks::{Chunk, LeftOut, OpenedVersion, StagedZip};
pub use details::{AccessEntry, AccessList, AccessTarget, ListedDocument, ListedFolder, ListedVersion};
pub use error::SrvError;
pub use instants::ServerZone;
pub use listing::{LibraryMembers, Listed};
pub use reader::VersionReader;
pub use session::SrvClient;

/// The bytes asked for by one chunk call unless something else is said.
pub const CHUNK_LEN: u64 = 1 << 20;
