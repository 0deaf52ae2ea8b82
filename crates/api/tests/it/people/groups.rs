//! Groups and who is in them.

use crate::client::Client;
use http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_group_lives_its_life() {
    let root = Client::new().await.root().await;
    let made = root
        .post("/api/v1/groups", &json!({ "name": "Build Team" }))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json());
    let address = made.header("location").to_owned();
    assert_eq!(address, "/api/v1/groups/Build%20Team");
    assert_eq!(root.get(&address).await, made.json());
    let member = format!("{address}/members/kim");
    for (method, members) in [
        (Method::PUT, 1),
        (Method::PUT, 1),
        (Method::DELETE, 0),
        (Method::DELETE, 0),
    ] {
        let set = root.ask(method, &member, &[]).await;
        assert_eq!(set.status, StatusCode::NO_CONTENT);
        let shown = root.get(&format!("{address}/members")).await;
        assert_eq!(shown["items"].as_array().unwrap().len(), members);
    }
    root.ask(Method::PUT, &member, &[]).await;
    let of_kim = root.get("/api/v1/users/kim/groups").await;
    assert_eq!(of_kim["items"], json!([made.json()]));
    let all = root.pages("/api/v1/groups?", 1).await;
    assert!(all.contains(&made.json()));
    let again = root
        .post("/api/v1/groups", &json!({ "name": "build team" }))
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let role = root
        .ask(Method::DELETE, "/api/v1/groups/Administrators", &[])
        .await;
    assert_eq!(role.status, StatusCode::FORBIDDEN);
    assert_eq!(
        root.ask(Method::DELETE, &address, &[]).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        root.ask(Method::GET, &address, &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn managers_have_the_groups_of_their_library_and_members_none() {
    let boss = Client::of_only_own_libraries().await.manager().await;
    let made = boss
        .post("/api/v1/groups?library=Lib", &json!({ "name": "Here" }))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json());
    assert_eq!(made.json()["library"], "Lib");
    let address = made.header("location").to_owned();
    assert_eq!(boss.get(&address).await, made.json());
    let added = boss
        .ask(Method::PUT, "/api/v1/groups/Here/members/kim?library=Lib", &[])
        .await;
    assert_eq!(added.status, StatusCode::NO_CONTENT);
    let everywhere = boss.post("/api/v1/groups", &json!({ "name": "All" })).await;
    assert_eq!(everywhere.status, StatusCode::FORBIDDEN);
    boss.house.library("Other", &[]).await;
    let kim = Client {
        token: boss.token_of("kim").await,
        ..boss
    };
    let members = kim.get("/api/v1/groups/Here/members?library=Lib").await;
    assert_eq!(members, json!({ "items": [] }), "they are hidden");
    for (method, path) in [
        (Method::DELETE, address.as_str()),
        (Method::PUT, "/api/v1/groups/Here/members/kim?library=Lib"),
        (Method::DELETE, "/api/v1/groups/Here/members/kim?library=Lib"),
    ] {
        let denied = kim.ask(method, path, &[]).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN, "{path}");
    }
    let hidden = kim.ask(Method::GET, "/api/v1/groups?library=Other", &[]).await;
    let missing = kim.ask(Method::GET, "/api/v1/groups?library=None", &[]).await;
    assert_eq!(
        (hidden.status, &hidden.body),
        (StatusCode::NOT_FOUND, &missing.body)
    );
}
