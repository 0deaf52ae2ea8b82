//! Folders and what is in them.

mod lookup;
mod rules;
mod tree;

pub(crate) use lookup::{FolderExists, GetFolder, GetFoldersAndDocuments};
pub(crate) use rules::{GetFolderRules, SetFolderRules};
pub(crate) use tree::CreateFolder;
