//! Looking users and groups up.

use crate::people::group;
use holdall_services::{Caller, Failure, GroupView, Thing};
use holdall_testkit::House;

async fn sees(house: &House, caller: &Caller, login: &str) -> bool {
    match house.services.people.details(caller, Some(login)).await {
        Ok(found) => found.user.login == login,
        Err(Failure::NotFound(Thing::User)) => false,
        Err(other) => panic!("{other:?}"),
    }
}

fn names(groups: &[GroupView]) -> Vec<String> {
    let name = |group: &GroupView| match &group.library {
        Some((_, library)) => format!("{library}/{}", group.name),
        None => group.name.clone(),
    };
    groups.iter().map(name).collect()
}

#[tokio::test]
async fn l8_users_see_who_shares_a_library_with_them_and_nobody_else() {
    for house in House::on_every_engine().await {
        let (kim, lee) = (house.user("kim").await, house.user("lee").await);
        let (eve, mia) = (house.user("eve").await, house.user("mia").await);
        house.library("Lib", &[&kim]).await;
        house.library_of("Other", &mia).await;
        let people = &house.services.people;
        assert!(!sees(&house, &kim, "lee").await);
        let local = group(Some("Lib"), "Guests");
        people.create_group(&house.administrator, &local).await.unwrap();
        people
            .add_group_member(&house.administrator, &local, "lee")
            .await
            .unwrap();
        for (caller, login, expected) in [
            (&kim, "kim", true),
            (&kim, "lee", true),
            (&lee, "kim", true),
            (&kim, "eve", false),
            (&eve, "kim", false),
            (&kim, "mia", false),
            (&mia, "kim", true),
            (&house.administrator, "eve", true),
        ] {
            let found = sees(&house, caller, login).await;
            assert_eq!(found, expected, "{} {} {login}", house.engine, caller.login());
        }
        assert!(people.exists(&eve, "KIM").await.is_ok(), "names are no secret");
    }
}

#[tokio::test]
async fn all_accounts_are_for_administrators() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    let people = &house.services.people;
    assert!(matches!(people.all(&kim).await, Err(Failure::Denied)));
    let all = people.all(&house.administrator).await.unwrap();
    let logins: Vec<&str> = all.iter().map(|details| details.user.login.as_str()).collect();
    assert_eq!(logins, ["admin", "kim", "sysadmin"]);
    assert!(all.iter().all(|details| details.last_logon.is_none()));
}

#[tokio::test]
async fn groups_are_listed_by_name_each_where_it_belongs() {
    for house in House::on_every_engine().await {
        let kim = house.user("kim").await;
        house.library("Lib", &[]).await;
        let people = &house.services.people;
        for name in ["staff", "Board"] {
            people
                .create_group(&house.administrator, &group(None, name))
                .await
                .unwrap();
        }
        let local = group(Some("lib"), "Editors");
        people.create_group(&house.administrator, &local).await.unwrap();
        let global = people.groups(&kim, None).await.unwrap();
        let expected = ["Administrators", "Board", "staff", "User Managers"];
        assert_eq!(names(&global), expected, "{}", house.engine);
        assert_eq!(
            names(&people.groups(&kim, Some("LIB")).await.unwrap()),
            ["Lib/Editors"]
        );
        let found = people.group(&kim, &local).await.unwrap();
        assert_eq!(
            (names(std::slice::from_ref(&found)), found.public),
            (vec!["Lib/Editors".to_owned()], false)
        );
        let missing = people.groups(&kim, Some("Nowhere")).await;
        assert!(matches!(missing, Err(Failure::NotFound(Thing::Library))));
        let missing = people.group(&kim, &group(None, "Editors")).await;
        assert!(matches!(missing, Err(Failure::NotFound(Thing::Group))));
    }
}

#[tokio::test]
async fn l8_members_of_a_group_that_is_not_public_are_hidden() {
    let house = House::new().await;
    let (kim, mia) = (house.user("kim").await, house.user("mia").await);
    house.library_of("Lib", &mia).await;
    let (people, admin) = (&house.services.people, &house.administrator);
    let local = group(Some("Lib"), "Editors");
    people.create_group(&mia, &local).await.unwrap();
    people.add_group_member(&mia, &local, "kim").await.unwrap();
    house.group("Staff", &[&kim]).await;
    for (caller, name, shown) in [
        (&mia, &local, 1),
        (admin, &local, 1),
        (&kim, &local, 0),
        (&mia, &group(None, "Staff"), 0),
        (&kim, &group(None, "Administrators"), 2),
    ] {
        let members = people.group_members(caller, name).await.unwrap();
        assert_eq!(members.len(), shown, "{} {name:?}", caller.login());
    }
}

#[tokio::test]
async fn l8_the_groups_of_a_user_are_told_to_who_may_know_them() {
    let house = House::new().await;
    let (kim, lee) = (house.user("kim").await, house.user("lee").await);
    let (mia, eve) = (house.user("mia").await, house.user("eve").await);
    house.library_of("Lib", &mia).await;
    house.library("Other", &[]).await;
    house.group("Staff", &[&kim]).await;
    let (people, admin) = (&house.services.people, &house.administrator);
    for library in ["Other", "Lib"] {
        let local = group(Some(library), "Editors");
        people.create_group(admin, &local).await.unwrap();
        people.add_group_member(admin, &local, "kim").await.unwrap();
    }
    people
        .add_group_member(admin, &group(Some("Lib"), "Editors"), "lee")
        .await
        .unwrap();
    let all = ["Staff", "Lib/Editors", "Other/Editors"];
    for caller in [&kim, admin] {
        assert_eq!(names(&people.groups_of_user(caller, "kim").await.unwrap()), all);
    }
    let told = people.groups_of_user(&mia, "kim").await.unwrap();
    assert_eq!(names(&told), ["Staff", "Lib/Editors"]);
    assert!(matches!(
        people.groups_of_user(&lee, "kim").await,
        Err(Failure::Denied)
    ));
    assert!(matches!(
        people.groups_of_user(&eve, "kim").await,
        Err(Failure::NotFound(Thing::User))
    ));
}
