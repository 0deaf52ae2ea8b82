//! Taking in many documents: read in order, deflated on all cores, written in order, sealed pack by pack.
//!
//! Threads: workers read (one at a time), hash, look up and deflate; one writes; the caller's seals packs and hands out
//! results. A line of bounded length between workers and writer bounds the memory.

mod line;
mod put;
mod seen;
mod source;
mod writer;

use crate::pack::encode::Encoder;
use crate::pack::open_blob::Frame;
use crate::pack::pack_writer::SmallBlob;
use crate::{BlobError, Blobs, StoredBlob};
use holdall_model::Digest;
use line::{Line, StopOnDrop};
use seen::Lookup;
use sha2::{Digest as _, Sha256};
use source::{Source, Work};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use writer::{Batch, Content, Encoded, LastFrame, Writer};

/// One document's content after it was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Put {
    /// Where the content is stored.
    pub blob: StoredBlob,
    /// Whether it was stored just now; `false` if equal content was there before.
    pub fresh: bool,
}

/// What an ingest did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IngestSummary {
    /// Documents whose content is stored.
    pub documents: u64,
    /// Documents that could not be read.
    pub unreadable: u64,
    /// Blobs that were stored anew.
    pub fresh: u64,
    /// Raw bytes of all stored documents.
    pub raw_len: u64,
    /// Stored bytes of the blobs that are new.
    pub stored_len: u64,
    /// Packs written.
    pub packs: u64,
    /// Whether the receiver of the results asked to end early.
    pub stopped: bool,
}

/// Documents with what became of them, in the order they were handed in.
pub(crate) type Results<T> = Vec<(T, io::Result<Put>)>;

impl Blobs {
    /// Stores the content of every item of `items`, in order.
    ///
    /// `known` tells of content that the catalog has. `done` gets the results in order, once they are durable; after it
    /// returned, `known` should know them. A document that cannot be read fails alone; an error of the store ends all, and
    /// what was not given to `done` by then is not stored.
    pub fn ingest<'a, T: Send>(
        &self,
        items: impl Iterator<Item = T> + Send,
        open: impl Fn(&T) -> io::Result<Box<dyn Read + Send + 'a>> + Sync,
        known: &(dyn Fn(&[Digest]) -> Vec<Option<StoredBlob>> + Sync),
        done: impl FnMut(Vec<(T, io::Result<Put>)>) -> ControlFlow<()>,
    ) -> Result<IngestSummary, BlobError> {
        let threads = match self.options.threads {
            0 => thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        };
        let (line, lookup) = (Line::new(2 * threads + 2), Lookup::new(known));
        let source = Mutex::new(Source::new(items, &open));
        let (sender, receiver) = sync_channel(1);
        let writer = Writer {
            store: &self.store,
            pack_target_len: self.options.pack_target_len,
            line: &line,
            lookup: &lookup,
            finished: sender,
            pack: None,
            open: None,
            results: Vec::new(),
        };
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| work(&source, &line, &lookup));
            }
            let writing = scope.spawn(|| {
                let _guard = StopOnDrop(&line);
                let written = writer.run();
                // After an error, nobody takes from the line any more.
                line.stop();
                written
            });
            let sealed = {
                let _guard = StopOnDrop(&line);
                self.seal_all(receiver, &line, &lookup, done)
            };
            line.stop();
            match writing.join() {
                Ok(written) => written.and(sealed),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// Seals each pack and hands out its results, until the writer ends or the receiver of the results wants no more.
    fn seal_all<T>(
        &self,
        batches: Receiver<Batch<T>>,
        line: &Line<Encoded<T>>,
        lookup: &Lookup<'_>,
        mut done: impl FnMut(Results<T>) -> ControlFlow<()>,
    ) -> Result<IngestSummary, BlobError> {
        let mut summary = IngestSummary::default();
        for batch in batches {
            if let Some(pack) = batch.pack {
                pack.seal(&self.store)?;
                summary.packs += 1;
            }
            let fresh = summary.count(&batch.results);
            let flow = done(batch.results);
            lookup.retire_after(line.claimed(), fresh);
            if flow.is_break() {
                summary.stopped = true;
                break;
            }
        }
        Ok(summary)
    }
}

impl IngestSummary {
    /// Adds a batch and returns the digests of its fresh blobs.
    fn count<T>(&mut self, results: &Results<T>) -> Vec<Digest> {
        let mut fresh = Vec::new();
        for (_, put) in results {
            let Ok(put) = put else {
                self.unreadable += 1;
                continue;
            };
            self.documents += 1;
            self.raw_len += put.blob.raw_len;
            if put.fresh {
                self.fresh += 1;
                self.stored_len += put.blob.stored_len;
                fresh.push(put.blob.digest);
            }
        }
        fresh
    }
}

/// One worker: takes work in order, puts the outcome in its place in the line.
#[expect(
    clippy::elidable_lifetime_names,
    reason = "the bound on what is opened needs the name"
)]
fn work<'a, T, I, O>(source: &Mutex<Source<'a, T, I, O>>, line: &Line<Encoded<T>>, lookup: &Lookup<'_>)
where
    I: Iterator<Item = T>,
    O: Fn(&T) -> io::Result<Box<dyn Read + Send + 'a>>,
{
    let _guard = StopOnDrop(line);
    let mut encoder = Encoder::new();
    loop {
        let mut reading = source.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = line.claim() else { return };
        let Some(work) = reading.next_work() else {
            line.end();
            return;
        };
        drop(reading);
        line.fill(place, encode(work, &mut encoder, lookup));
    }
}

fn encode<T>(work: Work<T>, encoder: &mut Encoder, lookup: &Lookup<'_>) -> Encoded<T> {
    match work {
        Work::Small(documents) => Encoded::Small(encode_batch(documents, encoder, lookup)),
        Work::Frame(raw, last) => {
            let frame = Frame::encode(encoder, raw, last.is_some());
            let last = last.map(|(item, digest)| {
                let known = lookup.find(&[digest]).pop().flatten();
                LastFrame { item, digest, known }
            });
            Encoded::Frame(frame, last)
        }
        Work::Torn(item, error) => Encoded::Torn(item, error),
    }
}

/// Hashes all documents, asks for all at once, and deflates those that are not stored yet.
fn encode_batch<T>(
    documents: Vec<(T, io::Result<Vec<u8>>)>,
    encoder: &mut Encoder,
    lookup: &Lookup<'_>,
) -> Vec<(T, io::Result<Content>)> {
    let readable = documents.iter().filter_map(|(_, raw)| raw.as_ref().ok());
    let digests: Vec<Digest> = readable.map(|raw| digest_of(raw)).collect();
    let mut found = digests.iter().zip(lookup.find(&digests));
    let contents = documents.into_iter().map(|(item, raw)| {
        let content = raw.map(|raw| match found.next() {
            Some((_, Some(blob))) => Content::Known(blob),
            Some((digest, None)) => Content::New(SmallBlob::encode(encoder, *digest, raw)),
            None => Content::New(SmallBlob::encode(encoder, digest_of(&raw), raw)),
        });
        (item, content)
    });
    contents.collect()
}

pub(crate) fn digest_of(raw: &[u8]) -> Digest {
    Digest(Sha256::digest(raw).into())
}
