//! Libraries that change, and libraries that go.

use holdall_catalog::{Catalog, Tx};
use holdall_model::Right;
use holdall_services::{Conflict, Failure, GroupName, NewLibrary, StageOptions, Thing};
use holdall_testkit::{House, item, user};

fn is_gone<T>(outcome: &Result<T, Failure>) -> bool {
    matches!(outcome, Err(Failure::NotFound(_)))
}

#[tokio::test]
async fn a_renamed_library_is_found_by_its_new_name_alone() {
    for house in House::on_every_engine().await {
        let (mia, kim) = (house.user("mia").await, house.user("kim").await);
        house.library_of("Lib", &mia).await;
        house.document(&mia, "/Lib/a.txt", b"alpha").await;
        let new = NewLibrary {
            name: " Plans: 2026 ".to_owned(),
            anonymous: true,
            hidden: true,
            welcome_message: "Hello".to_owned(),
        };
        let libraries = &house.services.libraries;
        let denied = libraries.update(&kim, "Lib", new.clone()).await;
        assert!(matches!(denied, Err(Failure::Denied)), "{}", house.engine);
        libraries.update(&mia, "LIB", new).await.unwrap();
        assert!(is_gone(&libraries.library(&kim, "Lib").await));
        assert!(is_gone(&house.services.folders.folder(&mia, &item("/Lib")).await));
        let found = libraries.library(&kim, "plans_ 2026").await.unwrap();
        assert_eq!(
            (
                found.name.as_str(),
                found.anonymous,
                found.hidden,
                found.welcome_message.as_str()
            ),
            ("Plans_ 2026", true, true, "Hello"),
            "{}",
            house.engine
        );
        let document = house
            .services
            .documents
            .document(&mia, &item("/plans_ 2026/a.txt"))
            .await
            .unwrap();
        assert_eq!(
            (document.folder_path.as_str(), document.library_name.as_str()),
            ("/Plans_ 2026", "Plans_ 2026"),
            "{}",
            house.engine
        );
    }
}

#[tokio::test]
async fn a_name_is_one_librarys_alone() {
    for house in House::on_every_engine().await {
        house.library("Lib", &[]).await;
        house.library("Other", &[]).await;
        let (libraries, admin) = (&house.services.libraries, &house.administrator);
        let taken = libraries.update(admin, "Lib", NewLibrary::named("OTHER")).await;
        assert!(
            matches!(taken, Err(Failure::Conflict(Conflict::Exists(Thing::Library)))),
            "{}",
            house.engine
        );
        libraries
            .update(admin, "Lib", NewLibrary::named("LIB"))
            .await
            .unwrap();
        assert_eq!(libraries.library(admin, "lib").await.unwrap().name, "LIB");
        let bad = libraries.update(admin, "Lib", NewLibrary::named("..")).await;
        assert!(matches!(bad, Err(Failure::Invalid { field: "library", .. })));
        let empty = libraries.update(admin, "Lib", NewLibrary::named(" ")).await;
        assert!(matches!(empty, Err(Failure::Required { field: "library" })));
        house.folder(admin, "/Lib/A").await;
        house.folder(admin, "/Other/A").await;
    }
}

#[tokio::test]
async fn an_archived_library_is_listed_and_does_not_change() {
    let house = House::new().await;
    let mia = house.user("mia").await;
    house.library_of("Lib", &mia).await;
    let libraries = &house.services.libraries;
    let kim = house.user("kim").await;
    assert!(matches!(
        libraries.set_archived(&kim, "Lib", true).await,
        Err(Failure::Denied)
    ));
    libraries.set_archived(&mia, "Lib", true).await.unwrap();
    assert!(libraries.list(&kim).await.unwrap()[0].archived);
    for refused in [
        libraries.update(&mia, "Lib", NewLibrary::named("New")).await,
        libraries.set_anonymous(&mia, "Lib", true).await,
    ] {
        assert!(matches!(refused, Err(Failure::Conflict(Conflict::Archived))));
    }
    libraries.set_archived(&mia, "Lib", false).await.unwrap();
    libraries
        .update(&mia, "Lib", NewLibrary::named("New"))
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_in_an_archived_library_is_looked_at_and_does_not_change() {
    let house = House::new().await;
    let mia = house.user("mia").await;
    house.library_of("Lib", &mia).await;
    house.document(&mia, "/Lib/a.txt", b"alpha").await;
    let (libraries, folders) = (&house.services.libraries, &house.services.folders);
    libraries.set_archived(&mia, "Lib", true).await.unwrap();
    let built_in = house.services.sessions.operator("sysadmin").await.unwrap();
    for caller in [&mia, &built_in] {
        let children = folders.children(caller, &item("/Lib")).await.unwrap();
        assert_eq!(children.documents.len(), 1);
        let documents = &house.services.documents;
        for refused in [
            folders
                .create(caller, &holdall_testkit::path("/Lib/A"))
                .await
                .map(drop),
            documents.delete(caller, &item("/Lib/a.txt")).await,
            house
                .services
                .access
                .set_access_list(caller, &item("/Lib/a.txt"), Vec::new(), false)
                .await,
        ] {
            assert!(matches!(refused, Err(Failure::Denied)), "{refused:?}");
        }
    }
    libraries.set_archived(&mia, "Lib", false).await.unwrap();
    house.folder(&mia, "/Lib/A").await;
}

/// `/Lib` with folders, documents of one and two versions, recycled ones, a queue, a local group and an access list.
async fn furnish(house: &House) {
    let kim = house.user("kim").await;
    house.library("Lib", &[&kim]).await;
    let admin = &house.administrator;
    house.folder(admin, "/Lib/A/B").await;
    for document in ["a.txt", "A/b.txt", "A/B/c.txt", "A/gone.txt"] {
        house
            .document(admin, &format!("/Lib/{document}"), document.as_bytes())
            .await;
    }
    house.document(admin, "/Lib/a.txt", b"second").await;
    house.document(admin, "/Lib/A/shared.txt", b"in both").await;
    house.grant(admin, "/Lib/A", &[(user("kim"), Right::Read)]).await;
    let documents = &house.services.documents;
    documents.delete(admin, &item("/Lib/A/gone.txt")).await.unwrap();
    house
        .services
        .folders
        .delete(admin, &item("/Lib/A/B"))
        .await
        .unwrap();
    for queued in ["/Lib/a.txt", "/Lib/A"] {
        house.services.queue.add(&kim, &item(queued)).await.unwrap();
    }
    let editors = GroupName {
        library: Some("Lib".to_owned()),
        name: "Editors".to_owned(),
    };
    house.services.people.create_group(admin, &editors).await.unwrap();
    house
        .services
        .people
        .add_group_member(admin, &editors, "kim")
        .await
        .unwrap();
}

/// Rows that refer to what does not exist, and content that is condemned although it is used, or the other way round.
async fn left_over(house: House) -> Vec<(&'static str, i64)> {
    const DANGLING: [(&str, &str); 14] = [
        ("versions", "document_id NOT IN (SELECT id FROM documents)"),
        ("documents", "library_id NOT IN (SELECT id FROM libraries)"),
        ("folders", "library_id NOT IN (SELECT id FROM libraries)"),
        ("recycled", "library_id NOT IN (SELECT id FROM libraries)"),
        ("scopes", "library_id NOT IN (SELECT id FROM libraries)"),
        ("scope_entries", "scope_id NOT IN (SELECT id FROM scopes)"),
        ("library_members", "library_id NOT IN (SELECT id FROM libraries)"),
        (
            "groups",
            "library_id <> 0 AND library_id NOT IN (SELECT id FROM libraries)",
        ),
        ("group_members", "group_id NOT IN (SELECT id FROM groups)"),
        (
            "kept_items",
            "kind = 0 AND item_id NOT IN (SELECT id FROM documents)",
        ),
        (
            "kept_items",
            "kind = 1 AND item_id NOT IN (SELECT id FROM folders)",
        ),
        ("viewings", "document_id NOT IN (SELECT id FROM documents)"),
        (
            "recent_documents",
            "document_id NOT IN (SELECT id FROM documents)",
        ),
        (
            "blobs",
            "(condemned_at = 0) <> (id IN (SELECT blob_id FROM versions))",
        ),
    ];
    let options = house.database().options();
    drop(house.services);
    let catalog = Catalog::open(options).unwrap();
    let look = |tx: &mut Tx<'_>| {
        let mut found = Vec::new();
        for (table, condition) in DANGLING {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE {condition}");
            let count = tx.query_one(&sql, &[], |row| row.integer(0))?.unwrap();
            found.extend((count > 0).then_some((table, count)));
        }
        Ok::<_, holdall_catalog::CatalogError>(found)
    };
    catalog.read(look).await.unwrap()
}

#[tokio::test]
async fn a_deleted_library_leaves_no_row_and_condemns_what_only_it_had() {
    for house in House::on_every_engine().await {
        let engine = house.engine;
        furnish(&house).await;
        let admin = &house.administrator;
        house.library("Other", &[]).await;
        house.document(admin, "/Other/shared.txt", b"in both").await;
        house.services.libraries.delete(admin, "Lib").await.unwrap();
        assert_eq!(left_over(house).await, [], "{engine}");
    }
}

#[tokio::test]
async fn a_deleted_library_is_nowhere_and_touches_no_other() {
    for house in House::on_every_engine().await {
        furnish(&house).await;
        let (libraries, admin) = (&house.services.libraries, &house.administrator);
        house.library("Other", &[]).await;
        house.document(admin, "/Other/shared.txt", b"in both").await;
        let kim = house.services.sessions.operator("kim").await.unwrap();
        assert!(matches!(
            libraries.delete(&kim, "Nowhere").await,
            Err(Failure::AdministratorOnly)
        ));
        assert!(is_gone(&libraries.delete(admin, "Nowhere").await));
        libraries.set_archived(admin, "Lib", true).await.unwrap();
        libraries.delete(admin, "lib").await.unwrap();
        assert!(is_gone(&libraries.library(admin, "Lib").await));
        assert!(
            libraries.joined(&kim).await.unwrap().is_empty(),
            "{}",
            house.engine
        );
        let queued = house.services.queue.list(&kim).await.unwrap();
        assert_eq!(
            (queued.folders.len(), queued.documents.len()),
            (0, 0),
            "{}",
            house.engine
        );
        let shared = house
            .services
            .documents
            .versions(admin, &item("/Other/shared.txt"))
            .await;
        assert_eq!(shared.unwrap().len(), 1, "{}", house.engine);
        house.library("Lib", &[&kim]).await;
        assert!(is_gone(
            &house.services.folders.folder(admin, &item("/Lib/A")).await
        ));
        house.document(admin, "/Lib/a.txt", b"second").await;
        let again = house
            .services
            .documents
            .versions(admin, &item("/Lib/a.txt"))
            .await;
        assert_eq!(again.unwrap().len(), 1, "{}", house.engine);
    }
}

#[tokio::test]
async fn l8_downloads_of_a_deleted_library_end() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    house.library("Lib", &[&kim]).await;
    house.document(&house.administrator, "/Lib/a.txt", b"alpha").await;
    let items = [Ok(item("/Lib/a.txt"))];
    let staged = house
        .services
        .staging
        .stage(&kim, &items, &StageOptions::default())
        .await
        .unwrap();
    let single = house
        .services
        .staging
        .stage_document(&kim, &item("/Lib/a.txt"), None)
        .await
        .unwrap();
    house
        .services
        .libraries
        .delete(&house.administrator, "Lib")
        .await
        .unwrap();
    for handle in [staged.handle, single.handle] {
        assert!(house.services.downloads.open(&kim, &handle).await.is_err());
    }
}
