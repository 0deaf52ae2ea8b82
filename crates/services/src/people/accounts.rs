//! Changes of accounts, and their end.

use super::new_user::{authentication_source, check_login, check_text};
use super::{People, Preferences, find_user, note, passwords, refuse_built_in, require_administrator};
use crate::access::{ADMINISTRATORS, Standing};
use crate::{Caller, Conflict, Failure, Thing};
use holdall_catalog::people::changes::{self as changes, NewProfile};
use holdall_catalog::people::{self as rows, UserRow, removal};
use holdall_catalog::{Tx, access, sessions};
use holdall_model::{UserId, name_key};

/// What an account is to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// The login name, unique without regard to case.
    pub login: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where the password is checked; empty leaves it as it is.
    pub authentication_source: String,
}

impl People {
    /// Sets a password: one's own, as administrator anybody's, as user manager anybody's but an administrator's. All other
    /// sessions of the user end. The password in force is [`Conflict::SamePassword`].
    pub async fn change_password(&self, caller: &Caller, login: &str, password: &str) -> Result<(), Failure> {
        let (login, asked) = (login.to_owned(), login.to_owned());
        let may_change = move |tx: &mut Tx<'_>, standing: &Standing| password_of(tx, standing, &asked);
        let present = self.house.read_as(caller, may_change).await?.password_hash;
        passwords::check(password)?;
        let passwords = &self.house.passwords;
        if !present.is_empty()
            && passwords
                .wait()
                .await?
                .verify(password.to_owned(), present, self.house.clock.now())
                .await?
        {
            return Err(Failure::Conflict(Conflict::SamePassword));
        }
        let hash = passwords.wait().await?.hash(password.to_owned()).await?;
        let (now, session) = (self.house.clock.now(), caller.session());
        let change = move |tx: &mut Tx<'_>, standing: &Standing| {
            let user = password_of(tx, standing, &login)?;
            rows::set_password(tx, user.id, &hash, now)?;
            match session.filter(|_| user.id == standing.user()) {
                Some(session) => sessions::remove_others(tx, user.id, &session)?,
                None => sessions::remove_of_user(tx, user.id)?,
            };
            note(tx, (now, standing.user()), "password changed", &user.login)?;
            Ok(user.id)
        };
        let user = self.house.write_as(caller, change).await?;
        self.house.live_sessions.forget_user(user);
        Ok(())
    }

    /// Lets an account be used, or not; then all of its sessions end. For administrators.
    pub async fn set_enabled(&self, caller: &Caller, login: &str, enabled: bool) -> Result<(), Failure> {
        let (login, now) = (login.to_owned(), self.house.clock.now());
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            let user = find_user(tx, &login)?;
            refuse_built_in(user.id)?;
            rows::set_enabled(tx, user.id, enabled)?;
            if !enabled {
                sessions::remove_of_user(tx, user.id)?;
            }
            tx.bump_authz_epoch()?;
            let action = if enabled { "user enabled" } else { "user disabled" };
            note(tx, (now, standing.user()), action, &user.login)?;
            Ok(user.id)
        };
        let user = self.house.write_as(caller, set).await?;
        self.house.live_sessions.forget_user(user);
        Ok(())
    }

    /// Sets an email address: one's own, or as administrator anybody's.
    pub async fn set_email(&self, caller: &Caller, login: &str, email: &str) -> Result<(), Failure> {
        let email = check_text("email", email)?;
        let (login, now) = (login.to_owned(), self.house.clock.now());
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            let user = own_or(tx, standing, &login, standing.is_administrator())?;
            changes::set_email(tx, user.id, &email)?;
            note(tx, (now, standing.user()), "email changed", &user.login)?;
            Ok(())
        };
        self.house.write_as(caller, set).await
    }

    /// Sets all preferences: one's own, or as administrator anybody's.
    pub async fn set_preferences(
        &self,
        caller: &Caller,
        login: &str,
        preferences: Preferences,
    ) -> Result<(), Failure> {
        check_text("language", &preferences.language)?;
        check_text("default portal", &preferences.default_portal)?;
        let login = login.to_owned();
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            let user = own_or(tx, standing, &login, standing.is_administrator())?;
            changes::set_preferences(tx, user.id, &preferences.into())?;
            Ok(())
        };
        self.house.write_as(caller, set).await
    }

    /// Renames an account; its sessions go on. For administrators. [`Conflict::Exists`] when the login name is taken.
    pub async fn set_profile(
        &self,
        caller: &Caller,
        login: &str,
        profile: ProfileChange,
    ) -> Result<(), Failure> {
        let (login, now) = (login.to_owned(), self.house.clock.now());
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            let user = find_user(tx, &login)?;
            refuse_built_in(user.id)?;
            rename(tx, &user, &profile)?;
            let renamed = format!("{} to {}", user.login, profile.login.trim());
            note(tx, (now, standing.user()), "user profile changed", &renamed)?;
            Ok(user.id)
        };
        let user = self.house.write_as(caller, set).await?;
        self.house.live_sessions.forget_user(user);
        Ok(())
    }

    /// Deletes an account with its sessions, memberships and entries in access lists. What the user owns stays, without an owner;
    /// the user's recycle bin becomes the system's. For administrators. [`Conflict::HoldsLocks`] while the user has documents
    /// locked.
    pub async fn delete_user(&self, caller: &Caller, login: &str) -> Result<(), Failure> {
        let (login, now) = (login.to_owned(), self.house.clock.now());
        let delete = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            let user = find_user(tx, &login)?;
            refuse_built_in(user.id)?;
            if removal::holds_locks(tx, user.id)? {
                return Err(Failure::Conflict(Conflict::HoldsLocks));
            }
            sessions::remove_of_user(tx, user.id)?;
            removal::remove_user(tx, user.id)?;
            tx.bump_authz_epoch()?;
            let subject = format!("{} (ID:{})", user.login, user.id);
            note(tx, (now, standing.user()), "user deleted", &subject)?;
            Ok(user.id)
        };
        let user = self.house.write_as(caller, delete).await?;
        self.house.live_sessions.forget_user(user);
        Ok(())
    }
}

/// The caller's own account or, if `all` may be changed, anybody's. Whether any other exists is not told to who may not change it.
fn own_or(tx: &mut Tx<'_>, standing: &Standing, login: &str, all: bool) -> Result<UserRow, Failure> {
    match find_user(tx, login) {
        Ok(user) if all || user.id == standing.user() => {
            refuse_built_in(user.id)?;
            Ok(user)
        }
        Err(Failure::NotFound(_)) if !all => Err(Failure::Denied),
        Ok(_) => Err(Failure::Denied),
        Err(failure) => Err(failure),
    }
}

/// The account whose password the caller may set.
fn password_of(tx: &mut Tx<'_>, standing: &Standing, login: &str) -> Result<UserRow, Failure> {
    let user = own_or(tx, standing, login, standing.is_user_manager())?;
    let is_own = user.id == standing.user();
    if !is_own && !standing.is_administrator() && is_administrator(tx, user.id)? {
        return Err(Failure::Denied);
    }
    Ok(user)
}

/// Whether a user has the powers of an administrator, also one whose account is disabled.
pub(crate) fn is_administrator(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Failure> {
    let groups = access::groups_of(tx, user)?;
    let in_group = groups.iter().any(|group| group.role == ADMINISTRATORS);
    Ok(in_group || user == UserId::BUILT_IN_ADMINISTRATOR)
}

fn rename(tx: &mut Tx<'_>, user: &UserRow, profile: &ProfileChange) -> Result<(), Failure> {
    let login = check_login("new login", &profile.login)?;
    let login_key = name_key(&login);
    let taken = rows::by_login(tx, &login_key)?.is_some_and(|other| other.id != user.id);
    if taken {
        return Err(Failure::Conflict(Conflict::Exists(Thing::User)));
    }
    let source = match profile.authentication_source.trim() {
        "" => user.authentication_source.clone(),
        source => authentication_source(source)?,
    };
    let profile = NewProfile {
        login: &login,
        login_key: &login_key,
        first_name: &check_text("first name", &profile.first_name)?,
        last_name: &check_text("last name", &profile.last_name)?,
        authentication_source: &source,
    };
    changes::set_profile(tx, user.id, &profile)?;
    Ok(())
}
