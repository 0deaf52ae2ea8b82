//! Who belongs to a library. What gives somebody more is refused while the library is archived; what takes something away is not.

use super::changes::By;
use super::{Libraries, require_online};
use crate::people::{self, NO_LIBRARY};
use crate::{Caller, Conflict, Failure};
use holdall_catalog::Tx;
use holdall_catalog::access::memberships_of;
use holdall_catalog::libraries::members::{self as rows, Member};
use holdall_catalog::people::GroupRow;

impl Libraries {
    /// Makes a user a member. For the library's managers and administrators. [`Conflict::AlreadyMember`] when the user is one by
    /// an entry of its own.
    pub async fn add_member(&self, caller: &Caller, library: &str, login: &str) -> Result<(), Failure> {
        let login = login.to_owned();
        self.change(caller, library, By::Managers, move |tx, library| {
            require_online(library)?;
            let user = people::find_user(tx, &login)?;
            if !rows::add(tx, library.id, Member::User(user.id))? {
                return Err(Failure::Conflict(Conflict::AlreadyMember));
            }
            Ok(("member added", user.login))
        })
        .await
    }

    /// Takes a user's own membership away, and the management with it. What a group gives stays. For the library's managers and
    /// administrators. [`Conflict::NotMember`] when the user has no membership of its own.
    pub async fn remove_member(&self, caller: &Caller, library: &str, login: &str) -> Result<(), Failure> {
        let login = login.to_owned();
        self.change(caller, library, By::Managers, move |tx, library| {
            let user = people::find_user(tx, &login)?;
            if !rows::remove(tx, library.id, Member::User(user.id))? {
                return Err(Failure::Conflict(Conflict::NotMember));
            }
            Ok(("member removed", user.login))
        })
        .await
    }

    /// Makes all who are in a global group members. For the library's managers and administrators. [`Conflict::AlreadyMember`]
    /// when the group is one.
    pub async fn add_member_group(&self, caller: &Caller, library: &str, group: &str) -> Result<(), Failure> {
        let group = group.to_owned();
        self.change(caller, library, By::Managers, move |tx, library| {
            require_online(library)?;
            let group = find_group(tx, &group)?;
            if !rows::add(tx, library.id, Member::Group(group.id))? {
                return Err(Failure::Conflict(Conflict::AlreadyMember));
            }
            Ok(("member group added", group.name))
        })
        .await
    }

    /// Takes a global group's membership away; the group itself stays. For the library's managers and administrators.
    /// [`Conflict::NotMember`] when the group is none.
    pub async fn remove_member_group(
        &self,
        caller: &Caller,
        library: &str,
        group: &str,
    ) -> Result<(), Failure> {
        let group = group.to_owned();
        self.change(caller, library, By::Managers, move |tx, library| {
            let group = find_group(tx, &group)?;
            if !rows::remove(tx, library.id, Member::Group(group.id))? {
                return Err(Failure::Conflict(Conflict::NotMember));
            }
            Ok(("member group removed", group.name))
        })
        .await
    }

    /// Makes a member a manager, who gets a membership of its own if it was by a group. For administrators. A manager stays one.
    /// [`Conflict::NotMember`] when the user is no member.
    pub async fn add_manager(&self, caller: &Caller, library: &str, login: &str) -> Result<(), Failure> {
        let login = login.to_owned();
        self.change(caller, library, By::Administrators, move |tx, library| {
            require_online(library)?;
            let user = people::find_user(tx, &login)?;
            let memberships = memberships_of(tx, user.id)?;
            if !memberships.iter().any(|entry| entry.library == library.id) {
                return Err(Failure::Conflict(Conflict::NotMember));
            }
            rows::appoint(tx, library.id, user.id)?;
            Ok(("manager appointed", user.login))
        })
        .await
    }

    /// Leaves a manager a mere member. For administrators. [`Conflict::NotManager`] when the user is none.
    pub async fn remove_manager(&self, caller: &Caller, library: &str, login: &str) -> Result<(), Failure> {
        let login = login.to_owned();
        self.change(caller, library, By::Administrators, move |tx, library| {
            let user = people::find_user(tx, &login)?;
            if !rows::dismiss(tx, library.id, user.id)? {
                return Err(Failure::Conflict(Conflict::NotManager));
            }
            Ok(("manager dismissed", user.login))
        })
        .await
    }
}

/// The global group of that name; local ones are members of their library by being there.
fn find_group(tx: &mut Tx<'_>, name: &str) -> Result<GroupRow, Failure> {
    people::find_group(tx, NO_LIBRARY, name)
}
