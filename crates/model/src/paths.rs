//! How callers point at items: a path of names, or a short id.

use crate::{DocumentId, FolderId, name_key};
use std::fmt;
use thiserror::Error;

/// A path from the root: library, folders, last segment. Separators `/` and `\` may be mixed, repeated, leading, trailing or absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemPath {
    segments: Vec<String>,
    ends_with_separator: bool,
}

impl ItemPath {
    /// Reads any text as a path; the empty path has no segments.
    pub fn parse(text: &str) -> Self {
        let segments = text
            .split(['/', '\\'])
            .map(str::trim)
            .filter(|segment| !segment.is_empty());
        Self {
            segments: segments.map(str::to_owned).collect(),
            ends_with_separator: text.trim_end().ends_with(['/', '\\']),
        }
    }

    /// The names from the library down, as they were written.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The keys to look the names up by.
    pub fn keys(&self) -> Vec<String> {
        self.segments.iter().map(|segment| name_key(segment)).collect()
    }

    /// The containing path and the last name; `None` for the empty path.
    pub fn split_last(&self) -> Option<(Self, &str)> {
        let (last, parents) = self.segments.split_last()?;
        Some((
            Self {
                segments: parents.to_vec(),
                ends_with_separator: false,
            },
            last,
        ))
    }

    /// The path of an item of that name in this folder. The name stays one, whatever it contains.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let mut segments = self.segments.clone();
        segments.push(name.to_owned());
        Self {
            segments,
            ends_with_separator: false,
        }
    }

    /// Whether the text ended in a separator, which some operations read as "into this folder".
    pub fn ends_with_separator(&self) -> bool {
        self.ends_with_separator
    }
}

impl fmt::Display for ItemPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "/{}", self.segments.join("/"))
    }
}

/// What a caller points at. A path may name a document or a folder; a short id says which.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ItemRef {
    /// A path, resolved as a document first, then as a folder (CONTRACT section 3).
    Path(ItemPath),
    /// `~D7` or `~D7.pdf`.
    Document(DocumentId),
    /// `~F7`.
    Folder(FolderId),
}

/// A text that starts with `~` but is no short id.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a short id is ~D or ~F and a positive number")]
pub struct ShortIdError;

impl ItemRef {
    /// Reads a path or a short id; the prefix ignores case and an extension behind the number is decoration.
    pub fn parse(text: &str) -> Result<Self, ShortIdError> {
        let Some(short) = text.trim().strip_prefix('~') else {
            return Ok(Self::Path(ItemPath::parse(text)));
        };
        let mut characters = short.chars();
        let kind = characters.next().ok_or(ShortIdError)?.to_ascii_uppercase();
        let rest = characters.as_str();
        let digits = rest.split_once('.').map_or(rest, |(digits, _)| digits);
        let id = Self::positive(digits)?;
        match kind {
            'D' => Ok(Self::Document(DocumentId(id))),
            'F' => Ok(Self::Folder(FolderId(id))),
            _ => Err(ShortIdError),
        }
    }

    fn positive(digits: &str) -> Result<i64, ShortIdError> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ShortIdError);
        }
        digits.parse().ok().filter(|id| *id > 0).ok_or(ShortIdError)
    }
}

#[cfg(test)]
mod tests {
    use super::{ItemPath, ItemRef, ShortIdError};
    use crate::{DocumentId, FolderId};

    #[test]
    fn separators_are_forgiven() {
        for text in [
            "/Lib/A/b.pdf",
            "\\Lib\\A\\b.pdf",
            "Lib//A\\/b.pdf",
            " /Lib/ A /b.pdf ",
        ] {
            assert_eq!(ItemPath::parse(text).to_string(), "/Lib/A/b.pdf", "{text}");
        }
        assert!(ItemPath::parse("/Lib/A/").ends_with_separator());
        assert!(ItemPath::parse(" / ").segments().is_empty());
    }

    #[test]
    fn short_ids_ignore_case_and_extension() {
        assert_eq!(ItemRef::parse("~D7.pdf"), Ok(ItemRef::Document(DocumentId(7))));
        assert_eq!(ItemRef::parse(" ~f12"), Ok(ItemRef::Folder(FolderId(12))));
        for bad in [
            "~",
            "~X1",
            "~D",
            "~D0",
            "~D-1",
            "~D+1",
            "~D99999999999999999999",
            "~Dé",
            "~é",
        ] {
            assert_eq!(ItemRef::parse(bad), Err(ShortIdError), "{bad}");
        }
    }
}
