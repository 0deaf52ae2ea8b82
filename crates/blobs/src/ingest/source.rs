//! The documents of an ingest as work: batches of small ones, and the frames of big ones.

use crate::FRAME_LEN;
use holdall_model::Digest;
use sha2::{Digest as _, Sha256};
use std::io::{self, Read};

/// Small documents that are looked up in the catalog in one go.
const BATCH_DOCUMENTS: usize = 64;

/// Raw bytes after which a batch is full.
const BATCH_LEN: usize = FRAME_LEN;

/// What one thread takes at a time.
pub(crate) enum Work<T> {
    /// Documents of at most one frame each.
    Small(Vec<(T, io::Result<Vec<u8>>)>),
    /// The next frame of a big document; with the last one come the document and its digest.
    Frame(Vec<u8>, Option<(T, Digest)>),
    /// A big document that could not be read to its end.
    Torn(T, io::Error),
}

/// Hands out work in order; not for two threads at once.
pub(crate) struct Source<'a, T, I, O> {
    items: I,
    open: O,
    big: Option<Big<'a, T>>,
    buffer: Vec<u8>,
}

/// A document of more than one frame, and what was read of it but not handed out.
struct Big<'a, T> {
    item: T,
    reader: Box<dyn Read + Send + 'a>,
    ahead: Vec<u8>,
    digest: Sha256,
}

impl<'a, T, I, O> Source<'a, T, I, O>
where
    I: Iterator<Item = T>,
    O: Fn(&T) -> io::Result<Box<dyn Read + Send + 'a>>,
{
    pub(crate) fn new(items: I, open: O) -> Self {
        Self {
            items,
            open,
            big: None,
            buffer: vec![0; FRAME_LEN + 1],
        }
    }

    /// The next work; `None` at the end.
    pub(crate) fn next_work(&mut self) -> Option<Work<T>> {
        if self.big.is_none() {
            let batch = self.next_batch();
            if !batch.is_empty() {
                return Some(Work::Small(batch));
            }
        }
        self.big.take().map(|big| self.next_frame(big))
    }

    /// Small documents up to the batch's bounds, the next big one or the end.
    fn next_batch(&mut self) -> Vec<(T, io::Result<Vec<u8>>)> {
        let mut batch = Vec::new();
        let mut len = 0;
        while batch.len() < BATCH_DOCUMENTS && len < BATCH_LEN {
            let Some(item) = self.items.next() else { break };
            let read = (self.open)(&item).and_then(|mut reader| {
                let len = read_up_to(&mut *reader, &mut self.buffer)?;
                Ok((reader, self.buffer.get(..len).unwrap_or_default().to_vec()))
            });
            match read {
                Ok((reader, ahead)) if ahead.len() > FRAME_LEN => {
                    self.big = Some(Big {
                        item,
                        reader,
                        ahead,
                        digest: Sha256::new(),
                    });
                    break;
                }
                read => {
                    let raw = read.map(|(_, raw)| raw);
                    len += raw.as_ref().map_or(0, Vec::len);
                    batch.push((item, raw));
                }
            }
        }
        batch
    }

    /// Reads one byte past the frame, to know whether it is the last.
    fn next_frame(&mut self, mut big: Big<'a, T>) -> Work<T> {
        let mut raw = std::mem::take(&mut big.ahead);
        let before = raw.len();
        raw.resize(FRAME_LEN + 1, 0);
        match read_up_to(&mut *big.reader, raw.get_mut(before..).unwrap_or_default()) {
            Ok(read) => raw.truncate(before + read),
            Err(error) => return Work::Torn(big.item, error),
        }
        if raw.len() > FRAME_LEN {
            big.ahead = raw.split_off(FRAME_LEN);
        }
        big.digest.update(&raw);
        if big.ahead.is_empty() {
            let digest = Digest(big.digest.finalize().into());
            return Work::Frame(raw, Some((big.item, digest)));
        }
        self.big = Some(big);
        Work::Frame(raw, None)
    }
}

/// Fills `buffer` as far as the reader reaches; less than its length means the end.
pub(crate) fn read_up_to(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
