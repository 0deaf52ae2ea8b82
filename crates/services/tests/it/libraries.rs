//! Libraries and who belongs to them.

mod changes;
mod members;
mod restricted;

use holdall_model::{FolderId, Right};
use holdall_services::{Conflict, Failure, Grantee, NewLibrary, Thing};
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
