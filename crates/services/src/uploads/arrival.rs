//! The bytes of one call on their way into a spool: written as they come, counted when they are durable.

use super::checksum::{Checksum, Proof};
use super::seats::Seat;
use super::{LIFETIME, Uploads, disk_failure, rows};
use crate::Failure;
use bytes::Bytes;
use holdall_catalog::Tx;
use holdall_catalog::announced::AnnouncedRow;
use holdall_catalog::uploads::UploadRow;
use http_body::Body;
use std::fmt::Display;
use std::fs::File;
use std::future::poll_fn;
use std::io::{self, Write as _};
use std::pin::Pin;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How many bytes are gathered before they are written.
const WRITE_LEN: u64 = 1 << 20;

/// How many bytes may be written without being counted.
const COUNT_LEN: u64 = 8 << 20;

/// How long bytes may be there without being counted.
const COUNT_AFTER: Duration = Duration::from_secs(2);

/// What a call brought.
pub(super) struct Arrived {
    /// The upload with all that is durable.
    pub(super) row: AnnouncedRow,
    /// How many of its bytes the catalog counts: less than all while they are no document.
    pub(super) counted: u64,
}

impl Arrived {
    /// Whether everything has come.
    pub(super) fn is_whole(&self) -> bool {
        self.row.upload.received_len == self.row.announced.total_len
    }
}

/// Bytes on their way in.
pub(super) struct Arrival<'a> {
    uploads: &'a Uploads,
    row: AnnouncedRow,
    counted: u64,
    gathered: Vec<Bytes>,
    gathered_len: u64,
    spooling: Option<Spooling>,
}

/// What is needed to write, on a thread that may wait.
struct Spooling {
    file: File,
    /// Of the bytes written by this call.
    crc32: crc32fast::Hasher,
    proof: Option<Proof>,
}

/// How a call's bytes ended.
enum End {
    /// As the sender meant it.
    Whole,
    /// Before that.
    Broken,
    /// Because somebody else goes on.
    Wanted,
}

impl<'a> Arrival<'a> {
    pub(super) async fn begin(
        uploads: &'a Uploads,
        row: AnnouncedRow,
        checksum: Option<Checksum>,
    ) -> Result<Self, Failure> {
        let (spools, upload) = (uploads.spools.clone(), row.upload);
        let opening = move || spools.open_to_append(upload.id, upload.received_len);
        let spooling = Spooling {
            file: super::blocking(opening).await?,
            crc32: crc32fast::Hasher::new_with_initial_len(upload.crc32, upload.received_len),
            proof: checksum.map(Proof::of),
        };
        Ok(Self {
            uploads,
            counted: upload.received_len,
            row,
            gathered: Vec::new(),
            gathered_len: 0,
            spooling: Some(spooling),
        })
    }

    /// Takes the bytes of `body` in. After a failure those that the catalog counts are kept.
    pub(super) async fn take<B>(mut self, seat: &Seat, body: B) -> Result<Arrived, Failure>
    where
        B: Body<Data = Bytes> + Send + Unpin,
        B::Error: Display + Send,
    {
        let end = self.pull(seat, body).await?;
        let proved = match end {
            End::Whole => self.prove().await?,
            End::Broken | End::Wanted => self.is_unproved(),
        };
        if proved {
            self.keep().await?;
        }
        match end {
            End::Whole if proved => Ok(Arrived {
                row: self.row,
                counted: self.counted,
            }),
            End::Whole => Err(Failure::ChunkMismatch),
            End::Broken => Err(Failure::invalid("content", "the bytes broke off")),
            End::Wanted => Err(Failure::UploadBusy),
        }
    }

    async fn pull<B>(&mut self, seat: &Seat, mut body: B) -> Result<End, Failure>
    where
        B: Body<Data = Bytes> + Send + Unpin,
        B::Error: Display + Send,
    {
        let mut ticks = tokio::time::interval(COUNT_AFTER);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let next = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
            let frame = tokio::select! {
                () = seat.wanted() => return Ok(End::Wanted),
                _ = ticks.tick() => {
                    self.keep_proved().await?;
                    continue;
                }
                frame = next => frame,
            };
            match frame {
                None => return Ok(End::Whole),
                // Trailers say nothing here.
                Some(Ok(frame)) => self.accept(frame.into_data().unwrap_or_default()).await?,
                Some(Err(problem)) => {
                    tracing::debug!(%problem, "an upload broke off");
                    return Ok(End::Broken);
                }
            }
        }
    }

    async fn accept(&mut self, bytes: Bytes) -> Result<(), Failure> {
        let len = u64::try_from(bytes.len()).map_err(Failure::internal)?;
        let held = self.row.upload.received_len.saturating_add(self.gathered_len);
        if held.saturating_add(len) > self.row.announced.total_len {
            return Err(Failure::invalid("content", "more bytes than were announced"));
        }
        self.gathered.push(bytes);
        self.gathered_len += len;
        if self.gathered_len >= WRITE_LEN {
            self.write(false).await?;
        }
        if self.row.upload.received_len - self.counted >= COUNT_LEN {
            self.keep_proved().await?;
        }
        Ok(())
    }

    fn is_unproved(&self) -> bool {
        self.spooling
            .as_ref()
            .is_some_and(|spooling| spooling.proof.is_none())
    }

    /// Whether the bytes are those that the sender meant.
    async fn prove(&mut self) -> Result<bool, Failure> {
        self.write(false).await?;
        let proof = self.spooling.as_mut().and_then(|spooling| spooling.proof.take());
        Ok(proof.is_none_or(Proof::holds))
    }

    /// Makes what came durable, if nothing is left to prove of it.
    async fn keep_proved(&mut self) -> Result<(), Failure> {
        if self.is_unproved() {
            self.keep().await
        } else {
            Ok(())
        }
    }

    /// Makes what came durable, and lets the catalog count it unless it is everything.
    async fn keep(&mut self) -> Result<(), Failure> {
        if self.gathered_len == 0 && self.row.upload.received_len == self.counted {
            return Ok(());
        }
        self.write(true).await?;
        if self.row.upload.received_len == self.row.announced.total_len {
            return Ok(());
        }
        let expires = self.uploads.house.clock.now().plus(LIFETIME);
        self.row.upload.expires = expires;
        let (upload, counted) = (self.row.upload, self.counted);
        let advance = move |tx: &mut Tx<'_>| rows::advance(tx, &upload, counted).map_err(Failure::from);
        if !self.uploads.house.catalog.write(advance).await? {
            return Err(Failure::NoSuchUpload);
        }
        self.counted = upload.received_len;
        Ok(())
    }

    /// Writes what was gathered, and waits until it is on disk if that is wished.
    async fn write(&mut self, durable: bool) -> Result<(), Failure> {
        let Some(mut spooling) = self.spooling.take() else {
            return Err(Failure::NoSuchUpload);
        };
        let pieces = std::mem::take(&mut self.gathered);
        let writing = tokio::task::spawn_blocking(move || {
            spooling.write(&pieces, durable)?;
            Ok::<_, io::Error>(spooling)
        });
        let written = writing.await.map_err(Failure::internal)?.map_err(disk_failure);
        if let Err(Failure::Internal(_) | Failure::NoSuchUpload) = &written {
            // After a failed sync nothing in the file can be trusted.
            self.uploads.end(self.row.upload.id).await?;
        }
        let spooling = written?;
        metrics::counter!("holdall_received_bytes_total").increment(self.gathered_len);
        self.row.upload = UploadRow {
            received_len: self.row.upload.received_len + std::mem::take(&mut self.gathered_len),
            crc32: spooling.crc32.clone().finalize(),
            ..self.row.upload
        };
        self.spooling = Some(spooling);
        Ok(())
    }
}

impl Spooling {
    fn write(&mut self, pieces: &[Bytes], durable: bool) -> io::Result<()> {
        for piece in pieces {
            self.file.write_all(piece)?;
            self.crc32.update(piece);
            if let Some(proof) = &mut self.proof {
                proof.update(piece);
            }
        }
        if durable { self.file.sync_data() } else { Ok(()) }
    }
}
