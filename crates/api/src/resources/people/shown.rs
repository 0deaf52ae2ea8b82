//! Users and groups as JSON shows them.

use crate::instants;
use holdall_api_types::{Account, Group, User};
use holdall_services::{GroupView, UserDetails};

/// A user as others see them.
pub(in crate::resources) fn user(details: UserDetails) -> User {
    let view = details.user;
    let full_name = format!("{} {}", view.first_name, view.last_name);
    User {
        id: view.id.0,
        login: view.login,
        full_name: full_name.trim().to_owned(),
        email: view.email,
    }
}

/// An account.
pub(super) fn account(details: UserDetails) -> Account {
    let view = details.user;
    Account {
        id: view.id.0,
        login: view.login,
        first_name: view.first_name,
        last_name: view.last_name,
        email: view.email,
        enabled: view.enabled,
        read_only: details.read_only,
        library: Some(details.library).filter(|name| !name.is_empty()),
        last_login: details.last_logon.map(instants::format),
        password_changed: details.password_changed.map(instants::format),
    }
}

/// A group.
pub(in crate::resources) fn group(view: GroupView) -> Group {
    Group {
        id: view.id.0,
        name: view.name,
        library: view.library.map(|(_, name)| name),
        public: view.public,
    }
}
