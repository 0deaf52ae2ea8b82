//! A document's own bytes, as a stream.

use super::DocumentView;
use super::verify::is_damage;
use crate::access::{self, Standing};
use crate::folders::resolve::{DocumentAt, resolve_content};
use crate::house::House;
use crate::{Caller, Failure, Thing};
use bytes::{Bytes, BytesMut};
use holdall_blobs::{Locator, RawReader};
use holdall_catalog::documents::Content;
use holdall_catalog::{Tx, blobs, versions};
use holdall_model::{ItemRef, Right, UserId, VersionNumber};
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::future::Future as _;
use std::io::{self, Read as _};
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::task::JoinHandle;

/// How many bytes are read ahead at a time.
const STEP_LEN: usize = 256 << 10;

/// A version's content.
#[derive(Debug)]
pub struct DocumentContent {
    /// The document.
    pub document: DocumentView,
    /// The version.
    pub version: VersionNumber,
    /// The length of the content in bytes.
    pub raw_len: u64,
    /// Its CRC32.
    pub crc32: u32,
    /// The bytes.
    pub body: ContentBody,
}

/// The bytes of a version. Each was verified after it was read; damaged content ends the stream with an error before its length
/// is reached, and is kept from being served again.
pub struct ContentBody {
    state: State,
    left: u64,
}

enum State {
    Idle(Box<Reading>),
    Reading(JoinHandle<Step>),
    Ended,
}

struct Reading {
    house: Arc<House>,
    locator: Locator,
    raw: RawReader,
}

type Step = (Box<Reading>, Result<Bytes, Failure>);

impl fmt::Debug for ContentBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ContentBody")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// What a version of a document is, before it is read.
#[derive(Clone, Debug)]
pub struct ContentFacts {
    /// The document.
    pub document: DocumentView,
    /// The version.
    pub version: VersionNumber,
    /// The length of the content in bytes.
    pub raw_len: u64,
    /// Its CRC32.
    pub crc32: u32,
}

/// What a caller may read of a document.
#[derive(Debug)]
pub(crate) struct Readable {
    pub(crate) document: DocumentView,
    pub(crate) version: VersionNumber,
    pub(crate) content: Content,
}

/// Looks a version up that the caller may read: without a number the one that the caller gets.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    standing: &Standing,
    item: &ItemRef,
    wanted: Option<VersionNumber>,
) -> Result<Readable, Failure> {
    let found = resolve_content(tx, standing, item)?;
    access::require(found.right, Right::Read)?;
    if standing.is_archived(found.row.library) {
        return Err(Failure::Offline);
    }
    let (version, content) = choose(tx, standing.user(), &found, wanted)?;
    Ok(Readable {
        document: DocumentView::of(tx, found)?,
        version,
        content,
    })
}

/// What [`open`] would hand out.
pub(super) async fn facts(
    house: &Arc<House>,
    caller: &Caller,
    item: &ItemRef,
    version: Option<VersionNumber>,
) -> Result<ContentFacts, Failure> {
    let item = item.clone();
    let find = move |tx: &mut Tx<'_>, standing: &Standing| find(tx, standing, &item, version);
    let Readable {
        document,
        version,
        content,
    } = house.read_as(caller, find).await?;
    Ok(ContentFacts {
        document,
        version,
        raw_len: content.raw_len,
        crc32: content.crc32,
    })
}

/// Opens a version of a document for reading.
pub(super) async fn open(
    house: &Arc<House>,
    caller: &Caller,
    item: &ItemRef,
    version: Option<VersionNumber>,
) -> Result<DocumentContent, Failure> {
    let item = item.clone();
    let find = move |tx: &mut Tx<'_>, standing: &Standing| find(tx, standing, &item, version);
    let Readable {
        document,
        version,
        content,
    } = house.read_as(caller, find).await?;
    let locator = Locator {
        pack: content.pack,
        offset: content.pack_offset,
    };
    let body = body(house, locator, 0..content.raw_len).await?;
    house.note_viewing(caller.user(), document.id, version);
    Ok(DocumentContent {
        document,
        version,
        raw_len: content.raw_len,
        crc32: content.crc32,
        body,
    })
}

/// The bytes of a range of stored content.
pub(super) async fn body(
    house: &Arc<House>,
    locator: Locator,
    range: Range<u64>,
) -> Result<ContentBody, Failure> {
    let (house, left) = (Arc::clone(house), range.end.saturating_sub(range.start));
    let opening = tokio::task::spawn_blocking(move || Reading::open(house, locator, range));
    let reading = opening.await.map_err(Failure::internal)??;
    Ok(ContentBody {
        state: State::Idle(Box::new(reading)),
        left,
    })
}

/// The version that a caller who may read the document gets. Unpublished ones are for those who may change the document and for
/// the authors of its versions.
fn choose(
    tx: &mut Tx<'_>,
    user: UserId,
    found: &DocumentAt,
    wanted: Option<VersionNumber>,
) -> Result<(VersionNumber, Content), Failure> {
    let row = &found.row;
    if row.target.is_some() {
        return Err(Failure::NotFound(Thing::Version));
    }
    let (served, latest) = (row.served(), row.latest_version);
    let number = match wanted {
        Some(number) => number,
        None if latest != served && reads_unpublished(tx, user, found)? => latest,
        None => served,
    };
    if number == served && !row.quarantined {
        return Ok((number, row.content));
    }
    let version = versions::version(tx, row.id, number)?.ok_or(Failure::NotFound(Thing::Version))?;
    if version.published.is_none() && number != served && !reads_unpublished(tx, user, found)? {
        return Err(Failure::Denied);
    }
    if blobs::blob(tx, version.content.blob)?.is_none_or(|blob| blob.quarantined) {
        return Err(Failure::internal("the stored content is damaged"));
    }
    Ok((number, version.content))
}

/// Whether a user may read versions of the document that were never published.
pub(crate) fn reads_unpublished(tx: &mut Tx<'_>, user: UserId, found: &DocumentAt) -> Result<bool, Failure> {
    let (id, right) = (found.row.id, found.right);
    Ok(right.changes() || (right.reads() && versions::has_author(tx, id, user)?))
}

impl Reading {
    fn open(house: Arc<House>, locator: Locator, range: Range<u64>) -> Result<Self, Failure> {
        let raw = house.blobs.read_raw(locator, range)?;
        Ok(Self { house, locator, raw })
    }

    /// Reads the next bytes, on a blocking thread.
    fn step(mut self: Box<Self>, left: u64) -> Step {
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(STEP_LEN);
        let mut bytes = BytesMut::zeroed(len);
        let read = match self.raw.read_exact(&mut bytes) {
            Ok(()) => Ok(bytes.freeze()),
            Err(error) => Err(self.give_up(error)),
        };
        (self, read)
    }

    /// Damaged content is not served again until it was restored.
    fn give_up(&self, error: io::Error) -> Failure {
        if is_damage(&error) {
            quarantine(&self.house, self.locator);
        }
        Failure::internal(error)
    }
}

/// Keeps damaged content from being served again. Waits for the catalog.
pub(super) fn quarantine(house: &House, locator: Locator) {
    let (pack, offset) = (locator.pack, locator.offset);
    let marked = house
        .catalog
        .write_blocking(move |tx| blobs::quarantine(tx, pack, offset));
    if let Err(problem) = marked {
        tracing::error!(%pack, offset, %problem, "damaged content could not be quarantined");
    }
}

impl Body for ContentBody {
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let left = self.left;
        let mut task = match std::mem::replace(&mut self.state, State::Ended) {
            State::Idle(reading) if left > 0 => tokio::task::spawn_blocking(move || reading.step(left)),
            State::Reading(task) => task,
            State::Idle(_) | State::Ended => return Poll::Ready(None),
        };
        match Pin::new(&mut task).poll(context) {
            Poll::Pending => {
                self.state = State::Reading(task);
                Poll::Pending
            }
            Poll::Ready(Ok((reading, Ok(bytes)))) => {
                self.left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                self.state = State::Idle(reading);
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Poll::Ready(Ok((_, Err(failure)))) => Poll::Ready(Some(Err(failure))),
            Poll::Ready(Err(panic)) => Poll::Ready(Some(Err(Failure::internal(panic)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
