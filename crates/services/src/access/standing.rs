//! What one user may do: CONTRACT section 11.3, in its order. Computed once for each epoch of the access lists.

mod office;

use office::Office;
pub(crate) use office::{ADMINISTRATORS, USER_MANAGERS};

use holdall_catalog::access::{self as rows, Principal, ScopeEntry};
use holdall_catalog::{CatalogError, Tx, libraries};
use holdall_model::{GroupId, LibraryId, Right, ScopeId, UserId};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The columns of an item that decide a user's right on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ItemFacts {
    /// Its library.
    pub(crate) library: LibraryId,
    /// The access list in force.
    pub(crate) scope: ScopeId,
    /// Its owner.
    pub(crate) owner: UserId,
}

/// Who a user is, as far as rights go. Without items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) enabled: bool,
    pub(super) read_only: bool,
    pub(super) office: Office,
    pub(super) groups: HashSet<GroupId>,
    pub(super) member_of: HashSet<LibraryId>,
    pub(super) manager_of: HashSet<LibraryId>,
    pub(super) anonymous: HashSet<LibraryId>,
    pub(super) archived: HashSet<LibraryId>,
}

/// What a user may do in one epoch of the access lists.
#[derive(Debug)]
pub(crate) struct Standing {
    user: UserId,
    facts: Arc<Facts>,
    only_own_libraries: bool,
    /// Rights by list as committed; only readers add to them.
    committed: Arc<KnownRights>,
    /// Rights by lists that may yet be rolled back, for a writer alone: their ids may come up again with other entries.
    uncommitted: Option<Mutex<HashMap<ScopeId, Right>>>,
}

#[derive(Debug, Default)]
struct KnownRights {
    by_scope: Mutex<HashMap<ScopeId, Right>>,
    /// Rights that all users' standings remember together.
    total: Arc<AtomicUsize>,
}

impl Facts {
    fn load(tx: &mut Tx<'_>, user: UserId) -> Result<Self, CatalogError> {
        let Some(facts) = rows::user_facts(tx, user)? else {
            return Ok(Self::default());
        };
        let groups = rows::groups_of(tx, user)?;
        let memberships = rows::memberships_of(tx, user)?;
        Ok(Self {
            enabled: facts.enabled,
            read_only: facts.read_only,
            office: Office::of(user, &groups),
            groups: groups.iter().map(|group| group.id).collect(),
            member_of: memberships.iter().map(|membership| membership.library).collect(),
            manager_of: memberships
                .iter()
                .filter(|entry| entry.manager)
                .map(|entry| entry.library)
                .collect(),
            anonymous: rows::anonymous_libraries(tx)?.into_iter().collect(),
            archived: libraries::archived(tx)?.into_iter().collect(),
        })
    }

    /// The right that needs no list: the built-in administrator's, a manager's, an owner's.
    pub(super) fn right_without_list(&self, user: UserId, item: ItemFacts) -> Option<Right> {
        if !self.enabled {
            return Some(Right::NoAccess);
        }
        if self.office == Office::BuiltInAdministrator {
            return Some(self.capped(Right::FullControl, item.library));
        }
        let inside = self.member_of.contains(&item.library);
        let controls = inside && (self.manager_of.contains(&item.library) || item.owner == user);
        controls.then(|| self.capped(Right::FullControl, item.library))
    }

    /// The right that a list gives, on an item that is neither the user's own nor managed.
    pub(super) fn right_by_list(&self, user: UserId, library: LibraryId, entries: &[ScopeEntry]) -> Right {
        if !self.enabled {
            return Right::NoAccess;
        }
        if self.office == Office::BuiltInAdministrator {
            return self.capped(Right::FullControl, library);
        }
        let open = self.anonymous.contains(&library);
        let member = self.member_of.contains(&library);
        let own = entries
            .iter()
            .find(|entry| member && entry.principal == Principal::User(user));
        if let Some(own) = own {
            return self.capped(own.right, library);
        }
        let applies = |principal| match principal {
            Principal::Anonymous => open,
            Principal::Members => member,
            Principal::Group(group) => member && self.groups.contains(&group),
            Principal::User(_) => false,
        };
        let granted = entries
            .iter()
            .filter(|entry| applies(entry.principal))
            .map(|entry| entry.right);
        self.capped(granted.fold(Right::NoAccess, Right::strongest), library)
    }

    /// Read-only users get at most Read, and so does everybody in an archived library; what does not read leaves them List.
    fn capped(&self, right: Right, library: LibraryId) -> Right {
        let is_reader = self.read_only && self.office != Office::BuiltInAdministrator;
        let is_capped = is_reader || self.archived.contains(&library);
        match right {
            right if !is_capped => right,
            Right::Add => Right::List,
            right if right.reads() => Right::Read,
            right => right,
        }
    }
}

impl Standing {
    /// Looks up who the user is, for readers of committed data.
    pub(super) fn load(tx: &mut Tx<'_>, user: UserId, total: Arc<AtomicUsize>) -> Result<Self, CatalogError> {
        let facts = Arc::new(Facts::load(tx, user)?);
        let committed = Arc::new(KnownRights {
            by_scope: Mutex::default(),
            total,
        });
        Ok(Self {
            user,
            facts,
            only_own_libraries: false,
            committed,
            uncommitted: None,
        })
    }

    /// The same of a user who may know only of some libraries: see [`Self::knows`].
    pub(super) fn knowing_only_own(self, only_own_libraries: bool) -> Self {
        Self {
            only_own_libraries,
            ..self
        }
    }

    /// The same for one writer, who may see lists that are rolled back later.
    pub(super) fn for_writer(&self) -> Self {
        Self {
            user: self.user,
            facts: Arc::clone(&self.facts),
            only_own_libraries: self.only_own_libraries,
            committed: Arc::clone(&self.committed),
            uncommitted: Some(Mutex::default()),
        }
    }

    /// Whose standing it is.
    pub(crate) fn user(&self) -> UserId {
        self.user
    }

    /// Whether the user exists and may act at all.
    pub(crate) fn is_enabled(&self) -> bool {
        self.facts.enabled
    }

    /// Whether the user is the built-in administrator or in a group of administrators. Gives no right on any item.
    pub(crate) fn is_administrator(&self) -> bool {
        let office = self.facts.office;
        self.facts.enabled && matches!(office, Office::Administrator | Office::BuiltInAdministrator)
    }

    /// Whether the user sees to the accounts of others, as administrators do too.
    pub(crate) fn is_user_manager(&self) -> bool {
        self.facts.enabled && self.facts.office != Office::None
    }

    /// Whether the user is a member of the library, by an entry of its own, by a group or as its local user.
    pub(crate) fn is_member(&self, library: LibraryId) -> bool {
        self.facts.enabled && self.facts.member_of.contains(&library)
    }

    /// Whether the user may know that there is such a library (CONTRACT section 17, row 26): members, administrators and, when
    /// it is open, everybody; without the restriction everybody.
    pub(crate) fn knows(&self, library: LibraryId) -> bool {
        let is_open = self.facts.anonymous.contains(&library);
        !self.only_own_libraries || is_open || self.is_member(library) || self.is_administrator()
    }

    /// Whether the user manages any library.
    pub(crate) fn is_any_manager(&self) -> bool {
        self.facts.enabled && !self.facts.manager_of.is_empty()
    }

    /// Whether the user manages the library.
    pub(crate) fn manages(&self, library: LibraryId) -> bool {
        self.facts.enabled && self.facts.manager_of.contains(&library)
    }

    /// Whether the library's documents are offline, for everybody.
    pub(crate) fn is_archived(&self, library: LibraryId) -> bool {
        self.facts.archived.contains(&library)
    }

    /// The right on a folder.
    pub(crate) fn folder_right(&self, tx: &mut Tx<'_>, folder: &ItemFacts) -> Result<Right, CatalogError> {
        match self.facts.right_without_list(self.user, *folder) {
            Some(right) => Ok(right),
            None => self.scope_right(tx, folder.library, folder.scope),
        }
    }

    /// The right on a document. Nothing for one that may only be listed; whether it may is what [`Self::folder_right`] says
    /// about the same facts.
    pub(crate) fn document_right(
        &self,
        tx: &mut Tx<'_>,
        document: &ItemFacts,
    ) -> Result<Right, CatalogError> {
        self.folder_right(tx, document).map(Right::on_document)
    }

    /// The right that an access list of a library gives, ownership aside.
    pub(crate) fn scope_right(
        &self,
        tx: &mut Tx<'_>,
        library: LibraryId,
        scope: ScopeId,
    ) -> Result<Right, CatalogError> {
        if let Some(right) = self.known(scope) {
            return Ok(right);
        }
        let entries = rows::entries(tx, scope)?;
        let right = self.facts.right_by_list(self.user, library, &entries);
        self.remember([(scope, right)]);
        Ok(right)
    }

    /// Looks up the rights by all lists of a library at once, for work that will meet most of them.
    pub(crate) fn preload(&self, tx: &mut Tx<'_>, library: LibraryId) -> Result<(), CatalogError> {
        let entries = rows::entries_in(tx, library)?;
        let rights = entries
            .chunk_by(|one, other| one.0 == other.0)
            .filter_map(|list| {
                let (scope, _) = list.first()?;
                let entries: Vec<ScopeEntry> = list.iter().map(|(_, entry)| *entry).collect();
                Some((*scope, self.facts.right_by_list(self.user, library, &entries)))
            });
        self.remember(rights);
        Ok(())
    }

    fn known(&self, scope: ScopeId) -> Option<Right> {
        let own = self
            .uncommitted
            .as_ref()
            .and_then(|rights| lock(rights).get(&scope).copied());
        own.or_else(|| lock(&self.committed.by_scope).get(&scope).copied())
    }

    fn remember(&self, rights: impl IntoIterator<Item = (ScopeId, Right)>) {
        if let Some(uncommitted) = &self.uncommitted {
            lock(uncommitted).extend(rights);
            return;
        }
        let mut known = lock(&self.committed.by_scope);
        let before = known.len();
        known.extend(rights);
        self.committed
            .total
            .fetch_add(known.len() - before, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
