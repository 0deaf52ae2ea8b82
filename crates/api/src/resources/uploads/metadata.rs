//! `Upload-Metadata`: pairs of a key and a base64 text, separated by commas.

use crate::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use holdall_model::{FolderId, ItemRef, Timestamp};
use holdall_services::Failure;
use std::collections::HashMap;

/// What a client says about a document to come.
#[derive(Debug)]
pub(super) struct Metadata {
    /// As it came.
    pub(super) raw: String,
    texts: HashMap<String, String>,
}

impl Metadata {
    /// Reads the header. Keys that mean nothing here are kept for the client.
    pub(super) fn read(raw: &str) -> Result<Self, Problem> {
        let mut texts = HashMap::new();
        for pair in raw.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let bytes = STANDARD.decode(value.trim()).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            let text = text.ok_or_else(|| malformed(format!("{key} is not UTF-8 in base64")))?;
            if texts.insert(key.to_owned(), text).is_some() {
                return Err(malformed(format!("{key} comes twice")));
            }
        }
        Ok(Self {
            raw: raw.to_owned(),
            texts,
        })
    }

    /// The folder: its path, `~F7` or `7`.
    pub(super) fn folder(&self) -> Result<ItemRef, Problem> {
        let text = self.required("folder")?;
        match text.parse() {
            Ok(id) => Ok(ItemRef::Folder(FolderId(id))),
            Err(_) => ItemRef::parse(text).map_err(|_malformed| Failure::InvalidShortId.into()),
        }
    }

    /// The document's name.
    pub(super) fn name(&self) -> Result<String, Problem> {
        self.required("filename").map(str::to_owned)
    }

    /// When the content was last modified, RFC 3339.
    pub(super) fn modified(&self) -> Result<Option<Timestamp>, Problem> {
        let Some(text) = self.texts.get("modified") else {
            return Ok(None);
        };
        let instant: Option<jiff::Timestamp> = text.parse().ok();
        let instant = instant.ok_or_else(|| malformed("modified is no RFC 3339 instant".to_owned()))?;
        Ok(Some(Timestamp(instant.as_millisecond())))
    }

    /// What the author says about the version.
    pub(super) fn comment(&self) -> String {
        self.texts.get("comment").cloned().unwrap_or_default()
    }

    fn required(&self, key: &str) -> Result<&str, Problem> {
        let text = self
            .texts
            .get(key)
            .map(String::as_str)
            .filter(|text| !text.is_empty());
        text.ok_or_else(|| malformed(format!("{key} is required")))
    }
}

fn malformed(detail: String) -> Problem {
    Problem::malformed(detail, Some("Upload-Metadata"))
}
