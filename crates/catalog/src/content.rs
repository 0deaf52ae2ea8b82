//! The tree of folders and documents, and the content that its versions have.

pub mod blobs;
pub mod checkins;
pub mod deletions;
pub mod documents;
pub mod folder_rules;
pub mod folders;
pub mod imports;
pub mod listed;
pub mod locks;
pub mod packs;
pub mod purging;
pub mod recycled;
pub mod subtrees;
pub mod trees;
pub mod versions;
pub mod viewings;
