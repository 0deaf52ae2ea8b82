//! Access lists between their JSON and the services' words.

use crate::instants;
use crate::problem::Problem;
use holdall_api_types as wire;
use holdall_model::Right;
use holdall_services::{AccessListView, Grant, Grantee};

/// The grants that a list asks for. Fails with 400 on an entry that is for nobody or for several.
pub(super) fn read(entries: Vec<wire::AccessEntry>) -> Result<Vec<Grant>, Problem> {
    entries.into_iter().map(grant).collect()
}

/// A list in force.
pub(super) fn shown(list: AccessListView) -> wire::AccessList {
    wire::AccessList {
        inherited: list.inherited,
        applied: instants::format(list.applied_at),
        applied_by: list.applied_by,
        entries: list.entries.into_iter().map(entry).collect(),
    }
}

/// A right in wire words.
pub(super) fn right_shown(right: Right) -> wire::Right {
    match right {
        Right::NoAccess => wire::Right::None,
        Right::List => wire::Right::List,
        Right::Read => wire::Right::Read,
        Right::Add => wire::Right::Add,
        Right::AddRead => wire::Right::AddRead,
        Right::Change => wire::Right::Change,
        Right::FullControl => wire::Right::FullControl,
    }
}

fn right_read(right: wire::Right) -> Right {
    match right {
        wire::Right::None => Right::NoAccess,
        wire::Right::List => Right::List,
        wire::Right::Read => Right::Read,
        wire::Right::Add => Right::Add,
        wire::Right::AddRead => Right::AddRead,
        wire::Right::Change => Right::Change,
        wire::Right::FullControl => Right::FullControl,
    }
}

fn grant(entry: wire::AccessEntry) -> Result<Grant, Problem> {
    let library = entry.library;
    let who = match (entry.user, entry.group, entry.members, entry.everyone) {
        (Some(login), None, false, false) => Grantee::User { library, login },
        (None, Some(name), false, false) => Grantee::Group { library, name },
        (None, None, true, false) if library.is_none() => Grantee::Members,
        (None, None, false, true) if library.is_none() => Grantee::Anonymous,
        _ => {
            let detail =
                "an entry has one of user, group, members and everyone; library only with the first two";
            return Err(Problem::malformed(detail, Some("entries")));
        }
    };
    Ok(Grant {
        who,
        right: right_read(entry.right),
    })
}

fn entry(grant: Grant) -> wire::AccessEntry {
    let mut entry = wire::AccessEntry {
        user: None,
        group: None,
        library: None,
        members: false,
        everyone: false,
        right: right_shown(grant.right),
    };
    match grant.who {
        Grantee::Anonymous => entry.everyone = true,
        Grantee::Members => entry.members = true,
        Grantee::Group { library, name } => {
            entry.group = Some(name);
            entry.library = library;
        }
        Grantee::User { library, login } => {
            entry.user = Some(login);
            entry.library = library;
        }
    }
    entry
}
