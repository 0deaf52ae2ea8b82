//! Packs in use: open files and checked indexes, each within a bound.

use crate::BlobError;
use crate::lru::Lru;
use crate::pack::index::{FOOTER_LEN, Footer, PackIndex};
use crate::sizes::in_memory;
use crate::store::Store;
use holdall_model::PackId;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex, PoisonError};

/// Read along with the footer, which suffices for the index of most packs.
const TAIL_GUESS: u64 = 64 << 10;

#[derive(Debug)]
pub(crate) struct OpenPacks {
    files: Mutex<Lru<PackId, Arc<File>>>,
    indexes: Mutex<Lru<PackId, Arc<PackIndex>>>,
}

/// A pack ready to be read from.
#[derive(Clone, Debug)]
pub(crate) struct OpenPack {
    pub(crate) file: Arc<File>,
    pub(crate) index: Arc<PackIndex>,
}

fn locked<V, R>(cache: &Mutex<Lru<PackId, V>>, work: impl FnOnce(&mut Lru<PackId, V>) -> R) -> R {
    work(&mut cache.lock().unwrap_or_else(PoisonError::into_inner))
}

impl OpenPacks {
    pub(crate) fn new(index_bytes: usize, open_files: usize) -> Self {
        Self {
            files: Mutex::new(Lru::new(open_files)),
            indexes: Mutex::new(Lru::new(index_bytes)),
        }
    }

    /// The pack, if that needs no disk access.
    pub(crate) fn ready(&self, id: PackId) -> Option<OpenPack> {
        let file = locked(&self.files, |cache| cache.get(id))?;
        let index = locked(&self.indexes, |cache| cache.get(id))?;
        Some(OpenPack { file, index })
    }

    /// The pack; opens it and checks its index if need be.
    pub(crate) fn open(&self, store: &Store, id: PackId) -> Result<OpenPack, BlobError> {
        Ok(OpenPack {
            index: self.index(store, id)?,
            file: self.file(store, id)?,
        })
    }

    pub(crate) fn index(&self, store: &Store, id: PackId) -> Result<Arc<PackIndex>, BlobError> {
        if let Some(index) = locked(&self.indexes, |cache| cache.get(id)) {
            return Ok(index);
        }
        let index = read_index(&*self.file(store, id)?, id);
        let index = Arc::new(index.inspect_err(|_| self.forget(id))?);
        locked(&self.indexes, |cache| {
            cache.insert(id, Arc::clone(&index), index.weight());
        });
        Ok(index)
    }

    fn file(&self, store: &Store, id: PackId) -> Result<Arc<File>, BlobError> {
        if let Some(file) = locked(&self.files, |cache| cache.get(id)) {
            return Ok(file);
        }
        let file = match File::open(store.pack_path(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BlobError::Missing { pack: id });
            }
            file => Arc::new(file?),
        };
        locked(&self.files, |cache| cache.insert(id, Arc::clone(&file), 1));
        Ok(file)
    }

    /// Closes a pack that was removed, or found corrupt and may be restored.
    pub(crate) fn forget(&self, id: PackId) {
        locked(&self.files, |cache| cache.remove(id));
        locked(&self.indexes, |cache| cache.remove(id));
    }
}

fn read_index(file: &File, id: PackId) -> Result<PackIndex, BlobError> {
    let file_len = file.metadata()?.len();
    let cut = || BlobError::Corrupt {
        pack: id,
        offset: file_len,
        what: "the pack is shorter than a footer",
    };
    let guess = read_tail(file, file_len, file_len.min(TAIL_GUESS))?;
    let footer = guess.last_chunk::<FOOTER_LEN>().ok_or_else(cut)?;
    let footer = Footer::parse(footer, id, file_len)?;
    let tail_len = footer.tail_len();
    match guess.len().checked_sub(in_memory(tail_len)) {
        Some(skip) => PackIndex::parse(guess.get(skip..).unwrap_or_default(), footer, id),
        None => PackIndex::parse(&read_tail(file, file_len, tail_len)?, footer, id),
    }
}

/// The last `tail_len` bytes of a file that has `file_len`.
fn read_tail(file: &File, file_len: u64, tail_len: u64) -> Result<Vec<u8>, BlobError> {
    let mut tail = vec![0; in_memory(tail_len)];
    file.read_exact_at(&mut tail, file_len.saturating_sub(tail_len))?;
    Ok(tail)
}
