//! Access lists as they work through the services: CONTRACT section 11.

mod lists;
mod owners;

use holdall_model::Right;
use holdall_services::{Caller, Failure, Grantee, GroupName, NewUser, Thing};
use holdall_testkit::{House, group, item, path, user};
use std::sync::atomic::{AtomicU64, Ordering};

/// What a caller may do with `/Lib/A` and the document in it, a letter each: list, read, add, change, full control.
const NOTHING: &str = "";
const LIST: &str = "l";
const READ: &str = "lr";
const ADD: &str = "la";
const ADD_READ: &str = "lra";
const CHANGE: &str = "lrac";
const FULL: &str = "lracf";

/// Numbers the folders that are made to see whether they can be.
static SERIAL: AtomicU64 = AtomicU64::new(0);

async fn may(house: &House, caller: &Caller) -> String {
    let services = &house.services;
    let (folder, document) = (item("/Lib/A"), item("/Lib/A/d.txt"));
    let unused = path(&format!("/Lib/A/{}", SERIAL.fetch_add(1, Ordering::Relaxed)));
    let list = services.folders.folder(caller, &folder).await.map(|_| ());
    let is_listed = list.is_ok();
    let lock = services.documents.lock(caller, &document).await;
    if lock.is_ok() {
        services.documents.unlock(caller, &document, false).await.unwrap();
    }
    let outcomes = [
        ('l', list),
        (
            'r',
            services.documents.versions(caller, &document).await.map(|_| ()),
        ),
        ('a', services.folders.create(caller, &unused).await.map(|_| ())),
        ('c', lock.map(|_left| ())),
        ('f', services.access.inherit_access_list(caller, &document).await),
    ];
    // What is refused must be denied to who may list, and hidden from who may not; a new folder is denied where one in a
    // missing folder would be.
    let fits = |(letter, outcome): &(char, Result<(), Failure>)| match outcome {
        Ok(()) => true,
        Err(Failure::Denied) => is_listed || *letter == 'a',
        Err(Failure::NotFound(_)) => !is_listed,
        Err(_) => false,
    };
    assert!(outcomes.iter().all(fits), "{outcomes:?}");
    outcomes
        .iter()
        .filter(|(_, outcome)| outcome.is_ok())
        .map(|(letter, _)| *letter)
        .collect()
}

/// A house with library `Lib` of mia, the folder `/Lib/A` with a document of hers, and the groups Staff and Editors.
async fn furnish(house: &House, members: &[&Caller]) -> Caller {
    let mia = house.user("mia").await;
    house.library_of("Lib", &mia).await;
    for member in members {
        house
            .services
            .libraries
            .add_member(&mia, "Lib", member.login())
            .await
            .unwrap();
    }
    house.group("Staff", members).await;
    house.group("Editors", members).await;
    house.group("Board", &[]).await;
    house.folder(&mia, "/Lib/A").await;
    house.document(&mia, "/Lib/A/d.txt", b"text").await;
    mia
}

/// The grants that a text stands for: `m2` is Read for members; a, s, e, b, k and o are Anonymous, Staff, Editors, Board, kim
/// and mia, the other user.
fn grants(text: &str) -> Vec<(Grantee, Right)> {
    let grant = |word: &str| {
        let who = match word.as_bytes()[0] {
            b'a' => Grantee::Anonymous,
            b'm' => Grantee::Members,
            b's' => group("Staff"),
            b'e' => group("Editors"),
            b'b' => group("Board"),
            b'k' => user("kim"),
            _ => user("mia"),
        };
        (who, Right::clamped(word[1..].parse().unwrap()))
    };
    text.split_whitespace().map(grant).collect()
}

#[tokio::test]
async fn l8_a_members_right_follows_the_list() {
    for house in House::on_every_engine().await {
        let kim = house.user("kim").await;
        let mia = furnish(&house, &[&kim]).await;
        for (list, expected) in [
            ("", NOTHING),
            ("m1", LIST),
            ("m2", READ),
            ("m3", ADD),
            ("m4", ADD_READ),
            ("m5", CHANGE),
            ("m6", FULL),
            ("a6", NOTHING),
            ("b6", NOTHING),
            ("s2 e5", CHANGE),
            ("s3 m2", ADD_READ),
            ("s0 m2", READ),
            ("k0 s6", NOTHING),
            ("k1 m5", LIST),
            ("k5 m2", CHANGE),
            ("o0 m2", READ),
        ] {
            house.grant(&mia, "/Lib/A", &grants(list)).await;
            assert_eq!(may(&house, &kim).await, expected, "{}: {list}", house.engine);
            assert_eq!(may(&house, &mia).await, FULL, "the manager: {list}");
        }
    }
}

#[tokio::test]
async fn l8_who_one_is_counts_before_the_list() {
    let house = House::new().await;
    let (kim, stranger) = (house.user("kim").await, house.user("sam").await);
    let reader = NewUser {
        login: "ron".to_owned(),
        read_only: true,
        ..NewUser::default()
    };
    let reader = house.user_of(reader).await;
    let mia = furnish(&house, &[&kim, &reader]).await;
    let built_in = house.services.sessions.operator("sysadmin").await.unwrap();
    house
        .grant(
            &mia,
            "/Lib/A",
            &[
                (Grantee::Members, Right::Change),
                (user("sam"), Right::FullControl),
            ],
        )
        .await;
    assert_eq!(may(&house, &built_in).await, FULL);
    assert_eq!(may(&house, &stranger).await, NOTHING, "no member");
    assert_eq!(
        may(&house, &house.administrator).await,
        FULL,
        "a member, who owns the folder above"
    );
    assert_eq!(may(&house, &reader).await, READ, "read-only");
}

#[tokio::test]
async fn l8_what_makes_a_stranger_count_does_so_at_once() {
    let house = House::new().await;
    let (kim, sam) = (house.user("kim").await, house.user("sam").await);
    let mia = furnish(&house, &[&kim]).await;
    let (libraries, people) = (&house.services.libraries, &house.services.people);
    house.grant(&mia, "/Lib/A", &grants("a2")).await;
    assert_eq!(may(&house, &sam).await, NOTHING, "a closed library");
    libraries.set_anonymous(&mia, "Lib", true).await.unwrap();
    assert_eq!(may(&house, &sam).await, READ, "an open library");
    assert_eq!(may(&house, &kim).await, READ, "Anonymous is a floor for members");
    libraries.set_anonymous(&mia, "Lib", false).await.unwrap();
    assert_eq!(may(&house, &sam).await, NOTHING, "closed again");
    let (library, name) = (Some("LIB".to_owned()), "Locals".to_owned());
    let local = GroupName {
        library: library.clone(),
        name: name.clone(),
    };
    people.create_group(&mia, &local).await.unwrap();
    house
        .grant(
            &mia,
            "/Lib/A",
            &[(Grantee::Group { library, name }, Right::Change)],
        )
        .await;
    people.add_group_member(&mia, &local, "sam").await.unwrap();
    assert_eq!(may(&house, &sam).await, CHANGE, "a member by a local group");
    people
        .set_enabled(&house.administrator, "sam", false)
        .await
        .unwrap();
    assert_eq!(may(&house, &sam).await, NOTHING, "a disabled account");
}

#[tokio::test]
async fn l8_owners_control_what_is_theirs_and_not_what_is_in_it() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    let mia = furnish(&house, &[&kim]).await;
    house
        .grant(&mia, "/Lib/A", &[(Grantee::Members, Right::Add)])
        .await;
    house.folder(&kim, "/Lib/A/Kims").await;
    house.document(&kim, "/Lib/A/mine.txt", b"mine").await;
    house.document(&mia, "/Lib/A/Kims/hers.txt", b"hers").await;
    let versions = async |at: &str| house.services.documents.versions(&kim, &item(at)).await;
    assert!(
        versions("/Lib/A/mine.txt").await.is_ok(),
        "Add does not read, ownership does"
    );
    assert!(matches!(versions("/Lib/A/d.txt").await, Err(Failure::Denied)));
    assert!(matches!(
        versions("/Lib/A/Kims/hers.txt").await,
        Err(Failure::Denied)
    ));
    house.grant(&mia, "/Lib/A", &[]).await;
    assert!(
        versions("/Lib/A/mine.txt").await.is_ok(),
        "no list takes that away"
    );
    assert!(matches!(
        versions("/Lib/A/d.txt").await,
        Err(Failure::NotFound(Thing::Document))
    ));
}
