//! Uploads: in chunks that survive a restart, or a whole document at once.

mod address;
mod announced;
mod arrival;
mod checksum;
mod finish;
mod receive;
mod seats;
mod spool;
mod unpack;

pub use announced::{Announcement, UploadState};
pub use checksum::{Checksum, ChecksumMethod};

use crate::house::House;
use crate::sessions::secrets::{digest_of, new_secret};
use crate::{Caller, Conflict, Failure, settings};
use bytes::Bytes;
use holdall_catalog::Tx;
use holdall_catalog::uploads::{self as rows, NewUpload, UploadRow};
use holdall_model::{Guid, UploadId};
use seats::Seats;
use spool::Spools;
use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard, Semaphore};

/// The shortest and the longest chunk length that is agreed on, in bytes (CONTRACT section 7).
const CHUNK_LENS: std::ops::RangeInclusive<u64> = 262_144..=33_554_432;

/// How many uploads a user may have under way.
const MOST_UPLOADS: u64 = 100;

/// How long an upload waits for its next chunk.
const LIFETIME: Duration = Duration::from_hours(24);

/// How many uploads can take a chunk at the same time; two that share a lock wait for each other.
const LOCKS: usize = 64;

/// How many archives are unpacked at the same time; each takes all cores. Others wait.
const MOST_UNPACKING: usize = 2;

/// An upload that began.
#[derive(Clone, Copy, Debug)]
pub struct UploadStarted {
    /// The secret that stands for it.
    pub handle: Guid,
    /// How long its chunks should be, in bytes.
    pub chunk_len: u64,
}

/// The next bytes of an upload.
#[derive(Clone, Debug)]
pub struct ReceivedChunk {
    /// The bytes.
    pub bytes: Bytes,
    /// Their CRC32 as the sender computed it.
    pub crc32: Option<u32>,
    /// Whether they are the last.
    pub last: bool,
}

/// What an upload holds after a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// How many bytes arrived so far.
    pub received_len: u64,
    /// The CRC32 of all bytes, after the last chunk.
    pub crc32_of_all: Option<u32>,
}

/// The uploads of all users; each user reaches their own only.
#[derive(Clone, Debug)]
pub struct Uploads {
    house: Arc<House>,
    spools: Spools,
    locks: Arc<[Mutex<()>]>,
    /// Who fills announced uploads.
    seats: Arc<Seats>,
    /// Who may unpack an archive now.
    unpacking: Arc<Semaphore>,
}

impl Uploads {
    pub(crate) fn new(house: Arc<House>) -> Self {
        let spools = Spools::new(&house.directory);
        Self {
            house,
            spools,
            seats: Arc::default(),
            unpacking: Arc::new(Semaphore::new(MOST_UNPACKING)),
            locks: (0..LOCKS).map(|_| Mutex::new(())).collect(),
        }
    }

    /// Begins an upload. The preferred chunk length is moved into 262,144..=33,554,432 bytes; none or zero is the configured
    /// one. It ends by itself when no chunk comes for 24 hours.
    pub async fn create(
        &self,
        caller: &Caller,
        preferred_chunk_len: Option<i64>,
    ) -> Result<UploadStarted, Failure> {
        let handle = new_secret()?;
        let (user, now) = (caller.user(), self.house.clock.now());
        let begin = move |tx: &mut Tx<'_>| {
            if rows::count(tx, user, now)? >= MOST_UPLOADS {
                return Err(Failure::QuotaReached {
                    what: "uploads",
                    most: MOST_UPLOADS,
                });
            }
            let chunk_len = match preferred_chunk_len {
                None | Some(0) => settings::current(tx)?.upload_chunk_len,
                Some(preferred) => u64::try_from(preferred).unwrap_or(0),
            };
            let chunk_len = chunk_len.clamp(*CHUNK_LENS.start(), *CHUNK_LENS.end());
            let upload = NewUpload {
                handle: digest_of(&handle),
                user,
                chunk_len,
                created: now,
                expires: now.plus(LIFETIME),
            };
            rows::insert(tx, &upload)?;
            Ok(UploadStarted { handle, chunk_len })
        };
        self.house.catalog.write(begin).await
    }

    /// Appends a chunk; it is durable on return. Chunks count in the order in which they come. One whose CRC32 differs from the
    /// announced is not appended.
    pub async fn append(
        &self,
        caller: &Caller,
        handle: &Guid,
        chunk: ReceivedChunk,
    ) -> Result<Appended, Failure> {
        let (uploads, caller, handle) = (self.clone(), caller.clone(), *handle);
        to_its_end(async move { uploads.append_in_turn(&caller, &handle, chunk).await }).await
    }

    async fn append_in_turn(
        &self,
        caller: &Caller,
        handle: &Guid,
        chunk: ReceivedChunk,
    ) -> Result<Appended, Failure> {
        let _turn = self.turn(handle).await;
        let (upload, max_len) = self.find(caller, handle).await?;
        if upload.complete {
            return Err(Failure::Conflict(Conflict::UploadFinished));
        }
        let len = u64::try_from(chunk.bytes.len()).map_err(Failure::internal)?;
        if upload.received_len.saturating_add(len) > max_len {
            return Err(Failure::TooLarge { max_len });
        }
        let (last, chunk_crc32) = (chunk.last, self.spool(upload, chunk).await?);
        let after = UploadRow {
            received_len: upload.received_len + len,
            crc32: joined(&upload, &chunk_crc32),
            complete: last,
            expires: self.house.clock.now().plus(LIFETIME),
            ..upload
        };
        let advance =
            move |tx: &mut Tx<'_>| rows::advance(tx, &after, upload.received_len).map_err(Failure::from);
        if !self.house.catalog.write(advance).await? {
            return Err(Failure::NoSuchUpload);
        }
        Ok(Appended {
            received_len: after.received_len,
            crc32_of_all: last.then_some(after.crc32),
        })
    }

    /// Ends an upload and forgets its bytes. One that does not exist or is somebody else's is as good as ended.
    pub async fn drop(&self, caller: &Caller, handle: &Guid) -> Result<(), Failure> {
        let _turn = self.turn(handle).await;
        match self.find(caller, handle).await {
            Ok((upload, _)) => self.end(upload.id).await,
            Err(Failure::NoSuchUpload) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Ends all uploads that expired, and removes the spools that belong to none. Gives how many of either.
    pub(crate) async fn expire(&self) -> Result<u64, Failure> {
        let now = self.house.clock.now();
        let spools = self.spools.clone();
        // Spools are listed before the rows: a row is there before its spool, so a new upload is never an orphan.
        let listed = blocking(move || spools.list()).await?;
        let end = move |tx: &mut Tx<'_>| {
            let expired = rows::remove_expired(tx, now)?;
            Ok::<_, Failure>((expired, rows::ids(tx)?))
        };
        let (expired, live) = self.house.catalog.write(end).await?;
        let live: HashSet<UploadId> = live.into_iter().collect();
        let spools = self.spools.clone();
        let orphans = blocking(move || spools.remove_orphans(&listed, &live)).await?;
        Ok(expired.max(orphans))
    }

    /// The caller's upload with that handle, if it has not expired, and how long documents may be.
    async fn find(&self, caller: &Caller, handle: &Guid) -> Result<(UploadRow, u64), Failure> {
        let digest = digest_of(handle);
        let read = move |tx: &mut Tx<'_>| {
            let row = rows::by_handle(tx, &digest)?;
            Ok::<_, Failure>((row, settings::current(tx)?.document_max_len))
        };
        let (row, max_len) = self.house.catalog.read(read).await?;
        let now = self.house.clock.now();
        let own = row.filter(|row| row.user == caller.user() && row.expires > now);
        Ok((own.ok_or(Failure::NoSuchUpload)?, max_len))
    }

    /// Waits until nobody else changes the upload.
    async fn turn(&self, handle: &Guid) -> Option<MutexGuard<'_, ()>> {
        let slot = usize::from(*handle.as_bytes().first()?).checked_rem(self.locks.len())?;
        Some(self.locks.get(slot)?.lock().await)
    }

    /// Writes a chunk to its spool if its CRC32 is the announced one.
    async fn spool(&self, upload: UploadRow, chunk: ReceivedChunk) -> Result<crc32fast::Hasher, Failure> {
        let spools = self.spools.clone();
        let announced = chunk.crc32;
        let writing = tokio::task::spawn_blocking(move || {
            let mut hasher = crc32fast::Hasher::new();
            hasher.update(&chunk.bytes);
            if announced.is_some_and(|announced| announced != hasher.clone().finalize()) {
                return Err(Failure::ChunkMismatch);
            }
            spools
                .append(upload.id, upload.received_len, &chunk.bytes)
                .map_err(disk_failure)?;
            Ok(hasher)
        });
        let written = writing.await.map_err(Failure::internal)?;
        if let Err(Failure::Internal(_) | Failure::NoSuchUpload) = &written {
            // After a failed sync nothing in the file can be trusted.
            self.end(upload.id).await?;
        }
        written
    }

    async fn end(&self, upload: UploadId) -> Result<(), Failure> {
        self.house
            .catalog
            .write(move |tx| rows::remove(tx, upload))
            .await?;
        self.forget_spool(upload).await;
        Ok(())
    }

    /// Removes a spool whose upload has ended. If that fails it is an orphan that upkeep finds.
    async fn forget_spool(&self, upload: UploadId) {
        let spools = self.spools.clone();
        if let Err(problem) = blocking(move || spools.remove(upload)).await {
            tracing::warn!(%upload, %problem, "the spool of an ended upload stays until upkeep");
        }
    }
}

/// Runs work to its end even when its caller goes away, so that the next call finds nobody writing.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(work).await.map_err(Failure::internal)?
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Failure::internal)?
        .map_err(disk_failure)
}

fn disk_failure(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Failure::Full,
        io::ErrorKind::ReadOnlyFilesystem => Failure::ReadOnly,
        io::ErrorKind::NotFound => Failure::NoSuchUpload,
        _ => Failure::internal(error),
    }
}

/// The CRC32 of what `upload` holds, followed by what `chunk` has seen.
fn joined(upload: &UploadRow, chunk: &crc32fast::Hasher) -> u32 {
    let mut all = crc32fast::Hasher::new_with_initial_len(upload.crc32, upload.received_len);
    all.combine(chunk);
    all.finalize()
}
