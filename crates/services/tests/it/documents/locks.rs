//! Locks of documents, one by one and by folder.

use crate::ground::{Ground, item};
use holdall_model::Right;
use holdall_services::{Caller, Conflict, DocumentOptions, Failure, Grantee};

/// A house where members may change what is in `/Lib`, and two of them.
async fn furnished() -> (Ground, Caller, Caller) {
    let ground = Ground::new().await;
    let (kim, rob) = (ground.member("kim").await, ground.member("rob").await);
    ground.grant("/Lib", Grantee::Members, Right::Change).await;
    for name in ["a.txt", "b.txt", "c.EMAIL"] {
        ground.put(&format!("/Lib/{name}"), name).await;
    }
    (ground, kim, rob)
}

async fn locked(ground: &Ground, caller: &Caller) -> Vec<String> {
    let views = ground.services.documents.locked(caller).await.unwrap();
    views.into_iter().map(|view| view.name).collect()
}

#[tokio::test]
async fn locking_a_folder_locks_what_can_be_and_says_what_cannot() {
    let (ground, kim, rob) = furnished().await;
    ground.folder("/Lib/Below").await;
    ground.put("/Lib/Below/d.txt", "deeper").await;
    let documents = &ground.services.documents;
    assert!(
        documents
            .lock(&rob, &item("/Lib/b.txt"))
            .await
            .unwrap()
            .is_empty()
    );
    let left = documents.lock(&kim, &item("/Lib")).await.unwrap();
    let names: Vec<&str> = left.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["b.txt", "c.EMAIL"]);
    assert!(matches!(&left[0].reason, Failure::LockedBy { name } if name == "rob"));
    assert!(matches!(
        left[1].reason,
        Failure::Conflict(Conflict::MailIsNotLocked)
    ));
    assert_eq!(locked(&ground, &kim).await, ["a.txt"]);
    let again = documents.lock(&kim, &item("/Lib")).await.unwrap();
    assert!(matches!(
        again[0].reason,
        Failure::Conflict(Conflict::LockedByCaller)
    ));
    documents.unlock(&kim, &item("/Lib"), false).await.unwrap();
    assert!(locked(&ground, &kim).await.is_empty());
    assert_eq!(locked(&ground, &rob).await, ["b.txt"]);
}

#[tokio::test]
async fn others_locks_go_by_force_for_managers_and_who_has_full_control() {
    let (ground, kim, rob) = furnished().await;
    let documents = &ground.services.documents;
    let path = item("/Lib/a.txt");
    documents.lock(&kim, &path).await.unwrap();
    let polite = documents.unlock(&rob, &path, false).await;
    assert!(matches!(
        polite,
        Err(Failure::Conflict(Conflict::NotLockedByCaller))
    ));
    let forced = documents.unlock(&rob, &path, true).await;
    assert!(matches!(forced, Err(Failure::Denied)));
    documents.unlock(&ground.owner, &path, true).await.unwrap();
    documents.lock(&kim, &item("/Lib")).await.unwrap();
    let forced = documents.unlock(&rob, &item("/Lib"), true).await;
    assert!(matches!(forced, Err(Failure::Denied)));
    ground.grant("/Lib", Grantee::Members, Right::FullControl).await;
    documents.unlock(&rob, &item("/Lib"), true).await.unwrap();
    assert!(locked(&ground, &kim).await.is_empty());
}

#[tokio::test]
async fn a_check_locks_nothing_and_fails_as_locking_would() {
    let (ground, kim, rob) = furnished().await;
    let documents = &ground.services.documents;
    let path = item("/Lib/a.txt");
    documents.check_lockable(&kim, &path).await.unwrap();
    documents.check_lockable(&rob, &path).await.unwrap();
    documents.lock(&kim, &path).await.unwrap();
    let held = documents.check_lockable(&rob, &path).await;
    assert!(matches!(held, Err(Failure::LockedBy { .. })));
    documents.unlock(&kim, &path, false).await.unwrap();
    ground.archive_library().await;
    let offline = documents.check_lockable(&rob, &path).await;
    assert!(matches!(offline, Err(Failure::Offline)));
}

#[tokio::test]
async fn l8_locks_of_what_is_hidden_now_are_not_shown() {
    let (ground, kim, _rob) = furnished().await;
    let options = DocumentOptions {
        keep_lock: true,
        ..DocumentOptions::default()
    };
    ground.put_as(&kim, "/Lib/a.txt", "two", options).await.unwrap();
    assert_eq!(locked(&ground, &kim).await, ["a.txt"]);
    ground.grant("/Lib", Grantee::Members, Right::NoAccess).await;
    assert!(locked(&ground, &kim).await.is_empty());
    let hidden = ground
        .services
        .documents
        .unlock(&kim, &item("/Lib/a.txt"), false)
        .await;
    assert!(matches!(hidden, Err(Failure::NotFound(_))));
}
