//! The media types that the extensions of names stand for.

use super::views::media_type;
use std::collections::BTreeSet;

/// An extension and the media type that documents with it are served with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MediaType {
    /// The extension in lower case, without a dot.
    pub extension: &'static str,
    /// The media type.
    pub media_type: &'static str,
}

/// Every extension that has a media type of its own, sorted.
pub fn media_types() -> Vec<MediaType> {
    let extensions = mime_guess::get_extensions("*", "*").unwrap_or_default();
    let distinct: BTreeSet<&'static str> = extensions.iter().copied().collect();
    let with_type = distinct.into_iter().map(|extension| MediaType {
        extension,
        media_type: media_type(&format!("document.{extension}")),
    });
    with_type.collect()
}
