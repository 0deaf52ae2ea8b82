//! Calls with a key are done once.

use crate::client::{Answer, Client};
use http::header::HeaderName;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

async fn make(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    client
        .call(Method::POST, path, &[(KEY, key)], body.to_string())
        .await
}

#[tokio::test]
async fn the_same_call_gives_the_same_answer_and_makes_one_thing() {
    let client = Client::new().await;
    let body = json!({ "items": ["/Lib/Plans"] });
    let first = make(&client, "/api/v1/downloads", "k1", &body).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let again = make(&client, "/api/v1/downloads", "k1", &body).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            again.header("idempotency-replayed")
        ),
        ("", "true")
    );
    let other = make(&client, "/api/v1/downloads", "k2", &body).await;
    assert_ne!(other.json()["id"], first.json()["id"]);
    let mismatch = make(&client, "/api/v1/downloads", "k1", &json!({ "items": ["/Lib"] })).await;
    assert_eq!(
        (mismatch.status, &mismatch.json()["type"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("/problems/idempotency-mismatch")
        )
    );
}

#[tokio::test]
async fn keys_last_a_day_and_belong_to_their_user() {
    let client = Client::new().await.manager().await;
    let body = json!({ "items": ["/Lib/Plans"] });
    let first = make(&client, "/api/v1/downloads", "k", &body).await.json();
    client.house.user_with_password("pat").await;
    let admin = &client.house.administrator;
    client
        .house
        .services
        .libraries
        .add_member(admin, "Lib", "pat")
        .await
        .unwrap();
    let mut pat = client;
    pat.token = pat.token_of("pat").await;
    let theirs = make(&pat, "/api/v1/downloads", "k", &body).await;
    assert_eq!(
        (theirs.status, theirs.header("idempotency-replayed")),
        (StatusCode::CREATED, "")
    );
    assert_ne!(theirs.json()["id"], first["id"]);
    pat.house.clock.advance(Duration::from_hours(25));
    pat.house.services.upkeep.expire().await.unwrap();
    pat.token = pat.token_of("pat").await;
    let later = make(&pat, "/api/v1/downloads", "k", &body).await;
    assert_eq!(
        (later.status, later.header("idempotency-replayed")),
        (StatusCode::CREATED, "")
    );
}

#[tokio::test]
async fn a_failed_call_may_be_made_again_with_its_key() {
    let boss = Client::new().await.manager().await;
    let body = json!({ "parent": boss.id_of("/Lib").await, "name": "Later" });
    let copies = format!("/api/v1/folders/{}/copies", boss.id_of("/Lib/Plans").await);
    boss.post("/api/v1/folders", &json!({ "path": "/Lib/Later" }))
        .await;
    let taken = make(&boss, &copies, "k", &body).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    let there = boss.id_of("/Lib/Later").await;
    boss.ask(Method::DELETE, &format!("/api/v1/folders/{there}"), &[])
        .await;
    assert_eq!(make(&boss, &copies, "k", &body).await.status, StatusCode::CREATED);
    for key in ["", "a b", "\u{e4}", &"x".repeat(256)] {
        let refused = make(&boss, &copies, key, &body).await;
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (StatusCode::BAD_REQUEST, &json!("Idempotency-Key"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_calls_at_the_same_time_make_one_thing() {
    let client = Client::new().await;
    let body = json!({ "items": ["/Lib/Plans"] });
    for round in 0..10 {
        let key = format!("k{round}");
        let call = || make(&client, "/api/v1/downloads", &key, &body);
        let (a, b, c) = tokio::join!(call(), call(), call());
        let answers = [a, b, c];
        let made: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == StatusCode::CREATED)
            .collect();
        let fresh = made
            .iter()
            .filter(|answer| answer.header("idempotency-replayed").is_empty());
        assert_eq!(fresh.count(), 1, "round {round}");
        assert!(made.iter().all(|answer| answer.body == made[0].body));
        for other in answers
            .iter()
            .filter(|answer| answer.status != StatusCode::CREATED)
        {
            assert_eq!(other.json()["type"], "/problems/idempotency-in-progress");
        }
    }
}
