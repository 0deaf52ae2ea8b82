//! XML shapes that several answers share (CONTRACT section 4).

mod access_list;
mod application_parameters;
mod details;
mod document;
mod folder;
mod group;
mod kinds;
mod left_out;
mod lines;
mod rules;
mod session;
mod settings;
mod tree;
mod user;

pub(crate) use access_list::{access_list, grants};
pub(crate) use application_parameters::application_parameters;
pub(crate) use details::{Details, DocumentWishes, FolderWishes, ItemWishes, ListedDocumentWishes};
pub(crate) use document::{dotted, version, versions};
pub(crate) use group::{user_group, user_groups};
pub(crate) use kinds::kind;
pub(crate) use left_out::left_out;
pub(crate) use lines::{named, short};
pub(crate) use rules::{rules, rules_change};
pub(crate) use session::{signed_in, with_profile};
pub(crate) use tree::{item_filter, tree};
pub(crate) use user::{library_users, user, user_details, users};

pub(crate) use settings::{read_settings, setting_name, settings};

/// The wire's third spelling of a boolean (CONTRACT section 1.4).
pub(crate) fn flag(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// A CRC32 in 8 upper-case hex digits.
pub(crate) fn hex_crc(crc32: u32) -> String {
    format!("{crc32:08X}")
}

/// The chunk length to use when `wished` was asked for: clamped to 256 KiB to 32 MiB, the default for nothing
/// (CONTRACT section 7).
pub(crate) fn chunk_len(wished: i64, default: u64) -> u64 {
    let len = u64::try_from(wished)
        .ok()
        .filter(|len| *len > 0)
        .unwrap_or(default);
    len.clamp(262_144, 33_554_432)
}

/// A full path with the separators of captured answers.
pub(crate) fn backslashed(path: &str) -> String {
    path.replace('/', "\\")
}
