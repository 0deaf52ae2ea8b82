//! Access lists, as clients meet them.

use crate::client::Client;
use http::header::IF_MATCH;
use http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn an_access_list_is_set_and_dropped_again() {
    let boss = Client::new().await.manager().await;
    let kim = boss.token_of("kim").await;
    let id = boss.id_of("/Lib/Plans").await;
    let address = format!("/api/v1/folders/{id}/access");
    let mine = format!("{address}/mine");
    assert_eq!(boss.get(&mine).await, json!({ "right": "full_control" }));
    let before = boss.ask(Method::GET, &address, &[]).await;
    assert_eq!(before.json()["inherited"], true);
    let list =
        json!({ "entries": [{ "members": true, "right": "list" }, { "user": "kim", "right": "add_read" }] });
    let tag = [(IF_MATCH, before.header("etag"))];
    let set = boss.call(Method::PUT, &address, &tag, list.to_string()).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    let late = boss.call(Method::PUT, &address, &tag, list.to_string()).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    let now = boss.ask(Method::GET, &address, &[]).await;
    let shown = now.json();
    assert_eq!(
        (&shown["inherited"], &shown["applied_by"]),
        (&json!(false), &json!("boss"))
    );
    let entries = shown["entries"].as_array().unwrap();
    assert!(
        entries.contains(&json!({ "members": true, "right": "list" })),
        "{shown}"
    );
    let of_kim = entries.iter().find(|entry| entry["user"] == "kim").unwrap();
    assert_eq!(of_kim["right"], "add_read");
    let same = json!({ "entries": entries });
    let again = boss.with_json(Method::PUT, &address, &same).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "what is shown can be set");
    let kim = Client { token: kim, ..boss };
    assert_eq!(kim.get(&mine).await, json!({ "right": "add_read" }));
    let denied = kim.ask(Method::DELETE, &address, &[]).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    let boss = Client {
        token: kim.token_of("boss").await,
        ..kim
    };
    let stale = boss.call(Method::DELETE, &address, &tag, "").await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let dropped = boss.ask(Method::DELETE, &address, &[]).await;
    assert_eq!(dropped.status, StatusCode::NO_CONTENT);
    assert_eq!(boss.get(&address).await["inherited"], true);
}

#[tokio::test]
async fn a_list_that_cannot_be_is_refused_by_name() {
    let boss = Client::new().await.manager().await;
    let document = boss.id_of("/Lib/Plans/a.txt").await;
    let address = format!("/api/v1/documents/{document}/access");
    for (wrong, field) in [
        (json!({}), None),
        (json!({ "entries": [{ "right": "read" }] }), Some("entries")),
        (
            json!({ "entries": [{ "right": "read", "user": "kim", "group": "x" }] }),
            Some("entries"),
        ),
        (
            json!({ "entries": [{ "right": "read", "members": true, "library": "Lib" }] }),
            Some("entries"),
        ),
        (
            json!({ "entries": [{ "right": "rule", "user": "kim" }] }),
            Some("entries[0].right"),
        ),
        (json!({ "entries": [], "tree": true }), Some("tree")),
        (json!({ "entries": [{ "right": "list", "user": "kim" }] }), None),
    ] {
        let refused = boss.with_json(Method::PUT, &address, &wrong).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{wrong}");
        if let Some(field) = field {
            assert_eq!(refused.json()["field"], field, "{wrong}");
        }
    }
    let nobody = json!({ "entries": [{ "right": "read", "user": "nobody" }] });
    let unknown = boss.with_json(Method::PUT, &address, &nobody).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let hidden = json!({ "entries": [{ "right": "none", "user": "kim" }] });
    let set = boss.with_json(Method::PUT, &address, &hidden).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    let kim = Client {
        token: boss.token_of("kim").await,
        ..boss
    };
    for path in [address.clone(), format!("{address}/mine")] {
        let gone = kim.ask(Method::GET, &path, &[]).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND, "{path}");
    }
}
