//! The JSON of the native API, shared by the server and the command line.
//!
//! Every length is in bytes and every instant is RFC 3339 in UTC, whole seconds.

mod access;
mod downloads;
mod house;
mod items;
mod libraries;
mod links;
mod manifest;
mod page;
mod people;
mod problem;
mod queue;
mod receipts;
mod sessions;

pub use access::{AccessEntry, AccessList, NewAccessList, OwnRight, Right};
pub use downloads::{
    Download, Headroom, ListedDownload, Mode, Rename, Skip, SkipReason, StageDownload, StagedDownload,
    StagingLimits,
};
pub use house::{AuditEntry, Settings, SettingsPatch};
pub use items::{
    CopiedFolder, Document, DocumentCopy, DocumentForm, DocumentKind, DocumentPatch, Folder, FolderCopy,
    FolderKind, FolderPatch, Item, NewFolder, TreeFolder, Version,
};
pub use libraries::{Library, LibraryPatch, NewLibrary};
pub use links::{Link, NewLink};
pub use manifest::{EntryKind, ManifestArchive, ManifestEntry, ManifestHead};
pub use page::{List, Page};
pub use people::{Account, AccountPatch, Group, LibraryMembers, NewAccount, NewGroup, NewPassword};
pub use problem::Problem;
pub use queue::{CallLimits, Capabilities, QueueItems};
pub use receipts::{Delivered, DeliveredBy, DeliveryState, DownloadStatus, Receipt, ReceiptLine};
pub use sessions::{Credentials, CurrentSession, Session, SessionInfo, User};
