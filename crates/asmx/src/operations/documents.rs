//! Documents.

mod access;
mod change;
mod favorites;
mod links;
mod locks;
mod lookup;
mod properties;
mod publishing;
mod versions;

pub(crate) use access::{DocumentAccessAllowed, FolderAccessAllowed};
pub(crate) use change::DeleteDocument;
pub(crate) use favorites::{AddToFavorites, GetFavorites, GetRecentDocuments, RemoveFromFavorites};
pub(crate) use links::{CreateDocumentShortcut, CreateURL};
pub(crate) use locks::{GetCheckedoutDocuments, IsLockPossible, Lock, UnLock};
pub(crate) use lookup::{DocumentExists, DocumentExists1, GetDocument};
pub(crate) use properties::{UpdateDocumentProperties, UpdateDocumentProperties1};
pub(crate) use publishing::{PublishDocument, UnpublishDocument};
pub(crate) use versions::{
    DeleteDocumentVersion, GetDocumentVersion, GetDocumentVersions, PruneDocumentVersions,
    UpdateVersionComment, VerifyVersionHash,
};
