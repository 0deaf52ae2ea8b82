//! A house whose users learn only of libraries that are theirs or open.

use holdall_services::{Caller, Failure, GroupName, NewLibrary, Thing};
use holdall_testkit::House;

fn is_unknown<T>(outcome: &Result<T, Failure>) -> bool {
    matches!(outcome, Err(Failure::NotFound(Thing::Library)))
}

async fn names(house: &House, caller: &Caller) -> Vec<String> {
    let found = house.services.libraries.list(caller).await.unwrap();
    found.into_iter().map(|library| library.name).collect()
}

/// `Closed` has the member kim, `Grouped` the group of lee, and `Open` is open.
async fn furnished() -> (House, Caller, Caller) {
    let house = House::of_only_own_libraries().await;
    let (kim, lee) = (house.user("kim").await, house.user("lee").await);
    house.library_of("Closed", &kim).await;
    house.library("Grouped", &[]).await;
    house.group("Staff", &[&lee]).await;
    let (libraries, admin) = (&house.services.libraries, &house.administrator);
    libraries
        .add_member_group(admin, "Grouped", "Staff")
        .await
        .unwrap();
    let open = NewLibrary {
        anonymous: true,
        ..NewLibrary::named("Open")
    };
    libraries.create(admin, open).await.unwrap();
    (house, kim, lee)
}

#[tokio::test]
async fn l8_users_learn_of_their_own_libraries_and_of_open_ones() {
    let (house, kim, lee) = furnished().await;
    assert_eq!(
        names(&house, &house.administrator).await,
        ["Closed", "Grouped", "Open"]
    );
    assert_eq!(names(&house, &kim).await, ["Closed", "Open"]);
    assert_eq!(names(&house, &lee).await, ["Grouped", "Open"]);
    let libraries = &house.services.libraries;
    libraries
        .remove_member(&house.administrator, "Closed", "kim")
        .await
        .unwrap();
    assert_eq!(names(&house, &kim).await, ["Open"]);
    let house = house.reopen().await;
    assert_eq!(names(&house, &kim).await, ["Open"]);
}

#[tokio::test]
async fn l8_a_library_one_may_not_know_of_is_one_that_is_not_there() {
    let (house, kim, lee) = furnished().await;
    let (libraries, people) = (&house.services.libraries, &house.services.people);
    let local = |library: &str| GroupName {
        library: Some(library.to_owned()),
        name: "Editors".to_owned(),
    };
    people.create_group(&kim, &local("Closed")).await.unwrap();
    for library in ["Closed", "Nowhere"] {
        assert!(is_unknown(&libraries.library(&lee, library).await));
        assert!(is_unknown(&libraries.members(&lee, library).await));
        assert!(is_unknown(&libraries.users(&lee, library).await));
        assert!(is_unknown(&libraries.managers(&lee, library).await));
        assert!(is_unknown(&libraries.add_member(&lee, library, "lee").await));
        assert!(is_unknown(&libraries.remove_member(&lee, library, "kim").await));
        assert!(is_unknown(
            &libraries.add_member_group(&lee, library, "Staff").await
        ));
        let new = NewLibrary::named("New");
        assert!(is_unknown(&libraries.update(&lee, library, new).await));
        assert!(is_unknown(&people.groups(&lee, Some(library)).await));
        assert!(is_unknown(&people.group(&lee, &local(library)).await));
        assert!(is_unknown(&people.group_members(&lee, &local(library)).await));
        assert!(is_unknown(&people.create_group(&lee, &local(library)).await));
    }
    assert_eq!(libraries.library(&kim, "closed").await.unwrap().name, "Closed");
    assert_eq!(people.groups(&kim, Some("Closed")).await.unwrap().len(), 1);
    assert_eq!(libraries.library(&lee, "open").await.unwrap().name, "Open");
}
