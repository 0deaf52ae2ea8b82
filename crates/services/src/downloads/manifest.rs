//! What is in a download, entry by entry: the frozen bytes and not what documents have become since.
//!
//! Names, lengths, versions and places come from the plan. The SHA-256 of each content is looked up by where the content lies,
//! thousands at a time, and the checksum of its packed form is told by the index of its pack.

use super::body::RECHECK_AFTER;
use super::opened::{Content, DocumentContent, Opened};
use super::plan_file::PlanFile;
use super::{Downloads, OpenDownload, content_key};
use crate::Failure;
use holdall_archive::{EntryKind, LAYOUT_VERSION, Method, PlacedEntries, PlacedEntry, Plan};
use holdall_blobs::Blobs;
use holdall_catalog::blobs::places::{self, Likeness};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{Digest, DocumentId, PackId, Timestamp, VersionNumber};
use std::ops::Range;
use std::sync::Arc;

/// Blocks of 256 entries that are looked up in one go.
const BLOCKS: u64 = 16;

/// A download's entries in the order of the archive, part by part.
#[derive(Debug)]
pub struct Manifest {
    downloads: Downloads,
    opened: Arc<Opened>,
    next_block: u64,
    checked: Timestamp,
}

/// Some thousand entries.
#[derive(Debug)]
pub struct ManifestPart {
    source: Source,
}

#[derive(Debug)]
enum Source {
    /// Blocks, and what was looked up of all their entries' contents.
    Blocks(Vec<PlacedEntries>, Vec<LookedUp>),
    Document(Arc<Opened>, DocumentContent),
}

/// What the plan does not say of a content.
#[derive(Clone, Copy, Debug)]
struct LookedUp {
    digest: Option<Digest>,
    stored_crc32: Option<u32>,
}

/// An entry of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManifestEntry<'p> {
    /// The path in the archive, without the slash that ends a folder's.
    pub path: &'p str,
    /// The document; `None` for a folder.
    pub document: Option<ManifestDocument>,
    /// Bytes before packing.
    pub raw_len: u64,
    /// Bytes in the archive, the header aside.
    pub stored_len: u64,
    /// How they are packed: zip's method number.
    pub method: u16,
    /// Where in the content the entry's header starts.
    pub offset: u64,
    /// Where in the content its stored bytes start.
    pub data: u64,
    /// When it was changed last; for a single document, when it was staged.
    pub modified: Timestamp,
}

/// The document of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManifestDocument {
    /// Its id.
    pub id: DocumentId,
    /// Which version; `None` when that is not known.
    pub version: Option<VersionNumber>,
    /// The SHA-256 of its bytes; `None` when the content is gone from the catalog.
    pub digest: Option<Digest>,
    /// The CRC-32 of its bytes.
    pub crc32: u32,
    /// The CRC-32 of its bytes as they lie in the archive: a content has many packed forms. `None` when that is not known.
    pub stored_crc32: Option<u32>,
}

impl OpenDownload {
    /// All entries, to be taken part by part.
    pub fn manifest(&self) -> Manifest {
        Manifest {
            downloads: self.downloads.clone(),
            opened: Arc::clone(&self.opened),
            next_block: 0,
            checked: self.checked,
        }
    }

    /// The rules by which entries become bytes: `zip/1`, or `document` for one document's own bytes.
    pub fn layout(&self) -> String {
        match self.opened.facts.content {
            Content::Archive(_) => format!("zip/{LAYOUT_VERSION}"),
            Content::Document(_) => "document".to_owned(),
        }
    }
}

impl Manifest {
    /// The next entries; `None` after the last. Authorises again when that was some seconds ago, and fails then as a stream does.
    pub async fn next(&mut self) -> Result<Option<ManifestPart>, Failure> {
        if self.downloads.now() >= self.checked.plus(RECHECK_AFTER) {
            self.downloads.authorise(&self.opened).await?;
            self.checked = self.downloads.now();
        }
        let first = self.next_block;
        match &self.opened.facts.content {
            Content::Document(document) => {
                self.next_block = 1;
                let source = Source::Document(Arc::clone(&self.opened), *document);
                Ok((first == 0).then_some(ManifestPart { source }))
            }
            Content::Archive(plan) if first < plan.block_count() => {
                self.next_block = first.saturating_add(BLOCKS).min(plan.block_count());
                let (plan, blocks) = (Arc::clone(plan), first..self.next_block);
                let store = self.downloads.house.blobs.clone();
                let look_up = move |tx: &mut Tx<'_>| look_up(tx, &store, &plan, blocks);
                let source = self.downloads.house.catalog.read(look_up).await?;
                Ok(Some(ManifestPart { source }))
            }
            Content::Archive(_) => Ok(None),
        }
    }
}

fn look_up(
    tx: &mut Tx<'_>,
    store: &Blobs,
    plan: &Plan<PlanFile>,
    blocks: Range<u64>,
) -> Result<Source, Failure> {
    let blocks: Result<Vec<_>, _> = blocks.map(|block| plan.placed(block)).collect();
    let blocks = blocks.map_err(Failure::internal)?;
    let (mut places, mut likenesses, mut stored) = (Vec::new(), Vec::new(), Vec::new());
    for entry in blocks.iter().flat_map(PlacedEntries::iter) {
        let entry = entry.map_err(Failure::internal)?;
        let place = content_key::locator(&entry.content);
        places.push((place.pack, place.offset));
        stored.push((place, entry.stored_len));
        likenesses.push((entry.kind == EntryKind::Document).then(|| likeness(&entry)));
    }
    let digests = digests(tx, &places, &likenesses)?;
    let sums = store.stored_crc32s(&stored)?;
    let looked_up = digests.into_iter().zip(sums);
    let looked_up = looked_up.map(|(digest, stored_crc32)| LookedUp { digest, stored_crc32 });
    Ok(Source::Blocks(blocks, looked_up.collect()))
}

fn likeness(entry: &PlacedEntry<'_>) -> Likeness {
    Likeness {
        document: content_key::document(&entry.content),
        raw_len: entry.raw_len,
        crc32: entry.crc32,
    }
}

/// Content that was damaged and restored lies elsewhere now, and is found by its likeness.
fn digests(
    tx: &mut Tx<'_>,
    places: &[(PackId, u64)],
    likenesses: &[Option<Likeness>],
) -> Result<Vec<Option<Digest>>, CatalogError> {
    let mut digests = places::digests_at(tx, places)?;
    let is_missing = |(digest, likeness): (&Option<Digest>, &Option<Likeness>)| match digest {
        None => *likeness,
        Some(_) => None,
    };
    let missing: Vec<Likeness> = digests.iter().zip(likenesses).filter_map(is_missing).collect();
    if missing.is_empty() {
        return Ok(digests);
    }
    let mut found = places::digests_like(tx, &missing)?.into_iter();
    for (digest, likeness) in digests.iter_mut().zip(likenesses) {
        if digest.is_none() && likeness.is_some() {
            *digest = found.next().flatten();
        }
    }
    Ok(digests)
}

impl ManifestPart {
    /// The entries, in the order of the archive.
    pub fn entries(&self) -> impl Iterator<Item = Result<ManifestEntry<'_>, Failure>> {
        let (blocks, looked_up, document) = match &self.source {
            Source::Blocks(blocks, looked_up) => (blocks.as_slice(), looked_up.as_slice(), None),
            Source::Document(opened, document) => {
                ([].as_slice(), [].as_slice(), Some(entry_of(opened, document)))
            }
        };
        let placed = blocks.iter().flat_map(PlacedEntries::iter).zip(looked_up);
        let placed = placed.map(|(entry, looked_up)| match entry {
            Ok(entry) => Ok(placed_entry(&entry, *looked_up)),
            Err(error) => Err(Failure::internal(error)),
        });
        document.map(Ok).into_iter().chain(placed)
    }
}

fn placed_entry<'p>(entry: &PlacedEntry<'p>, looked_up: LookedUp) -> ManifestEntry<'p> {
    let document = (entry.kind == EntryKind::Document).then(|| ManifestDocument {
        id: content_key::document(&entry.content),
        version: content_key::version(&entry.content),
        digest: looked_up.digest,
        crc32: entry.crc32,
        stored_crc32: match entry.method {
            Method::Stored => Some(entry.crc32),
            Method::Deflated => looked_up.stored_crc32,
        },
    });
    ManifestEntry {
        path: entry.path,
        document,
        raw_len: entry.raw_len,
        stored_len: entry.stored_len,
        method: match entry.method {
            Method::Stored => 0,
            Method::Deflated => 8,
        },
        offset: entry.offset,
        data: entry.data,
        modified: Timestamp(entry.modified.saturating_mul(1000)),
    }
}

/// One document's own bytes, as if they were an archive of one entry without headers.
fn entry_of<'p>(opened: &'p Opened, document: &DocumentContent) -> ManifestEntry<'p> {
    let facts = &opened.facts;
    let known = document.version.0 != 0;
    ManifestEntry {
        path: &facts.file_name,
        document: Some(ManifestDocument {
            id: document.document,
            version: known.then_some(document.version),
            digest: Some(document.digest),
            crc32: document.crc32,
            stored_crc32: Some(document.crc32),
        }),
        raw_len: facts.content_len,
        stored_len: facts.content_len,
        method: 0,
        offset: 0,
        data: 0,
        modified: facts.created,
    }
}
