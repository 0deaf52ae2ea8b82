//! Accounts and groups.

mod accounts;
mod directory;
mod removal;

use holdall_services::{Conflict, Failure, GroupName, NewLibrary, NewUser, Thing};
use holdall_testkit::{House, PASSWORD};

fn named(login: &str) -> NewUser {
    NewUser {
        login: login.to_owned(),
        ..NewUser::default()
    }
}

fn group(library: Option<&str>, name: &str) -> GroupName {
    GroupName {
        library: library.map(str::to_owned),
        name: name.to_owned(),
    }
}

#[tokio::test]
async fn administrators_create_users_and_nobody_else() {
    for house in House::on_every_engine().await {
        let (kim, people) = (house.user("kim").await, &house.services.people);
        assert!(matches!(
            people.create_user(&kim, named("lee")).await,
            Err(Failure::Denied)
        ));
        let lee = people
            .create_user(&house.administrator, named("  Lee "))
            .await
            .unwrap();
        let found = house.services.sessions.operator("lEE").await.unwrap();
        assert_eq!((found.user(), found.login()), (lee, "Lee"));
        let again = people.create_user(&house.administrator, named("LEE")).await;
        assert!(
            matches!(again, Err(Failure::Conflict(Conflict::Exists(Thing::User)))),
            "{}",
            house.engine
        );
        let built_in = people.create_user(&house.administrator, named("SysAdmin")).await;
        assert!(matches!(
            built_in,
            Err(Failure::Conflict(Conflict::Exists(Thing::User)))
        ));
        assert!(people.is_administrator(&house.administrator).await.unwrap());
        assert!(!people.is_administrator(&kim).await.unwrap());
    }
}

#[tokio::test]
async fn accounts_that_cannot_be_are_refused() {
    let house = House::new().await;
    let create = |user| house.services.people.create_user(&house.administrator, user);
    assert!(matches!(
        create(named(" ")).await,
        Err(Failure::Required { field: "login" })
    ));
    for login in ["ID:7", "id:x", "a\nb", &"x".repeat(256)] {
        assert!(
            matches!(
                create(named(login)).await,
                Err(Failure::Invalid { field: "login", .. })
            ),
            "{login}"
        );
    }
    let short = create(NewUser::named("kim", "1234567")).await;
    assert!(matches!(
        short,
        Err(Failure::Invalid {
            field: "password",
            ..
        })
    ));
    let nowhere = NewUser {
        library: Some("Nowhere".to_owned()),
        ..named("kim")
    };
    assert!(matches!(
        create(nowhere).await,
        Err(Failure::NotFound(Thing::Library))
    ));
    assert!(
        house.services.sessions.operator("kim").await.is_err(),
        "nothing is left of a refused account"
    );
}

#[tokio::test]
async fn a_new_user_of_a_library_is_its_member() {
    let house = House::new().await;
    house.library("Lib", &[]).await;
    let kim = NewUser {
        library: Some("lib".to_owned()),
        ..named("kim")
    };
    house
        .services
        .people
        .create_user(&house.administrator, kim)
        .await
        .unwrap();
    let again = house
        .services
        .libraries
        .add_member(&house.administrator, "Lib", "kim")
        .await;
    assert!(matches!(again, Err(Failure::Conflict(Conflict::AlreadyMember))));
}

#[tokio::test]
async fn l10_debug_shows_no_password() {
    assert!(!format!("{:?}", NewUser::named("kim", PASSWORD)).contains(PASSWORD));
}

#[tokio::test]
async fn groups_are_named_once_and_hold_a_user_once() {
    for house in House::on_every_engine().await {
        let (kim, people) = (house.user("kim").await, &house.services.people);
        let staff = group(None, "Staff");
        assert!(matches!(
            people.create_group(&kim, &staff).await,
            Err(Failure::Denied)
        ));
        people.create_group(&house.administrator, &staff).await.unwrap();
        let again = people
            .create_group(&house.administrator, &group(None, "STAFF"))
            .await;
        assert!(
            matches!(again, Err(Failure::Conflict(Conflict::Exists(Thing::Group)))),
            "{}",
            house.engine
        );
        people
            .add_group_member(&house.administrator, &group(None, "staff"), "KIM")
            .await
            .unwrap();
        let id = format!("ID:{}", kim.user());
        let again = people.add_group_member(&house.administrator, &staff, &id).await;
        assert!(matches!(again, Err(Failure::Conflict(Conflict::AlreadyMember))));
        for (who, missing) in [
            ("nobody", Thing::User),
            ("ID:999", Thing::User),
            ("ID:kim", Thing::User),
        ] {
            let found = people.add_group_member(&house.administrator, &staff, who).await;
            assert!(
                matches!(found, Err(Failure::NotFound(thing)) if thing == missing),
                "{who}"
            );
        }
        let found = people
            .add_group_member(&house.administrator, &group(None, "None"), "kim")
            .await;
        assert!(matches!(found, Err(Failure::NotFound(Thing::Group))));
    }
}

#[tokio::test]
async fn managers_see_to_the_groups_of_their_library_only() {
    let house = House::new().await;
    let (mia, kim) = (house.user("mia").await, house.user("kim").await);
    house.library_of("Lib", &mia).await;
    house.library("Other", &[&mia]).await;
    let people = &house.services.people;
    people
        .create_group(&mia, &group(Some("Lib"), "Editors"))
        .await
        .unwrap();
    people
        .add_group_member(&mia, &group(Some("lib"), "editors"), "kim")
        .await
        .unwrap();
    for refused in [group(Some("Other"), "Editors"), group(None, "Editors")] {
        assert!(matches!(
            people.create_group(&mia, &refused).await,
            Err(Failure::Denied)
        ));
    }
    assert!(matches!(
        people.create_group(&kim, &group(Some("Lib"), "Mine")).await,
        Err(Failure::Denied)
    ));
    let administrators = people
        .add_group_member(&mia, &group(None, "Administrators"), "mia")
        .await;
    assert!(matches!(administrators, Err(Failure::Denied)));
}

#[tokio::test]
async fn a_new_administrator_may_what_administrators_may() {
    let house = House::new().await;
    house
        .services
        .people
        .create_administrator("root", PASSWORD)
        .await
        .unwrap();
    let root = house.services.sessions.operator("root").await.unwrap();
    house
        .services
        .libraries
        .create(&root, NewLibrary::named("Lib"))
        .await
        .unwrap();
}

#[tokio::test]
async fn the_built_in_administrator_stays_as_it_is() {
    let house = House::new().await;
    let people = &house.services.people;
    assert!(matches!(
        people.set_enabled(&house.administrator, "sysadmin", false).await,
        Err(Failure::Denied)
    ));
    let password = people
        .change_password(&house.administrator, "sysadmin", PASSWORD)
        .await;
    assert!(matches!(password, Err(Failure::Denied)));
}
