//! The bytes of chunked uploads until they are stored: one file an upload, whose length beyond what the catalog counts is torn.

use bytes::Bytes;
use holdall_model::UploadId;
use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Take, Write as _};
use std::path::{Path, PathBuf};

/// What a spool's file name ends in.
const EXTENSION: &str = "part";

/// The directory of all spools. Its functions wait for the disk.
#[derive(Clone, Debug)]
pub(super) struct Spools {
    directory: PathBuf,
}

impl Spools {
    pub(super) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.join("uploads"),
        }
    }

    /// Makes `bytes` durable behind the first `received_len` bytes of a spool; what was behind them is cut off. Not found when
    /// fewer bytes are there than counted.
    pub(super) fn append(&self, upload: UploadId, received_len: u64, bytes: &Bytes) -> io::Result<()> {
        let mut file = self.open_to_append(upload, received_len)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_data());
        if written.is_err() {
            // The catalog does not count these bytes, so the answer is right even if they cannot be cut off now.
            drop(file.set_len(received_len));
        }
        written
    }

    /// A spool to write behind its first `received_len` bytes; what was behind them is cut off. Not found when fewer are there.
    pub(super) fn open_to_append(&self, upload: UploadId, received_len: u64) -> io::Result<File> {
        let path = self.path(upload);
        let mut file = if received_len == 0 {
            fs::create_dir_all(&self.directory)?;
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            File::open(&self.directory)?.sync_all()?;
            file
        } else {
            OpenOptions::new().write(true).open(&path)?
        };
        let len = file.metadata()?.len();
        if len < received_len {
            return Err(io::ErrorKind::NotFound.into());
        }
        if len > received_len {
            file.set_len(received_len)?;
        }
        file.seek(SeekFrom::Start(received_len))?;
        Ok(file)
    }

    /// The first `received_len` bytes of a spool.
    pub(super) fn open(&self, upload: UploadId, received_len: u64) -> io::Result<Take<File>> {
        Ok(File::open(self.path(upload))?.take(received_len))
    }

    /// Removes a spool if it is there.
    pub(super) fn remove(&self, upload: UploadId) -> io::Result<()> {
        match fs::remove_file(self.path(upload)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// The uploads that have a spool.
    pub(super) fn list(&self) -> io::Result<Vec<UploadId>> {
        let entries = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut uploads = Vec::new();
        for entry in entries {
            uploads.extend(upload_of(&entry?.path()));
        }
        Ok(uploads)
    }

    /// Removes those of `spools` that no upload in `live` has.
    pub(super) fn remove_orphans(&self, spools: &[UploadId], live: &HashSet<UploadId>) -> io::Result<u64> {
        let mut removed = 0;
        for upload in spools.iter().filter(|upload| !live.contains(upload)) {
            self.remove(*upload)?;
            removed += 1;
        }
        Ok(removed)
    }

    fn path(&self, upload: UploadId) -> PathBuf {
        self.directory.join(format!("{upload}.{EXTENSION}"))
    }
}

fn upload_of(path: &Path) -> Option<UploadId> {
    if path.extension()? != EXTENSION {
        return None;
    }
    path.file_stem()?.to_str()?.parse().ok().map(UploadId)
}

#[cfg(test)]
mod tests {
    use super::Spools;
    use bytes::Bytes;
    use holdall_model::UploadId;
    use std::collections::HashSet;
    use std::fs;
    use std::io::{ErrorKind, Read as _};

    fn read(spools: &Spools, upload: UploadId, len: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        spools.open(upload, len).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn f34_a_torn_tail_is_cut_back_to_what_counts() {
        let directory = tempfile::tempdir().unwrap();
        let (spools, upload) = (Spools::new(directory.path()), UploadId(7));
        spools.append(upload, 0, &Bytes::from_static(b"counted")).unwrap();
        spools
            .append(upload, 7, &Bytes::from_static(b" but the reply was lost"))
            .unwrap();
        spools.append(upload, 7, &Bytes::from_static(b" again")).unwrap();
        assert_eq!(read(&spools, upload, 13), b"counted again");
        assert_eq!(
            fs::metadata(directory.path().join("uploads/7.part"))
                .unwrap()
                .len(),
            13
        );
        spools.append(upload, 0, &Bytes::from_static(b"new")).unwrap();
        assert_eq!(read(&spools, upload, 100), b"new");
    }

    #[test]
    fn a_spool_shorter_than_what_counts_is_lost() {
        let directory = tempfile::tempdir().unwrap();
        let (spools, upload) = (Spools::new(directory.path()), UploadId(7));
        spools.append(upload, 0, &Bytes::from_static(b"abc")).unwrap();
        let error = spools.append(upload, 4, &Bytes::from_static(b"def")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(
            spools.append(UploadId(8), 1, &Bytes::new()).unwrap_err().kind(),
            ErrorKind::NotFound
        );
    }

    #[test]
    fn orphans_go_and_others_stay() {
        let directory = tempfile::tempdir().unwrap();
        let spools = Spools::new(directory.path());
        assert_eq!(spools.list().unwrap(), []);
        for upload in [1, 2] {
            spools
                .append(UploadId(upload), 0, &Bytes::from_static(b"x"))
                .unwrap();
        }
        fs::write(directory.path().join("uploads/note.txt"), "not a spool").unwrap();
        let mut found = spools.list().unwrap();
        found.sort_unstable();
        assert_eq!(found, [UploadId(1), UploadId(2)]);
        assert_eq!(
            spools
                .remove_orphans(&found, &HashSet::from([UploadId(2)]))
                .unwrap(),
            1
        );
        assert_eq!(spools.list().unwrap(), [UploadId(2)]);
    }
}
