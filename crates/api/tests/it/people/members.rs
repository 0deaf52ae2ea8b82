//! Who belongs to a library.

use crate::client::{Answer, Client};
use http::{Method, StatusCode};
use serde_json::Value;

fn logins(users: &Value) -> Vec<&str> {
    let users = users.as_array().unwrap().iter();
    users.map(|user| user["login"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn members_and_managers_come_and_go() {
    let root = Client::new().await.root().await;
    root.house.user_with_password("lee").await;
    let base = "/api/v1/libraries/Lib";
    for path in [
        "members/users/lee",
        "managers/lee",
        "members/groups/Administrators",
    ] {
        for _ in 0..2 {
            let set = root.ask(Method::PUT, &format!("{base}/{path}"), &[]).await;
            assert_eq!(set.status, StatusCode::NO_CONTENT, "{path}");
        }
    }
    let members = root.get(&format!("{base}/members")).await;
    assert!(logins(&members["users"]).contains(&"lee"), "{members}");
    assert!(logins(&members["managers"]).contains(&"lee"), "{members}");
    assert_eq!(members["groups"][0]["name"], "Administrators");
    for path in [
        "managers/lee",
        "members/users/lee",
        "members/groups/Administrators",
    ] {
        for _ in 0..2 {
            let set = root.ask(Method::DELETE, &format!("{base}/{path}"), &[]).await;
            assert_eq!(set.status, StatusCode::NO_CONTENT, "{path}");
        }
    }
    let members = root.get(&format!("{base}/members")).await;
    assert!(!members.to_string().contains("lee"), "{members}");
    assert_eq!(members["groups"].as_array().unwrap().len(), 0);
    let stranger = root.ask(Method::PUT, &format!("{base}/managers/lee"), &[]).await;
    assert_eq!(stranger.status, StatusCode::CONFLICT, "only members manage");
    let nobody = root
        .ask(Method::PUT, &format!("{base}/members/users/nobody"), &[])
        .await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

async fn asked(client: &Client, method: &Method, address: String) -> Answer {
    client.ask(method.clone(), &address, &[]).await
}

#[tokio::test]
async fn members_change_no_members_and_hidden_libraries_are_missing() {
    let kim = Client::of_only_own_libraries().await;
    kim.house.library("Other", &[]).await;
    for path in [
        "members/users/kim",
        "members/groups/Administrators",
        "managers/kim",
    ] {
        for method in [Method::PUT, Method::DELETE] {
            let ask = |library: &str| asked(&kim, &method, format!("/api/v1/libraries/{library}/{path}"));
            assert_eq!(ask("Lib").await.status, StatusCode::FORBIDDEN, "{method} {path}");
            let (hidden, missing) = (ask("Other").await, ask("Nowhere").await);
            assert_eq!((hidden.status, hidden.body), (missing.status, missing.body));
            assert!(hidden.status.is_client_error());
        }
    }
    let hidden = kim.ask(Method::GET, "/api/v1/libraries/Other/members", &[]).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
}
