//! Changes of accounts by their users, by user managers and by administrators.

use crate::people::{group, named};
use holdall_services::{
    Caller, Conflict, Failure, NewUser, Notification, Preferences, ProfileChange, Thing, UserDetails,
};
use holdall_testkit::{House, PASSWORD};

fn profile(login: &str) -> ProfileChange {
    ProfileChange {
        login: login.to_owned(),
        first_name: "New".to_owned(),
        last_name: "Name".to_owned(),
        authentication_source: String::new(),
    }
}

async fn own(house: &House, caller: &Caller) -> UserDetails {
    house.services.people.details(caller, None).await.unwrap()
}

#[tokio::test]
async fn an_email_address_is_changed_by_its_owner_and_administrators_only() {
    for house in House::on_every_engine().await {
        let (kim, lee) = (house.user("kim").await, house.user("lee").await);
        let people = &house.services.people;
        people.set_email(&kim, "KIM", " kim@example.org ").await.unwrap();
        assert_eq!(own(&house, &kim).await.user.email, "kim@example.org");
        people
            .set_email(&house.administrator, "kim", "new@example.org")
            .await
            .unwrap();
        assert_eq!(
            own(&house, &kim).await.user.email,
            "new@example.org",
            "{}",
            house.engine
        );
        for other in ["kim", "nobody", "sysadmin"] {
            let refused = people.set_email(&lee, other, "x@example.org").await;
            assert!(matches!(refused, Err(Failure::Denied)), "{other}");
        }
        for bad in ["a\nb", &"x".repeat(256)] {
            let refused = people.set_email(&kim, "kim", bad).await;
            assert!(matches!(refused, Err(Failure::Invalid { field: "email", .. })));
        }
    }
}

#[tokio::test]
async fn a_renamed_user_is_found_by_the_new_name_and_stays_the_same_user() {
    for house in House::on_every_engine().await {
        let (kim, _) = (house.user("kim").await, house.user("lee").await);
        let (people, admin) = (&house.services.people, &house.administrator);
        assert!(matches!(
            people.set_profile(&kim, "kim", profile("kimberly")).await,
            Err(Failure::Denied)
        ));
        let taken = people.set_profile(admin, "kim", profile("LEE")).await;
        assert!(matches!(
            taken,
            Err(Failure::Conflict(Conflict::Exists(Thing::User)))
        ));
        people
            .set_profile(admin, "kim", profile(" Kimberly "))
            .await
            .unwrap();
        let found = own(&house, &kim).await.user;
        let name = (
            found.login.as_str(),
            found.first_name.as_str(),
            found.last_name.as_str(),
        );
        assert_eq!(name, ("Kimberly", "New", "Name"), "{}", house.engine);
        assert_eq!(people.exists(admin, "kimberly").await.unwrap(), kim.user());
        let old = people.exists(admin, "kim").await;
        assert!(matches!(old, Err(Failure::NotFound(Thing::User))));
        people
            .set_profile(admin, "KIMBERLY", profile("kimberly"))
            .await
            .unwrap();
        let built_in = people.set_profile(admin, "sysadmin", profile("other")).await;
        assert!(matches!(built_in, Err(Failure::Denied)));
    }
}

#[tokio::test]
async fn passwords_are_checked_here_and_nowhere_else() {
    let house = House::new().await;
    let (people, admin) = (&house.services.people, &house.administrator);
    let of = |source: &str| NewUser {
        authentication_source: source.to_owned(),
        ..named("kim")
    };
    let foreign = people.create_user(admin, of("LDAP")).await;
    assert!(matches!(
        foreign,
        Err(Failure::Invalid {
            field: "authentication source",
            ..
        })
    ));
    people.create_user(admin, of("INFOROUTER")).await.unwrap();
    let found = people.details(admin, Some("kim")).await.unwrap();
    assert_eq!(found.authentication_source, "native");
    let foreign = ProfileChange {
        authentication_source: "LDAP".to_owned(),
        ..profile("kim")
    };
    assert!(matches!(
        people.set_profile(admin, "kim", foreign).await,
        Err(Failure::Invalid { .. })
    ));
}

#[tokio::test]
async fn preferences_are_the_defaults_until_they_are_set_and_then_kept() {
    for house in House::on_every_engine().await {
        let (kim, lee) = (house.user("kim").await, house.user("lee").await);
        let people = &house.services.people;
        assert_eq!(own(&house, &kim).await.preferences, Preferences::default());
        let wished = Preferences {
            language: "Türkçe".to_owned(),
            default_portal: "Start".to_owned(),
            show_archived: true,
            show_hidden: true,
            notification: Notification::Daily,
            plain_text_email: true,
            attach_documents: true,
        };
        let other = Preferences {
            notification: Notification::AtOnce,
            ..Preferences::default()
        };
        for preferences in [other, wished] {
            people
                .set_preferences(&kim, "kim", preferences.clone())
                .await
                .unwrap();
            assert_eq!(
                own(&house, &kim).await.preferences,
                preferences,
                "{}",
                house.engine
            );
        }
        assert_eq!(own(&house, &lee).await.preferences, Preferences::default());
        let refused = people.set_preferences(&lee, "kim", Preferences::default()).await;
        assert!(matches!(refused, Err(Failure::Denied)));
    }
}

#[tokio::test]
async fn s3_user_managers_change_the_passwords_of_all_but_administrators() {
    let house = House::new().await;
    let (mia, _) = (house.user("mia").await, house.user("kim").await);
    let (people, admin) = (&house.services.people, &house.administrator);
    let change = |login: &'static str| people.change_password(&mia, login, PASSWORD);
    assert!(matches!(change("kim").await, Err(Failure::Denied)));
    people
        .add_group_member(admin, &group(None, "User Managers"), "mia")
        .await
        .unwrap();
    change("kim").await.unwrap();
    for above in ["admin", "sysadmin"] {
        assert!(matches!(change(above).await, Err(Failure::Denied)), "{above}");
    }
    assert!(matches!(
        change("nobody").await,
        Err(Failure::NotFound(Thing::User))
    ));
    let administers = people.set_enabled(&mia, "kim", false).await;
    assert!(matches!(administers, Err(Failure::Denied)));
}

#[tokio::test]
async fn the_present_password_is_no_new_one() {
    let house = House::new().await;
    let kim = house.user_with_password("kim").await;
    let people = &house.services.people;
    let same = people.change_password(&kim, "kim", PASSWORD).await;
    assert!(matches!(same, Err(Failure::Conflict(Conflict::SamePassword))));
    people
        .change_password(&kim, "kim", "another horse battery")
        .await
        .unwrap();
    people.change_password(&kim, "kim", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn s4_a_changed_password_ends_the_users_other_sessions_and_keeps_this_one() {
    for house in House::on_every_engine().await {
        house.user_with_password("kim").await;
        let sessions = &house.services.sessions;
        let this = sessions.log_in(None, "kim", PASSWORD, "").await.unwrap().ticket;
        let other = sessions.log_in(None, "kim", PASSWORD, "").await.unwrap().ticket;
        sessions.authenticate(&other).await.unwrap();
        let kim = sessions.authenticate(&this).await.unwrap();
        let people = &house.services.people;
        people
            .change_password(&kim, "kim", "another horse battery")
            .await
            .unwrap();
        sessions.authenticate(&this).await.unwrap();
        let ended = sessions.authenticate(&other).await;
        assert!(matches!(ended, Err(Failure::SessionExpired)), "{}", house.engine);
        people
            .change_password(&house.administrator, "kim", PASSWORD)
            .await
            .unwrap();
        let ended = sessions.authenticate(&this).await;
        assert!(matches!(ended, Err(Failure::SessionExpired)), "{}", house.engine);
    }
}
