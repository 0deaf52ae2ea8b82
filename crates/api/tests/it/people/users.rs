//! Accounts.

use crate::client::Client;
use http::header::IF_MATCH;
use http::{Method, StatusCode};
use serde_json::json;

const SECRET: &str = "a secret of its own";

#[tokio::test]
async fn an_account_lives_its_life() {
    let root = Client::new().await.root().await;
    let new = json!({ "login": "New/Comer", "password": SECRET, "first_name": "New", "library": "Lib" });
    let made = root.post("/api/v1/users", &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json());
    let address = made.header("location").to_owned();
    assert_eq!(address, "/api/v1/users/New%2FComer");
    let shown = root.ask(Method::GET, &address, &[]).await;
    assert_eq!(
        (&shown.json(), shown.header("etag")),
        (&made.json(), made.header("etag"))
    );
    assert!(
        !String::from_utf8_lossy(&made.body).contains("password\":"),
        "{:?}",
        made.body
    );
    let tag = [(IF_MATCH, shown.header("etag"))];
    let patch = json!({ "last_name": "Comer", "email": "new@example.org" }).to_string();
    let changed = root.call(Method::PATCH, &address, &tag, patch.clone()).await;
    assert_eq!(changed.status, StatusCode::OK, "{:?}", changed.json());
    let now = changed.json();
    assert_eq!(
        [
            &now["login"],
            &now["first_name"],
            &now["last_name"],
            &now["email"]
        ],
        ["New/Comer", "New", "Comer", "new@example.org"]
    );
    for method in [Method::PATCH, Method::DELETE] {
        let late = root.call(method, &address, &tag, patch.clone()).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    }
    let enabled = format!("{address}/enabled");
    for (method, is_enabled) in [(Method::DELETE, false), (Method::PUT, true)] {
        let set = root.ask(method, &enabled, &[]).await;
        assert_eq!(set.status, StatusCode::NO_CONTENT);
        assert_eq!(root.get(&address).await["enabled"], is_enabled);
    }
    assert_eq!(
        root.post("/api/v1/users", &new).await.status,
        StatusCode::CONFLICT
    );
    let deleted = root.ask(Method::DELETE, &address, &[]).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(
        root.ask(Method::GET, &address, &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn accounts_are_listed_in_pages_for_administrators() {
    let root = Client::new().await.root().await;
    let paged = root.pages("/api/v1/users?", 2).await;
    let logins: Vec<_> = paged.iter().map(|user| user["login"].as_str().unwrap()).collect();
    assert!(logins.contains(&"kim") && logins.contains(&"root"), "{logins:?}");
    assert!(logins.is_sorted(), "{logins:?}");
    let kim = Client {
        token: root.token_of("kim").await,
        ..root
    };
    let denied = kim.ask(Method::GET, "/api/v1/users", &[]).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn ordinary_users_have_their_own_account_and_no_other() {
    let kim = Client::new().await;
    kim.house.user_with_password("stranger").await;
    assert_eq!(kim.get("/api/v1/users/me").await["login"], "kim");
    let groups = kim.get("/api/v1/users/kim/groups").await;
    assert_eq!(groups, json!({ "items": [] }));
    let mail = json!({ "email": "kim@example.org" });
    let set = kim.with_json(Method::PATCH, "/api/v1/users/kim", &mail).await;
    assert_eq!(set.json()["email"], "kim@example.org");
    let name = kim
        .with_json(Method::PATCH, "/api/v1/users/kim", &json!({ "login": "boss" }))
        .await;
    assert_eq!(name.status, StatusCode::FORBIDDEN);
    let hidden = kim.ask(Method::GET, "/api/v1/users/stranger", &[]).await;
    let missing = kim.ask(Method::GET, "/api/v1/users/nobody", &[]).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    assert_eq!(hidden.body, missing.body);
    let new = json!({ "login": "more", "password": SECRET });
    assert_eq!(
        kim.post("/api/v1/users", &new).await.status,
        StatusCode::FORBIDDEN
    );
    for login in ["stranger", "nobody"] {
        let password = json!({ "password": SECRET });
        let address = format!("/api/v1/users/{login}");
        let refused = kim
            .with_json(Method::PUT, &format!("{address}/password"), &password)
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{login}");
        for method in [Method::PUT, Method::DELETE] {
            let refused = kim.ask(method, &format!("{address}/enabled"), &[]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{login}");
        }
    }
}

#[tokio::test]
async fn a_password_is_set_and_never_said() {
    let kim = Client::new().await;
    let address = "/api/v1/users/kim/password";
    for wrong in [
        json!({ "password": "short" }),
        json!({ "password": SECRET, "x": SECRET }),
    ] {
        let refused = kim.with_json(Method::PUT, address, &wrong).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{wrong}");
        let text = String::from_utf8_lossy(&refused.body).into_owned();
        assert!(!text.contains(SECRET) && !text.contains("short\""), "{text}");
    }
    let set = kim
        .with_json(Method::PUT, address, &json!({ "password": SECRET }))
        .await;
    assert_eq!((set.status, set.body.len()), (StatusCode::NO_CONTENT, 0));
    let credentials = json!({ "login": "kim", "password": SECRET });
    let session = kim.post("/api/v1/sessions", &credentials).await;
    assert_eq!(session.status, StatusCode::CREATED);
}
