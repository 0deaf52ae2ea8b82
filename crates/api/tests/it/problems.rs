//! What is wrong is said as problem+json, and no more than the caller may know.

use crate::client::{Answer, Client};
use holdall_model::Right;
use holdall_testkit::{PASSWORD, user};
use http::header::AUTHORIZATION;
use http::{Method, StatusCode};
use serde_json::json;

fn kind(answer: &Answer) -> (StatusCode, String) {
    let problem = answer.json();
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(problem["status"], answer.status.as_u16());
    (
        answer.status,
        problem["type"]
            .as_str()
            .unwrap()
            .trim_start_matches("/problems/")
            .to_owned(),
    )
}

#[tokio::test]
async fn every_resource_but_the_login_wants_a_bearer_token() {
    let client = Client::new().await;
    let staged = client.stage().await;
    let url = staged["content_url"].as_str().unwrap();
    let basic = format!("Basic {}", client.token);
    let unknown = "Bearer 00000000-0000-0000-0000-000000000000";
    for (method, path) in [
        (Method::POST, "/api/v1/downloads"),
        (Method::GET, url),
        (Method::HEAD, url),
        (Method::DELETE, "/api/v1/sessions/current"),
    ] {
        let bare = client.send(method.clone(), path, &[], "{}").await;
        assert_eq!(
            (bare.status, bare.header("www-authenticate")),
            (StatusCode::UNAUTHORIZED, "Bearer"),
            "{path}"
        );
        let query = client
            .send(
                method.clone(),
                &format!("{path}?token={}", client.token),
                &[],
                "{}",
            )
            .await;
        assert_eq!(
            query.status,
            StatusCode::UNAUTHORIZED,
            "a token in the address is no token"
        );
        for header in [basic.as_str(), unknown, "Bearer", "Bearer x"] {
            let refused = client
                .send(method.clone(), path, &[(AUTHORIZATION, header)], "{}")
                .await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{path} {header}");
        }
    }
}

#[tokio::test]
async fn wrong_login_and_wrong_password_look_the_same() {
    let client = Client::new().await;
    let mut answers = Vec::new();
    for (login, password) in [("kim", "wrong password"), ("nobody", PASSWORD), ("", "")] {
        let credentials = json!({ "login": login, "password": password }).to_string();
        let answer = client
            .send(Method::POST, "/api/v1/sessions", &[], credentials)
            .await;
        assert_eq!(
            kind(&answer),
            (StatusCode::UNAUTHORIZED, "not-authenticated".to_owned())
        );
        answers.push(answer.body);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn malformed_bodies_are_refused_by_name() {
    let client = Client::new().await;
    for (body, said) in [
        ("", "object"),
        ("[[]]", "object"),
        ("{", "EOF"),
        ("{\"items\":\"x\"}", "sequence"),
        ("{\"items\":[],\"mood\":1}", "mood"),
        ("{\"items\":[],\"mode\":\"loose\"}", "loose"),
    ] {
        let bearer = format!("Bearer {}", client.token);
        let answer = client
            .send(
                Method::POST,
                "/api/v1/downloads",
                &[(AUTHORIZATION, &bearer)],
                body,
            )
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(
            answer.json()["detail"].as_str().unwrap().contains(said),
            "{body} {:?}",
            answer.json()
        );
    }
    let long = json!({ "items": ["x".repeat(200_000)] });
    assert_eq!(
        client.post("/api/v1/downloads", &long).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn nothing_selected_and_nothing_there_are_said() {
    let client = Client::new().await;
    let nothing = client
        .post("/api/v1/downloads", &json!({ "items": ["/Lib/None", "~X"] }))
        .await;
    assert_eq!(
        kind(&nothing),
        (StatusCode::UNPROCESSABLE_ENTITY, "nothing-selected".to_owned())
    );
    for path in [
        "/api/v1/downloads/7",
        "/api/v1/downloads/00000000-0000-0000-0000-000000000000/content",
    ] {
        let none = client.ask(Method::GET, path, &[]).await;
        assert_eq!(
            kind(&none),
            (StatusCode::NOT_FOUND, "no-such-download".to_owned())
        );
    }
    let nowhere = client.ask(Method::GET, "/api/v1/nowhere", &[]).await;
    assert_eq!(kind(&nowhere), (StatusCode::NOT_FOUND, "not-found".to_owned()));
}

#[tokio::test]
async fn i24_a_revoked_download_says_so_without_names() {
    let client = Client::new().await;
    let staged = client.stage().await;
    let admin = &client.house.administrator;
    client
        .house
        .grant(admin, "/Lib/Plans/a.txt", &[(user("kim"), Right::NoAccess)])
        .await;
    let revoked = client
        .ask(Method::GET, staged["content_url"].as_str().unwrap(), &[])
        .await;
    assert_eq!(kind(&revoked), (StatusCode::GONE, "download-ended".to_owned()));
    assert!(!String::from_utf8_lossy(&revoked.body).contains("a.txt"));
}
