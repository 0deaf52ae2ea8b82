//! Small durable objects beside the packs, such as the plans of staged downloads.

use crate::store::{TempFile, names_in_shards};
use crate::{BlobError, Blobs};
use holdall_model::Digest;
use rustix::io::{ReadWriteFlags, preadv2};
use std::fs::File;
use std::io::{self, IoSliceMut, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

/// An open object. Its bytes are as written, but carry no checksum of their own: that is the writer's format's part.
#[derive(Debug)]
pub struct Object {
    file: File,
    len: u64,
}

impl Object {
    /// Bytes of the object.
    #[expect(
        clippy::len_without_is_empty,
        reason = "an object is read by offset, never asked for emptiness"
    )]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Fills `out` from `offset`; fails if the object ends before, or the disk fails.
    pub fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), BlobError> {
        Ok(self.file.read_exact_at(out, offset)?)
    }

    /// The same without waiting: `false` if the bytes are not in memory or cannot be had.
    pub fn try_read_at(&self, offset: u64, out: &mut [u8]) -> bool {
        let len = out.len();
        let read = preadv2(
            &self.file,
            &mut [IoSliceMut::new(out)],
            offset,
            ReadWriteFlags::NOWAIT,
        );
        read == Ok(len)
    }
}

/// An object being written. Nobody sees it before [`NewObject::publish`]; dropped before, it leaves nothing.
#[derive(Debug)]
pub struct NewObject {
    blobs: Blobs,
    temp: TempFile,
}

impl NewObject {
    /// Appends `bytes`.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        Ok(self.temp.file.write_all(bytes)?)
    }

    /// Keeps what was written for good under a kind (a lower-case word) and a name; a name that is taken keeps what it
    /// has. Durable on return, at the price of syncing one file and one folder.
    pub fn publish(self, kind: &str, name: &Digest) -> Result<(), BlobError> {
        let target = self.blobs.object_path(kind, name)?;
        self.blobs.store.publish(&self.temp, &target)?;
        Ok(())
    }
}

impl Blobs {
    /// Starts an object whose name is not known yet.
    pub fn new_object(&self) -> Result<NewObject, BlobError> {
        Ok(NewObject {
            blobs: self.clone(),
            temp: self.store.create_temp()?,
        })
    }

    /// Keeps `bytes` for good under a kind (a lower-case word) and a name; a name that is taken keeps what it has.
    ///
    /// Durable on return, at the price of syncing one file and one folder.
    pub fn put_object(&self, kind: &str, name: &Digest, bytes: &[u8]) -> Result<(), BlobError> {
        let mut object = self.new_object()?;
        object.write(bytes)?;
        object.publish(kind, name)
    }

    /// Opens an object; `None` if there is none.
    pub fn open_object(&self, kind: &str, name: &Digest) -> Result<Option<Object>, BlobError> {
        match File::open(self.object_path(kind, name)?) {
            Ok(file) => {
                let len = file.metadata()?.len();
                Ok(Some(Object { file, len }))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an object for good; `false` if there was none. Whoever has it open reads on.
    pub fn remove_object(&self, kind: &str, name: &Digest) -> Result<bool, BlobError> {
        self.store.remove(&self.object_path(kind, name)?)
    }

    /// The names of all objects of a kind, in no order.
    pub fn list_objects(&self, kind: &str) -> Result<Vec<Digest>, BlobError> {
        let names = names_in_shards(&self.store.kind_dir(checked(kind)?))?;
        Ok(names.iter().filter_map(|name| Digest::from_hex(name)).collect())
    }

    fn object_path(&self, kind: &str, name: &Digest) -> Result<PathBuf, BlobError> {
        Ok(self.store.object_path(checked(kind)?, &name.to_string()))
    }
}

/// A kind becomes a folder's name, so it must be a plain word.
fn checked(kind: &str) -> Result<&str, BlobError> {
    let plain = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
    plain
        .then_some(kind)
        .ok_or_else(|| BlobError::Io(io::ErrorKind::InvalidInput.into()))
}
