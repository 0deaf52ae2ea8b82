//! The documents that a user used last.

use crate::ground::{Ground, item};
use holdall_model::Right;
use holdall_services::{Caller, Grantee};
use std::time::Duration;

async fn names(ground: &Ground, caller: &Caller) -> Vec<String> {
    let documents = ground.services.recent.list(caller).await.unwrap();
    documents.into_iter().map(|document| document.name).collect()
}

#[tokio::test]
async fn the_last_twenty_come_latest_first_and_survive_upkeep() {
    let ground = Ground::new().await;
    for number in 0..25 {
        ground.put(&format!("/Lib/{number}"), "x").await;
        ground.clock.advance(Duration::from_secs(1));
    }
    ground.services.upkeep.expire().await.unwrap();
    ground.text("/Lib/3", None).await.unwrap();
    ground.clock.advance(Duration::from_secs(1));
    ground
        .services
        .staging
        .stage_document(&ground.owner, &item("/Lib/4"), None)
        .await
        .unwrap();
    let shown = names(&ground, &ground.owner).await;
    assert_eq!(shown.len(), 20);
    assert_eq!(shown.get(..3).unwrap(), ["4", "3", "24"]);
    let ground = ground.restart().await;
    assert_eq!(names(&ground, &ground.owner).await, shown);
}

#[tokio::test]
async fn l8_what_is_deleted_or_hidden_is_left_out() {
    let ground = Ground::new().await;
    let kim = ground.member("kim").await;
    let kims = Grantee::User {
        library: None,
        login: "kim".to_owned(),
    };
    for name in ["a", "b", "c"] {
        ground.put(&format!("/Lib/{name}"), "x").await;
        ground.text_as(&kim, &format!("/Lib/{name}"), None).await.unwrap();
        ground.clock.advance(Duration::from_secs(1));
    }
    ground.grant("/Lib/a", kims, Right::NoAccess).await;
    let documents = &ground.services.documents;
    documents.delete(&ground.owner, &item("/Lib/b")).await.unwrap();
    assert_eq!(names(&ground, &kim).await, ["c"]);
    assert_eq!(names(&ground, &ground.owner).await, ["c", "a"]);
}
