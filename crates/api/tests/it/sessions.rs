//! Sessions and libraries as clients meet them.

use crate::client::Client;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let client = Client::new().await;
    let other = client.token_of("kim").await;
    let own = client.get("/api/v1/sessions").await;
    let own = own["items"].as_array().unwrap();
    assert_eq!(own.len(), 2);
    assert_eq!(own.iter().filter(|session| session["current"] == true).count(), 1);
    let current = client.get("/api/v1/sessions/current").await;
    assert_eq!(current["user"]["login"], "kim");
    assert!(!current.to_string().contains(&client.token) && !current.to_string().contains(&other));
    let away = own.iter().find(|session| session["current"] == false).unwrap()["id"]
        .as_str()
        .unwrap();
    let ended = client
        .ask(Method::DELETE, &format!("/api/v1/sessions/{away}"), &[])
        .await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let again = client
        .ask(Method::DELETE, &format!("/api/v1/sessions/{away}"), &[])
        .await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let mut gone = Client {
        token: other,
        ..client
    };
    assert_eq!(
        gone.ask(Method::GET, "/api/v1/sessions", &[]).await.status,
        StatusCode::UNAUTHORIZED
    );
    gone.token = gone.token_of("kim").await;
    assert_eq!(
        gone.ask(Method::DELETE, "/api/v1/sessions", &[]).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        gone.ask(Method::GET, "/api/v1/sessions", &[]).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let client = Client::new().await;
    let session = client.get("/api/v1/sessions").await["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = client.token.clone();
    let boss = client.manager().await;
    let path = format!("/api/v1/sessions/{session}");
    assert_eq!(
        boss.ask(Method::DELETE, &path, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let kim = Client { token, ..boss };
    kim.get("/api/v1/sessions").await;
}

#[tokio::test]
async fn libraries_are_made_changed_and_deleted_by_administrators() {
    let client = Client::new().await;
    let refused = client.post("/api/v1/libraries", &json!({ "name": "Own" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let root = client.root().await;
    let made = root
        .post(
            "/api/v1/libraries",
            &json!({ "name": "Bau Ämter", "hidden": true }),
        )
        .await;
    assert_eq!(
        (made.status, made.header("location")),
        (StatusCode::CREATED, "/api/v1/libraries/Bau%20%C3%84mter")
    );
    let address = made.header("location").to_owned();
    let shown = root.ask(Method::GET, &address, &[]).await;
    assert_eq!(
        (shown.json(), shown.header("etag")),
        (made.json(), made.header("etag"))
    );
    let fresh = root
        .ask(Method::GET, &address, &[(IF_NONE_MATCH, shown.header("etag"))])
        .await;
    assert_eq!(fresh.status, StatusCode::NOT_MODIFIED);
    let patch = json!({ "hidden": false, "name": "Bau" }).to_string();
    let stale = root
        .call(Method::PATCH, &address, &[(IF_MATCH, "\"x\"")], patch.clone())
        .await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let changed = root
        .call(
            Method::PATCH,
            &address,
            &[(IF_MATCH, shown.header("etag"))],
            patch,
        )
        .await;
    assert_eq!(
        (changed.status, &changed.json()["name"]),
        (StatusCode::OK, &json!("Bau"))
    );
}

#[tokio::test]
async fn libraries_are_listed_and_deleted() {
    let root = Client::new().await.root().await;
    root.post("/api/v1/libraries", &json!({ "name": "Bau" })).await;
    let twice = root.post("/api/v1/libraries", &json!({ "name": "LIB" })).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let page = root.get("/api/v1/libraries?limit=1").await;
    assert_eq!(page["items"][0]["name"], "Bau");
    let next = page["next"].as_str().unwrap();
    let page = root
        .get(&format!("/api/v1/libraries?limit=1&cursor={next}"))
        .await;
    assert_eq!(
        (&page["items"][0]["name"], page.get("next")),
        (&json!("Lib"), None)
    );
    let gone = root.ask(Method::DELETE, "/api/v1/libraries/bau", &[]).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(
        root.ask(Method::GET, "/api/v1/libraries/bau", &[]).await.status,
        StatusCode::NOT_FOUND
    );
}
