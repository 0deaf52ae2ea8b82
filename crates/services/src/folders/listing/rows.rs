//! Rows of one kind, as they are counted, paged and shown.

use super::sight::{self, Sight};
use super::{DocumentLine, FolderLine, ListingWanted};
use crate::Failure;
use crate::documents::LockView;
use crate::folders::views::Names;
use holdall_catalog::folders::FolderRow;
use holdall_catalog::listed::{self, Kind, Span};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{ScopeId, UserId, name_key};

/// Rows that are looked at in one step when some of them are hidden.
const STEP: u64 = 1_000;

/// A row of either kind.
pub(super) trait Listed: Sized {
    const KIND: Kind;
    fn read(tx: &mut Tx<'_>, span: Span<'_>) -> Result<Vec<Self>, CatalogError>;
    fn name(&self) -> &str;
    /// The access list in force and the owner.
    fn ground(&self) -> (ScopeId, UserId);
}

impl Listed for listed::FolderLine {
    const KIND: Kind = Kind::Folders;

    fn read(tx: &mut Tx<'_>, span: Span<'_>) -> Result<Vec<Self>, CatalogError> {
        listed::folders(tx, span)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn ground(&self) -> (ScopeId, UserId) {
        (self.scope, self.owner)
    }
}

impl Listed for listed::DocumentLine {
    const KIND: Kind = Kind::Documents;

    fn read(tx: &mut Tx<'_>, span: Span<'_>) -> Result<Vec<Self>, CatalogError> {
        listed::documents(tx, span)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn ground(&self) -> (ScopeId, UserId) {
        (self.scope, self.owner)
    }
}

/// What is listed of one folder, for one caller.
pub(super) struct Shelf<'a, 's> {
    pub(super) folder: &'a FolderRow,
    pub(super) wanted: &'a ListingWanted,
    pub(super) sight: Sight<'s>,
}

/// Some rows, and the name key to go on behind when there may be more.
pub(super) struct Rows<R> {
    pub(super) seen: Vec<R>,
    pub(super) more: Option<String>,
    /// How many were read, seen or not.
    pub(super) read: u64,
}

impl Shelf<'_, '_> {
    /// How many items of a kind are wanted and seen.
    pub(super) fn count(&mut self, tx: &mut Tx<'_>, kind: Kind) -> Result<sight::Seen, Failure> {
        sight::count(tx, &mut self.sight, (self.folder, kind), self.wanted)
    }

    /// Reads `most` rows behind a name key and keeps those that are seen.
    pub(super) fn after<R: Listed>(
        &mut self,
        tx: &mut Tx<'_>,
        after: &str,
        most: u64,
    ) -> Result<Rows<R>, Failure> {
        let rows: Vec<R> = self.read(tx, after, (0, most))?;
        let read = len(&rows);
        let last = rows.last().map(|row| name_key(row.name()));
        Ok(Rows {
            seen: self.sight.only_seen(tx, rows, R::ground)?,
            more: last.filter(|_| read >= most),
            read,
        })
    }

    /// The rows that are seen from number `start` on, at most `most`.
    pub(super) fn from<R: Listed>(
        &mut self,
        tx: &mut Tx<'_>,
        seen: sight::Seen,
        (start, most): (u64, u64),
    ) -> Result<Vec<R>, Failure> {
        if start >= seen.count || most == 0 {
            return Ok(Vec::new());
        }
        if seen.all {
            return self.read(tx, "", (start, most));
        }
        let (mut skip, mut found) = (start, Vec::new());
        let mut next = Some(String::new());
        while let Some(after) = next.filter(|_| len(&found) < most) {
            let rows = self.after(tx, &after, STEP)?;
            let skipped = skip.min(len(&rows.seen));
            skip -= skipped;
            let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
            found.extend(rows.seen.into_iter().skip(skipped));
            next = rows.more;
        }
        found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(found)
    }

    fn read<R: Listed>(
        &self,
        tx: &mut Tx<'_>,
        after: &str,
        (offset, most): (u64, u64),
    ) -> Result<Vec<R>, Failure> {
        let Some(filter) = self.wanted.filter(R::KIND) else {
            return Ok(Vec::new());
        };
        let span = Span {
            folder: self.folder.id,
            patterns: &filter.patterns,
            after,
            offset,
            most,
        };
        Ok(R::read(tx, span)?)
    }
}

pub(super) fn len<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

/// Folders as they are shown.
pub(super) fn folder_lines(rows: Vec<listed::FolderLine>) -> Vec<FolderLine> {
    let line = |row: listed::FolderLine| FolderLine {
        id: row.id,
        name: row.name,
    };
    rows.into_iter().map(line).collect()
}

/// Documents as they are shown, the names of those who hold locks looked up.
pub(super) fn document_lines(
    tx: &mut Tx<'_>,
    rows: Vec<listed::DocumentLine>,
) -> Result<Vec<DocumentLine>, Failure> {
    let names = Names::of(tx, rows.iter().filter_map(|row| row.locked_by))?;
    let line = |row: listed::DocumentLine| DocumentLine {
        id: row.id,
        name: row.name,
        created: row.created,
        modified: row.modified,
        registered: row.registered,
        raw_len: row.raw_len,
        lock: row.locked_by.map(|holder| LockView {
            holder,
            login: names.login(holder),
            full_name: names.full_name(holder),
            since: row.locked,
        }),
        latest_version: row.latest_version,
        published_version: (row.published_version.0 != 0).then_some(row.published_version),
    };
    Ok(rows.into_iter().map(line).collect())
}
