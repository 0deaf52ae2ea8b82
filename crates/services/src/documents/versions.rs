//! Removing versions, and what is said about them (CONTRACT section 5).

use super::store::MAX_TEXT_LEN;
use super::{Documents, require_unlocked};
use crate::access::{self, Standing};
use crate::folders::resolve::{DocumentAt, Item, resolve_content};
use crate::{Caller, Conflict, Failure, Thing};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::documents::{self, DocumentRow};
use holdall_catalog::versions::{self as rows, VersionRow};
use holdall_catalog::{Tx, blobs};
use holdall_model::{ItemRef, Right, Timestamp, VersionNumber};

/// How many versions pruning keeps of those that it may remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Published ones, at least 1. The one that readers get is kept besides.
    pub published: usize,
    /// Versions that never were published.
    pub unpublished: usize,
}

impl Documents {
    /// Removes a version for good. Full control is needed, nobody else may hold the lock, and the last version stays. When it is
    /// the one that readers get, they get the newest that was published before.
    pub async fn delete_version(
        &self,
        caller: &Caller,
        item: &ItemRef,
        number: VersionNumber,
    ) -> Result<(), Failure> {
        let item = item.clone();
        let now = self.house.clock.now();
        let remove = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_controlled(tx, standing, &item)?;
            require_unlocked(&found.row, standing.user())?;
            let mut left = rows::of_document(tx, found.row.id)?;
            let before = left.len();
            left.retain(|version| version.number != number);
            if left.len() == before {
                return Err(Failure::NotFound(Thing::Version));
            }
            let row = without(tx, found.row.clone(), &left)?;
            rows::remove(tx, row.id, &[number])?;
            documents::replace(tx, &[row])?;
            note(
                tx,
                standing,
                (now, &found),
                ("version deleted", &number.to_string()),
            )
        };
        self.house.write_as(caller, remove).await
    }

    /// Removes old versions for good. Full control is needed. Whatever is kept of the others: the newest version, the one that
    /// readers get, and all that are newer than the last published one.
    pub async fn prune_versions(&self, caller: &Caller, item: &ItemRef, keep: Keep) -> Result<(), Failure> {
        let item = item.clone();
        let now = self.house.clock.now();
        let prune = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_controlled(tx, standing, &item)?;
            let all = rows::of_document(tx, found.row.id)?;
            let old = prunable(&found.row, &all, keep);
            if old.is_empty() {
                return Ok(());
            }
            let gone = i64::try_from(old.len()).map_err(Failure::internal)?;
            rows::remove(tx, found.row.id, &old)?;
            let version_count = found.row.version_count - gone;
            let row = DocumentRow {
                version_count,
                ..found.row.clone()
            };
            documents::replace(tx, &[row])?;
            note(
                tx,
                standing,
                (now, &found),
                ("versions pruned", &gone.to_string()),
            )
        };
        self.house.write_as(caller, prune).await
    }

    /// Replaces what is said about a version; an empty text clears it. For the version's author, who must still be able to read
    /// the document.
    pub async fn comment_version(
        &self,
        caller: &Caller,
        item: &ItemRef,
        number: VersionNumber,
        comment: &str,
    ) -> Result<(), Failure> {
        if comment.len() > MAX_TEXT_LEN {
            return Err(Failure::invalid(
                "comment",
                format!("longer than {MAX_TEXT_LEN} bytes"),
            ));
        }
        let (item, comment) = (item.clone(), comment.to_owned());
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_content(tx, standing, &item)?;
            access::require(found.right, Right::Read)?;
            let version = rows::version(tx, found.row.id, number)?;
            let version = version.ok_or(Failure::NotFound(Thing::Version))?;
            if version.author != standing.user() {
                return Err(Failure::Denied);
            }
            Ok(rows::set_comment(tx, found.row.id, number, &comment)?)
        };
        self.house.write_as(caller, set).await
    }
}

/// A visible document of which the caller may remove versions.
fn resolve_controlled(tx: &mut Tx<'_>, standing: &Standing, item: &ItemRef) -> Result<DocumentAt, Failure> {
    let found = resolve_content(tx, standing, item)?;
    access::control(tx, standing, &Item::Document(Box::new(found.clone())))?;
    Ok(found)
}

/// The document's row when only the versions `left` are there, ascending.
fn without(tx: &mut Tx<'_>, row: DocumentRow, left: &[VersionRow]) -> Result<DocumentRow, Failure> {
    let last = left.last().ok_or(Failure::Conflict(Conflict::OnlyVersion))?;
    let is_left = left.iter().any(|version| version.number == row.served());
    let published = left.iter().rev().find(|version| version.published.is_some());
    let (published_version, served) = match published {
        _ if is_left && row.published_version.0 != 0 => (row.published_version, None),
        Some(version) => (version.number, Some(version)),
        None => (VersionNumber(0), Some(last)),
    };
    let row = DocumentRow {
        latest_version: last.number,
        published_version,
        withdrawn: row.withdrawn && published_version.0 != 0,
        version_count: i64::try_from(left.len()).map_err(Failure::internal)?,
        ..row
    };
    match served {
        Some(version) => serving(tx, row, version),
        None => Ok(row),
    }
}

/// The document's row when readers get the content of `version`.
pub(super) fn serving(
    tx: &mut Tx<'_>,
    row: DocumentRow,
    version: &VersionRow,
) -> Result<DocumentRow, Failure> {
    let blob = blobs::blob(tx, version.content.blob)?;
    Ok(DocumentRow {
        content: version.content,
        quarantined: blob.is_none_or(|blob| blob.quarantined),
        ..row
    })
}

/// The versions that pruning removes. Those newer than the last published one are work in progress; where nothing was ever
/// published, all are.
fn prunable(row: &DocumentRow, all: &[VersionRow], keep: Keep) -> Vec<VersionNumber> {
    let is_published = |version: &&VersionRow| version.published.is_some();
    let Some(last) = all.iter().rev().find(is_published) else {
        return Vec::new();
    };
    let published = all.iter().rev().filter(is_published);
    let drafts = all
        .iter()
        .rev()
        .filter(|version| version.published.is_none() && version.number < last.number);
    let old = published
        .skip(keep.published.max(1))
        .chain(drafts.skip(keep.unpublished));
    old.map(|version| version.number)
        .filter(|number| *number != row.served() && *number != row.latest_version)
        .collect()
}

/// Writes down what was done to a document's versions.
pub(super) fn note(
    tx: &mut Tx<'_>,
    standing: &Standing,
    (at, found): (Timestamp, &DocumentAt),
    (action, detail): (&str, &str),
) -> Result<(), Failure> {
    let deed = Deed {
        at,
        user: standing.user(),
        action,
        subject: &found.path(),
        detail,
    };
    Ok(audit::record(tx, deed)?)
}
