//! Folders and what is in them.

mod figures;
mod full;
mod lookup;
mod moves;
mod pages;
mod recycle;
mod rules;
mod short;
mod tree;
mod written;

pub(crate) use figures::{
    GetFolderCatalog, GetFolderStatistics, GetFoldersAndDocumentsByPage2, GetParentFolderIDs,
    GetSubFoldersCount,
};
pub(crate) use full::{GetDocuments, GetFolders, GetFoldersAndDocuments};
pub(crate) use lookup::{FolderExists, FolderExists1, GetFolder};
pub(crate) use moves::{Copy, Move};
pub(crate) use pages::{GetDocumentsByPage, GetFoldersAndDocumentsByPage, GetFoldersByPage};
pub(crate) use recycle::{EmptyRecycleBin, GetRecycleBinContent, PurgeRecycleBinItem, RestoreRecycleBinItem};
pub(crate) use rules::{GetFolderRules, SetFolderRules};
pub(crate) use short::{
    GetDocuments1, GetFolders1, GetFolders2, GetFoldersAndDocuments1, GetFoldersAndDocuments2,
};
pub(crate) use tree::{CreateFolder, CreateFolder1, DeleteFolder, UpdateFolderProperties};
