//! The one thread of an ingest that writes: it takes finished work in order, so neighbours stay neighbours in a pack.

use crate::ingest::line::Line;
use crate::ingest::seen::Lookup;
use crate::ingest::{Put, Results};
use crate::pack::open_blob::{Frame, OpenBlob};
use crate::pack::pack_writer::{PackWriter, SmallBlob};
use crate::store::Store;
use crate::{BlobError, StoredBlob};
use holdall_model::Digest;
use std::io;
use std::sync::mpsc::SyncSender;

/// Documents after which a pack is sealed however small it is: a bound for what waits for the seal.
const MAX_RESULTS: usize = 32_768;

/// Results handed over at once when no pack is needed for them.
const RESULTS_WITHOUT_PACK: usize = 1024;

/// Work of [`crate::ingest::source::Work`] after hashing, looking up and deflating.
pub(crate) enum Encoded<T> {
    Small(Vec<(T, io::Result<Content>)>),
    Frame(Frame, Option<LastFrame<T>>),
    Torn(T, io::Error),
}

/// A small document's content.
pub(crate) enum Content {
    Known(StoredBlob),
    New(SmallBlob),
}

/// What is known once a big document is read.
pub(crate) struct LastFrame<T> {
    pub(crate) item: T,
    pub(crate) digest: Digest,
    pub(crate) known: Option<StoredBlob>,
}

/// Results, and the pack that must be sealed before they are true.
pub(crate) struct Batch<T> {
    pub(crate) pack: Option<PackWriter>,
    pub(crate) results: Results<T>,
}

pub(crate) struct Writer<'a, T> {
    pub(crate) store: &'a Store,
    pub(crate) pack_target_len: u64,
    pub(crate) line: &'a Line<Encoded<T>>,
    pub(crate) lookup: &'a Lookup<'a>,
    pub(crate) finished: SyncSender<Batch<T>>,
    pub(crate) pack: Option<PackWriter>,
    pub(crate) open: Option<OpenBlob>,
    pub(crate) results: Results<T>,
}

impl<T> Writer<'_, T> {
    /// Writes until the line ends. On an error everything not handed over is given up.
    pub(crate) fn run(mut self) -> Result<(), BlobError> {
        while let Some(encoded) = self.line.take() {
            self.write(encoded)?;
            self.lookup.retire(self.line.taken());
        }
        if !self.line.is_stopped() && !self.results.is_empty() {
            self.hand_over(None);
        }
        Ok(())
    }

    fn write(&mut self, encoded: Encoded<T>) -> Result<(), BlobError> {
        match encoded {
            Encoded::Small(documents) => {
                for (item, content) in documents {
                    let put = match content {
                        Ok(content) => Ok(self.write_small(content)?),
                        Err(error) => Err(error),
                    };
                    self.finish_document(item, put);
                }
            }
            Encoded::Frame(frame, last) => {
                self.write_frame(&frame)?;
                if let Some(last) = last {
                    let put = self.finish_big(last.digest, last.known)?;
                    self.finish_document(last.item, Ok(put));
                }
            }
            Encoded::Torn(item, error) => {
                self.give_up_big()?;
                self.finish_document(item, Err(error));
            }
        }
        Ok(())
    }

    fn pack(&mut self) -> Result<&mut PackWriter, BlobError> {
        match &mut self.pack {
            Some(pack) => Ok(pack),
            missing => Ok(missing.insert(PackWriter::create(self.store)?)),
        }
    }

    fn write_small(&mut self, content: Content) -> Result<Put, BlobError> {
        let small = match content {
            Content::Known(blob) => return Ok(Put { blob, fresh: false }),
            Content::New(small) => small,
        };
        if let Some(blob) = self.lookup.seen(small.digest()) {
            return Ok(Put { blob, fresh: false });
        }
        let blob = self.pack()?.append_small(&small)?;
        self.lookup.remember(blob);
        Ok(Put { blob, fresh: true })
    }

    fn write_frame(&mut self, frame: &Frame) -> Result<(), BlobError> {
        let store = self.store;
        self.pack()?;
        let Some(pack) = &mut self.pack else { return Ok(()) };
        let open = self.open.get_or_insert_with(|| OpenBlob::begin(pack));
        open.push(pack, frame)?;
        if open.start() > 0 && pack.len() > self.pack_target_len {
            let own = pack.split(store, open)?;
            self.hand_over(Some(own));
        }
        Ok(())
    }

    fn finish_big(&mut self, digest: Digest, known: Option<StoredBlob>) -> Result<Put, BlobError> {
        if let Some(blob) = known.or_else(|| self.lookup.seen(digest)) {
            self.give_up_big()?;
            return Ok(Put { blob, fresh: false });
        }
        let open = self.open.take();
        let pack = self.pack()?;
        let blob = open.unwrap_or_else(|| OpenBlob::begin(pack)).finish(pack, digest);
        self.lookup.remember(blob);
        Ok(Put { blob, fresh: true })
    }

    fn give_up_big(&mut self) -> Result<(), BlobError> {
        if let (Some(open), Some(pack)) = (self.open.take(), &mut self.pack) {
            pack.truncate(open.start())?;
        }
        if self.pack.as_ref().is_some_and(|pack| pack.blobs() == 0) {
            self.pack = None;
        }
        Ok(())
    }

    fn finish_document(&mut self, item: T, put: io::Result<Put>) {
        self.results.push((item, put));
        let full = match &self.pack {
            Some(pack) => pack.len() >= self.pack_target_len || self.results.len() >= MAX_RESULTS,
            None => self.results.len() >= RESULTS_WITHOUT_PACK,
        };
        if full {
            self.hand_over(None);
        }
    }

    /// Gives the pack and its results to the thread that seals, and goes on with `next`.
    fn hand_over(&mut self, next: Option<PackWriter>) {
        let pack = std::mem::replace(&mut self.pack, next);
        let results = std::mem::take(&mut self.results);
        if self.finished.send(Batch { pack, results }).is_err() {
            // The other side has failed or was told to end, and will say so itself.
            self.line.stop();
        }
    }
}
