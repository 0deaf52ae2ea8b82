//! Libraries and who belongs to them.

use holdall_model::{FolderId, Right};
use holdall_services::{Conflict, Failure, Grantee, GroupName, Library, NewLibrary, Thing};
use holdall_testkit::{House, item};

async fn names(house: &House) -> Vec<String> {
    let libraries = house.services.libraries.list(&house.administrator).await.unwrap();
    libraries.into_iter().map(|library| library.name).collect()
}

#[tokio::test]
async fn administrators_create_libraries_and_nobody_else() {
    for house in House::on_every_engine().await {
        let (kim, libraries) = (house.user("kim").await, &house.services.libraries);
        let refused = libraries.create(&kim, NewLibrary::named("Lib")).await;
        assert!(
            matches!(refused, Err(Failure::AdministratorOnly)),
            "{}",
            house.engine
        );
        libraries
            .create(&house.administrator, NewLibrary::named(" Q1: plans. "))
            .await
            .unwrap();
        for taken in ["q1_ PLANS", "Q1: plans"] {
            let again = libraries
                .create(&house.administrator, NewLibrary::named(taken))
                .await;
            assert!(
                matches!(again, Err(Failure::Conflict(Conflict::Exists(Thing::Library)))),
                "{taken}"
            );
        }
        let empty = libraries
            .create(&house.administrator, NewLibrary::named(" "))
            .await;
        assert!(matches!(empty, Err(Failure::Required { field: "library" })));
        for bad in ["..", "~D7"] {
            let refused = libraries
                .create(&house.administrator, NewLibrary::named(bad))
                .await;
            assert!(
                matches!(refused, Err(Failure::Invalid { field: "library", .. })),
                "{bad}"
            );
        }
        assert_eq!(names(&house).await, ["Q1_ plans"]);
    }
}

#[tokio::test]
async fn everybody_sees_every_library_by_name() {
    let house = House::new().await;
    let stranger = house.user("kim").await;
    let hidden = NewLibrary {
        hidden: true,
        welcome_message: "Hello".to_owned(),
        ..NewLibrary::named("b")
    };
    house
        .services
        .libraries
        .create(&house.administrator, hidden)
        .await
        .unwrap();
    let open = NewLibrary {
        anonymous: true,
        ..NewLibrary::named("A")
    };
    let a = house
        .services
        .libraries
        .create(&house.administrator, open)
        .await
        .unwrap();
    let found = house.services.libraries.list(&stranger).await.unwrap();
    let [first, second] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        (first.id, first.name.as_str(), first.anonymous, first.hidden),
        (a, "A", true, false)
    );
    assert_eq!(
        (
            second.name.as_str(),
            second.welcome_message.as_str(),
            second.hidden
        ),
        ("b", "Hello", true)
    );
    assert_eq!(first.root_folder, FolderId(second.root_folder.0 + 1));
}

#[tokio::test]
async fn the_creator_owns_the_root_and_members_read() {
    let house = House::new().await;
    let (kim, stranger) = (house.user("kim").await, house.user("lee").await);
    house.library("Lib", &[&kim]).await;
    house.folder(&house.administrator, "/Lib/A").await;
    let (folders, root) = (&house.services.folders, item("/LIB"));
    assert_eq!(
        folders.folder(&kim, &root).await.unwrap().owner,
        house.administrator.user()
    );
    let denied = folders.create(&kim, &holdall_testkit::path("/Lib/B")).await;
    assert!(matches!(denied, Err(Failure::Denied)));
    assert!(matches!(
        folders.folder(&stranger, &root).await,
        Err(Failure::NotFound(Thing::Folder))
    ));
    let list = house.services.access.access_list(&kim, &root).await.unwrap();
    assert!(!list.inherited);
    assert_eq!(list.applied_by, "admin");
    let granted: Vec<_> = list
        .entries
        .into_iter()
        .map(|grant| (grant.who, grant.right))
        .collect();
    assert_eq!(
        granted,
        [
            (Grantee::Anonymous, Right::NoAccess),
            (Grantee::Members, Right::Read)
        ]
    );
}

#[tokio::test]
async fn managers_and_administrators_add_members_once() {
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
        assert!(
            matches!(again, Err(Failure::Conflict(Conflict::AlreadyMember))),
            "{}",
            house.engine
        );
        assert!(matches!(
            libraries.add_member(&kim, "Lib", "lee").await,
            Err(Failure::Denied)
        ));
        let nowhere = libraries.add_member(&mia, "Nowhere", "lee").await;
        assert!(matches!(nowhere, Err(Failure::NotFound(Thing::Library))));
        assert!(matches!(
            libraries.add_member(&mia, "Lib", "nobody").await,
            Err(Failure::NotFound(Thing::User))
        ));
    }
}

#[tokio::test]
async fn a_manager_is_a_member_first_and_stays_one() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    house.library("Lib", &[]).await;
    let libraries = &house.services.libraries;
    let early = libraries
        .set_manager(&house.administrator, "Lib", "kim", true)
        .await;
    assert!(matches!(early, Err(Failure::Invalid { field: "user", .. })));
    libraries
        .add_member(&house.administrator, "Lib", "kim")
        .await
        .unwrap();
    assert!(matches!(
        libraries.set_manager(&kim, "Lib", "kim", true).await,
        Err(Failure::AdministratorOnly)
    ));
    libraries
        .set_manager(&house.administrator, "Lib", "kim", true)
        .await
        .unwrap();
    house.folder(&kim, "/Lib/A").await;
    libraries
        .set_manager(&house.administrator, "Lib", "kim", false)
        .await
        .unwrap();
    house.services.folders.folder(&kim, &item("/Lib")).await.unwrap();
    let denied = house
        .services
        .folders
        .create(&kim, &holdall_testkit::path("/Lib/B"))
        .await;
    assert!(matches!(denied, Err(Failure::Denied)));
}

#[tokio::test]
async fn flags_are_for_managers_and_administrators() {
    let house = House::new().await;
    let (mia, kim) = (house.user("mia").await, house.user("kim").await);
    house.library_of("Lib", &mia).await;
    let libraries = &house.services.libraries;
    assert!(matches!(
        libraries.set_archived(&kim, "Lib", true).await,
        Err(Failure::Denied)
    ));
    libraries.set_archived(&mia, "Lib", true).await.unwrap();
    libraries
        .set_anonymous(&house.administrator, "Lib", true)
        .await
        .unwrap();
    libraries.set_hidden(&mia, "Lib", true).await.unwrap();
    let flags = |library: &Library| (library.archived, library.anonymous, library.hidden);
    let found = libraries.list(&kim).await.unwrap();
    assert_eq!(found.iter().map(flags).collect::<Vec<_>>(), [(true, true, true)]);
    libraries.set_archived(&mia, "Lib", false).await.unwrap();
    assert_eq!(
        flags(&libraries.list(&kim).await.unwrap()[0]),
        (false, true, true)
    );
}

#[tokio::test]
async fn ensuring_a_library_makes_it_once_with_a_manager() {
    for house in House::on_every_engine().await {
        let (kim, lee) = (house.user("kim").await, house.user("lee").await);
        let made = house.services.libraries.ensure("Demo", &kim).await.unwrap();
        house.folder(&kim, "/Demo/A").await;
        let found = house.services.libraries.ensure("DEMO", &lee).await.unwrap();
        assert_eq!(found, made, "{}", house.engine);
        assert!(
            house.services.folders.folder(&lee, &item("/Demo")).await.is_err(),
            "no membership by asking"
        );
    }
}

#[tokio::test]
async fn membership_counts_through_local_groups_at_once() {
    let house = House::new().await;
    let (mia, kim) = (house.user("mia").await, house.user("kim").await);
    house.library_of("Lib", &mia).await;
    let sees = async || house.services.folders.folder(&kim, &item("/Lib")).await.is_ok();
    assert!(!sees().await);
    let editors = GroupName {
        library: Some("Lib".to_owned()),
        name: "Editors".to_owned(),
    };
    house.services.people.create_group(&mia, &editors).await.unwrap();
    assert!(!sees().await);
    house
        .services
        .people
        .add_group_member(&mia, &editors, "kim")
        .await
        .unwrap();
    assert!(sees().await);
}
