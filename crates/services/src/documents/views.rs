//! Documents and their versions as edges show them.

use crate::Failure;
use crate::folders::paths::{Around, Paths};
use crate::folders::resolve::DocumentAt;
use crate::folders::views::Names;
use holdall_catalog::Tx;
use holdall_catalog::documents::DocumentRow;
use holdall_catalog::versions::VersionRow;
use holdall_model::{
    Digest, DocumentId, DocumentKind, FolderId, LibraryId, Timestamp, UserId, VersionNumber,
};

/// A document as its readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentView {
    /// Its id, the same for all its versions.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// The folder it lies in.
    pub folder: FolderId,
    /// That folder's name.
    pub folder_name: String,
    /// That folder's full path with a leading `/`.
    pub folder_path: String,
    /// Its library.
    pub library: LibraryId,
    /// Its library's name.
    pub library_name: String,
    /// A file, a shortcut or a web address.
    pub kind: DocumentKind,
    /// What a shortcut stands for; it may be gone or hidden from the caller.
    pub target: Option<DocumentId>,
    /// Free text.
    pub description: String,
    /// Who wrote the description, and when; `None` when nobody did.
    pub described: Option<DescribedView>,
    /// Search words, separated by commas.
    pub keywords: String,
    /// How to update it.
    pub update_instructions: String,
    /// Who wrote it.
    pub author: String,
    /// The language it is in.
    pub language: String,
    /// Where it comes from.
    pub source: String,
    /// The length in bytes of the content that readers get.
    pub raw_len: u64,
    /// The CRC32 of that content.
    pub crc32: u32,
    /// The media type that the name's extension stands for.
    pub media_type: &'static str,
    /// When the content was made.
    pub created: Timestamp,
    /// When the content was last modified.
    pub modified: Timestamp,
    /// When the first version was uploaded.
    pub registered: Timestamp,
    /// Who uploaded the first version.
    pub registered_by: UserId,
    /// That user's login name; empty when the account is gone.
    pub registered_by_login: String,
    /// The owner.
    pub owner: UserId,
    /// The owner's login name; empty when the account is gone.
    pub owner_login: String,
    /// The lock, when somebody holds it.
    pub lock: Option<LockView>,
    /// The newest version; zero for a shortcut.
    pub latest_version: VersionNumber,
    /// The published version, when there is one.
    pub published_version: Option<VersionNumber>,
    /// How many versions there are.
    pub version_count: i64,
}

/// Who wrote a document's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedView {
    /// The user.
    pub user: UserId,
    /// The user's login name; empty when the account is gone.
    pub login: String,
    /// When.
    pub at: Timestamp,
}

/// A lock on a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockView {
    /// Who holds it.
    pub holder: UserId,
    /// The holder's login name.
    pub login: String,
    /// The holder's first and last name.
    pub full_name: String,
    /// Since when.
    pub since: Timestamp,
}

/// A version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionView {
    /// Its number.
    pub number: VersionNumber,
    /// Who uploaded it.
    pub author: UserId,
    /// The author's login name; empty when the account is gone.
    pub author_login: String,
    /// The length of its content in bytes.
    pub raw_len: u64,
    /// The CRC32 of its content.
    pub crc32: u32,
    /// The SHA-256 of its content.
    pub digest: Digest,
    /// When it was uploaded.
    pub created: Timestamp,
    /// When it was published, if it was.
    pub published: Option<Timestamp>,
    /// What the author said about it.
    pub comment: String,
}

impl DocumentView {
    pub(crate) fn new(row: DocumentRow, around: &Around, names: &Names) -> Self {
        let published_version = row.published();
        Self {
            id: row.id,
            folder: row.folder,
            folder_name: around.name.clone(),
            folder_path: around.path.clone(),
            library: row.library,
            library_name: around.library_name.clone(),
            kind: row.kind,
            target: row.target,
            description: row.description,
            described: row.notes.described.map(|(user, at)| DescribedView {
                user,
                login: names.login(user),
                at,
            }),
            keywords: row.keywords,
            update_instructions: row.notes.update_instructions,
            author: row.notes.author,
            language: row.notes.language,
            source: row.notes.source,
            raw_len: row.content.raw_len,
            crc32: row.content.crc32,
            media_type: media_type(&row.name),
            created: row.created,
            modified: row.modified,
            registered: row.registered,
            registered_by: row.registered_by,
            registered_by_login: names.login(row.registered_by),
            owner: row.owner,
            owner_login: names.login(row.owner),
            lock: row.locked_by.map(|holder| LockView {
                holder,
                login: names.login(holder),
                full_name: names.full_name(holder),
                since: row.locked,
            }),
            latest_version: row.latest_version,
            published_version,
            version_count: row.version_count,
            name: row.name,
        }
    }

    /// One document, the names it mentions looked up.
    pub(crate) fn of(tx: &mut Tx<'_>, found: DocumentAt) -> Result<Self, Failure> {
        let names = Names::of(tx, Self::mentioned(&found.row))?;
        Ok(Self::new(found.row, &Around::from(&found.place), &names))
    }

    /// Many documents wherever they lie, in their order; those in a recycle bin are left out.
    pub(crate) fn of_all(tx: &mut Tx<'_>, rows: Vec<DocumentRow>) -> Result<Vec<Self>, Failure> {
        let folders: Vec<FolderId> = rows.iter().map(|row| row.folder).collect();
        let paths = Paths::above(tx, &folders)?;
        let names = Names::of(tx, rows.iter().flat_map(Self::mentioned))?;
        let views = rows.into_iter().filter_map(|row| {
            let around = paths.of(row.folder)?;
            Some(Self::new(row, &around, &names))
        });
        Ok(views.collect())
    }

    /// The users whose names the view of `row` shows.
    pub(crate) fn mentioned(row: &DocumentRow) -> impl Iterator<Item = UserId> + use<> {
        let described_by = row.notes.described.map(|(user, _)| user);
        [row.owner, row.registered_by]
            .into_iter()
            .chain(row.locked_by)
            .chain(described_by)
    }
}

impl From<VersionRow> for VersionView {
    fn from(row: VersionRow) -> Self {
        Self {
            number: row.number,
            author: row.author,
            author_login: row.author_login,
            raw_len: row.content.raw_len,
            crc32: row.content.crc32,
            digest: row.digest,
            created: row.created,
            published: row.published,
            comment: row.comment,
        }
    }
}

/// The media type that a name's extension stands for.
pub(crate) fn media_type(name: &str) -> &'static str {
    mime_guess::from_path(name)
        .first_raw()
        .unwrap_or("application/octet-stream")
}
