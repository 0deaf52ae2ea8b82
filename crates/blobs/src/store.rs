//! Files on the local disk: durable creation, opening, listing, removal. The only module that knows paths.
//!
//! Write order: temporary file in the same tree, sync of the file, rename that replaces nothing, sync of the folder.
//! A failed sync is final: the file is given up and the store takes no more writes.

use crate::BlobError;
use holdall_model::PackId;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug)]
pub(crate) struct Store {
    dir: PathBuf,
    read_only: AtomicBool,
}

/// A file that is locked while it lives and removed when it is dropped unpublished.
#[derive(Debug)]
pub(crate) struct TempFile {
    pub(crate) file: File,
    path: PathBuf,
}

impl Drop for TempFile {
    fn drop(&mut self) {
        // After a rename there is nothing left under this name; otherwise the next open tries again.
        fs::remove_file(&self.path).unwrap_or_default();
    }
}

impl Store {
    /// Free bytes of the disk, as far as they may be used.
    pub(crate) fn free_len(&self) -> Result<u64, BlobError> {
        let disk = rustix::fs::statvfs(&self.dir).map_err(io::Error::from)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    pub(crate) fn open(dir: &Path) -> Result<Self, BlobError> {
        fs::create_dir_all(dir)?;
        let store = Self {
            dir: dir.to_owned(),
            read_only: AtomicBool::new(false),
        };
        for name in ["packs", "objects", "tmp"] {
            store.ensure_dir(&dir.join(name))?;
        }
        for found in fs::read_dir(dir.join("tmp"))? {
            remove_if_torn(&found?.path())?;
        }
        Ok(store)
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only.load(Ordering::Acquire)
    }

    /// A new empty file that nobody else can see yet.
    pub(crate) fn create_temp(&self) -> Result<TempFile, BlobError> {
        if self.is_read_only() {
            return Err(BlobError::ReadOnly);
        }
        loop {
            let path = self.dir.join("tmp").join(format!("{:016x}", random()?));
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .mode(0o640)
                .open(&path)?;
            let temp = TempFile { file, path };
            temp.file.lock()?;
            // A store opened just now may have taken the file for torn before it was locked.
            if temp.file.metadata()?.nlink() > 0 {
                return Ok(temp);
            }
        }
    }

    /// Makes `temp` durable under `target`; `false` when the target exists already, which is durable then too.
    pub(crate) fn publish(&self, temp: &TempFile, target: &Path) -> Result<bool, BlobError> {
        if self.is_read_only() {
            return Err(BlobError::ReadOnly);
        }
        self.sync(&temp.file)?;
        let parent = target.parent().unwrap_or(&self.dir);
        self.ensure_dir(parent)?;
        let created = rename_new(&temp.path, target)?;
        self.sync(&File::open(parent)?)?;
        Ok(created)
    }

    fn sync(&self, file: &File) -> Result<(), BlobError> {
        file.sync_all().map_err(|error| {
            self.read_only.store(true, Ordering::Release);
            tracing::error!(%error, "a sync failed; the content store takes no more writes");
            error.into()
        })
    }

    fn ensure_dir(&self, dir: &Path) -> Result<(), BlobError> {
        match DirBuilder::new().mode(0o750).create(dir) {
            Ok(()) => match dir.parent() {
                Some(parent) => self.sync(&File::open(parent)?),
                None => Ok(()),
            },
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.ensure_dir(dir.parent().ok_or(error)?)?;
                self.ensure_dir(dir)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// `objects/<kind>/ab/<name>`, where `ab` starts the name.
    pub(crate) fn object_path(&self, kind: &str, name: &str) -> PathBuf {
        let shard = name.get(..2).unwrap_or(name);
        self.kind_dir(kind).join(shard).join(name)
    }

    pub(crate) fn kind_dir(&self, kind: &str) -> PathBuf {
        self.dir.join("objects").join(kind)
    }

    pub(crate) fn pack_path(&self, pack: PackId) -> PathBuf {
        let name = format!("{:016x}.pack", pack.0);
        let shard = name.get(..2).unwrap_or_default().to_owned();
        self.dir.join("packs").join(shard).join(name)
    }

    pub(crate) fn remove_pack(&self, pack: PackId) -> Result<bool, BlobError> {
        self.remove(&self.pack_path(pack))
    }

    /// Removes a file durably; `false` when there was none.
    pub(crate) fn remove(&self, path: &Path) -> Result<bool, BlobError> {
        if self.is_read_only() {
            return Err(BlobError::ReadOnly);
        }
        match fs::remove_file(path) {
            Ok(()) => self
                .sync(&File::open(path.parent().unwrap_or(&self.dir))?)
                .map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn pack_ids(&self) -> Result<Vec<PackId>, BlobError> {
        let id = |name: &str| i64::from_str_radix(name.strip_suffix(".pack")?, 16).ok();
        Ok(names_in_shards(&self.dir.join("packs"))?
            .iter()
            .filter_map(|name| id(name))
            .map(PackId)
            .collect())
    }
}

/// Removes a temporary file unless a living writer holds its lock.
fn remove_if_torn(path: &Path) -> Result<(), BlobError> {
    let removed = File::open(path).and_then(|file| match file.try_lock() {
        Ok(()) => fs::remove_file(path),
        Err(_) => Ok(()),
    });
    match removed {
        // Its writer, or another opening store, was faster.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => Ok(removed?),
    }
}

/// A random positive id; two of them are equal once in 2^63.
pub(crate) fn random_pack_id() -> Result<PackId, BlobError> {
    loop {
        let id = i64::try_from(random()? >> 1).unwrap_or_default();
        if id > 0 {
            return Ok(PackId(id));
        }
    }
}

fn random() -> Result<u64, BlobError> {
    getrandom::u64().map_err(|error| BlobError::Io(io::Error::other(error)))
}

/// The names of all files two levels below `dir`; none when it does not exist.
pub(crate) fn names_in_shards(dir: &Path) -> Result<Vec<String>, BlobError> {
    let mut names = Vec::new();
    let shards = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        shards => shards?,
    };
    for shard in shards {
        for file in fs::read_dir(shard?.path())? {
            names.extend(file?.file_name().into_string());
        }
    }
    Ok(names)
}

/// Renames without replacing; `false` when `to` exists.
fn rename_new(from: &Path, to: &Path) -> Result<bool, BlobError> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Ok(false),
        // Some network file systems know no such rename; a link never replaces either.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => match fs::hard_link(from, to) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(io::Error::from(error).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::Store;
    use crate::BlobError;
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;

    #[test]
    fn f8_a_failed_sync_ends_all_writes() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let waiting = store.create_temp().unwrap();
        // A pipe cannot be synced, so this is a sync that fails.
        let (reader, _writer) = io::pipe().unwrap();
        assert!(matches!(
            store.sync(&File::from(OwnedFd::from(reader))),
            Err(BlobError::Io(_))
        ));
        assert!(matches!(store.create_temp(), Err(BlobError::ReadOnly)));
        let target = dir.path().join("packs/late");
        assert!(matches!(
            store.publish(&waiting, &target),
            Err(BlobError::ReadOnly)
        ));
        assert!(!target.exists());
        drop(waiting);
        assert!(Store::open(dir.path()).unwrap().create_temp().is_ok());
    }

    #[test]
    fn f3_no_space_is_its_own_error() {
        for code in [rustix::io::Errno::NOSPC, rustix::io::Errno::DQUOT] {
            assert!(matches!(BlobError::from(io::Error::from(code)), BlobError::Full));
        }
        assert!(matches!(
            BlobError::from(io::Error::from(rustix::io::Errno::IO)),
            BlobError::Io(_)
        ));
    }

    #[test]
    fn f2_torn_files_go_and_living_ones_stay() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let living = store.create_temp().unwrap();
        let torn = dir.path().join("tmp/torn");
        std::fs::write(&torn, "half").unwrap();
        Store::open(dir.path()).unwrap();
        assert!(living.path.exists());
        assert!(!torn.exists());
    }

    #[test]
    fn publishing_replaces_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let target = store.object_path("plans", "abcdef");
        assert!(store.publish(&store.create_temp().unwrap(), &target).unwrap());
        std::fs::write(&target, "first").unwrap();
        assert!(!store.publish(&store.create_temp().unwrap(), &target).unwrap());
        assert_eq!(std::fs::read(&target).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(dir.path().join("tmp")).unwrap().count(), 0);
    }
}
