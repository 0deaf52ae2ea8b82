//! Folders and what lies in them, as clients meet them.

mod archives;

use crate::client::Client;
use http::header::IF_MATCH;
use http::{Method, StatusCode};
use serde_json::json;
use std::collections::HashSet;

#[tokio::test]
async fn a_folder_lives_its_life() {
    let boss = Client::new().await.manager().await;
    let made = boss
        .post(
            "/api/v1/folders",
            &json!({ "path": "/Lib/A/B", "description": "both" }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json());
    assert_eq!(
        (&made.json()["path"], &made.json()["description"]),
        (&json!("/Lib/A/B"), &json!("both"))
    );
    let address = made.header("location").to_owned();
    let again = boss.post("/api/v1/folders", &json!({ "path": "/lib/a/b" })).await;
    assert_eq!(
        (again.status, again.header("location")),
        (StatusCode::OK, address.as_str())
    );
    let parent = boss.id_of("/Lib/Plans").await;
    let child = boss
        .post("/api/v1/folders", &json!({ "parent": parent, "name": "x/y" }))
        .await;
    assert_eq!(child.json()["path"], "/Lib/Plans/x_y");
    for wrong in [
        json!({}),
        json!({ "parent": parent }),
        json!({ "path": "/Lib/Z", "name": "Z" }),
    ] {
        assert_eq!(
            boss.post("/api/v1/folders", &wrong).await.status,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_folder_is_moved_copied_and_deleted() {
    let boss = Client::new().await.manager().await;
    let parent = boss.id_of("/Lib/Plans").await;
    let made = boss.post("/api/v1/folders", &json!({ "path": "/Lib/A/B" })).await;
    let address = made.header("location").to_owned();
    let shown = boss.ask(Method::GET, &address, &[]).await;
    let moved = json!({ "name": "C", "parent": parent }).to_string();
    let moved = boss
        .call(
            Method::PATCH,
            &address,
            &[(IF_MATCH, shown.header("etag"))],
            moved,
        )
        .await;
    assert_eq!(
        (moved.status, &moved.json()["path"]),
        (StatusCode::OK, &json!("/Lib/Plans/C"))
    );
    let lost = boss
        .call(Method::DELETE, &address, &[(IF_MATCH, shown.header("etag"))], "")
        .await;
    assert_eq!(lost.status, StatusCode::PRECONDITION_FAILED);
    let copied = boss
        .post(
            &format!("/api/v1/folders/{parent}/copies"),
            &json!({ "parent": boss.id_of("/Lib").await, "name": "Copy" }),
        )
        .await;
    assert_eq!(
        (copied.status, &copied.json()["folder"]["path"]),
        (StatusCode::CREATED, &json!("/Lib/Copy"))
    );
    assert_eq!(
        boss.get("/api/v1/items?path=/Lib/Copy/a.txt").await["kind"],
        "document"
    );
    assert_eq!(
        boss.ask(Method::DELETE, &address, &[]).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        boss.ask(Method::GET, &address, &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn pages_put_together_are_the_listing() {
    let boss = Client::new().await.manager().await;
    for number in 0..7 {
        boss.house
            .folder(&boss.house.administrator, &format!("/Lib/Plans/F{number}"))
            .await;
        boss.house
            .folder(&boss.house.administrator, &format!("/Lib/Plans/F{number}/below"))
            .await;
        let name = format!("/Lib/Plans/d{number}.txt");
        boss.house.document(&boss.house.administrator, &name, b"x").await;
    }
    let folder = boss.id_of("/Lib/Plans").await;
    for (listing, count) in [
        ("children?", 16),
        ("children?kind=folder&", 7),
        ("children?kind=document&", 9),
        ("tree?", 14),
    ] {
        let whole = boss
            .pages(&format!("/api/v1/folders/{folder}/{listing}"), 1000)
            .await;
        assert_eq!(whole.len(), count, "{listing}");
        let different: HashSet<String> = whole.iter().map(ToString::to_string).collect();
        assert_eq!(different.len(), count, "{listing}");
        for limit in [1, 3, 7, 8, 9] {
            let again = boss
                .pages(&format!("/api/v1/folders/{folder}/{listing}"), limit)
                .await;
            assert_eq!(again, whole, "{listing} by {limit}");
        }
    }
}

#[tokio::test]
async fn bad_pages_name_the_parameter_and_the_bound() {
    let client = Client::new().await;
    let folder = client.id_of("/Lib/Plans").await;
    let elsewhere = client.get("/api/v1/folders/1/children?limit=1").await;
    assert!(elsewhere.get("next").is_none());
    let cursor = client
        .get(&format!("/api/v1/folders/{folder}/children?limit=1"))
        .await["next"]
        .clone();
    let foreign = format!("cursor={}", cursor.as_str().unwrap());
    for (path, query, field) in [
        (format!("/api/v1/folders/{folder}/children"), "limit=0", "limit"),
        (
            format!("/api/v1/folders/{folder}/children"),
            "limit=1001",
            "limit",
        ),
        (format!("/api/v1/folders/{folder}/children"), "limit=", "limit"),
        (format!("/api/v1/folders/{folder}/children"), "limit=-1", "limit"),
        (
            format!("/api/v1/folders/{folder}/children"),
            "limit=1&limit=2",
            "duplicate field `limit`",
        ),
        (format!("/api/v1/folders/{folder}/children"), "cursor=x", "cursor"),
        (format!("/api/v1/folders/{folder}/children"), "kind=both", "kind"),
        ("/api/v1/folders/1/children".to_owned(), &foreign, "cursor"),
        (format!("/api/v1/folders/{folder}/tree"), &foreign, "cursor"),
    ] {
        let answer = client.ask(Method::GET, &format!("{path}?{query}"), &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {query}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert!(
            problem["field"] == field || problem["detail"] == field,
            "{path} {query}: {problem}"
        );
    }
}

#[tokio::test]
async fn the_queue_is_filled_and_emptied() {
    let client = Client::new().await;
    let items = json!({ "items": ["/Lib/Plans", "/Lib/Plans/a.txt"] });
    for _ in 0..2 {
        let filled = client.post("/api/v1/queue", &items).await;
        assert_eq!(filled.status, StatusCode::OK);
        assert_eq!(filled.json()["items"].as_array().unwrap().len(), 2);
    }
    let document = client.id_of("/Lib/Plans/a.txt").await;
    let removed = client
        .ask(Method::DELETE, &format!("/api/v1/queue/~D{document}"), &[])
        .await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(client.get("/api/v1/queue").await["items"][0]["kind"], "folder");
    assert_eq!(
        client.ask(Method::DELETE, "/api/v1/queue", &[]).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(client.get("/api/v1/queue").await, json!({ "items": [] }));
}
