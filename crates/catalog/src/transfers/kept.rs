//! Items that users put aside: their download queues and their favourites, and the documents they used last.

use crate::documents::{self, DocumentRow};
use crate::folders::{self, FolderRow};
use crate::{CatalogError, Tx, Value};
use holdall_model::{DocumentId, FolderId, Timestamp, UserId};

/// An item put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptItem {
    /// A document.
    Document(DocumentId),
    /// A folder.
    Folder(FolderId),
}

/// Which of a user's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptList {
    /// To be downloaded together.
    Queue,
    /// The favourites.
    Favorites,
}

impl KeptItem {
    fn kind_and_id(self) -> (i64, i64) {
        match self {
            Self::Document(id) => (0, id.0),
            Self::Folder(id) => (1, id.0),
        }
    }
}

impl KeptList {
    fn number(self) -> i64 {
        match self {
            Self::Queue => 0,
            Self::Favorites => 1,
        }
    }
}

const ADD: &str = "INSERT INTO kept_items (user_id, list, kind, item_id, added_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT DO NOTHING";
const REMOVE: &str = "DELETE FROM kept_items WHERE user_id = $1 AND list = $2 AND kind = $3 AND item_id = $4";
const FOLDERS: &str = concat!(
    "SELECT ",
    folders::columns!(),
    " FROM kept_items k JOIN folders f ON f.id = k.item_id WHERE k.user_id = $1 AND k.list = $2 AND k.kind = 1 \
     ORDER BY f.name_key, f.id"
);
const DOCUMENTS: &str = concat!(
    "SELECT ",
    documents::columns!(),
    " FROM kept_items k JOIN documents d ON d.id = k.item_id WHERE k.user_id = $1 AND k.list = $2 AND k.kind = 0 \
     ORDER BY d.name_key, d.id"
);
const SEE: &str = "INSERT INTO recent_documents (user_id, document_id, seen_at) {rows} \
     ON CONFLICT (user_id, document_id) DO UPDATE SET seen_at = excluded.seen_at";
const FORGET: &str = "DELETE FROM recent_documents WHERE user_id IN {wanted} AND $1 <= \
     (SELECT COUNT(*) FROM recent_documents r WHERE r.user_id = recent_documents.user_id \
     AND (r.seen_at, r.document_id) > (recent_documents.seen_at, recent_documents.document_id))";
const RECENT: &str = concat!(
    "SELECT ",
    documents::columns!(),
    " FROM recent_documents r JOIN documents d ON d.id = r.document_id WHERE r.user_id = $1 \
     ORDER BY r.seen_at DESC, d.id DESC"
);

pub(crate) const STATEMENTS: &[&str] = &[ADD, REMOVE, FOLDERS, DOCUMENTS, SEE, FORGET, RECENT];

/// Puts an item into a user's list; `false` when it is there already.
pub fn add(
    tx: &mut Tx<'_>,
    (user, list): (UserId, KeptList),
    item: KeptItem,
    now: Timestamp,
) -> Result<bool, CatalogError> {
    let (kind, id) = item.kind_and_id();
    let values = [
        user.into(),
        list.number().into(),
        kind.into(),
        id.into(),
        now.into(),
    ];
    Ok(tx.execute(ADD, &values)? == 1)
}

/// Takes an item out of a user's list; `false` when it was not there.
pub fn remove(
    tx: &mut Tx<'_>,
    (user, list): (UserId, KeptList),
    item: KeptItem,
) -> Result<bool, CatalogError> {
    let (kind, id) = item.kind_and_id();
    let values = [user.into(), list.number().into(), kind.into(), id.into()];
    Ok(tx.execute(REMOVE, &values)? == 1)
}

/// The folders in a user's list by name, also recycled ones.
pub fn folders(tx: &mut Tx<'_>, (user, list): (UserId, KeptList)) -> Result<Vec<FolderRow>, CatalogError> {
    tx.query(FOLDERS, &[user.into(), list.number().into()], folders::read)
}

/// The documents in a user's list by name, also recycled ones.
pub fn documents(
    tx: &mut Tx<'_>,
    (user, list): (UserId, KeptList),
) -> Result<Vec<DocumentRow>, CatalogError> {
    tx.query(DOCUMENTS, &[user.into(), list.number().into()], documents::read)
}

/// Records which documents users used and when, each once, and forgets all but the last `most` of each of these users.
pub fn see(tx: &mut Tx<'_>, seen: &[(UserId, DocumentId, Timestamp)], most: i64) -> Result<(), CatalogError> {
    let rows = seen
        .iter()
        .map(|(user, document, at)| [Value::from(*user), (*document).into(), (*at).into()]);
    tx.insert_many(SEE, 3, rows)?;
    let mut users: Vec<UserId> = seen.iter().map(|(user, ..)| *user).collect();
    users.sort_unstable();
    users.dedup();
    tx.execute_each_of(FORGET, &[most.into()], &users)
        .map(|_forgotten| ())
}

/// The documents that a user used last, the latest first, also recycled ones.
pub fn recent(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<DocumentRow>, CatalogError> {
    tx.query(RECENT, &[user.into()], documents::read)
}
