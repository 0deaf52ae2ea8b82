//! Uploads whose length and target are said when they begin, and whose bytes come in calls of any length.

use super::arrival::{Arrival, Arrived};
use super::checksum::Checksum;
use super::{LIFETIME, MOST_UPLOADS, Uploads, rows, to_its_end};
use crate::access::Standing;
use crate::documents::store::{self, Storing};
use crate::documents::{DocumentOptions, Stored};
use crate::folders::resolve::resolve_folder;
use crate::sessions::secrets::{digest_of, new_secret};
use crate::{Caller, Failure, settings};
use bytes::Bytes;
use holdall_blobs::StoredBlob;
use holdall_catalog::Tx;
use holdall_catalog::announced::{self, Announced, AnnouncedRow};
use holdall_catalog::uploads::{NewUpload, UploadRow};
use holdall_model::{Digest, FolderId, Guid, ItemRef, Timestamp, clean_name};
use http_body::Body;
use std::fmt::Display;
use std::time::Duration;

/// How long it can be asked what an upload became, after it did.
const MEMORY: Duration = Duration::from_hours(1);

/// What is said of an upload when it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The folder that the document goes to; it may be moved and renamed meanwhile.
    pub folder: ItemRef,
    /// The document's name. A document of that name gets a version.
    pub name: String,
    /// How many bytes there will be.
    pub total_len: u64,
    /// When the content was last modified; `None` is when it is stored.
    pub modified: Option<Timestamp>,
    /// What the author says about the version.
    pub comment: String,
    /// What the sender wants back, at most 8 KiB.
    pub note: String,
}

/// Where an announced upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadState {
    /// How many bytes are durable. All of them only when the document is stored.
    pub received_len: u64,
    /// How many bytes there will be.
    pub total_len: u64,
    /// When it ends unless more bytes come.
    pub expires: Timestamp,
    /// What the sender wanted back.
    pub note: String,
    /// What it became.
    pub stored: Option<Stored>,
}

/// The longest [`Announcement::note`] in bytes.
const MAX_NOTE_LEN: usize = 8192;

impl Uploads {
    /// Begins an upload. Fails early when the document could not be stored anyway. It ends by itself when no bytes come for 24
    /// hours; of no bytes, it is a document at once.
    pub async fn announce(
        &self,
        caller: &Caller,
        announcement: Announcement,
    ) -> Result<(Guid, UploadState), Failure> {
        let handle = new_secret()?;
        let upload = NewUpload {
            handle: digest_of(&handle),
            user: caller.user(),
            chunk_len: 0,
            created: self.house.clock.now(),
            expires: self.house.clock.now().plus(LIFETIME),
        };
        let begin = move |tx: &mut Tx<'_>, standing: &Standing| begin(tx, standing, (upload, announcement));
        let total_len = self.house.write_as(caller, begin).await?;
        let state = if total_len == 0 {
            self.receive(caller, &handle, (0, None), http_body_util::Empty::new())
                .await?
        } else {
            self.state(caller, &handle).await?
        };
        Ok((handle, state))
    }

    /// Where an upload is. Whoever still fills it stops, so that what is answered stays true.
    pub async fn state(&self, caller: &Caller, handle: &Guid) -> Result<UploadState, Failure> {
        let id = self.find_announced(caller, handle).await?.upload.id;
        let _seat = self.seats.take(id).await?;
        Ok(self.find_announced(caller, handle).await?.into())
    }

    /// Appends what `body` gives behind the first `offset` bytes, and stores the document when all have come. What came of a body
    /// that breaks off is kept, unless there is a checksum to prove it by. [`Failure::WrongOffset`] when another number of bytes
    /// is there; [`Failure::UploadBusy`] when somebody else goes on with the upload; [`Failure::ChunkMismatch`].
    pub async fn receive<B>(
        &self,
        caller: &Caller,
        handle: &Guid,
        (offset, checksum): (u64, Option<Checksum>),
        body: B,
    ) -> Result<UploadState, Failure>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Display + Send,
    {
        let (uploads, caller, handle) = (self.clone(), caller.clone(), *handle);
        let work = async move {
            let id = uploads.find_announced(&caller, &handle).await?.upload.id;
            let seat = uploads.seats.take(id).await?;
            let row = uploads.find_announced(&caller, &handle).await?;
            if offset != row.upload.received_len {
                let received_len = row.upload.received_len;
                return Err(Failure::WrongOffset { received_len });
            }
            if row.stored.is_some() {
                return Ok(row.into());
            }
            if body.size_hint().lower() > row.announced.total_len - offset {
                return Err(Failure::invalid("content", "more bytes than were announced"));
            }
            let arrival = Arrival::begin(&uploads, row, checksum).await?;
            let arrived = arrival.take(&seat, body).await?;
            if arrived.is_whole() {
                return uploads.become_document(&caller, arrived).await;
            }
            Ok(arrived.row.into())
        };
        to_its_end(work).await
    }

    /// How many bytes a document may have.
    pub async fn longest(&self) -> Result<u64, Failure> {
        self.max_len().await
    }

    /// Ends an upload and forgets its bytes; a document that it became stays.
    pub async fn withdraw(&self, caller: &Caller, handle: &Guid) -> Result<(), Failure> {
        let id = self.find_announced(caller, handle).await?.upload.id;
        let _seat = self.seats.take(id).await?;
        self.end(id).await
    }

    async fn find_announced(&self, caller: &Caller, handle: &Guid) -> Result<AnnouncedRow, Failure> {
        let digest: Digest = digest_of(handle);
        let read = move |tx: &mut Tx<'_>| announced::by_handle(tx, &digest);
        let row = self.house.catalog.read(read).await?;
        let now = self.house.clock.now();
        let own = row.filter(|row| row.upload.user == caller.user() && row.upload.expires > now);
        own.ok_or(Failure::NoSuchUpload)
    }

    /// Stores the document, in the transaction that counts the last bytes: a sender that hears nothing is told to send those
    /// again, and does not believe that it is done.
    async fn become_document(&self, caller: &Caller, arrived: Arrived) -> Result<UploadState, Failure> {
        let id = arrived.row.upload.id;
        let blob = self.take_in(&arrived.row.upload).await?;
        let (user, now) = (caller.user(), self.house.clock.now());
        let write = move |tx: &mut Tx<'_>, standing: &Standing| {
            conclude(tx, standing, (arrived, &blob), Storing { user, now })
        };
        let row = self.house.write_as(caller, write).await?;
        self.forget_spool(id).await;
        if let Some((document, _)) = row.stored {
            metrics::counter!("holdall_stored_total").increment(1);
            self.house.notes.note(user, document, now);
        }
        Ok(row.into())
    }
}

fn begin(
    tx: &mut Tx<'_>,
    standing: &Standing,
    (upload, announcement): (NewUpload, Announcement),
) -> Result<u64, Failure> {
    let max_len = settings::current(tx)?.document_max_len;
    if announcement.total_len > max_len {
        return Err(Failure::TooLarge { max_len });
    }
    if announcement.note.len() > MAX_NOTE_LEN {
        return Err(Failure::invalid(
            "note",
            format!("longer than {MAX_NOTE_LEN} bytes"),
        ));
    }
    let name = clean_name(&announcement.name).map_err(|problem| Failure::invalid("name", problem))?;
    let folder = resolve_folder(tx, standing, &announcement.folder)?.place.row.id;
    let announced = Announced {
        total_len: announcement.total_len,
        folder,
        name,
        comment: announcement.comment,
        modified: announcement.modified,
        note: announcement.note,
    };
    target(tx, standing, &announced)?.check(upload.user, &options_of(&announced))?;
    if rows::count(tx, upload.user, upload.created)? >= MOST_UPLOADS {
        return Err(Failure::QuotaReached {
            what: "uploads",
            most: MOST_UPLOADS,
        });
    }
    let id = rows::insert(tx, &upload)?;
    announced::insert(tx, id, &announced)?;
    Ok(announced.total_len)
}

fn conclude(
    tx: &mut Tx<'_>,
    standing: &Standing,
    (arrived, blob): (Arrived, &StoredBlob),
    storing: Storing,
) -> Result<AnnouncedRow, Failure> {
    let Arrived { row, counted } = arrived;
    let target = target(tx, standing, &row.announced)?;
    let stored = store::store(tx, storing, target, (blob, &options_of(&row.announced)))?;
    let stored = (stored.document, stored.version);
    let upload = UploadRow {
        complete: true,
        expires: storing.now.plus(MEMORY),
        ..row.upload
    };
    if !rows::advance(tx, &upload, counted)? || !announced::set_stored(tx, upload.id, stored)? {
        return Err(Failure::NoSuchUpload);
    }
    Ok(AnnouncedRow {
        upload,
        stored: Some(stored),
        ..row
    })
}

fn target(tx: &mut Tx<'_>, standing: &Standing, announced: &Announced) -> Result<store::Target, Failure> {
    let folder: FolderId = announced.folder;
    store::resolve_target_in(tx, standing, (&ItemRef::Folder(folder), &announced.name))
}

fn options_of(announced: &Announced) -> DocumentOptions {
    DocumentOptions {
        version_comment: announced.comment.clone(),
        modified: announced.modified,
        ..DocumentOptions::default()
    }
}

impl From<AnnouncedRow> for UploadState {
    fn from(row: AnnouncedRow) -> Self {
        Self {
            received_len: row.upload.received_len,
            total_len: row.announced.total_len,
            expires: row.upload.expires,
            note: row.announced.note,
            stored: row.stored.map(|(document, version)| Stored { document, version }),
        }
    }
}
