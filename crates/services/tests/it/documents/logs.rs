//! The logs of what was viewed and of what came in.

use crate::ground::{Ground, item};
use holdall_model::{Right, Timestamp};
use holdall_services::{Caller, Failure, Grantee, LogPeriod, Thing};
use std::time::Duration;
use tokio::task::JoinSet;

async fn views(ground: &Ground, path: &str) -> Vec<(String, i64)> {
    let log = ground
        .services
        .logs
        .views_of_document(&ground.owner, &item(path))
        .await
        .unwrap();
    log.into_iter()
        .map(|view| (view.full_name, view.version.0 / 1_000_000))
        .collect()
}

async fn own(ground: &Ground, caller: &Caller) -> Vec<String> {
    let log = ground
        .services
        .logs
        .views_by_user(caller, caller.login())
        .await
        .unwrap();
    log.into_iter()
        .map(|view| format!("{}/{}", view.folder_path, view.name))
        .collect()
}

#[tokio::test]
async fn every_reading_of_content_is_logged_and_looking_is_not() {
    let ground = Ground::new().await;
    let kim = ground.member("kim").await;
    ground.put("/Lib/a.txt", "one").await;
    let documents = &ground.services.documents;
    documents.document(&kim, &item("/Lib/a.txt")).await.unwrap();
    documents
        .content_facts(&kim, &item("/Lib/a.txt"), None)
        .await
        .unwrap();
    assert!(views(&ground, "/Lib/a.txt").await.is_empty());
    ground.text_as(&kim, "/Lib/a.txt", None).await.unwrap();
    ground.text_as(&kim, "/Lib/a.txt", None).await.unwrap();
    ground.put("/Lib/a.txt", "two").await;
    let staging = &ground.services.staging;
    staging
        .stage_document(&ground.owner, &item("/Lib/a.txt"), None)
        .await
        .unwrap();
    let expected = [("kim", 1), ("kim", 1), ("owner", 2)];
    assert_eq!(
        views(&ground, "/Lib/a.txt").await,
        expected.map(|(name, version)| (name.to_owned(), version))
    );
    assert_eq!(own(&ground, &kim).await, ["/Lib/a.txt", "/Lib/a.txt"]);
}

#[tokio::test]
async fn many_readings_at_once_are_all_logged() {
    let ground = Ground::new().await;
    ground.put("/Lib/a.txt", "one").await;
    let mut readings = JoinSet::new();
    for _ in 0..50 {
        let (documents, owner) = (ground.services.documents.clone(), ground.owner.clone());
        readings.spawn(async move {
            let content = documents.content(&owner, &item("/Lib/a.txt"), None).await;
            content.unwrap().raw_len
        });
    }
    assert_eq!(readings.join_all().await.len(), 50);
    assert_eq!(views(&ground, "/Lib/a.txt").await.len(), 50);
    let ground = ground.restart().await;
    assert_eq!(views(&ground, "/Lib/a.txt").await.len(), 50);
}

#[tokio::test]
async fn l8_a_log_shows_nobody_what_is_hidden_from_them() {
    let ground = Ground::new().await;
    let (kim, rob) = (ground.member("kim").await, ground.member("rob").await);
    ground.put("/Lib/a.txt", "one").await;
    ground.text_as(&kim, "/Lib/a.txt", None).await.unwrap();
    let logs = &ground.services.logs;
    let foreign = logs.views_by_user(&rob, "kim").await;
    assert!(matches!(foreign, Err(Failure::Denied)));
    let unknown = logs.views_by_user(&rob, "nobody").await;
    assert!(matches!(unknown, Err(Failure::NotFound(Thing::User))));
    let refused = logs.views_of_document(&rob, &item("/Lib/a.txt")).await;
    assert!(matches!(refused, Err(Failure::Denied)));
    ground.grant("/Lib", Grantee::Members, Right::NoAccess).await;
    assert!(own(&ground, &kim).await.is_empty());
    let hidden = logs.views_of_document(&rob, &item("/Lib/a.txt")).await;
    assert!(matches!(hidden, Err(Failure::NotFound(_))));
}

async fn check_ins(ground: &Ground, period: LogPeriod, filter: &str) -> Result<Vec<String>, Failure> {
    let log = ground
        .services
        .logs
        .check_ins(&ground.owner, period, filter)
        .await?;
    Ok(log.into_iter().map(|view| view.path).collect())
}

#[tokio::test]
async fn check_ins_are_found_by_path_and_by_time() {
    let ground = Ground::new().await;
    ground.folder("/Lib/Plans/Old").await;
    ground.folder("/Lib/Planets").await;
    for path in [
        "/Lib/Plans/a.txt",
        "/Lib/Plans/Old/b.txt",
        "/Lib/Planets/c.txt",
        "/Lib/plan.txt",
    ] {
        ground.clock.advance(Duration::from_secs(1));
        ground.put(path, path).await;
    }
    let found = async |filter| check_ins(&ground, LogPeriod::default(), filter).await.unwrap();
    assert_eq!(found("/Lib/Plans").await, ["/Lib/Plans/a.txt"]);
    assert_eq!(
        found("/Lib/Plans/*").await,
        ["/Lib/Plans/Old/b.txt", "/Lib/Plans/a.txt"]
    );
    assert_eq!(found("\\LIB\\plans\\A.TXT").await, ["/Lib/Plans/a.txt"]);
    assert_eq!(
        found("/Lib/Plan*").await,
        [
            "/Lib/plan.txt",
            "/Lib/Planets/c.txt",
            "/Lib/Plans/Old/b.txt",
            "/Lib/Plans/a.txt"
        ]
    );
    let start = Timestamp(1_700_000_000_000);
    let period = LogPeriod {
        from: Some(Timestamp(start.0 + 2_000)),
        until: Some(Timestamp(start.0 + 3_000)),
    };
    assert_eq!(
        check_ins(&ground, period, "/Lib/*").await.unwrap(),
        ["/Lib/Planets/c.txt", "/Lib/Plans/Old/b.txt"]
    );
    ground
        .services
        .folders
        .delete(&ground.owner, &item("/Lib/Plans"))
        .await
        .unwrap();
    assert_eq!(found("/Lib/*").await, ["/Lib/plan.txt", "/Lib/Planets/c.txt"]);
}

#[tokio::test]
async fn l8_check_ins_are_for_administrators_and_below_a_library_for_its_managers() {
    let ground = Ground::new().await;
    let kim = ground.member("kim").await;
    ground.put("/Lib/a.txt", "one").await;
    for filter in ["", "*", "/L*", "/Other/*", "/Nothing"] {
        let refused = check_ins(&ground, LogPeriod::default(), filter).await;
        assert!(matches!(refused, Err(Failure::Denied)), "{filter}");
    }
    let logs = &ground.services.logs;
    for filter in ["", "/Lib/*", "/Lib/none"] {
        let refused = logs.check_ins(&kim, LogPeriod::default(), filter).await;
        assert!(matches!(refused, Err(Failure::Denied)), "{filter}");
    }
    let missing = check_ins(&ground, LogPeriod::default(), "/Lib/none").await;
    assert!(matches!(missing, Err(Failure::NotFound(Thing::Item))));
    let administrator = ground.services.sessions.operator("admin").await.unwrap();
    let all = logs
        .check_ins(&administrator, LogPeriod::default(), "")
        .await
        .unwrap();
    assert_eq!(all.len(), 1);
}
