//! Accounts, groups and owners on every engine.

use crate::count;
use holdall_catalog::access::{self, Principal, ScopeEntry};
use holdall_catalog::people::changes::{self, NewProfile};
use holdall_catalog::people::details::{self, PreferencesRow};
use holdall_catalog::people::{self, GroupRow, UserRow, membership, removal};
use holdall_catalog::testing::catalogs;
use holdall_catalog::{CatalogError, Tx, libraries, sessions};
use holdall_model::{Digest, GroupId, LibraryId, Right, Timestamp, UserId, name_key};

const NOW: Timestamp = Timestamp(1_000);
const NEVER: Timestamp = Timestamp(0);
const LIBRARY: LibraryId = LibraryId(1);

/// Runs one case in a write transaction on each engine.
fn on_every_engine(case: impl Fn(&mut Tx<'_>) -> Result<(), CatalogError> + Copy + Send + 'static) {
    for (engine, catalog, _guard) in catalogs() {
        let outcome = catalog.write_blocking(case);
        assert!(outcome.is_ok(), "{engine}: {outcome:?}");
    }
}

fn user(tx: &mut Tx<'_>, login: &str) -> Result<UserId, CatalogError> {
    let id = people::next_user_id(tx)?;
    let row = UserRow {
        id,
        login: login.to_owned(),
        first_name: "First".to_owned(),
        last_name: login.to_owned(),
        email: String::new(),
        password_hash: String::new(),
        library: LibraryId(0),
        enabled: true,
        read_only: false,
        authentication_source: "native".to_owned(),
        created: NOW,
        last_logon: NEVER,
        password_changed: NEVER,
    };
    assert!(people::insert(tx, &row, &name_key(login))?);
    Ok(id)
}

fn group(tx: &mut Tx<'_>, library: LibraryId, name: &str) -> Result<GroupId, CatalogError> {
    let id = people::next_group_id(tx)?;
    let row = GroupRow {
        id,
        name: name.to_owned(),
        library,
        public: false,
        role: String::new(),
    };
    assert!(people::insert_group(tx, &row, &name_key(name))?);
    Ok(id)
}

#[test]
fn accounts_come_with_preferences_once_they_are_set() {
    on_every_engine(|tx| {
        let kim = user(tx, "kim")?;
        let found = details::of_ids(tx, &[kim, UserId(999)])?;
        assert_eq!((found.len(), found[0].preferences.clone()), (1, None));
        let mut preferences = PreferencesRow {
            language: "English".to_owned(),
            default_portal: String::new(),
            show_archived: false,
            show_hidden: true,
            notification: 1,
            plain_text_email: true,
            attach_documents: false,
        };
        changes::set_preferences(tx, kim, &preferences)?;
        preferences.notification = 2;
        changes::set_preferences(tx, kim, &preferences)?;
        changes::set_email(tx, kim, "kim@example.org")?;
        let profile = NewProfile {
            login: "Zoe",
            login_key: "zoe",
            first_name: "Zoe",
            last_name: "",
            authentication_source: "native",
        };
        changes::set_profile(tx, kim, &profile)?;
        user(tx, "lee")?;
        let all = details::all(tx)?;
        let logins: Vec<&str> = all.iter().map(|row| row.user.login.as_str()).collect();
        assert_eq!(logins, ["lee", "Zoe"]);
        assert_eq!(all[1].preferences, Some(preferences));
        assert_eq!(all[1].user.email, "kim@example.org");
        Ok(())
    });
}

#[test]
fn groups_are_listed_by_library_and_by_user() {
    on_every_engine(|tx| {
        let kim = user(tx, "kim")?;
        let (staff, editors) = (group(tx, LibraryId(0), "staff")?, group(tx, LIBRARY, "Editors")?);
        group(tx, LibraryId(0), "Board")?;
        for group in [editors, staff] {
            assert!(people::add_group_member(tx, group, kim)?);
        }
        let names = |rows: Vec<membership::NamedGroupRow>| -> Vec<String> {
            rows.into_iter().map(|row| row.group.name).collect()
        };
        assert_eq!(
            names(membership::in_library(tx, LibraryId(0))?),
            ["Board", "staff"]
        );
        assert_eq!(names(membership::in_library(tx, LIBRARY)?), ["Editors"]);
        assert_eq!(names(membership::of_user(tx, kim)?).len(), 2);
        assert_eq!(membership::members(tx, staff)?, [kim]);
        assert!(membership::remove_member(tx, staff, kim)?);
        assert!(!membership::remove_member(tx, staff, kim)?);
        assert_eq!(names(membership::of_user(tx, kim)?), ["Editors"]);
        Ok(())
    });
}

#[test]
fn what_is_removed_is_in_no_group_library_or_list() {
    on_every_engine(|tx| {
        let (kim, lee) = (user(tx, "kim")?, user(tx, "lee")?);
        let staff = group(tx, LibraryId(0), "Staff")?;
        people::add_group_member(tx, staff, kim)?;
        let library = libraries::LibraryRow {
            id: LIBRARY,
            name: "Lib".to_owned(),
            root_folder: holdall_model::FolderId(1),
            anonymous: false,
            archived: false,
            hidden: false,
            welcome_message: String::new(),
            created: NOW,
        };
        libraries::insert(tx, &library, "lib")?;
        libraries::add_member(tx, LIBRARY, kim)?;
        let entry = |principal| ScopeEntry {
            principal,
            right: Right::Read,
        };
        let list = [
            entry(Principal::Group(staff)),
            entry(Principal::User(kim)),
            entry(Principal::User(lee)),
        ];
        let scope = access::intern(tx, LIBRARY, Digest([1; 32]), &list)?;
        assert!(!removal::holds_locks(tx, kim)?);
        removal::remove_user(tx, kim)?;
        assert!(people::user(tx, kim)?.is_none());
        assert!(membership::members(tx, staff)?.is_empty());
        assert_eq!(count(tx, "SELECT COUNT(*) FROM library_members", &[])?, 0);
        assert_eq!(access::entries(tx, scope)?, [list[0], list[2]]);
        removal::remove_group(tx, staff)?;
        assert_eq!(access::entries(tx, scope)?, [list[2]]);
        assert!(people::group(tx, LibraryId(0), "staff")?.is_none());
        Ok(())
    });
}

#[test]
fn s4_all_sessions_but_one_end() {
    on_every_engine(|tx| {
        let (kim, lee) = (user(tx, "kim")?, user(tx, "lee")?);
        for (ticket, user) in [(1, kim), (2, kim), (3, lee)] {
            let session = sessions::NewSession {
                ticket: Digest([ticket; 32]),
                user,
                language: "",
                created: NOW,
                expires: Timestamp(2_000),
            };
            sessions::insert(tx, &session)?;
        }
        assert_eq!(sessions::remove_others(tx, kim, &Digest([1; 32]))?, 1);
        let mut live = Vec::new();
        for ticket in [1, 2, 3] {
            live.push(sessions::by_ticket(tx, &Digest([ticket; 32]), NOW)?.is_some());
        }
        assert_eq!(live, [true, false, true]);
        Ok(())
    });
}
