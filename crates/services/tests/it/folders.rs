//! Finding, listing, making and deleting folders.

mod contents;
mod listings;
mod moves;
mod recycling;
mod rules;

use crate::ground::{Ground, item, path};
use holdall_model::{FolderId, ItemRef, Right};
use holdall_services::{Children, Conflict, Failure, Grantee, Thing};

#[tokio::test]
async fn missing_folders_are_made_with_clean_names_and_existing_ones_are_fine() {
    let ground = Ground::new().await;
    let made = ground.folder("/Lib/A: b/C.").await;
    assert_eq!((made.name.as_str(), made.path.as_str()), ("C", "/Lib/A_ b/C"));
    assert_eq!(made.owner_login, "owner");
    let again = ground.folder("\\LIB\\a: B\\c").await;
    assert_eq!((again.id, again.path.as_str()), (made.id, "/Lib/A_ b/C"));
    let above = ground
        .services
        .folders
        .folder(&ground.owner, &item("/lib/a_ B/"))
        .await
        .unwrap();
    assert_eq!((above.id, above.path.as_str()), (made.parent, "/Lib/A_ b"));
}

#[tokio::test]
async fn paths_compare_without_case_and_short_ids_lead_to_the_same_folder() {
    let ground = Ground::new().await;
    let made = ground.folder("/Lib/Straße").await;
    for text in [
        "/LIB/STRASSE",
        "lib\\strasse\\",
        &format!("~F{}", made.id),
        &format!("~f{}.x", made.id),
    ] {
        let found = ground
            .services
            .folders
            .folder(&ground.owner, &item(text))
            .await
            .unwrap();
        assert_eq!(found, made, "{text}");
    }
    let document = ItemRef::Document(holdall_model::DocumentId(made.id.0));
    let failure = ground
        .services
        .folders
        .folder(&ground.owner, &document)
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::NotFound(Thing::Folder)));
}

#[tokio::test]
async fn what_cannot_be_a_folder_is_refused() {
    let ground = Ground::new().await;
    let create = async |text: &str| {
        ground
            .services
            .folders
            .create(&ground.owner, &path(text))
            .await
            .unwrap_err()
    };
    assert!(matches!(create("/").await, Failure::Required { field: "path" }));
    assert!(matches!(
        create("/Nowhere").await,
        Failure::Invalid { field: "path", .. }
    ));
    assert!(matches!(
        create("/Nowhere/A").await,
        Failure::NotFound(Thing::Folder)
    ));
    assert!(matches!(
        create("/Lib/~x").await,
        Failure::Invalid { field: "path", .. }
    ));
    assert!(matches!(
        create("/Lib/../x").await,
        Failure::Invalid { field: "path", .. }
    ));
    assert!(matches!(
        create(&"/Lib".repeat(201)).await,
        Failure::Invalid { field: "path", .. }
    ));
    let library = ground
        .services
        .folders
        .create(&ground.owner, &path("/lib"))
        .await
        .unwrap();
    assert_eq!((library.parent, library.path.as_str()), (FolderId(0), "/Lib"));
}

#[tokio::test]
async fn making_a_folder_needs_the_right_to_create_in_the_nearest_one() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    let member = ground.member("kim").await;
    let denied = ground
        .services
        .folders
        .create(&member, &path("/Lib/A/B/C"))
        .await
        .unwrap_err();
    assert!(matches!(denied, Failure::Denied));
    ground.grant("/Lib/A", Grantee::Members, Right::Add).await;
    let made = ground
        .services
        .folders
        .create(&member, &path("/Lib/A/B/C"))
        .await
        .unwrap();
    assert_eq!(made.owner_login, "kim");
    let stranger = ground.user("eve").await;
    let hidden = ground
        .services
        .folders
        .create(&stranger, &path("/Lib/A/B"))
        .await
        .unwrap_err();
    assert!(matches!(hidden, Failure::NotFound(Thing::Folder)));
}

fn paths_and_names(children: &Children) -> (Vec<&str>, Vec<&str>) {
    let folders = children.folders.iter().map(|folder| folder.path.as_str());
    let documents = children.documents.iter().map(|document| document.name.as_str());
    (folders.collect(), documents.collect())
}

#[tokio::test]
async fn listings_show_folders_and_documents_by_name_and_only_visible_ones() {
    let ground = Ground::new().await;
    for name in ["b", "A", "secret"] {
        ground.folder(&format!("/Lib/{name}")).await;
    }
    for name in ["z.txt", "M.txt", "hidden.txt", "A/below.txt"] {
        ground.put(&format!("/Lib/{name}"), "text").await;
    }
    for text in ["/Lib/secret", "/Lib/hidden.txt"] {
        ground.grant(text, Grantee::Members, Right::NoAccess).await;
    }
    let folders = &ground.services.folders;
    let all = folders.children(&ground.owner, &item("/lib")).await.unwrap();
    let expected = (
        vec!["/Lib/A", "/Lib/b", "/Lib/secret"],
        vec!["hidden.txt", "M.txt", "z.txt"],
    );
    assert_eq!(paths_and_names(&all), expected);
    let first = all.documents.first().unwrap();
    assert_eq!(
        (first.folder_path.as_str(), first.library_name.as_str()),
        ("/Lib", "Lib")
    );
    assert_eq!(
        (first.owner_login.as_str(), first.registered_by_login.as_str()),
        ("owner", "owner")
    );
    let member = ground.member("kim").await;
    let some = folders.children(&member, &item("/Lib")).await.unwrap();
    assert_eq!(
        paths_and_names(&some),
        (vec!["/Lib/A", "/Lib/b"], vec!["M.txt", "z.txt"])
    );
}

#[tokio::test]
async fn an_invisible_folder_answers_like_a_missing_one() {
    let ground = Ground::new().await;
    let secret = ground.folder("/Lib/secret").await;
    ground
        .grant("/Lib/secret", Grantee::Members, Right::NoAccess)
        .await;
    let member = ground.member("kim").await;
    let stranger = ground.user("eve").await;
    let texts = [
        "/Lib/secret".to_owned(),
        format!("~F{}", secret.id),
        "/Lib/nothing".to_owned(),
        "~F999999".to_owned(),
    ];
    for caller in [&member, &stranger] {
        for text in &texts {
            let folders = &ground.services.folders;
            let failures = [
                folders.folder(caller, &item(text)).await.unwrap_err(),
                folders.children(caller, &item(text)).await.unwrap_err(),
                folders.exists(caller, &item(text)).await.unwrap_err(),
                folders.delete(caller, &item(text)).await.unwrap_err(),
            ];
            let hidden = |failure: &Failure| matches!(failure, Failure::NotFound(Thing::Folder));
            assert!(failures.iter().all(hidden), "{text}: {failures:?}");
        }
    }
}

#[tokio::test]
async fn a_recycled_folder_is_gone_with_all_below_by_path_and_by_id() {
    let ground = Ground::new().await;
    let folder = ground.folder("/Lib/A/B").await;
    let stored = ground.put("/Lib/A/B/deep.txt", "text").await;
    ground
        .services
        .folders
        .delete(&ground.owner, &item("/Lib/A"))
        .await
        .unwrap();
    for text in [
        "/Lib/A".to_owned(),
        "/Lib/A/B".to_owned(),
        format!("~F{}", folder.id),
        format!("~F{}", folder.parent),
    ] {
        let failure = ground
            .services
            .folders
            .folder(&ground.owner, &item(&text))
            .await
            .unwrap_err();
        assert!(matches!(failure, Failure::NotFound(Thing::Folder)), "{text}");
    }
    for text in ["/Lib/A/B/deep.txt".to_owned(), format!("~D{}", stored.document)] {
        let failure = ground
            .services
            .documents
            .document(&ground.owner, &item(&text))
            .await
            .unwrap_err();
        assert!(matches!(failure, Failure::NotFound(Thing::Document)), "{text}");
    }
    let anew = ground.folder("/Lib/A").await;
    assert_ne!(anew.id, folder.parent);
    assert!(
        ground
            .services
            .folders
            .children(&ground.owner, &item("/Lib/A"))
            .await
            .unwrap()
            .folders
            .is_empty()
    );
}

#[tokio::test]
async fn deleting_a_folder_needs_full_control_and_no_foreign_lock_below() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A/B").await;
    ground.put("/Lib/A/B/locked.txt", "text").await;
    let member = ground.member("kim").await;
    ground
        .grant("/Lib/A/B/locked.txt", Grantee::Members, Right::Change)
        .await;
    ground
        .services
        .documents
        .lock(&member, &item("/Lib/A/B/locked.txt"))
        .await
        .unwrap();
    let delete = async |text: &str, caller| ground.services.folders.delete(caller, &item(text)).await;
    assert!(matches!(delete("/Lib/A", &member).await, Err(Failure::Denied)));
    let locked = delete("/Lib/A", &ground.owner).await;
    assert!(matches!(locked, Err(Failure::Conflict(Conflict::Locked))));
    assert!(matches!(
        delete("/Lib", &ground.owner).await,
        Err(Failure::Invalid { .. })
    ));
    ground
        .services
        .documents
        .unlock(&member, &item("/Lib/A/B/locked.txt"), false)
        .await
        .unwrap();
    delete("/Lib/A", &ground.owner).await.unwrap();
}
