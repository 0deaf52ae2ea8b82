//! Taking in one document: an upload.

use crate::ingest::source::read_up_to;
use crate::ingest::{Put, digest_of};
use crate::pack::encode::Encoder;
use crate::pack::pack_writer::{PackWriter, SmallBlob};
use crate::{BlobError, Blobs, FRAME_LEN, StoredBlob};
use holdall_model::Digest;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

impl Blobs {
    /// Stores what `reader` gives, in a pack of its own that is durable on return; nothing is kept if `known` has it.
    ///
    /// Two puts of equal content at the same time may both store it: the catalog decides which of them stays.
    pub fn put(
        &self,
        reader: impl Read + Send,
        known: &(dyn Fn(&Digest) -> Option<StoredBlob> + Sync),
    ) -> Result<Put, BlobError> {
        if self.is_read_only() {
            return Err(BlobError::ReadOnly);
        }
        let mut reader = reader;
        let mut start = vec![0; FRAME_LEN + 1];
        let len = read_up_to(&mut reader, &mut start).map_err(BlobError::Source)?;
        start.truncate(len);
        if len > FRAME_LEN {
            return self.put_big(io::Cursor::new(start).chain(reader), known);
        }
        self.put_small(start, known)
    }

    fn put_small(
        &self,
        raw: Vec<u8>,
        known: &(dyn Fn(&Digest) -> Option<StoredBlob> + Sync),
    ) -> Result<Put, BlobError> {
        let digest = digest_of(&raw);
        if let Some(blob) = known(&digest) {
            return Ok(Put { blob, fresh: false });
        }
        let small = SmallBlob::encode(&mut Encoder::new(), digest, raw);
        let mut pack = PackWriter::create(&self.store)?;
        let blob = pack.append_small(&small)?;
        pack.seal(&self.store)?;
        Ok(Put { blob, fresh: true })
    }

    /// An ingest of one document, for the sake of its threads.
    fn put_big<'a>(
        &self,
        reader: impl Read + Send + 'a,
        known: &(dyn Fn(&Digest) -> Option<StoredBlob> + Sync),
    ) -> Result<Put, BlobError> {
        let reader: Box<dyn Read + Send + 'a> = Box::new(reader);
        let reader = Mutex::new(Some(reader));
        let open = |(): &()| {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner).take();
            reader.ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        let known = |digests: &[Digest]| digests.iter().map(known).collect();
        let mut outcome = None;
        self.ingest(std::iter::once(()), open, &known, |results| {
            outcome = results.into_iter().next();
            ControlFlow::Continue(())
        })?;
        match outcome {
            Some(((), put)) => put.map_err(BlobError::Source),
            None => Err(BlobError::Source(io::ErrorKind::UnexpectedEof.into())),
        }
    }
}
