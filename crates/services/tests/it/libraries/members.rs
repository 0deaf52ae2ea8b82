//! Members and managers, by entries of their own and by groups.

use holdall_services::{Caller, Conflict, Failure, GroupName, Library, Thing, UserDetails};
use holdall_testkit::{House, item};

fn names(libraries: Vec<Library>) -> Vec<String> {
    libraries.into_iter().map(|library| library.name).collect()
}

async fn sees(house: &House, caller: &Caller) -> bool {
    house.services.folders.folder(caller, &item("/Lib")).await.is_ok()
}

fn is_conflict(outcome: &Result<(), Failure>, expected: Conflict) -> bool {
    matches!(outcome, Err(Failure::Conflict(conflict)) if *conflict == expected)
}

#[tokio::test]
async fn managers_and_administrators_add_and_remove_members_once() {
    for house in House::on_every_engine().await {
        let (mia, kim) = (house.user("mia").await, house.user("kim").await);
        house.user("lee").await;
        house.library_of("Lib", &mia).await;
        let libraries = &house.services.libraries;
        assert!(matches!(
            libraries.add_member(&kim, "Lib", "kim").await,
            Err(Failure::Denied)
        ));
        libraries.add_member(&mia, "lib", "KIM").await.unwrap();
        let again = libraries.add_member(&house.administrator, "Lib", "kim").await;
        assert!(is_conflict(&again, Conflict::AlreadyMember), "{}", house.engine);
        for denied in [
            libraries.add_member(&kim, "Lib", "lee").await,
            libraries.remove_member(&kim, "Lib", "mia").await,
            libraries.remove_member(&kim, "Lib", "kim").await,
        ] {
            assert!(matches!(denied, Err(Failure::Denied)), "{}", house.engine);
        }
        let nowhere = libraries.add_member(&mia, "Nowhere", "lee").await;
        assert!(matches!(nowhere, Err(Failure::NotFound(Thing::Library))));
        assert!(matches!(
            libraries.add_member(&mia, "Lib", "nobody").await,
            Err(Failure::NotFound(Thing::User))
        ));
        assert!(sees(&house, &kim).await);
        libraries.remove_member(&mia, "LIB", "Kim").await.unwrap();
        assert!(!sees(&house, &kim).await, "{}", house.engine);
        let gone = libraries.remove_member(&mia, "Lib", "kim").await;
        assert!(is_conflict(&gone, Conflict::NotMember), "{}", house.engine);
    }
}

#[tokio::test]
async fn a_manager_is_a_member_first_and_stays_one() {
    for house in House::on_every_engine().await {
        let kim = house.user("kim").await;
        house.library("Lib", &[]).await;
        let (libraries, admin) = (&house.services.libraries, &house.administrator);
        let early = libraries.add_manager(admin, "Lib", "kim").await;
        assert!(is_conflict(&early, Conflict::NotMember), "{}", house.engine);
        libraries.add_member(admin, "Lib", "kim").await.unwrap();
        let none = libraries.remove_manager(admin, "Lib", "kim").await;
        assert!(is_conflict(&none, Conflict::NotManager), "{}", house.engine);
        for refused in [
            libraries.add_manager(&kim, "Lib", "kim").await,
            libraries.remove_manager(&kim, "Nowhere", "kim").await,
        ] {
            assert!(
                matches!(refused, Err(Failure::AdministratorOnly)),
                "{}",
                house.engine
            );
        }
        libraries.add_manager(admin, "Lib", "kim").await.unwrap();
        libraries.add_manager(admin, "Lib", "kim").await.unwrap();
        house.folder(&kim, "/Lib/A").await;
        libraries.remove_manager(admin, "Lib", "kim").await.unwrap();
        assert!(sees(&house, &kim).await);
        let folders = &house.services.folders;
        let denied = folders.create(&kim, &holdall_testkit::path("/Lib/B")).await;
        assert!(matches!(denied, Err(Failure::Denied)), "{}", house.engine);
    }
}

#[tokio::test]
async fn l8_who_is_no_member_any_more_manages_nothing() {
    let house = House::new().await;
    let mia = house.user("mia").await;
    house.library_of("Lib", &mia).await;
    let libraries = &house.services.libraries;
    libraries
        .remove_member(&house.administrator, "Lib", "mia")
        .await
        .unwrap();
    assert!(!sees(&house, &mia).await);
    libraries
        .add_member(&house.administrator, "Lib", "mia")
        .await
        .unwrap();
    let denied = libraries.add_member(&mia, "Lib", "admin").await;
    assert!(
        matches!(denied, Err(Failure::Denied)),
        "a new membership brings no management back"
    );
}

#[tokio::test]
async fn a_global_group_makes_its_people_members_as_long_as_it_is_one() {
    for house in House::on_every_engine().await {
        let (mia, kim) = (house.user("mia").await, house.user("kim").await);
        house.library_of("Lib", &mia).await;
        house.library("Other", &[]).await;
        house.group("Staff", &[&kim]).await;
        let libraries = &house.services.libraries;
        assert!(names(libraries.joined(&kim).await.unwrap()).is_empty());
        assert!(matches!(
            libraries.add_member_group(&kim, "Lib", "Staff").await,
            Err(Failure::Denied)
        ));
        libraries.add_member_group(&mia, "lib", "STAFF").await.unwrap();
        let again = libraries.add_member_group(&mia, "Lib", "Staff").await;
        assert!(is_conflict(&again, Conflict::AlreadyMember), "{}", house.engine);
        assert!(sees(&house, &kim).await, "{}", house.engine);
        assert_eq!(names(libraries.joined(&kim).await.unwrap()), ["Lib"]);
        let own = libraries.remove_member(&mia, "Lib", "kim").await;
        assert!(is_conflict(&own, Conflict::NotMember), "{}", house.engine);
        libraries.remove_member_group(&mia, "Lib", "staff").await.unwrap();
        assert!(!sees(&house, &kim).await, "{}", house.engine);
        let gone = libraries.remove_member_group(&mia, "Lib", "Staff").await;
        assert!(is_conflict(&gone, Conflict::NotMember), "{}", house.engine);
        let unknown = libraries.remove_member_group(&mia, "Lib", "Nobody").await;
        assert!(matches!(unknown, Err(Failure::NotFound(Thing::Group))));
    }
}

#[tokio::test]
async fn a_member_by_a_group_can_be_appointed_and_keeps_a_membership() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    house.library("Lib", &[]).await;
    house.group("Staff", &[&kim]).await;
    let (libraries, admin) = (&house.services.libraries, &house.administrator);
    libraries.add_member_group(admin, "Lib", "Staff").await.unwrap();
    libraries.add_manager(admin, "Lib", "kim").await.unwrap();
    house.folder(&kim, "/Lib/A").await;
    libraries
        .remove_member_group(admin, "Lib", "Staff")
        .await
        .unwrap();
    libraries.remove_manager(admin, "Lib", "kim").await.unwrap();
    assert!(sees(&house, &kim).await);
}

#[tokio::test]
async fn local_groups_are_members_at_once_and_cannot_be_added() {
    let house = House::new().await;
    let (mia, kim) = (house.user("mia").await, house.user("kim").await);
    house.library_of("Lib", &mia).await;
    let editors = GroupName {
        library: Some("Lib".to_owned()),
        name: "Editors".to_owned(),
    };
    let people = &house.services.people;
    people.create_group(&mia, &editors).await.unwrap();
    assert!(!sees(&house, &kim).await);
    people.add_group_member(&mia, &editors, "kim").await.unwrap();
    assert!(sees(&house, &kim).await);
    let local = house
        .services
        .libraries
        .add_member_group(&mia, "Lib", "Editors")
        .await;
    assert!(matches!(local, Err(Failure::NotFound(Thing::Group))));
}

#[tokio::test]
async fn s7_an_archived_library_takes_nobody_in_and_lets_everybody_go() {
    let house = House::new().await;
    let (mia, kim) = (house.user("mia").await, house.user("kim").await);
    house.user("lee").await;
    house.library_of("Lib", &mia).await;
    house.group("Staff", &[]).await;
    let (libraries, admin) = (&house.services.libraries, &house.administrator);
    libraries.add_member(&mia, "Lib", kim.login()).await.unwrap();
    libraries.set_archived(&mia, "Lib", true).await.unwrap();
    for refused in [
        libraries.add_member(admin, "Lib", "lee").await,
        libraries.add_member_group(admin, "Lib", "Staff").await,
        libraries.add_manager(admin, "Lib", "kim").await,
    ] {
        assert!(is_conflict(&refused, Conflict::Archived));
    }
    assert_eq!(names(libraries.joined(&kim).await.unwrap()), ["Lib"]);
    libraries.remove_member(&mia, "Lib", "kim").await.unwrap();
    libraries.remove_manager(admin, "Lib", "mia").await.unwrap();
    assert!(names(libraries.joined(&kim).await.unwrap()).is_empty());
}

fn logins(users: Vec<UserDetails>) -> Vec<String> {
    users.into_iter().map(|details| details.user.login).collect()
}

#[tokio::test]
async fn members_are_listed_by_their_own_entry_and_users_by_every_way() {
    for house in House::on_every_engine().await {
        let (mia, kim, lee) = (
            house.user("mia").await,
            house.user("kim").await,
            house.user("lee").await,
        );
        house.library_of("Lib", &mia).await;
        house.library("Other", &[&lee]).await;
        house.group("Staff", &[&kim, &mia]).await;
        let (libraries, people) = (&house.services.libraries, &house.services.people);
        libraries.add_member_group(&mia, "Lib", "Staff").await.unwrap();
        let editors = GroupName {
            library: Some("Lib".to_owned()),
            name: "Editors".to_owned(),
        };
        people.create_group(&mia, &editors).await.unwrap();
        people.add_group_member(&mia, &editors, "lee").await.unwrap();
        let stranger = house.user("nia").await;
        let members = libraries.members(&stranger, "lib").await.unwrap();
        assert_eq!(logins(members.users), ["admin", "mia"], "{}", house.engine);
        let groups: Vec<_> = members
            .groups
            .into_iter()
            .map(|group| (group.name, group.library))
            .collect();
        assert_eq!(groups, [("Staff".to_owned(), None)], "{}", house.engine);
        let mut users = logins(libraries.users(&stranger, "Lib").await.unwrap());
        users.sort();
        assert_eq!(users, ["admin", "kim", "lee", "mia"], "{}", house.engine);
        assert_eq!(
            logins(libraries.managers(&stranger, "Lib").await.unwrap()),
            ["mia"],
            "{}",
            house.engine
        );
        assert!(libraries.managers(&mia, "Other").await.unwrap().is_empty());
        let nowhere = libraries.members(&mia, "Nowhere").await;
        assert!(matches!(nowhere, Err(Failure::NotFound(Thing::Library))));
    }
}
