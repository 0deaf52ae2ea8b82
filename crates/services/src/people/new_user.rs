//! Accounts to be.

use super::passwords;
use super::{NO_LIBRARY, note};
use crate::{Conflict, Failure, Thing, libraries};
use holdall_catalog::Tx;
use holdall_catalog::people::{self as rows, UserRow};
use holdall_model::{Timestamp, UserId, name_key};
use std::fmt;

/// Passwords are kept and checked here; the only source there is (CONTRACT calls it so; its older name is `INFOROUTER`).
pub(super) const NATIVE: &str = "native";

/// The older name of [`NATIVE`].
const OLD_NATIVE: &str = "INFOROUTER";

/// The longest login name, first or last name, and email address in bytes.
const MOST_BYTES: usize = 255;

/// An account to make.
#[derive(Clone, Default)]
pub struct NewUser {
    /// The login name, unique without regard to case.
    pub login: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Email address, or empty.
    pub email: String,
    /// 8 to 1,024 characters; without one nobody can log in.
    pub password: Option<String>,
    /// A library to be a member of.
    pub library: Option<String>,
    /// Whether the user may at most read.
    pub read_only: bool,
    /// Where the password is checked: `native`, or empty, which is the same.
    pub authentication_source: String,
}

impl NewUser {
    /// An account with a login name and a password and nothing else.
    pub fn named(login: &str, password: &str) -> Self {
        Self {
            login: login.to_owned(),
            password: Some(password.to_owned()),
            ..Self::default()
        }
    }

    /// Fails on a login name or password that cannot be.
    pub(super) fn check(mut self) -> Result<Self, Failure> {
        self.login = check_login("login", &self.login)?;
        self.first_name = check_text("first name", &self.first_name)?;
        self.last_name = check_text("last name", &self.last_name)?;
        self.email = check_text("email", &self.email)?;
        self.authentication_source = authentication_source(&self.authentication_source)?;
        if let Some(password) = &self.password {
            passwords::check(password)?;
        }
        Ok(self)
    }
}

impl fmt::Debug for NewUser {
    /// Leaves the password out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewUser")
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// A login name that can be, without blanks around it.
pub(super) fn check_login(field: &'static str, login: &str) -> Result<String, Failure> {
    let login = login.trim();
    if login.is_empty() {
        return Err(Failure::Required { field });
    }
    let is_id = login
        .get(..3)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("ID:"));
    if is_id || login.len() > MOST_BYTES || login.contains(char::is_control) {
        let problem = format!("up to {MOST_BYTES} bytes without control characters, not starting with ID:");
        return Err(Failure::invalid(field, problem));
    }
    Ok(login.to_owned())
}

/// A name or an address that can be, without blanks around it.
pub(super) fn check_text(field: &'static str, text: &str) -> Result<String, Failure> {
    let text = text.trim();
    if text.len() > MOST_BYTES || text.contains(char::is_control) {
        let problem = format!("up to {MOST_BYTES} bytes without control characters");
        return Err(Failure::invalid(field, problem));
    }
    Ok(text.to_owned())
}

/// The source that checks passwords, by any of its names or none.
pub(super) fn authentication_source(name: &str) -> Result<String, Failure> {
    let name = name.trim();
    let is_native = [NATIVE, OLD_NATIVE]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known));
    if name.is_empty() || is_native {
        return Ok(NATIVE.to_owned());
    }
    let problem = format!("{NATIVE} is the only one");
    Err(Failure::invalid("authentication source", problem))
}

/// A checked account with the hash of its password.
pub(super) struct Hashed {
    pub(super) user: NewUser,
    pub(super) hash: String,
}

impl Hashed {
    /// Inserts the account and its membership.
    pub(super) fn insert(self, tx: &mut Tx<'_>, by: UserId, now: Timestamp) -> Result<UserId, Failure> {
        let user = self.user;
        let library = user.library.filter(|name| !name.trim().is_empty());
        let library = library.map(|name| libraries::find_any(tx, &name)).transpose()?;
        let id = rows::next_user_id(tx)?;
        let password_changed = if self.hash.is_empty() { Timestamp(0) } else { now };
        let row = UserRow {
            id,
            login: user.login,
            first_name: user.first_name,
            last_name: user.last_name,
            email: user.email,
            password_hash: self.hash,
            library: NO_LIBRARY,
            enabled: true,
            read_only: user.read_only,
            authentication_source: user.authentication_source,
            created: now,
            last_logon: Timestamp(0),
            password_changed,
        };
        if !rows::insert(tx, &row, &name_key(&row.login))? {
            return Err(Failure::Conflict(Conflict::Exists(Thing::User)));
        }
        if let Some(library) = library {
            holdall_catalog::libraries::add_member(tx, library.id, id)?;
            tx.bump_authz_epoch()?;
        }
        note(tx, (now, by), "user created", &row.login)?;
        Ok(id)
    }
}
