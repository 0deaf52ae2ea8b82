//! Folders and what is in them.

mod lookup;
mod tree;

pub(crate) use lookup::{FolderExists, GetFolder, GetFoldersAndDocuments};
pub(crate) use tree::CreateFolder;
