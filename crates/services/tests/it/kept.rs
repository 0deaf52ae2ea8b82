//! The download queue and the favourites.

mod recent;

use crate::ground::{Ground, item};
use holdall_model::Right;
use holdall_services::{Caller, Conflict, Failure, Grantee, KeptItems, Thing};

fn names(queued: &KeptItems) -> (Vec<&str>, Vec<&str>) {
    let folders = queued.folders.iter().map(|folder| folder.path.as_str());
    let documents = queued.documents.iter().map(|document| document.name.as_str());
    (folders.collect(), documents.collect())
}

async fn list(ground: &Ground, caller: &Caller) -> KeptItems {
    ground.services.queue.list(caller).await.unwrap()
}

#[tokio::test]
async fn folders_come_first_and_all_by_name() {
    let ground = Ground::new().await;
    for name in ["b", "A/deep"] {
        ground.folder(&format!("/Lib/{name}")).await;
    }
    ground.put("/Lib/z.txt", "z").await;
    let under = ground.put("/Lib/A/Under.txt", "u").await;
    for text in [
        "/Lib/z.txt",
        "/lib/B",
        &format!("~D{}", under.document),
        "/Lib/a/deep",
    ] {
        ground
            .services
            .queue
            .add(&ground.owner, &item(text))
            .await
            .unwrap();
    }
    let queued = list(&ground, &ground.owner).await;
    assert_eq!(
        names(&queued),
        (vec!["/Lib/b", "/Lib/A/deep"], vec!["Under.txt", "z.txt"])
    );
    let document = queued.documents.first().unwrap();
    assert_eq!(
        (document.folder_path.as_str(), document.library_name.as_str()),
        ("/Lib/A", "Lib")
    );
    assert_eq!(document.owner_login, "owner");
}

#[tokio::test]
async fn an_item_is_queued_once_and_removed_as_often_as_one_likes() {
    let ground = Ground::new().await;
    ground.put("/Lib/a.txt", "a").await;
    let queue = &ground.services.queue;
    queue.add(&ground.owner, &item("/Lib/a.txt")).await.unwrap();
    let twice = queue.add(&ground.owner, &item("\\lib\\A.TXT")).await;
    assert!(matches!(twice, Err(Failure::Conflict(Conflict::AlreadyQueued))));
    for _ in 0..2 {
        queue.remove(&ground.owner, &item("/Lib/a.txt")).await.unwrap();
    }
    assert_eq!(list(&ground, &ground.owner).await, KeptItems::default());
    let missing = queue.remove(&ground.owner, &item("/Lib/none")).await;
    assert!(matches!(missing, Err(Failure::NotFound(Thing::Item))));
}

#[tokio::test]
async fn queues_are_private_and_show_only_what_is_visible_now() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    ground.put("/Lib/A/a.txt", "a").await;
    ground.put("/Lib/b.txt", "b").await;
    let member = ground.member("kim").await;
    for text in ["/Lib/A", "/Lib/A/a.txt", "/Lib/b.txt"] {
        ground.services.queue.add(&member, &item(text)).await.unwrap();
    }
    assert_eq!(list(&ground, &ground.owner).await, KeptItems::default());
    ground.grant("/Lib/A", Grantee::Members, Right::NoAccess).await;
    assert_eq!(names(&list(&ground, &member).await), (vec![], vec!["b.txt"]));
    let hidden = ground.services.queue.add(&member, &item("/Lib/A/a.txt")).await;
    assert!(matches!(hidden, Err(Failure::NotFound(Thing::Item))));
    ground.grant("/Lib/A", Grantee::Members, Right::Read).await;
    assert_eq!(
        names(&list(&ground, &member).await),
        (vec!["/Lib/A"], vec!["a.txt", "b.txt"])
    );
    ground
        .services
        .folders
        .delete(&ground.owner, &item("/Lib/A"))
        .await
        .unwrap();
    ground
        .services
        .documents
        .delete(&ground.owner, &item("/Lib/b.txt"))
        .await
        .unwrap();
    assert_eq!(list(&ground, &member).await, KeptItems::default());
}

#[tokio::test]
async fn favourites_are_a_list_of_their_own_where_folders_may_repeat() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    ground.put("/Lib/z.txt", "z").await;
    let (owner, services) = (&ground.owner, &ground.services);
    services
        .documents
        .create_shortcut(owner, &crate::ground::path("/Lib/s.lnk"), &item("/Lib/z.txt"))
        .await
        .unwrap();
    for text in ["/Lib/A", "/Lib/A", "/Lib/s.lnk"] {
        services.favorites.add(owner, &item(text)).await.unwrap();
    }
    let twice = services.favorites.add(owner, &item("/Lib/z.txt")).await;
    assert!(matches!(twice, Err(Failure::Conflict(Conflict::AlreadyQueued))));
    let kept = services.favorites.list(owner).await.unwrap();
    assert_eq!(names(&kept), (vec!["/Lib/A"], vec!["z.txt"]));
    assert_eq!(list(&ground, owner).await, KeptItems::default());
    services
        .favorites
        .remove(owner, &item("/Lib/s.lnk"))
        .await
        .unwrap();
    let kept = services.favorites.list(owner).await.unwrap();
    assert_eq!(names(&kept), (vec!["/Lib/A"], vec![]));
}
