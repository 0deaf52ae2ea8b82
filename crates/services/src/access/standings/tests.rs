//! What may be remembered from one transaction to the next.

use super::Standings;
use crate::Failure;
use holdall_catalog::access::{self, Principal, ScopeEntry};
use holdall_catalog::libraries::{self, LibraryRow};
use holdall_catalog::people::{self, UserRow};
use holdall_catalog::testing::catalogs;
use holdall_catalog::{Catalog, Tx};
use holdall_model::{Digest, FolderId, LibraryId, Right, ScopeId, Timestamp, UserId};
use std::sync::Arc;

const KIM: UserId = UserId(100);
const LIBRARY: LibraryId = LibraryId(1);

fn furnish(catalog: &Catalog) {
    let user = UserRow {
        id: KIM,
        login: "kim".to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        email: String::new(),
        password_hash: String::new(),
        library: LibraryId(0),
        enabled: true,
        read_only: false,
        authentication_source: String::new(),
        created: Timestamp(0),
        last_logon: Timestamp(0),
        password_changed: Timestamp(0),
    };
    let library = LibraryRow {
        id: LIBRARY,
        name: "Lib".to_owned(),
        root_folder: FolderId(1),
        anonymous: false,
        archived: false,
        hidden: false,
        welcome_message: String::new(),
        created: Timestamp(0),
    };
    let furnish = move |tx: &mut Tx<'_>| {
        people::insert(tx, &user, "kim")?;
        libraries::insert(tx, &library, "lib")?;
        libraries::add_member(tx, LIBRARY, KIM).map(|_added| ())
    };
    catalog
        .write_blocking::<_, _, Failure>(move |tx| Ok(furnish(tx)?))
        .unwrap();
}

fn intern(tx: &mut Tx<'_>, right: Right) -> Result<ScopeId, Failure> {
    let entries = [ScopeEntry {
        principal: Principal::Members,
        right,
    }];
    Ok(access::intern(
        tx,
        LIBRARY,
        Digest([right.value(); 32]),
        &entries,
    )?)
}

fn committed_right(catalog: &Catalog, standings: &Arc<Standings>, scope: ScopeId) -> Right {
    let standings = Arc::clone(standings);
    let read =
        move |tx: &mut Tx<'_>| Ok::<_, Failure>(standings.of(tx, KIM)?.scope_right(tx, LIBRARY, scope)?);
    catalog.read_blocking(read).unwrap()
}

#[test]
fn l8_nothing_seen_in_a_rolled_back_transaction_is_remembered() {
    for (engine, catalog, _guard) in catalogs() {
        furnish(&catalog);
        let standings = Arc::new(Standings::default());
        committed_right(&catalog, &standings, ScopeId(999));
        let lost = {
            let standings = Arc::clone(&standings);
            let (sender, receiver) = std::sync::mpsc::channel();
            let outcome: Result<(), Failure> = catalog.write_blocking(move |tx| {
                let before = standings.in_write(tx, KIM)?;
                libraries::members::appoint(tx, LIBRARY, KIM)?;
                tx.bump_authz_epoch()?;
                let scope = intern(tx, Right::FullControl)?;
                assert!(standings.in_write(tx, KIM)?.manages(LIBRARY));
                assert_eq!(before.scope_right(tx, LIBRARY, scope)?, Right::FullControl);
                assert_eq!(
                    standings.in_write(tx, KIM)?.scope_right(tx, LIBRARY, scope)?,
                    Right::FullControl
                );
                sender.send(scope).unwrap();
                Err(Failure::Denied)
            });
            assert!(matches!(outcome, Err(Failure::Denied)));
            receiver.recv().unwrap()
        };
        let kept: Result<ScopeId, Failure> = catalog.write_blocking(|tx| {
            libraries::members::dismiss(tx, LIBRARY, KIM)?;
            tx.bump_authz_epoch()?;
            intern(tx, Right::Read)
        });
        let kept = kept.unwrap();
        assert_eq!(kept, lost, "{engine}: the id comes up again, with another list");
        assert_eq!(
            committed_right(&catalog, &standings, kept),
            Right::Read,
            "{engine}"
        );
        let manages = {
            let standings = Arc::clone(&standings);
            catalog.read_blocking(move |tx| Ok::<_, Failure>(standings.of(tx, KIM)?.manages(LIBRARY)))
        };
        assert!(!manages.unwrap(), "{engine}");
    }
}

#[test]
fn a_standing_is_computed_once_an_epoch() {
    let (_, catalog, _guard) = catalogs().into_iter().next().unwrap();
    furnish(&catalog);
    let standings = Arc::new(Standings::default());
    let standing = || {
        let standings = Arc::clone(&standings);
        catalog
            .read_blocking(move |tx| Ok::<_, Failure>(standings.of(tx, KIM)?))
            .unwrap()
    };
    let first = standing();
    assert!(Arc::ptr_eq(&first, &standing()));
    catalog
        .write_blocking(|tx| Ok::<_, Failure>(tx.bump_authz_epoch()?))
        .unwrap();
    assert!(!Arc::ptr_eq(&first, &standing()));
}

#[test]
fn lists_are_interned_once() {
    for (engine, catalog, _guard) in catalogs() {
        furnish(&catalog);
        let interned: Result<[ScopeId; 3], Failure> = catalog.write_blocking(|tx| {
            Ok([
                intern(tx, Right::Read)?,
                intern(tx, Right::Change)?,
                intern(tx, Right::Read)?,
            ])
        });
        let [read, change, again] = interned.unwrap();
        assert_eq!(read, again, "{engine}");
        assert_ne!(read, change);
        let standings = Arc::new(Standings::default());
        let preloaded = {
            let standings = Arc::clone(&standings);
            catalog.read_blocking(move |tx| {
                let standing = standings.of(tx, KIM)?;
                standing.preload(tx, LIBRARY)?;
                Ok::<_, Failure>([
                    standing.scope_right(tx, LIBRARY, read)?,
                    standing.scope_right(tx, LIBRARY, change)?,
                ])
            })
        };
        assert_eq!(preloaded.unwrap(), [Right::Read, Right::Change], "{engine}");
    }
}
