//! Signed links as their makers and their visitors meet them.

use crate::client::{Answer, Client};
use http::header::{AUTHORIZATION, RANGE};
use http::{Method, StatusCode};
use serde_json::{Value, json};

struct Linked {
    client: Client,
    staged: Value,
    link: Value,
}

async fn linked(options: Value) -> Linked {
    let client = Client::new().await;
    let staged = client.stage().await;
    let made = client.post(&links_of(&staged), &options).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json());
    assert_eq!(made.header("location"), made.json()["url"].as_str().unwrap());
    assert_eq!(made.header("cache-control"), "no-store");
    let link = made.json();
    Linked { client, staged, link }
}

fn links_of(staged: &Value) -> String {
    format!("/api/v1/downloads/{}/links", staged["id"].as_str().unwrap())
}

impl Linked {
    fn url(&self) -> &str {
        self.link["url"].as_str().unwrap()
    }

    async fn visit(&self, method: Method, headers: &[(http::HeaderName, &str)]) -> Answer {
        self.client.send(method, self.url(), headers, "").await
    }
}

#[tokio::test]
async fn a_plain_get_downloads() {
    let linked = linked(json!({ "name": "Pläne 1.zip" })).await;
    assert!(linked.url().starts_with("/d/") && linked.url().ends_with("/Pl%C3%A4ne%201.zip"));
    let content = linked.staged["content_url"].as_str().unwrap();
    let own = linked.client.ask(Method::GET, content, &[]).await;
    let whole = linked.visit(Method::GET, &[]).await;
    assert_eq!((whole.status, &whole.body), (StatusCode::OK, &own.body));
    assert_eq!(
        whole.header("content-disposition"),
        "attachment; filename=\"Plans.zip\""
    );
    assert_eq!(whole.header("etag"), own.header("etag"));
    assert_eq!(whole.header("referrer-policy"), "no-referrer");
    assert_eq!(whole.header("x-robots-tag"), "noindex");
    let part = linked.visit(Method::GET, &[(RANGE, "bytes=5-9")]).await;
    assert_eq!(
        (part.status, part.body),
        (StatusCode::PARTIAL_CONTENT, own.body.slice(5..10))
    );
    let head = linked.visit(Method::HEAD, &[]).await;
    assert_eq!(
        (head.status, head.header("content-length")),
        (StatusCode::OK, own.header("content-length"))
    );
}

#[tokio::test]
async fn a_password_is_asked_for_as_browsers_and_curl_know_it() {
    let linked = linked(json!({ "password": "correct horse" })).await;
    assert_eq!(linked.link["password"], true);
    let basic = |text: &str| {
        use base64::Engine as _;
        format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(text))
    };
    for credentials in [None, Some(basic("any:wrong horse")), Some("Bearer x".to_owned())] {
        let headers: Vec<_> = credentials
            .iter()
            .map(|value| (AUTHORIZATION, value.as_str()))
            .collect();
        let refused = linked.visit(Method::GET, &headers).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.header("www-authenticate").starts_with("Basic realm="));
        assert_eq!(refused.json()["type"], "/problems/password-wanted");
    }
    let given = linked
        .visit(Method::GET, &[(AUTHORIZATION, &basic("any:correct horse"))])
        .await;
    assert_eq!(given.status, StatusCode::OK);
}

#[tokio::test]
async fn s5_dead_foreign_and_forged_links_look_the_same() {
    let linked = linked(json!({ "uses": 3, "addresses": [] })).await;
    let id = linked.link["id"].as_i64().unwrap();
    let listed = linked.client.ask(Method::GET, "/api/v1/links", &[]).await.json();
    assert_eq!(
        (listed["items"][0]["id"].as_i64(), &listed["items"][0]["url"]),
        (Some(id), &Value::Null)
    );
    let own = linked
        .client
        .ask(Method::GET, &links_of(&linked.staged), &[])
        .await
        .json();
    assert_eq!(own["items"], listed["items"]);
    let revoke = format!("/api/v1/links/{id}");
    assert_eq!(
        linked.client.ask(Method::DELETE, &revoke, &[]).await.status,
        StatusCode::NO_CONTENT
    );
    let again = linked.client.ask(Method::DELETE, &revoke, &[]).await;
    assert_eq!(
        (again.status, again.json()["type"].clone()),
        (StatusCode::NOT_FOUND, json!("/problems/no-such-link"))
    );
    let revoked = linked.visit(Method::GET, &[]).await;
    let token = linked.url().split('/').nth(2).unwrap();
    for address in [
        format!("/d/{}A/x.zip", &token[1..]),
        "/d/x/x.zip".to_owned(),
        "/d/%00/%2e%2e".to_owned(),
    ] {
        let forged = linked.client.send(Method::GET, &address, &[], "").await;
        assert_eq!(
            (forged.status, &forged.body),
            (StatusCode::NOT_FOUND, &revoked.body)
        );
    }
    assert!(!String::from_utf8_lossy(&revoked.body).contains(token));
}

#[tokio::test]
async fn what_is_out_of_bounds_is_named() {
    let client = Client::new().await;
    let address = links_of(&client.stage().await);
    for (field, body) in [
        ("expires_in", json!({ "expires_in": 0 })),
        ("uses", json!({ "uses": 0 })),
        ("addresses", json!({ "addresses": ["10.0.0.0/99"] })),
        ("name", json!({ "name": "a/b" })),
    ] {
        let refused = client.post(&address, &body).await;
        assert_eq!(
            (refused.status, refused.json()["field"].clone()),
            (StatusCode::BAD_REQUEST, json!(field))
        );
    }
}
