//! Access lists as they are written, read and handed down.

use super::{furnish, grants};
use holdall_model::Right;
use holdall_services::{Caller, Failure, Grant, Grantee, GroupName, Thing};
use holdall_testkit::{House, group, item, user};

/// Which of the folders A, B and C and the documents beside each of them a caller may read.
async fn seen(house: &House, caller: &Caller) -> String {
    let mut seen = String::new();
    for at in ["/Lib/A", "/Lib/A/B", "/Lib/A/B/C"] {
        let found = house.services.folders.folder(caller, &item(at)).await;
        seen.push(if found.is_ok() { 'x' } else { '-' });
    }
    for at in ["/Lib/A/d.txt", "/Lib/A/B/own.txt", "/Lib/A/B/C/deep.txt"] {
        let found = house.services.documents.versions(caller, &item(at)).await;
        seen.push(if found.is_ok() { 'x' } else { '-' });
    }
    seen
}

#[tokio::test]
async fn lists_are_handed_down_to_what_inherits() {
    for house in House::on_every_engine().await {
        let kim = house.user("kim").await;
        let mia = furnish(&house, &[&kim]).await;
        house.folder(&mia, "/Lib/A/B/C").await;
        house.document(&mia, "/Lib/A/B/C/deep.txt", b"deep").await;
        house.document(&mia, "/Lib/A/B/own.txt", b"own").await;
        let sees = async || seen(&house, &kim).await;
        let nobody: &[(Grantee, Right)] = &[];
        let members: &[(Grantee, Right)] = &[(Grantee::Members, Right::Read)];
        let access = &house.services.access;
        assert_eq!(sees().await, "xxxxxx", "{}", house.engine);
        house.grant(&mia, "/Lib/A", nobody).await;
        assert_eq!(sees().await, "------");
        house.grant(&mia, "/Lib/A/B", members).await;
        assert_eq!(sees().await, "-xx-xx", "below B, not above it");
        house.grant(&mia, "/Lib/A/B/own.txt", nobody).await;
        house.grant(&mia, "/Lib/A", members).await;
        house.grant(&mia, "/Lib/A", nobody).await;
        assert_eq!(sees().await, "-xx--x", "lists of their own stay");
        access
            .inherit_access_list(&mia, &item("/Lib/A/B/own.txt"))
            .await
            .unwrap();
        assert_eq!(sees().await, "-xx-xx");
        access.inherit_access_list(&mia, &item("/Lib/A/B")).await.unwrap();
        assert_eq!(sees().await, "------");
        house.grant(&mia, "/Lib/A/B/C", members).await;
        house.grant(&mia, "/Lib/A/B/own.txt", members).await;
        assert_eq!(sees().await, "--x-xx");
        access
            .set_access_list(&mia, &item("/Lib/A"), vec![], true)
            .await
            .unwrap();
        assert_eq!(sees().await, "------", "applied to the whole tree");
        house.grant(&mia, "/Lib/A", members).await;
        assert_eq!(
            sees().await,
            "x-----",
            "everything below has a list of its own now"
        );
    }
}

#[tokio::test]
async fn a_list_reads_as_it_was_written() {
    for house in House::on_every_engine().await {
        let kim = house.user("Kim").await;
        let mia = furnish(&house, &[&kim]).await;
        let local = GroupName {
            library: Some("Lib".to_owned()),
            name: "Locals".to_owned(),
        };
        house.services.people.create_group(&mia, &local).await.unwrap();
        let locals = Grantee::Group {
            library: Some("Lib".to_owned()),
            name: "Locals".to_owned(),
        };
        let written = [
            (user("KIM"), Right::Change),
            (locals.clone(), Right::Add),
            (group("STAFF"), Right::NoAccess),
            (Grantee::Members, Right::Read),
        ];
        house.clock.advance(std::time::Duration::from_secs(5));
        house.grant(&mia, "/Lib/A", &written).await;
        let expected = [
            (Grantee::Anonymous, Right::NoAccess),
            (Grantee::Members, Right::Read),
            (group("Staff"), Right::NoAccess),
            (locals, Right::Add),
            (user("Kim"), Right::Change),
        ];
        for (at, inherited) in [("/Lib/A", false), ("/Lib/A/d.txt", true)] {
            let list = house.services.access.access_list(&kim, &item(at)).await.unwrap();
            assert_eq!(
                (list.inherited, list.applied_by.as_str()),
                (inherited, "mia"),
                "{} {at}",
                house.engine
            );
            assert_eq!(
                list.applied_at,
                holdall_testkit::OPENING.plus(std::time::Duration::from_secs(5))
            );
            let entries: Vec<_> = list
                .entries
                .into_iter()
                .map(|grant| (grant.who, grant.right))
                .collect();
            assert_eq!(entries, expected, "{at}");
        }
    }
}

async fn set(house: &House, caller: &Caller, at: &str, grants: &[(Grantee, Right)]) -> Result<(), Failure> {
    let grants = grants
        .iter()
        .map(|(who, right)| Grant {
            who: who.clone(),
            right: *right,
        })
        .collect();
    house
        .services
        .access
        .set_access_list(caller, &item(at), grants, false)
        .await
}

#[tokio::test]
async fn lists_that_cannot_be_are_refused_whole() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    let mia = furnish(&house, &[&kim]).await;
    house.library("Other", &[]).await;
    let elsewhere = Grantee::Group {
        library: Some("Other".to_owned()),
        name: "Locals".to_owned(),
    };
    let before = house
        .services
        .access
        .access_list(&mia, &item("/Lib/A"))
        .await
        .unwrap();
    let is_invalid = |outcome: Result<(), Failure>| {
        matches!(
            outcome,
            Err(Failure::Invalid {
                field: "access list",
                ..
            })
        )
    };
    let twice = [(user("kim"), Right::Read), (user("KIM"), Right::Change)];
    assert!(is_invalid(set(&house, &mia, "/Lib/A", &twice).await));
    assert!(is_invalid(
        set(&house, &mia, "/Lib/A", &[(elsewhere, Right::Read)]).await
    ));
    for list in ["m1", "m3"] {
        assert!(
            is_invalid(set(&house, &mia, "/Lib/A/d.txt", &grants(list)).await),
            "{list} on a document"
        );
    }
    for (unknown, thing) in [(user("nobody"), Thing::User), (group("Nobodies"), Thing::Group)] {
        let outcome = set(&house, &mia, "/Lib/A", &[(unknown, Right::Read)]).await;
        assert!(
            matches!(outcome, Err(Failure::NotFound(found)) if found == thing),
            "{thing:?}"
        );
    }
    let after = house
        .services
        .access
        .access_list(&mia, &item("/Lib/A"))
        .await
        .unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn setting_a_list_takes_full_control() {
    let house = House::new().await;
    let (kim, stranger) = (house.user("kim").await, house.user("sam").await);
    let mia = furnish(&house, &[&kim]).await;
    assert!(matches!(
        set(&house, &kim, "/Lib/A", &[]).await,
        Err(Failure::Denied)
    ));
    for (caller, at) in [(&stranger, "/Lib/A"), (&mia, "/Lib/B")] {
        let hidden = set(&house, caller, at, &[]).await;
        assert!(matches!(hidden, Err(Failure::NotFound(Thing::Item))), "{at}");
    }
    let root = house
        .services
        .access
        .inherit_access_list(&mia, &item("/Lib"))
        .await;
    assert!(matches!(root, Err(Failure::Invalid { .. })));
}

#[tokio::test]
async fn reading_a_list_takes_the_right_to_read() {
    let house = House::new().await;
    let (kim, stranger) = (house.user("kim").await, house.user("sam").await);
    let mia = furnish(&house, &[&kim]).await;
    let read = async |caller: &Caller, at: &str| house.services.access.access_list(caller, &item(at)).await;
    house
        .grant(&mia, "/Lib/A", &[(Grantee::Members, Right::Add)])
        .await;
    for at in ["/Lib/A", "/Lib/A/d.txt"] {
        assert!(matches!(read(&kim, at).await, Err(Failure::Denied)), "{at}");
        let hidden = format!("{:?}", read(&stranger, at).await);
        assert_eq!(hidden, format!("{:?}", read(&stranger, "/Lib/Z").await), "{at}");
    }
}

#[tokio::test]
async fn full_control_above_overrules_lists_below() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    let mia = furnish(&house, &[&kim]).await;
    house.folder(&mia, "/Lib/A/B").await;
    house.document(&mia, "/Lib/A/B/e.txt", b"text").await;
    house
        .grant(&mia, "/Lib/A", &[(user("kim"), Right::FullControl)])
        .await;
    house.grant(&mia, "/Lib/A/B", &[(user("kim"), Right::Read)]).await;
    house
        .grant(&kim, "/Lib/A/B/e.txt", &[(user("kim"), Right::Change)])
        .await;
    house
        .grant(&kim, "/Lib/A/B", &[(user("kim"), Right::Change)])
        .await;
    house.grant(&mia, "/Lib/A", &[(user("kim"), Right::Change)]).await;
    let denied = house
        .services
        .access
        .set_access_list(&kim, &item("/Lib/A/B"), vec![], false)
        .await;
    assert!(matches!(denied, Err(Failure::Denied)));
}

#[tokio::test]
async fn full_control_above_reaches_what_is_hidden_and_reads_none_of_it() {
    for house in House::on_every_engine().await {
        let (kim, lee) = (house.user("kim").await, house.user("lee").await);
        let mia = furnish(&house, &[&kim, &lee]).await;
        let hidden = house.folder(&mia, "/Lib/A/B").await;
        let stored = house.document(&mia, "/Lib/A/B/e.txt", b"text").await;
        house.grant(&mia, "/Lib/A/B", &[]).await;
        house.grant(&mia, "/Lib/A", &grants("m2 k6")).await;
        let ids = [format!("~F{}", hidden.id), format!("~D{}", stored.document)];
        for at in ["/Lib/A/B", "/Lib/A/B/e.txt", &ids[0], &ids[1]] {
            let unseen = house.services.access.access_list(&kim, &item(at)).await;
            assert!(
                matches!(unseen, Err(Failure::NotFound(_))),
                "{} {at}",
                house.engine
            );
            let stranger = set(&house, &lee, at, &[]).await;
            assert!(matches!(stranger, Err(Failure::NotFound(Thing::Item))), "{at}");
            set(&house, &kim, at, &[]).await.unwrap();
        }
        let document = item("/Lib/A/B/e.txt");
        let unread = house.services.documents.versions(&kim, &document).await;
        assert!(matches!(unread, Err(Failure::NotFound(Thing::Document))));
        house
            .services
            .access
            .inherit_access_list(&kim, &document)
            .await
            .unwrap();
        set(&house, &kim, "/Lib/A/B", &grants("k2")).await.unwrap();
        assert!(house.services.documents.versions(&kim, &document).await.is_ok());
    }
}
