//! The zip engine: where every byte of an archive lies, without making the archive.
//!
//! Entries are named ([`Namer`]), laid out and kept as an immutable plan ([`PlanBuilder`]); any byte range of the
//! archive is then cut from the plan ([`Plan::splice`]) as literal bytes and ranges of stored content. Nothing here
//! reads a file, a clock or another of our crates, so the bytes are a pure function of the entries.
#![no_std]

extern crate alloc;

mod entry;
mod layout;
mod names;
mod plan;
mod records;
mod row;
mod splice;
mod widths;

pub use entry::{ContentKey, Entry, EntryKind, EntryName, Method, UnsafeName};
pub use layout::{LAYOUT_VERSION, LayoutError};
pub use names::{COMPONENT_MAX, Child, FOLDER_PATH_MAX, Named, Namer, Names, PATH_MAX, sanitize_component};
pub use plan::{
    Content, Contents, ENTRIES_PER_BLOCK, Entries, PlacedEntries, PlacedEntry, Plan, PlanBuilder, PlanBytes,
    PlanError, PlanSummary, PlanWriter, ReadAt, ReadError, local_len,
};
pub use splice::{Piece, Splice};
