//! Locks: while one user holds a document's lock, nobody else changes it (CONTRACT section 13).

use super::{DocumentView, Documents};
use crate::access::{self, Standing};
use crate::folders::resolve::{
    DocumentAt, FolderAt, Item, facts_of_document, follow_shortcut, resolve, resolve_content,
};
use crate::folders::views::Names;
use crate::folders::visible_documents;
use crate::{Caller, Conflict, Failure, FolderRules, Rule, libraries};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::documents::{self as rows, DocumentRow};
use holdall_catalog::{Tx, locks};
use holdall_model::{DocumentId, ItemRef, Right, Timestamp, UserId};

/// A document of a folder that could not be locked, and why.
#[derive(Debug)]
pub struct NotLocked {
    /// Its name.
    pub name: String,
    /// What stood in the way.
    pub reason: Failure,
}

impl Documents {
    /// Takes the lock of a document, or of each document directly in a folder. Says which of a folder's could not be locked;
    /// the others are. The right to change is needed. Follows shortcuts, but not those in a folder.
    pub async fn lock(&self, caller: &Caller, item: &ItemRef) -> Result<Vec<NotLocked>, Failure> {
        let item = item.clone();
        let now = self.house.clock.now();
        let take = move |tx: &mut Tx<'_>, standing: &Standing| match resolve_held(tx, standing, &item)? {
            Item::Document(found) => {
                require_lockable(tx, standing, &found)?;
                rows::set_lock(tx, found.row.id, Some(standing.user()), now)?;
                Ok(Vec::new())
            }
            Item::Folder(folder) => lock_all(tx, standing, &folder, now),
        };
        self.house.write_as(caller, take).await
    }

    /// Fails as [`Self::lock`] of a document would, and locks nothing. Follows shortcuts.
    pub async fn check_lockable(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let item = item.clone();
        let check = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_content(tx, standing, &item)?;
            require_lockable(tx, standing, &found)
        };
        self.house.read_as(caller, check).await
    }

    /// Gives up the caller's lock of a document, or those of the documents directly in a folder. With `force` anybody's locks go:
    /// for the library's managers, administrators, and who has full control. A free lock stays free. Follows shortcuts.
    pub async fn unlock(&self, caller: &Caller, item: &ItemRef, force: bool) -> Result<(), Failure> {
        let item = item.clone();
        let now = self.house.clock.now();
        let release = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_held(tx, standing, &item)?;
            if force {
                require_force(tx, standing, &found)?;
            }
            let (path, rows) = match found {
                Item::Document(found) if !force && is_foreign(&found.row, standing.user()) => {
                    return Err(Failure::Conflict(Conflict::NotLockedByCaller));
                }
                Item::Document(found) => (found.path(), vec![found.row]),
                Item::Folder(folder) => {
                    let documents = rows::in_folder(tx, folder.place.row.id)?;
                    (folder.place.path, visible_documents(tx, standing, documents)?)
                }
            };
            release(tx, standing.user(), (&path, &rows), (force, now))
        };
        self.house.write_as(caller, release).await
    }

    /// The documents whose lock the caller holds, by name; those that are not visible any more are left out.
    pub async fn locked(&self, caller: &Caller) -> Result<Vec<DocumentView>, Failure> {
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let rows = locks::locked_by(tx, standing.user())?;
            let rows = visible_documents(tx, standing, rows)?;
            DocumentView::of_all(tx, rows)
        };
        self.house.read_as(caller, list).await
    }
}

/// The folder, or the document that has the lock: what a shortcut stands for.
fn resolve_held(tx: &mut Tx<'_>, standing: &Standing, item: &ItemRef) -> Result<Item, Failure> {
    match resolve(tx, standing, item)? {
        Item::Document(found) => {
            let found = follow_shortcut(tx, standing, *found)?;
            Ok(Item::Document(Box::new(found)))
        }
        folder @ Item::Folder(_) => Ok(folder),
    }
}

/// Fails when the caller cannot take the document's lock now.
fn require_lockable(tx: &mut Tx<'_>, standing: &Standing, found: &DocumentAt) -> Result<(), Failure> {
    let holders = Names::of(tx, found.row.locked_by)?;
    let rules = FolderRules::of(&found.place.row);
    obstacle(standing, (&found.row, found.right), &rules, &holders)
}

/// What keeps the caller from locking a document, as a failure.
fn obstacle(
    standing: &Standing,
    (row, right): (&DocumentRow, Right),
    rules: &FolderRules,
    holders: &Names,
) -> Result<(), Failure> {
    if standing.is_archived(row.library) {
        return Err(Failure::Offline);
    }
    access::require(right, Right::Change)?;
    match row.locked_by {
        Some(holder) if holder == standing.user() => return Err(Failure::Conflict(Conflict::LockedByCaller)),
        Some(holder) => {
            let name = holders.called(holder);
            return Err(Failure::LockedBy { name });
        }
        None => {}
    }
    rules.require(Rule::Checkouts)?;
    if is_mail(&row.name) {
        return Err(Failure::Conflict(Conflict::MailIsNotLocked));
    }
    Ok(())
}

/// Messages are kept as they came.
fn is_mail(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("email"))
}

fn lock_all(
    tx: &mut Tx<'_>,
    standing: &Standing,
    folder: &FolderAt,
    now: Timestamp,
) -> Result<Vec<NotLocked>, Failure> {
    let documents = rows::in_folder(tx, folder.place.row.id)?;
    let mut documents = visible_documents(tx, standing, documents)?;
    documents.retain(|row| row.target.is_none());
    let holders = Names::of(tx, documents.iter().filter_map(|row| row.locked_by))?;
    let rules = FolderRules::of(&folder.place.row);
    let (mut free, mut left) = (Vec::new(), Vec::new());
    for row in documents {
        let right = standing.document_right(tx, &facts_of_document(&row))?;
        match obstacle(standing, (&row, right), &rules, &holders) {
            Ok(()) => free.push(row.id),
            Err(reason) => left.push(NotLocked {
                name: row.name,
                reason,
            }),
        }
    }
    locks::lock_all(tx, &free, standing.user(), now)?;
    Ok(left)
}

fn require_force(tx: &mut Tx<'_>, standing: &Standing, item: &Item) -> Result<(), Failure> {
    let library = match item {
        Item::Document(found) => found.row.library,
        Item::Folder(folder) => folder.place.row.library,
    };
    if libraries::require_manager(standing, library).is_ok() {
        return Ok(());
    }
    access::control(tx, standing, item)
}

fn is_foreign(row: &DocumentRow, user: UserId) -> bool {
    row.locked_by.is_some_and(|holder| holder != user)
}

/// Frees the documents at `path` that `user` holds, with `force` all of them.
fn release(
    tx: &mut Tx<'_>,
    user: UserId,
    (path, rows): (&str, &[DocumentRow]),
    (force, now): (bool, Timestamp),
) -> Result<(), Failure> {
    let held = rows.iter().filter(|row| row.locked_by.is_some());
    let freed: Vec<&DocumentRow> = held.filter(|row| force || !is_foreign(row, user)).collect();
    if freed.iter().any(|row| is_foreign(row, user)) {
        let deed = Deed {
            at: now,
            user,
            action: "lock broken",
            subject: path,
            detail: "",
        };
        audit::record(tx, deed)?;
    }
    let ids: Vec<DocumentId> = freed.iter().map(|row| row.id).collect();
    Ok(locks::unlock_all(tx, &ids)?)
}
