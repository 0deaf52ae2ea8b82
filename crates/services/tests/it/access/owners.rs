//! Owners: who they are and how items change hands.

use crate::access::furnish;
use holdall_model::Right;
use holdall_services::{Caller, Conflict, Failure, Thing};
use holdall_testkit::{House, item, user};

async fn owner(house: &House, caller: &Caller, at: &str) -> String {
    house
        .services
        .access
        .owner(caller, &item(at))
        .await
        .unwrap()
        .login
}

async fn set(house: &House, caller: &Caller, at: &str, to: &str, tree: bool) -> Result<Vec<String>, Failure> {
    house.services.access.set_owner(caller, &item(at), to, tree).await
}

#[tokio::test]
async fn an_item_changes_hands_alone_or_with_all_below_it() {
    for house in House::on_every_engine().await {
        let (kim, lee) = (house.user("kim").await, house.user("lee").await);
        let mia = furnish(&house, &[&kim, &lee]).await;
        house.folder(&mia, "/Lib/A/B").await;
        house.document(&mia, "/Lib/A/B/e.txt", b"text").await;
        house.document(&mia, "/Lib/out.txt", b"text").await;
        assert!(
            set(&house, &mia, "/Lib/A", "kim", false)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(owner(&house, &mia, "/Lib/A").await, "kim", "{}", house.engine);
        assert_eq!(owner(&house, &mia, "/Lib/A/d.txt").await, "mia");
        assert!(set(&house, &mia, "/Lib/A", "LEE", true).await.unwrap().is_empty());
        for below in ["/Lib/A", "/Lib/A/d.txt", "/Lib/A/B", "/Lib/A/B/e.txt"] {
            assert_eq!(
                owner(&house, &mia, below).await,
                "lee",
                "{} {below}",
                house.engine
            );
        }
        assert_eq!(owner(&house, &mia, "/Lib/out.txt").await, "mia");
        set(&house, &mia, "/Lib/out.txt", &format!("ID:{}", kim.user()), false)
            .await
            .unwrap();
        assert_eq!(owner(&house, &mia, "/Lib/out.txt").await, "kim");
    }
}

#[tokio::test]
async fn what_others_have_locked_keeps_its_owner_and_is_named() {
    for house in House::on_every_engine().await {
        let kim = house.user("kim").await;
        let mia = furnish(&house, &[&kim]).await;
        house.folder(&mia, "/Lib/A/B").await;
        for document in ["/Lib/A/B/e.txt", "/Lib/A/f.txt"] {
            house.document(&mia, document, b"text").await;
        }
        house.grant(&mia, "/Lib/A", &[(user("kim"), Right::Change)]).await;
        let documents = &house.services.documents;
        documents.lock(&kim, &item("/Lib/A/B/e.txt")).await.unwrap();
        documents.lock(&kim, &item("/Lib/A/d.txt")).await.unwrap();
        documents.lock(&mia, &item("/Lib/A/f.txt")).await.unwrap();
        let left = set(&house, &mia, "/Lib/A", "kim", true).await.unwrap();
        assert_eq!(left, ["/Lib/A/B/e.txt", "/Lib/A/d.txt"], "{}", house.engine);
        for (item, expected) in [("e.txt", "mia"), ("", "kim")] {
            let at = format!("/Lib/A/B/{item}");
            assert_eq!(owner(&house, &mia, &at).await, expected, "{} {at}", house.engine);
        }
        assert_eq!(owner(&house, &mia, "/Lib/A/f.txt").await, "kim");
        let alone = set(&house, &mia, "/Lib/A/d.txt", "kim", false).await;
        assert!(matches!(alone, Err(Failure::Conflict(Conflict::Locked))));
    }
}

#[tokio::test]
async fn l8_owners_change_by_full_control_and_are_known_to_who_may_list() {
    let house = House::new().await;
    let (kim, eve) = (house.user("kim").await, house.user("eve").await);
    let mia = furnish(&house, &[&kim]).await;
    for right in [Right::List, Right::Change] {
        house.grant(&mia, "/Lib/A", &[(user("kim"), right)]).await;
        assert_eq!(owner(&house, &kim, "/Lib/A").await, "mia");
        let refused = set(&house, &kim, "/Lib/A", "kim", false).await;
        assert!(matches!(refused, Err(Failure::Denied)), "{right:?}");
    }
    for missing in ["/Lib/A", "/Lib/Nope"] {
        let found = set(&house, &eve, missing, "eve", false).await;
        assert!(matches!(found, Err(Failure::NotFound(Thing::Item))));
        let found = house.services.access.owner(&eve, &item(missing)).await;
        assert!(matches!(found, Err(Failure::NotFound(Thing::Item))));
    }
    house
        .grant(&mia, "/Lib/A", &[(user("kim"), Right::FullControl)])
        .await;
    house
        .grant(&mia, "/Lib/A/d.txt", &[(user("kim"), Right::NoAccess)])
        .await;
    set(&house, &kim, "/Lib/A/d.txt", "kim", false).await.unwrap();
    assert_eq!(owner(&house, &kim, "/Lib/A/d.txt").await, "kim");
}

#[tokio::test]
async fn l8_a_former_owner_loses_what_ownership_gave_at_once() {
    let house = House::new().await;
    let (kim, lee) = (house.user("kim").await, house.user("lee").await);
    let mia = furnish(&house, &[&kim, &lee]).await;
    house
        .grant(&mia, "/Lib/A", &[(user("lee"), Right::NoAccess)])
        .await;
    set(&house, &mia, "/Lib/A", "kim", true).await.unwrap();
    house
        .grant(&kim, "/Lib/A", &[(user("kim"), Right::NoAccess)])
        .await;
    let document = item("/Lib/A/d.txt");
    let content = || house.services.documents.versions(&kim, &document);
    content().await.unwrap();
    set(&house, &kim, "/Lib/A", "lee", true).await.unwrap();
    assert!(matches!(content().await, Err(Failure::NotFound(_))));
}

#[tokio::test]
async fn a_new_owner_exists_and_is_enabled() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    let mia = furnish(&house, &[&kim]).await;
    let unknown = set(&house, &mia, "/Lib/A", "nobody", true).await;
    assert!(matches!(unknown, Err(Failure::NotFound(Thing::User))));
    let people = &house.services.people;
    people
        .set_enabled(&house.administrator, "kim", false)
        .await
        .unwrap();
    let disabled = set(&house, &mia, "/Lib/A", "kim", true).await;
    assert!(matches!(
        disabled,
        Err(Failure::Invalid {
            field: "new owner",
            ..
        })
    ));
    assert_eq!(owner(&house, &mia, "/Lib/A/d.txt").await, "mia");
}
