//! Moving, copying, renaming: where items lie and whose list they have then.

use crate::ground::{Ground, item};
use holdall_model::Right;
use holdall_services::{
    Caller, Conflict, Destination, Failure, FolderChange, Grantee, Skip, SkipReason, StageOptions, Thing,
};

fn to(text: &str) -> Destination {
    Destination::of(item(text))
}

async fn go(ground: &Ground, caller: &Caller, source: &str, target: &str) -> Result<(), Failure> {
    ground
        .services
        .moves
        .move_item(caller, &item(source), &to(target))
        .await
}

async fn copy(ground: &Ground, caller: &Caller, source: &str, target: &str) -> Result<Vec<Skip>, Failure> {
    ground
        .services
        .moves
        .copy(caller, &item(source), &to(target))
        .await
}

async fn inherits(ground: &Ground, text: &str) -> bool {
    let list = ground
        .services
        .access
        .access_list(&ground.owner, &item(text))
        .await;
    list.unwrap().inherited
}

async fn reads(ground: &Ground, caller: &Caller, text: &str) -> bool {
    ground.text_as(caller, text, None).await.is_ok()
}

#[tokio::test]
async fn a_moved_folder_keeps_its_ids_its_name_or_a_new_one_and_all_below() {
    let ground = Ground::new().await;
    let folder = ground.folder("/Lib/A/B").await;
    let stored = ground.put("/Lib/A/B/deep.txt", "deep").await;
    ground.folder("/Lib/Target").await;
    go(&ground, &ground.owner, "/Lib/A", "/Lib/Target/")
        .await
        .unwrap();
    assert_eq!(
        ground.text("/Lib/Target/A/B/deep.txt", None).await.unwrap(),
        "deep"
    );
    go(&ground, &ground.owner, "/Lib/Target/A", "\\lib\\C: d")
        .await
        .unwrap();
    let found = ground
        .services
        .folders
        .folder(&ground.owner, &item("/Lib/C_ d/B"))
        .await
        .unwrap();
    assert_eq!((found.id, found.path.as_str()), (folder.id, "/Lib/C_ d/B"));
    let document = ground
        .services
        .documents
        .document(&ground.owner, &item("/Lib/C_ d/B/deep.txt"))
        .await
        .unwrap();
    assert_eq!(document.id, stored.document);
}

#[tokio::test]
async fn moved_folders_keep_lists_of_their_own_and_the_rest_inherits_anew() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    for text in [
        "/Lib/A/open/x.txt",
        "/Lib/A/closed/x.txt",
        "/Lib/A/x.txt",
        "/Lib/T/x.txt",
    ] {
        let (folder, _) = text.rsplit_once('/').unwrap();
        ground.folder(folder).await;
        ground.put(text, "x").await;
    }
    ground
        .grant("/Lib/A/closed", Grantee::Members, Right::NoAccess)
        .await;
    ground
        .grant("/Lib/A/x.txt", Grantee::Members, Right::Change)
        .await;
    ground.grant("/Lib/T", Grantee::Members, Right::List).await;
    go(&ground, &ground.owner, "/Lib/A", "/Lib/T/").await.unwrap();
    assert!(!reads(&ground, &member, "/Lib/T/A/open/x.txt").await);
    assert!(inherits(&ground, "/Lib/T/A/open/x.txt").await);
    assert!(!inherits(&ground, "/Lib/T/A/closed").await);
    // Its own list goes with it, as the folder that holds it was moved and not the document.
    assert!(reads(&ground, &member, "/Lib/T/A/x.txt").await);
    go(&ground, &ground.owner, "/Lib/T/A/x.txt", "/Lib/T/y.txt")
        .await
        .unwrap();
    assert!(inherits(&ground, "/Lib/T/y.txt").await);
    assert!(!reads(&ground, &member, "/Lib/T/y.txt").await);
    go(&ground, &ground.owner, "/Lib/T/A", "/Lib/").await.unwrap();
    assert!(reads(&ground, &member, "/Lib/A/open/x.txt").await);
    assert!(!reads(&ground, &member, "/Lib/A/closed/x.txt").await);
}

#[tokio::test]
async fn another_name_in_the_same_folder_leaves_a_documents_list_alone() {
    let ground = Ground::new().await;
    ground.put("/Lib/x.txt", "x").await;
    ground.grant("/Lib/x.txt", Grantee::Members, Right::Change).await;
    go(&ground, &ground.owner, "/Lib/x.txt", "/Lib/X.TXT")
        .await
        .unwrap();
    assert!(!inherits(&ground, "/Lib/x.txt").await);
    let view = ground
        .services
        .documents
        .document(&ground.owner, &item("/Lib/x.txt"))
        .await
        .unwrap();
    assert_eq!(view.name, "X.TXT");
}

#[tokio::test]
async fn l8_a_move_into_another_library_takes_the_rights_of_that_library() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    ground
        .services
        .libraries
        .ensure("Other", &ground.owner)
        .await
        .unwrap();
    ground.folder("/Lib/A/B").await;
    ground.put("/Lib/A/B/x.txt", "x").await;
    ground
        .grant("/Lib/A/B", Grantee::Members, Right::FullControl)
        .await;
    let staged = ground
        .services
        .staging
        .stage(&member, &[Ok(item("/Lib/A"))], &StageOptions::default())
        .await
        .unwrap();
    go(&ground, &ground.owner, "/Lib/A", "/Other/").await.unwrap();
    assert!(!reads(&ground, &member, "/Other/A/B/x.txt").await);
    let opened = ground.services.downloads.open(&member, &staged.handle).await;
    assert!(matches!(opened, Err(Failure::DownloadRevoked { documents: 1 })));
    let outsider = ground.user("eve").await;
    assert!(!reads(&ground, &outsider, "/Other/A/B/x.txt").await);
    ground
        .services
        .libraries
        .add_member(&ground.owner, "Other", "eve")
        .await
        .unwrap();
    assert!(reads(&ground, &outsider, "/Other/A/B/x.txt").await);
    assert!(!inherits(&ground, "/Other/A/B").await);
}

#[tokio::test]
async fn nothing_goes_into_itself_or_over_another() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A/B").await;
    ground.folder("/Lib/T/a").await;
    ground.put("/Lib/A/x.txt", "x").await;
    ground.put("/Lib/T/x.txt", "x").await;
    let owner = &ground.owner;
    let itself = |failure: &Failure| {
        matches!(
            failure,
            Failure::Invalid {
                field: "destination",
                ..
            }
        )
    };
    for target in ["/Lib/A/", "/Lib/A/B/", "/Lib/A/B/C"] {
        assert!(itself(&go(&ground, owner, "/Lib/A", target).await.unwrap_err()));
        assert!(itself(&copy(&ground, owner, "/Lib/A", target).await.unwrap_err()));
    }
    for (source, thing) in [("/Lib/A", Thing::Folder), ("/Lib/A/x.txt", Thing::Document)] {
        let taken = |failure: Failure| matches!(failure, Failure::Conflict(Conflict::Exists(found)) if found == thing);
        assert!(taken(go(&ground, owner, source, "/Lib/T/").await.unwrap_err()));
        assert!(taken(copy(&ground, owner, source, "/Lib/T/").await.unwrap_err()));
    }
}

#[tokio::test]
async fn a_lock_of_another_keeps_items_in_place_and_is_not_copied() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    ground.folder("/Lib/A").await;
    ground.put("/Lib/A/x.txt", "x").await;
    ground.grant("/Lib/A", Grantee::Members, Right::Change).await;
    let documents = &ground.services.documents;
    documents.lock(&member, &item("/Lib/A/x.txt")).await.unwrap();
    for source in ["/Lib/A", "/Lib/A/x.txt"] {
        let locked = go(&ground, &ground.owner, source, "/Lib/new").await;
        assert!(
            matches!(locked, Err(Failure::Conflict(Conflict::Locked))),
            "{source}"
        );
    }
    copy(&ground, &ground.owner, "/Lib/A", "/Lib/new").await.unwrap();
    let copied = documents.document(&ground.owner, &item("/Lib/new/x.txt")).await;
    assert!(copied.unwrap().lock.is_none());
}

#[tokio::test]
async fn full_control_from_above_moves_and_deletes_what_one_may_not_see() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    ground.folder("/Lib/A/hidden").await;
    ground.put("/Lib/A/hidden/x.txt", "x").await;
    ground.put("/Lib/A/y.txt", "y").await;
    ground.grant("/Lib/A", Grantee::Members, Right::FullControl).await;
    ground
        .grant("/Lib/A/hidden", Grantee::Members, Right::NoAccess)
        .await;
    ground
        .grant("/Lib/A/y.txt", Grantee::Members, Right::NoAccess)
        .await;
    let stranger = ground.user("eve").await;
    let unseen = go(&ground, &stranger, "/Lib/A/hidden", "/Lib/A/shown").await;
    assert!(matches!(unseen, Err(Failure::NotFound(Thing::Item))));
    go(&ground, &member, "/Lib/A/hidden", "/Lib/A/moved")
        .await
        .unwrap();
    assert!(!reads(&ground, &member, "/Lib/A/moved/x.txt").await);
    let deleted = ground
        .services
        .folders
        .delete(&member, &item("/Lib/A/moved"))
        .await;
    deleted.unwrap();
    let deleted = ground
        .services
        .documents
        .delete(&member, &item("/Lib/A/y.txt"))
        .await;
    deleted.unwrap();
}

#[tokio::test]
async fn what_concerns_the_destination_says_so() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    ground.put("/Lib/x.txt", "x").await;
    let missing = |failure: Failure| matches!(failure, Failure::Destination(inner) if matches!(*inner, Failure::NotFound(Thing::Folder)));
    for target in ["/Lib/Nope/x", "/x", "~F999", "/Nope/"] {
        let moved = go(&ground, &ground.owner, "/Lib/x.txt", target).await;
        let copied = copy(&ground, &member, "/Lib/x.txt", target).await;
        assert!(
            missing(moved.unwrap_err()) && missing(copied.unwrap_err()),
            "{target}"
        );
    }
    let closed = copy(&ground, &member, "/Lib/x.txt", "/Lib/y.txt")
        .await
        .unwrap_err();
    assert!(matches!(closed, Failure::Destination(inner) if matches!(*inner, Failure::Denied)));
}

#[tokio::test]
async fn a_copy_is_the_callers_own_begins_anew_and_shares_the_content() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    ground.folder("/Lib/A/B").await;
    ground.folder("/Lib/Drop").await;
    for content in ["one", "two"] {
        ground.put("/Lib/A/B/x.txt", content).await;
    }
    ground
        .grant("/Lib/A/B/x.txt", Grantee::Members, Right::Change)
        .await;
    ground.grant("/Lib/Drop", Grantee::Members, Right::AddRead).await;
    let packs = ground.packs();
    assert_eq!(copy(&ground, &member, "/Lib/A", "/Lib/Drop/").await.unwrap(), []);
    assert_eq!(ground.packs(), packs);
    let text = "/Lib/Drop/A/B/x.txt";
    assert_eq!(ground.text_as(&member, text, None).await.unwrap(), "two");
    let view = ground
        .services
        .documents
        .document(&member, &item(text))
        .await
        .unwrap();
    assert_eq!(view.owner_login, "kim");
    let versions = ground
        .services
        .documents
        .versions(&member, &item(text))
        .await
        .unwrap();
    assert_eq!(versions.len(), 1);
    assert!(inherits(&ground, text).await);
    ground.put("/Lib/A/B/x.txt", "three").await;
    assert_eq!(ground.text(text, None).await.unwrap(), "two");
}

#[tokio::test]
async fn l5_a_folders_copy_leaves_out_what_may_not_be_read_and_says_so_of_what_may_be_seen() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    ground.folder("/Lib/A/secret").await;
    ground.folder("/Lib/Drop").await;
    for name in ["listed.txt", "hidden.txt", "open.txt", "secret/deep.txt"] {
        ground.put(&format!("/Lib/A/{name}"), name).await;
    }
    ground
        .grant("/Lib/A/listed.txt", Grantee::Members, Right::NoAccess)
        .await;
    ground
        .grant("/Lib/A/hidden.txt", Grantee::Members, Right::NoAccess)
        .await;
    ground
        .grant("/Lib/A/secret", Grantee::Members, Right::NoAccess)
        .await;
    ground.grant("/Lib/Drop", Grantee::Members, Right::AddRead).await;
    let skips = copy(&ground, &member, "/Lib/A", "/Lib/Drop/A").await.unwrap();
    assert_eq!(skips, []);
    let children = ground
        .services
        .folders
        .children(&ground.owner, &item("/Lib/Drop/A"))
        .await
        .unwrap();
    assert!(children.folders.is_empty());
    let names: Vec<&str> = children.documents.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["open.txt"]);
    ground.grant("/Lib/A/secret", Grantee::Members, Right::List).await;
    let skips = copy(&ground, &member, "/Lib/A", "/Lib/Drop/B").await.unwrap();
    let paths: Vec<(&str, SkipReason)> = skips
        .iter()
        .map(|skip| (skip.path.as_str(), skip.reason))
        .collect();
    assert_eq!(paths, [("/Lib/A/secret/deep.txt", SkipReason::NotReadable)]);
}

#[tokio::test]
async fn a_folder_gets_a_name_and_a_description() {
    let ground = Ground::new().await;
    let folder = ground.folder("/Lib/A").await;
    ground.folder("/Lib/B").await;
    let change = |name: &str| FolderChange {
        name: name.to_owned(),
        description: "New".to_owned(),
    };
    let folders = &ground.services.folders;
    let described = folders
        .change(&ground.owner, &item("/Lib/A"), change("a\r\nb?"))
        .await;
    described.unwrap();
    let found = folders.folder(&ground.owner, &item("/Lib/AB_")).await.unwrap();
    assert_eq!(
        (found.id, found.name.as_str(), found.description.as_str()),
        (folder.id, "ab_", "New")
    );
    let taken = folders
        .change(&ground.owner, &item("/Lib/AB_"), change("b"))
        .await;
    assert!(matches!(
        taken,
        Err(Failure::Conflict(Conflict::Exists(Thing::Folder)))
    ));
    let library = folders.change(&ground.owner, &item("/Lib"), change("New")).await;
    assert!(matches!(library, Err(Failure::Invalid { field: "name", .. })));
    let member = ground.member("kim").await;
    let denied = folders.change(&member, &item("/Lib/B"), change("C")).await;
    assert!(matches!(denied, Err(Failure::Denied)));
}
