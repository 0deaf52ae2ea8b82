//! Documents: rows clustered by folder and name. Each repeats the place of the content that readers get, so that staging is one
//! scan. A recycled document lies below minus its own id.

mod notes;

pub use notes::DocumentNotes;

use crate::{CatalogError, Counter, Row, Tx, Value};
use holdall_model::{
    BlobId, DocumentId, DocumentKind, FolderId, LibraryId, PackId, ScopeId, Timestamp, UserId, VersionNumber,
    name_key,
};

/// Content and where it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// The blob's row.
    pub blob: BlobId,
    /// The length of the document in bytes.
    pub raw_len: u64,
    /// The length of what is stored of it in bytes.
    pub stored_len: u64,
    /// The CRC32 of the document.
    pub crc32: u32,
    /// The number of its compression method in a zip.
    pub method: u16,
    /// The pack that holds it.
    pub pack: PackId,
    /// Where in the pack it begins, in bytes.
    pub pack_offset: u64,
}

impl Content {
    /// That of a shortcut, which has none of its own.
    pub const NONE: Self = Self {
        blob: BlobId(0),
        raw_len: 0,
        stored_len: 0,
        crc32: 0,
        method: 0,
        pack: PackId(0),
        pack_offset: 0,
    };

    /// Reads the seven columns `blob id, raw_len, stored_len, crc32, method, pack_id, pack_offset` from column `first` on.
    pub(crate) fn read(row: &Row<'_>, first: usize) -> Result<Self, CatalogError> {
        Ok(Self {
            blob: BlobId(row.integer(first)?),
            raw_len: row.length(first + 1)?,
            stored_len: row.length(first + 2)?,
            crc32: row.crc32(first + 3)?,
            method: u16::try_from(row.integer(first + 4)?)
                .map_err(|_other| CatalogError::inconsistent("a document's method"))?,
            pack: PackId(row.integer(first + 5)?),
            pack_offset: row.length(first + 6)?,
        })
    }
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its id, the same for all its versions.
    pub id: DocumentId,
    /// The folder it lies in; negative when it was recycled.
    pub folder: FolderId,
    /// The name as it is shown.
    pub name: String,
    /// The library it belongs to.
    pub library: LibraryId,
    /// The access list in force, a folder's unless [`Self::own_list`].
    pub scope: ScopeId,
    /// Whether that list was set on this document.
    pub own_list: bool,
    /// Who set it.
    pub list_applied_by: UserId,
    /// When it was set.
    pub list_applied: Timestamp,
    /// The owner.
    pub owner: UserId,
    /// The content that readers get.
    pub content: Content,
    /// Whether that content failed verification and is kept from being served.
    pub quarantined: bool,
    /// A file, a shortcut or a web address.
    pub kind: DocumentKind,
    /// What a shortcut stands for, which may be gone; `None` for all else.
    pub target: Option<DocumentId>,
    /// The newest version; zero for a shortcut.
    pub latest_version: VersionNumber,
    /// The version that was published last, which readers get; zero when none ever was, and they get the newest.
    pub published_version: VersionNumber,
    /// Whether that version no longer counts as published. Readers keep it until another one is published.
    pub withdrawn: bool,
    /// How many versions there are.
    pub version_count: i64,
    /// When the content was made.
    pub created: Timestamp,
    /// When the content was last modified.
    pub modified: Timestamp,
    /// Who uploaded the first version.
    pub registered_by: UserId,
    /// When the first version was uploaded.
    pub registered: Timestamp,
    /// Who holds the lock; `None` when nobody does.
    pub locked_by: Option<UserId>,
    /// Since when.
    pub locked: Timestamp,
    /// Free text.
    pub description: String,
    /// Search words, separated by commas.
    pub keywords: String,
    /// What else is noted about it.
    pub notes: DocumentNotes,
}

impl DocumentRow {
    /// The version that counts as published.
    pub fn published(&self) -> Option<VersionNumber> {
        (self.published_version.0 != 0 && !self.withdrawn).then_some(self.published_version)
    }

    /// The version that readers get, whose content [`Self::content`] is.
    pub fn served(&self) -> VersionNumber {
        if self.published_version.0 == 0 {
            self.latest_version
        } else {
            self.published_version
        }
    }
}

macro_rules! columns {
    () => {
        "d.id, d.folder_id, d.name, d.library_id, d.scope_id, d.own_list, d.list_applied_by, d.list_applied_at, d.owner_id, \
         d.blob_id, d.raw_len, d.stored_len, d.crc32, d.method, d.pack_id, d.pack_offset, d.quarantined, d.latest_version, \
         d.published_version, d.version_count, d.created_at, d.modified_at, d.registered_by, d.registered_at, d.locked_by, \
         d.locked_at, d.description, d.keywords, d.kind, d.target_id, d.withdrawn, d.update_instructions, d.author, \
         d.language, d.source, d.described_by, d.described_at"
    };
}
pub(crate) use columns;

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM documents d WHERE d.id = $1");
const BY_NAME: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM documents d WHERE d.folder_id = $1 AND d.name_key = $2"
);
const IN_FOLDER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM documents d WHERE d.folder_id = $1 ORDER BY d.name_key"
);
const OF_IDS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM {wanted} w JOIN documents d ON d.id = w.x"
);
const INSERT: &str = "INSERT INTO documents (name_key, id, folder_id, name, library_id, scope_id, own_list, list_applied_by, \
     list_applied_at, owner_id, blob_id, raw_len, stored_len, crc32, method, pack_id, pack_offset, quarantined, \
     latest_version, published_version, version_count, created_at, modified_at, registered_by, registered_at, locked_by, \
     locked_at, description, keywords, kind, target_id, withdrawn, update_instructions, author, language, source, \
     described_by, described_at)";
const REMOVE: &str = "DELETE FROM documents WHERE id IN (SELECT w.x FROM {wanted} w)";
const RECYCLE: &str = "UPDATE documents SET folder_id = -id, locked_by = 0, locked_at = 0 WHERE id = $1";
const RESTORE_BLOB: &str = "UPDATE blobs SET stored_len = $2, method = $3, pack_id = $4, pack_offset = $5, quarantined = 0 \
     WHERE id = $1";
const RESTORE_DOCUMENTS: &str = "UPDATE documents SET stored_len = $2, method = $3, pack_id = $4, pack_offset = $5, \
     quarantined = 0 WHERE blob_id = $1";
const RELOCATE: &str = "UPDATE documents SET folder_id = $2, name = $3, name_key = $4, library_id = $5, scope_id = $6, \
     own_list = own_list * $7, list_applied_by = list_applied_by * $7, list_applied_at = list_applied_at * $7 WHERE id = $1";
const SET_LOCK: &str = "UPDATE documents SET locked_by = $2, locked_at = $3 WHERE id = $1";

pub(crate) const STATEMENTS: &[&str] = &[
    BY_ID,
    BY_NAME,
    IN_FOLDER,
    OF_IDS,
    INSERT,
    REMOVE,
    RECYCLE,
    RELOCATE,
    SET_LOCK,
    RESTORE_BLOB,
    RESTORE_DOCUMENTS,
];

/// Reads a row of [`columns`].
pub(crate) fn read(row: &Row<'_>) -> Result<DocumentRow, CatalogError> {
    let (locked_by, target) = (row.integer(24)?, row.integer(29)?);
    Ok(DocumentRow {
        id: DocumentId(row.integer(0)?),
        folder: FolderId(row.integer(1)?),
        name: row.text(2)?.to_owned(),
        library: LibraryId(row.integer(3)?),
        scope: ScopeId(row.integer(4)?),
        own_list: row.boolean(5)?,
        list_applied_by: UserId(row.integer(6)?),
        list_applied: row.timestamp(7)?,
        owner: UserId(row.integer(8)?),
        content: Content::read(row, 9)?,
        quarantined: row.boolean(16)?,
        kind: kind(row.integer(28)?)?,
        target: (target != 0).then_some(DocumentId(target)),
        latest_version: VersionNumber(row.integer(17)?),
        published_version: VersionNumber(row.integer(18)?),
        version_count: row.integer(19)?,
        created: row.timestamp(20)?,
        modified: row.timestamp(21)?,
        registered_by: UserId(row.integer(22)?),
        registered: row.timestamp(23)?,
        locked_by: (locked_by != 0).then_some(UserId(locked_by)),
        locked: row.timestamp(25)?,
        description: row.text(26)?.to_owned(),
        keywords: row.text(27)?.to_owned(),
        withdrawn: row.boolean(30)?,
        notes: DocumentNotes::read(row, 31)?,
    })
}

fn kind(number: i64) -> Result<DocumentKind, CatalogError> {
    DocumentKind::of_number(number).ok_or_else(|| CatalogError::inconsistent("a document's kind"))
}

/// The document of that id, also when it was recycled.
pub fn document(tx: &mut Tx<'_>, id: DocumentId) -> Result<Option<DocumentRow>, CatalogError> {
    tx.query_one(BY_ID, &[id.into()], read)
}

/// The document of that name key in a folder.
pub fn by_name(
    tx: &mut Tx<'_>,
    folder: FolderId,
    name_key: &str,
) -> Result<Option<DocumentRow>, CatalogError> {
    tx.query_one(BY_NAME, &[folder.into(), name_key.into()], read)
}

/// The documents directly in a folder, by name.
pub fn in_folder(tx: &mut Tx<'_>, folder: FolderId) -> Result<Vec<DocumentRow>, CatalogError> {
    tx.query(IN_FOLDER, &[folder.into()], read)
}

/// The documents of those ids, also recycled ones, in no order; ids of none are left out.
pub fn of_ids(tx: &mut Tx<'_>, ids: &[DocumentId]) -> Result<Vec<DocumentRow>, CatalogError> {
    tx.query_each_of(OF_IDS, &[], ids, read)
}

/// The first of `count` fresh document ids in a row.
pub fn next_ids(tx: &mut Tx<'_>, count: u64) -> Result<DocumentId, CatalogError> {
    Ok(DocumentId(tx.next_ids(Counter::Documents, count)?))
}

/// Inserts documents. [`CatalogError::Conflict`] when a name is taken.
pub fn insert(tx: &mut Tx<'_>, documents: &[DocumentRow]) -> Result<(), CatalogError> {
    let keys: Vec<String> = documents
        .iter()
        .map(|document| name_key(&document.name))
        .collect();
    let rows = documents
        .iter()
        .zip(&keys)
        .map(|(document, key)| values(document, key));
    tx.insert_many(INSERT, 38, rows)
}

/// Puts the given rows in the place of those with the same ids.
pub fn replace(tx: &mut Tx<'_>, documents: &[DocumentRow]) -> Result<(), CatalogError> {
    let ids: Vec<DocumentId> = documents.iter().map(|document| document.id).collect();
    tx.execute_each_of(REMOVE, &[], &ids)?;
    insert(tx, documents)
}

fn values<'a>(document: &'a DocumentRow, key: &'a str) -> [Value<'a>; 38] {
    let (content, described) = (&document.content, document.notes.described);
    [
        key.into(),
        document.id.into(),
        document.folder.into(),
        document.name.as_str().into(),
        document.library.into(),
        document.scope.into(),
        document.own_list.into(),
        document.list_applied_by.into(),
        document.list_applied.into(),
        document.owner.into(),
        content.blob.into(),
        content.raw_len.into(),
        content.stored_len.into(),
        content.crc32.into(),
        content.method.into(),
        content.pack.into(),
        content.pack_offset.into(),
        document.quarantined.into(),
        document.latest_version.into(),
        document.published_version.into(),
        document.version_count.into(),
        document.created.into(),
        document.modified.into(),
        document.registered_by.into(),
        document.registered.into(),
        document.locked_by.map_or(0, |user| user.0).into(),
        document.locked.into(),
        document.description.as_str().into(),
        document.keywords.as_str().into(),
        document.kind.number().into(),
        document.target.map_or(0, |target| target.0).into(),
        document.withdrawn.into(),
        document.notes.update_instructions.as_str().into(),
        document.notes.author.as_str().into(),
        document.notes.language.as_str().into(),
        document.notes.source.as_str().into(),
        described.map_or(0, |(user, _)| user.0).into(),
        described.map_or(0, |(_, at)| at.0).into(),
    ]
}

/// Takes a document out of its folder and releases its lock; its row goes on below minus its id.
pub fn recycle(tx: &mut Tx<'_>, id: DocumentId) -> Result<(), CatalogError> {
    tx.execute(RECYCLE, &[id.into()]).map(|_changed| ())
}

/// Where a document goes.
#[derive(Clone, Copy, Debug)]
pub struct NewPlace<'a> {
    /// The folder.
    pub folder: FolderId,
    /// The cleaned name.
    pub name: &'a str,
    /// The folder's library.
    pub library: LibraryId,
    /// The access list in force there.
    pub scope: ScopeId,
    /// Whether that is the document's own one, as before.
    pub keeps_list: bool,
}

/// Puts a document into a folder under a name. [`CatalogError::Conflict`] when it is taken.
pub fn relocate(tx: &mut Tx<'_>, id: DocumentId, place: NewPlace<'_>) -> Result<(), CatalogError> {
    let key = name_key(place.name);
    let values = [
        id.into(),
        place.folder.into(),
        place.name.into(),
        key.as_str().into(),
        place.library.into(),
        place.scope.into(),
        i64::from(place.keeps_list).into(),
    ];
    tx.execute(RELOCATE, &values).map(|_changed| ())
}

/// Gives the lock to a user, or to nobody.
pub fn set_lock(
    tx: &mut Tx<'_>,
    id: DocumentId,
    holder: Option<UserId>,
    at: Timestamp,
) -> Result<(), CatalogError> {
    let holder = holder.map_or(0, |user| user.0);
    tx.execute(SET_LOCK, &[id.into(), holder.into(), at.into()])
        .map(|_changed| ())
}

/// Gives damaged content a new place where it is whole; all documents that have it are served again.
pub fn restore(tx: &mut Tx<'_>, content: &Content) -> Result<(), CatalogError> {
    let values = [
        content.blob.into(),
        content.stored_len.into(),
        content.method.into(),
        content.pack.into(),
        content.pack_offset.into(),
    ];
    tx.execute(RESTORE_BLOB, &values)?;
    tx.execute(RESTORE_DOCUMENTS, &values).map(|_changed| ())
}
