//! The accounts and groups of this house, by the names that a past uses.

use crate::people::NO_LIBRARY;
use crate::{Failure, Grant, Grantee};
use holdall_catalog::access::{Principal, ScopeEntry};
use holdall_catalog::libraries::members::Member;
use holdall_catalog::people::{details, membership};
use holdall_catalog::{Tx, libraries};
use holdall_model::{GroupId, LibraryId, Timestamp, UserId, name_key};
use std::collections::HashMap;

/// Who is here. Names compare without regard to case.
#[derive(Debug, Default)]
pub struct Accounts {
    users: HashMap<String, UserId>,
    global_groups: HashMap<String, GroupId>,
    /// The groups of the library that the import goes to.
    local_groups: HashMap<String, GroupId>,
    library: String,
}

/// An access list of the past, for the accounts and groups that are here.
#[derive(Debug)]
pub struct BroughtList {
    pub(super) entries: Vec<ScopeEntry>,
    pub(super) applied_by: UserId,
    pub(super) applied: Timestamp,
}

/// Who belonged to a library elsewhere, by the names of those who are here.
#[derive(Clone, Debug, Default)]
pub struct BroughtMembers {
    pub(super) members: Vec<Member>,
    pub(super) managers: Vec<UserId>,
}

impl BroughtMembers {
    /// Whether nobody of them is here.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

impl Accounts {
    /// Those members who are here: users, global groups, and the users who manage. Gives the names that are not here, too.
    pub fn members(
        &self,
        users: &[String],
        groups: &[String],
        managers: &[String],
    ) -> (BroughtMembers, Vec<String>) {
        let (mut brought, mut lacking) = (BroughtMembers::default(), Vec::new());
        for login in users.iter().chain(managers) {
            match self.user(login) {
                Some(user) => brought.members.push(Member::User(user)),
                None => lacking.push(login.clone()),
            }
        }
        for name in groups {
            match self.global_groups.get(&name_key(name.trim())) {
                Some(group) => brought.members.push(Member::Group(*group)),
                None => lacking.push(name.clone()),
            }
        }
        brought.managers = managers.iter().filter_map(|login| self.user(login)).collect();
        lacking.sort();
        lacking.dedup();
        (brought, lacking)
    }

    pub(super) fn load(tx: &mut Tx<'_>, library: LibraryId) -> Result<Self, Failure> {
        let users = details::all(tx)?.into_iter();
        let users = users
            .map(|row| (name_key(&row.user.login), row.user.id))
            .collect();
        let mut groups = |of: LibraryId| -> Result<HashMap<String, GroupId>, Failure> {
            let rows = membership::in_library(tx, of)?.into_iter();
            Ok(rows
                .map(|row| (name_key(&row.group.name), row.group.id))
                .collect())
        };
        let (global_groups, local_groups) = (groups(NO_LIBRARY)?, groups(library)?);
        let all = libraries::all(tx)?;
        let library = all.into_iter().find(|row| row.id == library);
        Ok(Self {
            users,
            global_groups,
            local_groups,
            library: library.map(|row| row.name).unwrap_or_default(),
        })
    }

    /// The account of a login name.
    pub fn user(&self, login: &str) -> Option<UserId> {
        self.users.get(&name_key(login.trim())).copied()
    }

    /// The name of the library that the import goes to.
    pub fn library(&self) -> &str {
        &self.library
    }

    /// A list of those grants whose people are here, and the ones it lacks. Groups of a library are looked for in the one that the
    /// import goes to. A list for a document has the rights that documents know.
    pub fn list(
        &self,
        grants: Vec<Grant>,
        (applied_by, applied): (UserId, Timestamp),
        for_document: bool,
    ) -> (BroughtList, Vec<Grantee>) {
        let (mut entries, mut lacking) = (Vec::with_capacity(grants.len()), Vec::new());
        for Grant { who, right } in grants {
            let Some(principal) = self.principal(&who) else {
                lacking.push(who);
                continue;
            };
            let right = if for_document { right.on_document() } else { right };
            // Two names may mean one group here; the first counts.
            if !entries
                .iter()
                .any(|entry: &ScopeEntry| entry.principal == principal)
            {
                entries.push(ScopeEntry { principal, right });
            }
        }
        let list = BroughtList {
            entries,
            applied_by,
            applied,
        };
        (list, lacking)
    }

    fn principal(&self, who: &Grantee) -> Option<Principal> {
        let key = |name: &String| name_key(name.trim());
        match who {
            Grantee::Anonymous => Some(Principal::Anonymous),
            Grantee::Members => Some(Principal::Members),
            Grantee::Group { library: None, name } => {
                self.global_groups.get(&key(name)).copied().map(Principal::Group)
            }
            Grantee::Group { name, .. } => self.local_groups.get(&key(name)).copied().map(Principal::Group),
            Grantee::User { login, .. } => self.user(login).map(Principal::User),
        }
    }
}
