//! What listings show of the items directly in a folder: counted, narrowed by name, and read in blocks that go on where the
//! last one ended. Each statement has a form without and one with patterns of names, because looking at patterns costs as much
//! as the rest of a row.

use crate::{CatalogError, Row, Tx, Value};
use holdall_model::{DocumentId, FolderId, ScopeId, Timestamp, UserId, VersionNumber};

/// A folder in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderLine {
    /// Its id.
    pub id: FolderId,
    /// Its name.
    pub name: String,
    /// The access list in force.
    pub scope: ScopeId,
    /// The owner.
    pub owner: UserId,
}

/// A document in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLine {
    /// Its id.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// The access list in force.
    pub scope: ScopeId,
    /// The owner.
    pub owner: UserId,
    /// When the content was last modified.
    pub modified: Timestamp,
    /// The length in bytes of the content that readers get.
    pub raw_len: u64,
    /// The newest version.
    pub latest_version: VersionNumber,
    /// The published version, zero when there is none.
    pub published_version: VersionNumber,
    /// When the content was made.
    pub created: Timestamp,
    /// When the first version was uploaded.
    pub registered: Timestamp,
    /// Who holds the lock; `None` when nobody does.
    pub locked_by: Option<UserId>,
    /// Since when.
    pub locked: Timestamp,
}

/// Which of a folder's items are meant.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// The folder they lie in.
    pub folder: FolderId,
    /// Patterns of `LIKE` with `\` as escape, one of which the name key matches; none for all names.
    pub patterns: &'a [String],
    /// The name key behind which they begin; empty for the first.
    pub after: &'a str,
    /// How many of them are left out first.
    pub offset: u64,
    /// How many there are at most.
    pub most: u64,
}

/// How many items there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub all: u64,
    /// Those under another access list than the one asked for.
    pub under_other_lists: u64,
}

/// Items that one decision about rights covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The access list in force.
    pub scope: ScopeId,
    /// Whether they belong to the user asked for.
    pub own: bool,
    /// How many they are.
    pub count: u64,
}

/// The kinds of items in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Folders.
    Folders,
    /// Documents.
    Documents,
}

macro_rules! from {
    (folders) => {
        " FROM folders i WHERE i.parent_id = $1"
    };
    (documents) => {
        " FROM documents i WHERE i.folder_id = $1"
    };
}
macro_rules! matching {
    () => {
        r" AND EXISTS (SELECT 1 FROM {wanted} w WHERE i.name_key LIKE w.x ESCAPE '\')"
    };
}
macro_rules! tally {
    ($table:ident, $($matching:tt)*) => {
        concat!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN i.scope_id <> $2 THEN 1 ELSE 0 END), 0) AS BIGINT)",
            from!($table),
            $($matching)*
        )
    };
}
macro_rules! grounds {
    ($table:ident, $($matching:tt)*) => {
        concat!(
            "SELECT i.scope_id, CASE WHEN i.owner_id = $2 THEN 1 ELSE 0 END, COUNT(*)",
            from!($table),
            $($matching)*,
            " GROUP BY 1, 2"
        )
    };
}
macro_rules! lines {
    ($table:ident, $columns:literal, $($matching:tt)*) => {
        concat!(
            "SELECT i.id, i.name, i.scope_id, i.owner_id",
            $columns,
            from!($table),
            " AND i.name_key > $2",
            $($matching)*,
            " ORDER BY i.name_key LIMIT $3 OFFSET $4"
        )
    };
}
macro_rules! document_lines {
    ($($matching:tt)*) => {
        lines!(
            documents,
            ", i.modified_at, i.raw_len, i.latest_version, i.published_version * (1 - i.withdrawn), i.created_at, i.registered_at, i.locked_by, \
             i.locked_at",
            $($matching)*
        )
    };
}

const TALLY_FOLDERS: [&str; 2] = [tally!(folders, ""), tally!(folders, matching!())];
const TALLY_DOCUMENTS: [&str; 2] = [tally!(documents, ""), tally!(documents, matching!())];
const GROUND_FOLDERS: [&str; 2] = [grounds!(folders, ""), grounds!(folders, matching!())];
const GROUND_DOCUMENTS: [&str; 2] = [grounds!(documents, ""), grounds!(documents, matching!())];
const FOLDER_LINES: [&str; 2] = [lines!(folders, "", ""), lines!(folders, "", matching!())];
const DOCUMENT_LINES: [&str; 2] = [document_lines!(""), document_lines!(matching!())];

pub(crate) const STATEMENTS: &[&str] = &[
    TALLY_FOLDERS[0],
    TALLY_FOLDERS[1],
    TALLY_DOCUMENTS[0],
    TALLY_DOCUMENTS[1],
    GROUND_FOLDERS[0],
    GROUND_FOLDERS[1],
    GROUND_DOCUMENTS[0],
    GROUND_DOCUMENTS[1],
    FOLDER_LINES[0],
    FOLDER_LINES[1],
    DOCUMENT_LINES[0],
    DOCUMENT_LINES[1],
];

/// Counts the items of a kind that match, with those whose access list is not `scope`. Where they begin does not matter.
pub fn tally(tx: &mut Tx<'_>, kind: Kind, span: Span<'_>, scope: ScopeId) -> Result<Tally, CatalogError> {
    let forms = match kind {
        Kind::Folders => TALLY_FOLDERS,
        Kind::Documents => TALLY_DOCUMENTS,
    };
    let counts = query(
        tx,
        forms,
        span.patterns,
        &[span.folder.into(), scope.into()],
        |row| {
            Ok(Tally {
                all: row.length(0)?,
                under_other_lists: row.length(1)?,
            })
        },
    )?;
    Ok(counts.first().copied().unwrap_or_default())
}

/// Counts the items of a kind that match by what decides the right of `user` on them. Where they begin does not matter.
pub fn grounds(
    tx: &mut Tx<'_>,
    kind: Kind,
    span: Span<'_>,
    user: UserId,
) -> Result<Vec<Ground>, CatalogError> {
    let forms = match kind {
        Kind::Folders => GROUND_FOLDERS,
        Kind::Documents => GROUND_DOCUMENTS,
    };
    query(
        tx,
        forms,
        span.patterns,
        &[span.folder.into(), user.into()],
        |row| {
            Ok(Ground {
                scope: ScopeId(row.integer(0)?),
                own: row.boolean(1)?,
                count: row.length(2)?,
            })
        },
    )
}

/// The folders of a span, by name key.
pub fn folders(tx: &mut Tx<'_>, span: Span<'_>) -> Result<Vec<FolderLine>, CatalogError> {
    query(tx, FOLDER_LINES, span.patterns, &bounds(span), |row| {
        Ok(FolderLine {
            id: FolderId(row.integer(0)?),
            name: row.text(1)?.to_owned(),
            scope: ScopeId(row.integer(2)?),
            owner: UserId(row.integer(3)?),
        })
    })
}

/// The documents of a span, by name key.
pub fn documents(tx: &mut Tx<'_>, span: Span<'_>) -> Result<Vec<DocumentLine>, CatalogError> {
    query(tx, DOCUMENT_LINES, span.patterns, &bounds(span), document)
}

fn bounds(span: Span<'_>) -> [Value<'_>; 4] {
    [
        span.folder.into(),
        span.after.into(),
        span.most.into(),
        span.offset.into(),
    ]
}

fn document(row: &Row<'_>) -> Result<DocumentLine, CatalogError> {
    let locked_by = row.integer(10)?;
    Ok(DocumentLine {
        id: DocumentId(row.integer(0)?),
        name: row.text(1)?.to_owned(),
        scope: ScopeId(row.integer(2)?),
        owner: UserId(row.integer(3)?),
        modified: row.timestamp(4)?,
        raw_len: row.length(5)?,
        latest_version: VersionNumber(row.integer(6)?),
        published_version: VersionNumber(row.integer(7)?),
        created: row.timestamp(8)?,
        registered: row.timestamp(9)?,
        locked_by: (locked_by != 0).then_some(UserId(locked_by)),
        locked: row.timestamp(11)?,
    })
}

/// Runs the form of a statement that `patterns` ask for.
fn query<T>(
    tx: &mut Tx<'_>,
    [all, matching]: [&'static str; 2],
    patterns: &[String],
    params: &[Value<'_>],
    map: impl FnMut(&Row<'_>) -> Result<T, CatalogError>,
) -> Result<Vec<T>, CatalogError> {
    if patterns.is_empty() {
        return tx.query(all, params, map);
    }
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    tx.query_each_of(matching, params, &patterns, map)
}
