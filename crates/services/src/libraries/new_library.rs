//! Libraries to be.

use super::note;
use crate::access;
use crate::{Conflict, Failure, Thing};
use holdall_catalog::Tx;
use holdall_catalog::access::{self as lists, ListSetting, Principal, ScopeEntry};
use holdall_catalog::folder_rules::RulesRow;
use holdall_catalog::folders::{self, NO_PARENT, NewFolder};
use holdall_catalog::libraries::{self as rows, LibraryRow};
use holdall_model::{Right, Timestamp, UserId, clean_name, name_key};

/// A library to make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewLibrary {
    /// The name, unique without regard to case.
    pub name: String,
    /// Whether everybody may look into it, as far as the access lists grant it to Anonymous.
    pub anonymous: bool,
    /// Whether it is left out of normal listings.
    pub hidden: bool,
    /// A text for visitors.
    pub welcome_message: String,
}

impl NewLibrary {
    /// A library with a name and nothing else.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }
}

/// The name as it is stored.
pub(super) fn clean(name: &str) -> Result<String, Failure> {
    if name.trim().is_empty() {
        return Err(Failure::Required { field: "library" });
    }
    clean_name(name).map_err(|problem| Failure::invalid("library", problem))
}

/// A library with its root folder and that folder's list. The owner of the root is a member: ownership counts for members only.
pub(super) fn create(
    tx: &mut Tx<'_>,
    new: NewLibrary,
    owner: UserId,
    now: Timestamp,
) -> Result<LibraryRow, Failure> {
    let name = clean(&new.name)?;
    let (id, root, key) = (rows::next_id(tx)?, folders::next_ids(tx, 1)?, name_key(&name));
    let row = LibraryRow {
        id,
        name,
        root_folder: root,
        anonymous: new.anonymous,
        archived: false,
        hidden: new.hidden,
        welcome_message: new.welcome_message,
        created: now,
    };
    if !rows::insert(tx, &row, &key)? {
        return Err(Failure::Conflict(Conflict::Exists(Thing::Library)));
    }
    let scope = access::intern(
        tx,
        id,
        vec![ScopeEntry {
            principal: Principal::Members,
            right: Right::Read,
        }],
    )?;
    let folder = NewFolder {
        id: root,
        parent: NO_PARENT,
        name: row.name.clone(),
        name_key: key,
        library: id,
        scope,
        owner,
        description: String::new(),
        rules: RulesRow::default(),
    };
    folders::insert(tx, &[folder], now)?;
    lists::set_on_folder(
        tx,
        root,
        ListSetting {
            scope,
            by: owner,
            at: now,
        },
    )?;
    rows::add_member(tx, id, owner)?;
    tx.bump_authz_epoch()?;
    note(tx, (now, owner), "library created", &row.name)?;
    Ok(row)
}
