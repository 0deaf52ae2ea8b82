//! Access lists between their form for people and their interned form.

use super::standing::Standing;
use super::{Grant, Grantee, require, right_on};
use crate::folders::resolve::{Item, facts_of_folder};
use crate::sessions::secrets;
use crate::{Failure, Thing, people};
use holdall_catalog::access::{self as rows, Principal, ScopeEntry};
use holdall_catalog::{Tx, folders};
use holdall_model::{FolderId, LibraryId, Right, ScopeId, name_key};

/// Fails unless the user has full control of the item or of a folder above it (CONTRACT section 11.3).
pub(crate) fn control(tx: &mut Tx<'_>, standing: &Standing, item: &Item) -> Result<(), Failure> {
    let right = right_on(item);
    if right.controls() {
        return Ok(());
    }
    if controls_chain(tx, standing, folder_of(item))? {
        return Ok(());
    }
    require(right, Right::FullControl)
}

/// Whether the user has full control of a folder or of one above it.
pub(super) fn controls_chain(
    tx: &mut Tx<'_>,
    standing: &Standing,
    folder: FolderId,
) -> Result<bool, Failure> {
    for folder in folders::chain(tx, folder)? {
        if standing.folder_right(tx, &facts_of_folder(&folder))?.controls() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The scope of a list of a library.
pub(crate) fn intern(
    tx: &mut Tx<'_>,
    library: LibraryId,
    mut entries: Vec<ScopeEntry>,
) -> Result<ScopeId, Failure> {
    // Nobody tells these from absent ones.
    entries.retain(|entry| {
        entry.right != Right::NoAccess
            || !matches!(entry.principal, Principal::Anonymous | Principal::Members)
    });
    entries.sort_unstable_by_key(|entry| entry.principal);
    if entries
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one.principal == other.principal))
    {
        return Err(Failure::invalid("access list", "it names somebody twice"));
    }
    let mut bytes = library.0.to_le_bytes().to_vec();
    for entry in &entries {
        let (kind, id) = entry.principal.columns();
        bytes.extend(kind.to_le_bytes());
        bytes.extend(id.to_le_bytes());
        bytes.push(entry.right.value());
    }
    Ok(rows::intern(tx, library, secrets::sha256(&bytes), &entries)?)
}

/// The scope of what people write, for an item. Fails on unknown names.
pub(super) fn scope_of(tx: &mut Tx<'_>, item: &Item, grants: &[Grant]) -> Result<ScopeId, Failure> {
    let place = match item {
        Item::Folder(folder) => &folder.place,
        Item::Document(document) => &document.place,
    };
    let (library, library_name) = (place.row.library, &place.library_name);
    let mut entries = Vec::with_capacity(grants.len());
    for grant in grants {
        let principal = principal_of(tx, library, library_name, &grant.who)?;
        entries.push(ScopeEntry {
            principal,
            right: fitting(item, grant.right)?,
        });
    }
    intern(tx, library, entries)
}

/// A right as the item can carry it: on documents only 0, 2, 5 and 6 make sense (CONTRACT section 11.1).
fn fitting(item: &Item, right: Right) -> Result<Right, Failure> {
    match (item, right) {
        (Item::Document(_), Right::List | Right::Add) => Err(Failure::invalid(
            "access list",
            "documents take no List and no Add",
        )),
        (Item::Document(_), right) => Ok(right.on_document()),
        (Item::Folder(_), right) => Ok(right),
    }
}

fn principal_of(
    tx: &mut Tx<'_>,
    library: LibraryId,
    library_name: &str,
    who: &Grantee,
) -> Result<Principal, Failure> {
    let is_here = |name: &str| name_key(name) == name_key(library_name);
    match who {
        Grantee::Anonymous => Ok(Principal::Anonymous),
        Grantee::Members => Ok(Principal::Members),
        Grantee::Group { library: None, name } => {
            people::find_group(tx, people::NO_LIBRARY, name).map(|group| Principal::Group(group.id))
        }
        Grantee::Group {
            library: Some(home),
            name,
        } if is_here(home) => people::find_group(tx, library, name).map(|group| Principal::Group(group.id)),
        Grantee::Group { .. } => Err(Failure::invalid(
            "access list",
            "it names a group of another library",
        )),
        Grantee::User {
            library: Some(home), ..
        } if !is_here(home) => Err(Failure::NotFound(Thing::User)),
        Grantee::User { login, .. } => people::find_user(tx, login).map(|user| Principal::User(user.id)),
    }
}

/// The folder itself, or the one a document lies in.
fn folder_of(item: &Item) -> FolderId {
    match item {
        Item::Folder(folder) => folder.place.row.id,
        Item::Document(document) => document.row.folder,
    }
}
