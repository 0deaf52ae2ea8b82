//! Looking users up: who they are, and which groups they are in.

use super::details::details_of;
use super::group_view::GroupView;
use super::{People, UserDetails, find_user, require_administrator};
use crate::access::Standing;
use crate::{Caller, Failure, Thing};
use holdall_catalog::people::{UserRow, details as rows, membership};
use holdall_catalog::{Tx, access};
use holdall_model::UserId;

impl People {
    /// The account of that login name, or of `ID:` and a number; without either the caller's own. Administrators, user managers
    /// and library managers see everybody; others see who shares a library with them, and nobody else exists for them.
    pub async fn details(&self, caller: &Caller, login: Option<&str>) -> Result<UserDetails, Failure> {
        let login = login.map(str::to_owned);
        let look = move |tx: &mut Tx<'_>, standing: &Standing| {
            let user = match &login {
                None => standing.user(),
                Some(login) => find_visible(tx, standing, login)?.id,
            };
            let mut found = details_of(tx, &[user])?;
            found.pop().ok_or(Failure::NotFound(Thing::User))
        };
        self.house.read_as(caller, look).await
    }

    /// The caller, whose next change happens only if `holds` says so of that account as [`Self::details`] gives it, looked up in the
    /// transaction of that change; otherwise it is [`Failure::Changed`].
    pub fn provided(
        &self,
        caller: &Caller,
        login: &str,
        holds: impl Fn(Option<UserDetails>) -> bool + Send + Sync + 'static,
    ) -> Caller {
        let login = login.to_owned();
        caller.provided(move |tx: &mut Tx<'_>, standing: &Standing| {
            match find_visible(tx, standing, &login) {
                Ok(user) => Ok(holds(details_of(tx, &[user.id])?.pop())),
                Err(Failure::NotFound(_)) => Ok(holds(None)),
                Err(other) => Err(other),
            }
        })
    }

    /// All accounts by login name. For administrators.
    pub async fn all(&self, caller: &Caller) -> Result<Vec<UserDetails>, Failure> {
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            Ok(rows::all(tx)?.into_iter().map(UserDetails::from).collect())
        };
        self.house.read_as(caller, list).await
    }

    /// The id of that login name's account, whoever asks: only what is known of it is restricted.
    pub async fn exists(&self, _caller: &Caller, login: &str) -> Result<UserId, Failure> {
        let login = login.to_owned();
        self.house
            .catalog
            .read(move |tx: &mut Tx<'_>| find_user(tx, &login).map(|user| user.id))
            .await
    }

    /// The groups that a user is in. For the user, administrators and user managers. A library's managers are told the global
    /// and their own groups of who is a member of that library.
    pub async fn groups_of_user(&self, caller: &Caller, login: &str) -> Result<Vec<GroupView>, Failure> {
        let login = login.to_owned();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let user = find_visible(tx, standing, &login)?.id;
            let groups = membership::of_user(tx, user)?.into_iter().map(GroupView::from);
            if user == standing.user() || standing.is_user_manager() {
                return Ok(groups.collect());
            }
            let memberships = access::memberships_of(tx, user)?;
            if !memberships.iter().any(|entry| standing.manages(entry.library)) {
                return Err(Failure::Denied);
            }
            let told = |group: &GroupView| group.library.as_ref().is_none_or(|(id, _)| standing.manages(*id));
            Ok(groups.filter(told).collect())
        };
        self.house.read_as(caller, list).await
    }
}

/// The user of that login name, as far as the caller may know of it.
fn find_visible(tx: &mut Tx<'_>, standing: &Standing, login: &str) -> Result<UserRow, Failure> {
    let user = find_user(tx, login)?;
    if user.id == standing.user() || standing.is_user_manager() || standing.is_any_manager() {
        return Ok(user);
    }
    let memberships = access::memberships_of(tx, user.id)?;
    if memberships.iter().any(|entry| standing.is_member(entry.library)) {
        return Ok(user);
    }
    Err(Failure::NotFound(Thing::User))
}
