//! Packs: files of many blobs, each blob in frames and under checksums, with an index at the end.

pub(crate) mod checks;
pub(crate) mod encode;
mod entropy;
mod index;
pub(crate) mod open_blob;
pub(crate) mod open_packs;
pub(crate) mod pack_writer;
