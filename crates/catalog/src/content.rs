//! The tree of folders and documents, and the content that its versions have.

pub mod blobs;
pub mod documents;
pub mod folder_rules;
pub mod folders;
pub mod imports;
pub mod listed;
pub mod packs;
pub mod recycled;
pub mod trees;
pub mod versions;
