//! What is there already, so that an import that runs again brings only what is missing.

use super::super::Imports;
use super::super::tree::SiblingNames;
use crate::Failure;
use holdall_catalog::{Tx, imports};
use holdall_model::{DocumentId, FolderId, VersionNumber, name_key};
use std::collections::HashMap;

/// The documents that an import brings to one folder.
#[derive(Clone, Debug)]
pub struct FolderContents {
    /// The folder.
    pub folder: FolderId,
    /// The documents' names elsewhere, in an order that is always the same.
    pub names: Vec<String>,
}

/// A document's place here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    /// The name it has or gets: its own where that can be stored.
    pub name: String,
    /// The document of that name that is there, with its versions, ascending.
    pub document: Option<(DocumentId, Vec<KnownVersion>)>,
}

/// A version that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownVersion {
    /// Its number.
    pub number: VersionNumber,
    /// The length of its content in bytes.
    pub raw_len: u64,
    /// The CRC32 of its content.
    pub crc32: u32,
}

impl Imports {
    /// The places of documents, in the order of `contents` and of the names in them. Runs on a thread outside the runtime.
    pub fn known(&self, contents: &[FolderContents]) -> Result<Vec<Vec<KnownItem>>, Failure> {
        let folders: Vec<FolderId> = contents.iter().map(|contents| contents.folder).collect();
        let find = move |tx: &mut Tx<'_>| imports::versions_in(tx, &folders);
        let mut there: HashMap<(FolderId, String), (DocumentId, Vec<KnownVersion>)> = HashMap::new();
        for row in self.house.catalog.read_blocking(find)? {
            let (_, versions) = there
                .entry((row.folder, row.name_key))
                .or_insert((row.document, Vec::new()));
            if row.number.0 != 0 {
                versions.push(KnownVersion {
                    number: row.number,
                    raw_len: row.raw_len,
                    crc32: row.crc32,
                });
            }
        }
        for (_, versions) in there.values_mut() {
            versions.sort_by_key(|version| version.number);
        }
        let mut places = Vec::with_capacity(contents.len());
        for contents in contents {
            let mut names = SiblingNames::default();
            let items = contents.names.iter().map(|name| {
                let name = names.assign(0, name);
                let document = there.remove(&(contents.folder, name_key(&name)));
                KnownItem { name, document }
            });
            places.push(items.collect());
        }
        Ok(places)
    }
}
