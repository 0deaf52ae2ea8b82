//! `/api/v1/downloads` and `/api/v1/sessions`: what is staged, shown, previewed and ended.

use crate::client::Client;
use holdall_model::Right;
use holdall_testkit::user;
use http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_staged_download_is_described_shown_and_ended() {
    let client = Client::new().await;
    let staged = client.stage().await;
    assert_eq!((&staged["entries"], &staged["documents"]), (&json!(3), &json!(2)));
    assert_eq!(staged["name"], "Plans.zip");
    assert_eq!(staged["expires"], "2026-01-02T00:00:00Z");
    assert_eq!((&staged["skipped"], &staged["renamed"]), (&json!([]), &json!([])));
    let path = format!("/api/v1/downloads/{}", staged["id"].as_str().unwrap());
    let shown = client.ask(Method::GET, &path, &[]).await.json();
    for field in [
        "id",
        "content_url",
        "name",
        "length",
        "entries",
        "etag",
        "expires",
    ] {
        assert_eq!(shown[field], staged[field], "{field}");
    }
    for _ in 0..2 {
        assert_eq!(
            client.ask(Method::DELETE, &path, &[]).await.status,
            StatusCode::NO_CONTENT
        );
    }
    assert_eq!(client.ask(Method::GET, &path, &[]).await.status, StatusCode::GONE);
    assert_eq!(
        client
            .ask(Method::GET, &format!("{path}/content"), &[])
            .await
            .status,
        StatusCode::GONE
    );
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_and_stages_nothing() {
    let client = Client::new().await;
    let asked = json!({ "items": ["/Lib/Plans"], "dry_run": true, "name": "All" });
    let dry = client.post("/api/v1/downloads", &asked).await;
    assert_eq!(
        (dry.status, &dry.json()["name"]),
        (StatusCode::OK, &json!("All.zip"))
    );
    let staged = client.stage().await;
    for field in ["length", "entries", "documents", "etag"] {
        assert_eq!(dry.json()[field], staged[field], "{field}");
    }
    assert!(dry.json().get("id").is_none() && dry.json().get("content_url").is_none());
}

#[tokio::test]
async fn strict_names_what_is_in_the_way_and_partial_goes_on() {
    let client = Client::new().await;
    let admin = &client.house.administrator;
    client.house.folder(admin, "/Lib/Plans/Shut").await;
    client
        .house
        .document(admin, "/Lib/Plans/Shut/s.txt", b"secret")
        .await;
    client
        .house
        .grant(admin, "/Lib/Plans/Shut", &[(user("kim"), Right::List)])
        .await;
    let strict = client
        .post("/api/v1/downloads", &json!({ "items": ["/Lib/Plans"] }))
        .await;
    assert_eq!(strict.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(strict.header("content-type"), "application/problem+json");
    let problem = strict.json();
    assert_eq!(problem["type"], "/problems/incomplete");
    assert_eq!(problem["skipped"][0]["path"], "/Lib/Plans/Shut/s.txt");
    assert_eq!(problem["skipped"][0]["reason"], "not_readable");
    let partial = client
        .post(
            "/api/v1/downloads",
            &json!({ "items": ["/Lib/Plans"], "mode": "partial" }),
        )
        .await;
    assert_eq!(partial.status, StatusCode::CREATED);
    assert_eq!(partial.json()["skipped"], problem["skipped"]);
}

#[tokio::test]
async fn a_session_ends_with_its_token() {
    let client = Client::new().await;
    let staged = client.stage().await;
    let ended = client.ask(Method::DELETE, "/api/v1/sessions/current", &[]).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let url = staged["content_url"].as_str().unwrap();
    let refused = client.ask(Method::GET, url, &[]).await;
    assert_eq!(
        (refused.status, refused.header("www-authenticate")),
        (StatusCode::UNAUTHORIZED, "Bearer")
    );
}

#[tokio::test]
async fn the_process_says_that_it_lives() {
    let client = Client::new().await;
    let answer = client.send(Method::GET, "/healthz", &[], "").await;
    assert_eq!(
        (answer.status, &*answer.body),
        (StatusCode::OK, b"ok\n".as_slice())
    );
}
