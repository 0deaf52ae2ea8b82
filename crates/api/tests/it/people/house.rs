//! Settings, and the record of who did what.

use crate::client::Client;
use http::header::IF_MATCH;
use http::{Method, StatusCode};
use serde_json::json;

const SETTINGS: &str = "/api/v1/settings";

#[tokio::test]
async fn administrators_change_settings_and_others_read_them() {
    let root = Client::new().await.root().await;
    let before = root.ask(Method::GET, SETTINGS, &[]).await;
    assert_eq!(before.json()["staging_max_count"], 0);
    let tag = [(IF_MATCH, before.header("etag"))];
    let patch = json!({ "staging_max_count": 7 }).to_string();
    let changed = root.call(Method::PATCH, SETTINGS, &tag, patch.clone()).await;
    assert_eq!(changed.status, StatusCode::OK, "{:?}", changed.json());
    let mut wanted = before.json();
    wanted["staging_max_count"] = json!(7);
    assert_eq!(changed.json(), wanted, "the rest stays");
    let late = root.call(Method::PATCH, SETTINGS, &tag, patch.clone()).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    let wrong = json!({ "search_page_size": 0 });
    let refused = root.with_json(Method::PATCH, SETTINGS, &wrong).await;
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (StatusCode::BAD_REQUEST, &json!("search_page_size"))
    );
    let kim = Client {
        token: root.token_of("kim").await,
        ..root
    };
    assert_eq!(kim.get(SETTINGS).await, wanted);
    let denied = kim.call(Method::PATCH, SETTINGS, &[], patch).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn administrators_page_through_who_did_what() {
    let root = Client::new().await.root().await;
    for name in ["one", "two", "three"] {
        let made = root.post("/api/v1/groups", &json!({ "name": name })).await;
        assert_eq!(made.status, StatusCode::CREATED);
    }
    let whole = root.get("/api/v1/audit?limit=1000").await;
    let whole = whole["items"].as_array().unwrap();
    assert_eq!(&root.pages("/api/v1/audit?", 2).await, whole);
    let latest: Vec<_> = whole.iter().take(3).map(|deed| &deed["subject"]).collect();
    assert_eq!(latest, ["three", "two", "one"]);
    assert_eq!(whole[0]["login"], "root");
    let kim = Client {
        token: root.token_of("kim").await,
        ..root
    };
    let denied = kim.ask(Method::GET, "/api/v1/audit", &[]).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}
