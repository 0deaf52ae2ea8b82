//! Groups of users: global ones, and local ones that belong to a library.

use super::{NO_LIBRARY, People, find_group, find_user, note, refuse_built_in, require_administrator};
use crate::access::Standing;
use crate::{Caller, Conflict, Failure, Thing, libraries};
use holdall_catalog::Tx;
use holdall_catalog::people::{self as rows, GroupRow, membership, removal};
use holdall_model::{GroupId, LibraryId, clean_name, name_key};

/// A group by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupName {
    /// The library of a local group; `None` for a global one.
    pub library: Option<String>,
    /// Its name.
    pub name: String,
}

impl People {
    /// Makes a group whose members are hidden. Global ones are for administrators, local ones also for the library's managers.
    pub async fn create_group(&self, caller: &Caller, group: &GroupName) -> Result<GroupId, Failure> {
        let (group, now) = (group.clone(), self.house.clock.now());
        let create = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = group_library(tx, standing, group.library.as_deref())?;
            let name = clean_name(&group.name).map_err(|problem| Failure::invalid("group", problem))?;
            let key = name_key(&name);
            let id = rows::next_group_id(tx)?;
            let row = GroupRow {
                id,
                name,
                library,
                public: false,
                role: String::new(),
            };
            if !rows::insert_group(tx, &row, &key)? {
                return Err(Failure::Conflict(Conflict::Exists(Thing::Group)));
            }
            note(tx, (now, standing.user()), "group created", &row.name)?;
            Ok(id)
        };
        self.house.write_as(caller, create).await
    }

    /// Puts a user into a group. For administrators, and for a library's managers in its local groups.
    pub async fn add_group_member(
        &self,
        caller: &Caller,
        group: &GroupName,
        login: &str,
    ) -> Result<(), Failure> {
        let (group, login, now) = (group.clone(), login.to_owned(), self.house.clock.now());
        let add = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = group_library(tx, standing, group.library.as_deref())?;
            let group = find_group(tx, library, &group.name)?;
            let user = find_user(tx, &login)?;
            if !rows::add_group_member(tx, group.id, user.id)? {
                return Err(Failure::Conflict(Conflict::AlreadyMember));
            }
            tx.bump_authz_epoch()?;
            note(
                tx,
                (now, standing.user()),
                "group member added",
                &format!("{}: {}", group.name, user.login),
            )?;
            Ok(())
        };
        self.house.write_as(caller, add).await
    }

    /// Takes a user out of a group. For administrators, and for a library's managers in its local groups. The built-in
    /// administrator stays where it is.
    pub async fn remove_group_member(
        &self,
        caller: &Caller,
        group: &GroupName,
        login: &str,
    ) -> Result<(), Failure> {
        let (group, login, now) = (group.clone(), login.to_owned(), self.house.clock.now());
        let remove = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = group_library(tx, standing, group.library.as_deref())?;
            let group = find_group(tx, library, &group.name)?;
            let user = find_user(tx, &login)?;
            refuse_built_in(user.id)?;
            if !membership::remove_member(tx, group.id, user.id)? {
                return Err(Failure::Conflict(Conflict::NotMember));
            }
            tx.bump_authz_epoch()?;
            let subject = format!("{}: {}", group.name, user.login);
            note(tx, (now, standing.user()), "group member removed", &subject)?;
            Ok(())
        };
        self.house.write_as(caller, remove).await
    }

    /// Deletes a group, which vanishes from all access lists and libraries. For administrators, and for a library's managers
    /// its local ones. Groups that confer a role stay.
    pub async fn delete_group(&self, caller: &Caller, group: &GroupName) -> Result<(), Failure> {
        let (group, now) = (group.clone(), self.house.clock.now());
        let delete = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = group_library(tx, standing, group.library.as_deref())?;
            let group = find_group(tx, library, &group.name)?;
            if !group.role.is_empty() {
                return Err(Failure::Denied);
            }
            removal::remove_group(tx, group.id)?;
            tx.bump_authz_epoch()?;
            note(tx, (now, standing.user()), "group deleted", &group.name)?;
            Ok(())
        };
        self.house.write_as(caller, delete).await
    }
}

/// The library that a group belongs to, if the user may see to its groups.
fn group_library(tx: &mut Tx<'_>, standing: &Standing, library: Option<&str>) -> Result<LibraryId, Failure> {
    match library {
        None => require_administrator(standing).map(|()| NO_LIBRARY),
        Some(name) => {
            let library = libraries::find(tx, standing, name)?;
            libraries::require_manager(standing, library.id)?;
            Ok(library.id)
        }
    }
}
