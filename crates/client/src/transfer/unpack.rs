//! Unpacking while downloading: each document goes to a file beside its place, is proved on its way, and takes its place by a
//! rename. Names come from a plan whose names are safe; still every step from folder to folder refuses links, so that
//! nothing is ever written outside the chosen directory.

use crate::Failure;
use holdall_archive::{Entry, EntryKind};
use rustix::fs::{AtFlags, Mode, OFlags, mkdirat, openat, renameat, unlinkat};
use rustix::io::Errno;
use std::fs::{File, FileTimes};
use std::io::{self, BufWriter};
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

/// Bytes gathered before a write.
const WRITE_LEN: usize = 128 << 10;

/// A directory to unpack into.
#[derive(Debug)]
pub(crate) struct Unpack {
    root: OwnedFd,
    path: PathBuf,
    /// Ranges of the part file that are unpacked.
    done: Mutex<Vec<Range<u64>>>,
}

/// A document being written. Its name until it is proved is made from its path, so that what a kill leaves is used again.
#[derive(Debug)]
pub(crate) struct Growing {
    writer: BufWriter<File>,
    folder: OwnedFd,
    /// The name it has until it is proved.
    temporary: String,
}

impl io::Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        // Renamed away when all went well.
        unlinkat(&self.folder, self.temporary.as_str(), AtFlags::empty()).unwrap_or_default();
    }
}

impl Unpack {
    /// Unpacks into the directory at `path`, which is made when it is not there.
    pub(crate) fn into(path: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(path).map_err(Failure::disk(path))?;
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY;
        let root = rustix::fs::open(path, flags, Mode::empty()).map_err(io::Error::from);
        Ok(Self {
            root: root.map_err(Failure::disk(path))?,
            path: path.to_owned(),
            done: Mutex::default(),
        })
    }

    /// Begins a document.
    pub(crate) fn open(&self, entry: &Entry) -> Result<Growing, Failure> {
        let folder = self.folder_of(entry)?;
        let path = entry.name.as_str();
        let temporary = format!(
            ".holdall-{:08x}{:x}.part",
            crc32fast::hash(path.as_bytes()),
            path.len()
        );
        let flags = OFlags::CREATE | OFlags::TRUNC | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&folder, temporary.as_str(), flags, Mode::from_raw_mode(0o666));
        let file = file.map_err(|error| self.failed(entry, error))?;
        Ok(Growing {
            writer: BufWriter::with_capacity(WRITE_LEN, File::from(file)),
            folder,
            temporary,
        })
    }

    /// A document that is proved takes its place and its time, in the stead of a file that was there.
    pub(crate) fn close(&self, entry: &Entry, mut growing: Growing) -> Result<(), Failure> {
        let set =
            io::Write::flush(&mut growing).and_then(|()| growing.writer.get_ref().set_times(times(entry)));
        set.map_err(Failure::disk(&self.place(entry)))?;
        let Growing {
            folder, temporary, ..
        } = &growing;
        renameat(folder, temporary.as_str(), folder, entry.name.component())
            .map_err(|error| self.failed(entry, error))
    }

    /// Makes what has no content: a folder or an empty document.
    pub(crate) fn empty(&self, entry: &Entry) -> Result<(), Failure> {
        if entry.kind == EntryKind::Document {
            return self.close(entry, self.open(entry)?);
        }
        let folder = self.folder_of(entry)?;
        enter(&folder, entry.name.component())
            .map(drop)
            .map_err(|error| self.failed(entry, error))
    }

    /// A range of the part file is not needed any more once what was unpacked from it is on disk.
    pub(crate) fn done(&self, range: Range<u64>) {
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(range);
    }

    /// The ranges of [`Unpack::done`] since the last call.
    pub(crate) fn take_done(&self) -> Vec<Range<u64>> {
        std::mem::take(&mut *self.done.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Brings all that was unpacked to the disk.
    pub(crate) fn sync(&self) -> Result<(), Failure> {
        rustix::fs::syncfs(&self.root)
            .map_err(io::Error::from)
            .map_err(Failure::disk(&self.path))
    }

    /// The folder an entry lies in, made if need be; never through a link.
    fn folder_of(&self, entry: &Entry) -> Result<OwnedFd, Failure> {
        let mut folder = rustix::io::dup(&self.root).map_err(|error| self.failed(entry, error))?;
        if let Some((folders, _)) = entry.name.as_str().rsplit_once('/') {
            for name in folders.split('/') {
                folder = enter(&folder, name).map_err(|error| self.failed(entry, error))?;
            }
        }
        Ok(folder)
    }

    fn place(&self, entry: &Entry) -> PathBuf {
        self.path.join(entry.name.as_str())
    }

    fn failed(&self, entry: &Entry, error: Errno) -> Failure {
        Failure::disk(&self.place(entry))(error.into())
    }
}

fn times(entry: &Entry) -> FileTimes {
    let distance = Duration::from_secs(entry.modified.unsigned_abs());
    let modified = if entry.modified < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    FileTimes::new().set_modified(modified.unwrap_or(UNIX_EPOCH))
}

/// A folder in a folder, made if need be; never through a link.
fn enter(folder: &OwnedFd, name: &str) -> Result<OwnedFd, Errno> {
    match mkdirat(folder, name, Mode::from_raw_mode(0o777)) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error),
    }
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::RDONLY;
    openat(folder, name, flags, Mode::empty())
}
