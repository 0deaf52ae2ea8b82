//! Users and groups.

mod accounts;
mod details;
mod directory;
mod group_directory;
mod group_view;
mod groups;
mod new_user;
mod passwords;
mod proven;
mod user_view;

pub use accounts::ProfileChange;
pub(crate) use accounts::is_administrator;
pub(crate) use details::details_of;
pub use details::{Notification, Preferences, UserDetails};
pub use group_view::GroupView;
pub use groups::GroupName;
pub use new_user::NewUser;
pub(crate) use passwords::Passwords;
pub use passwords::SHORTEST_PASSWORD;
pub use user_view::UserView;

use crate::access::{ADMINISTRATORS, Standing, USER_MANAGERS};
use crate::house::House;
use crate::{Caller, Failure, Thing};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::people::{self as rows, GroupRow, UserRow};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{GroupId, LibraryId, Timestamp, UserId, name_key};
use new_user::Hashed;
use std::sync::Arc;

/// The library of global groups and users.
pub(crate) const NO_LIBRARY: LibraryId = LibraryId(0);

/// The group of those who administer the house.
const ADMINISTRATORS_GROUP: GroupId = GroupId(1);

/// The group of those who see to the passwords of users.
const USER_MANAGERS_GROUP: GroupId = GroupId(2);

/// The login name of the built-in administrator.
const BUILT_IN_LOGIN: &str = "sysadmin";

/// The users and groups of the house.
#[derive(Clone, Debug)]
pub struct People {
    house: Arc<House>,
}

impl People {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// Makes an account. For administrators. [`crate::Conflict::Exists`] when the login name is taken.
    pub async fn create_user(&self, caller: &Caller, user: NewUser) -> Result<UserId, Failure> {
        self.house
            .read_as(caller, |_tx, standing| require_administrator(standing))
            .await?;
        let user = self.hash(user).await?;
        let now = self.house.clock.now();
        let create = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            user.insert(tx, standing.user(), now)
        };
        self.house.write_as(caller, create).await
    }

    /// As [`Self::create_user`], for the operator of the machine, never for an edge.
    pub async fn create_local(&self, user: NewUser) -> Result<UserId, Failure> {
        let (user, now) = (self.hash(user).await?, self.house.clock.now());
        let create = move |tx: &mut Tx<'_>| user.insert(tx, UserId::BUILT_IN_ADMINISTRATOR, now);
        self.house.catalog.write(create).await
    }

    /// Makes an account in the group of administrators, for the operator of the machine, never for an edge.
    pub async fn create_administrator(&self, login: &str, password: &str) -> Result<UserId, Failure> {
        let (user, now) = (
            self.hash(NewUser::named(login, password)).await?,
            self.house.clock.now(),
        );
        let create = move |tx: &mut Tx<'_>| {
            let id = user.insert(tx, UserId::BUILT_IN_ADMINISTRATOR, now)?;
            rows::add_group_member(tx, ADMINISTRATORS_GROUP, id)?;
            tx.bump_authz_epoch()?;
            Ok(id)
        };
        self.house.catalog.write(create).await
    }

    /// The account of that id.
    pub async fn user(&self, _caller: &Caller, user: UserId) -> Result<UserView, Failure> {
        let row = self.house.catalog.read(move |tx| rows::user(tx, user)).await?;
        row.map(UserView::new).ok_or(Failure::NotFound(Thing::User))
    }

    /// Whether the caller may do what only administrators may.
    pub async fn is_administrator(&self, caller: &Caller) -> Result<bool, Failure> {
        self.house
            .read_as(caller, |_tx, standing| Ok(standing.is_administrator()))
            .await
    }

    async fn hash(&self, user: NewUser) -> Result<Hashed, Failure> {
        let user = user.check()?;
        let hash = match &user.password {
            None => String::new(),
            Some(password) => self.house.passwords.wait().await?.hash(password.clone()).await?,
        };
        Ok(Hashed { user, hash })
    }
}

/// The user of that login name in any case, or of `ID:` and a number (CONTRACT section 3).
pub(crate) fn find_user(tx: &mut Tx<'_>, login: &str) -> Result<UserRow, Failure> {
    let login = login.trim();
    let found = match login.split_at_checked(3) {
        Some((prefix, id)) if prefix.eq_ignore_ascii_case("ID:") => match id.trim().parse() {
            Ok(id) => rows::user(tx, UserId(id))?,
            Err(_) => None,
        },
        _ => rows::by_login(tx, &name_key(login))?,
    };
    found.ok_or(Failure::NotFound(Thing::User))
}

/// The group of that name in any case, in a library or with [`NO_LIBRARY`] among the global ones.
pub(crate) fn find_group(tx: &mut Tx<'_>, library: LibraryId, name: &str) -> Result<GroupRow, Failure> {
    rows::group(tx, library, &name_key(name.trim()))?.ok_or(Failure::NotFound(Thing::Group))
}

/// Fails unless the user administers the house.
pub(crate) fn require_administrator(standing: &Standing) -> Result<(), Failure> {
    if standing.is_administrator() {
        Ok(())
    } else {
        Err(Failure::Denied)
    }
}

/// Gives a new house its built-in administrator and the groups that confer a role.
pub(crate) async fn seed(house: &House) -> Result<(), Failure> {
    let now = house.clock.now();
    let seed = move |tx: &mut Tx<'_>| {
        let administrator = UserRow {
            id: UserId::BUILT_IN_ADMINISTRATOR,
            login: BUILT_IN_LOGIN.to_owned(),
            first_name: "System".to_owned(),
            last_name: "Administrator".to_owned(),
            email: String::new(),
            password_hash: String::new(),
            library: NO_LIBRARY,
            enabled: true,
            read_only: false,
            authentication_source: new_user::NATIVE.to_owned(),
            created: now,
            last_logon: Timestamp(0),
            password_changed: Timestamp(0),
        };
        rows::insert(tx, &administrator, &name_key(BUILT_IN_LOGIN))?;
        for (id, name, role) in [
            (ADMINISTRATORS_GROUP, "Administrators", ADMINISTRATORS),
            (USER_MANAGERS_GROUP, "User Managers", USER_MANAGERS),
        ] {
            let group = GroupRow {
                id,
                name: name.to_owned(),
                library: NO_LIBRARY,
                public: true,
                role: role.to_owned(),
            };
            rows::insert_group(tx, &group, &name_key(name))?;
        }
        rows::add_group_member(tx, ADMINISTRATORS_GROUP, administrator.id).map(|_added| ())
    };
    house
        .catalog
        .write(seed)
        .await
        .map_err(|error: CatalogError| error.into())
}

fn refuse_built_in(user: UserId) -> Result<(), Failure> {
    if user == UserId::BUILT_IN_ADMINISTRATOR {
        Err(Failure::Denied)
    } else {
        Ok(())
    }
}

fn note(
    tx: &mut Tx<'_>,
    (at, user): (Timestamp, UserId),
    action: &str,
    subject: &str,
) -> Result<(), CatalogError> {
    audit::record(
        tx,
        Deed {
            at,
            user,
            action,
            subject,
            detail: "",
        },
    )
}
