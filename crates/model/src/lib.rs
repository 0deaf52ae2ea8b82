//! The words every other crate speaks: ids, digests, handles, names, item paths, rights, version numbers and time.
//!
//! Nothing here does I/O, and nothing here belongs to a wire protocol.

mod clock;
mod digest;
mod guid;
mod ids;
mod kinds;
mod names;
mod paths;
mod rights;
mod stopwatch;
mod version;

pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use digest::Digest;
pub use guid::Guid;
pub use ids::{
    BlobId, DocumentId, DownloadId, FolderId, GroupId, LibraryId, LinkId, PackId, ScopeId, UploadId, UserId,
};
pub use kinds::DocumentKind;
pub use names::{NameError, clean_name, name_key};
pub use paths::{ItemPath, ItemRef, ShortIdError};
pub use rights::Right;
pub use stopwatch::Stopwatch;
pub use version::VersionNumber;
