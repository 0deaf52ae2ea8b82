//! The description of the API: complete, without secrets, and the one that was reviewed.

use crate::client::Client;
use http::{Method, StatusCode};
use serde_json::Value;
use std::collections::HashSet;
use std::path::Path;
use std::{env, fs};

/// Every operation of a description: method, path and what is said of it.
pub(crate) fn operations(description: &Value) -> Vec<(Method, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            operations.push((method, path.clone(), operation.clone()));
        }
    }
    operations
}

/// `cargo xtask golden` rewrites the file; its diff is the review.
#[tokio::test]
async fn golden_the_description_is_the_reviewed_one() {
    let client = Client::new().await;
    let answer = client.send(Method::GET, "/api/openapi.json", &[], "").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/json")
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    if env::var_os("HOLDALL_GOLDEN").is_some() {
        fs::write(&file, &answer.body).unwrap();
    }
    let reviewed = fs::read_to_string(&file).unwrap();
    assert!(
        answer.body == reviewed,
        "the API is not the described one: run `cargo xtask golden` and review the diff"
    );
}

#[tokio::test]
async fn every_operation_is_described_in_full() {
    let client = Client::new().await;
    let description = client
        .send(Method::GET, "/api/openapi.json", &[], "")
        .await
        .json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(description["info"]["version"], env!("CARGO_PKG_VERSION"));
    let mut ids = HashSet::new();
    for (method, path, operation) in operations(&description) {
        let place = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(
            ids.insert(id.clone()),
            "{place}: {id} is the id of another operation"
        );
        assert!(
            !operation["summary"].as_str().unwrap_or_default().is_empty(),
            "{place}"
        );
        assert!(operation["tags"].is_array(), "{place}");
        let described: HashSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let named: HashSet<&str> = path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        assert_eq!(described, named, "{place}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let is_problem = status.as_str() >= "400" && !response["content"].is_null();
            let content = &response["content"]["application/problem+json"];
            assert!(!is_problem || content.is_object(), "{place}: {status}");
        }
    }
}

#[tokio::test]
async fn the_pages_come_from_here_alone() {
    let client = Client::new().await;
    let page = client.send(Method::GET, "/api/docs/", &[], "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    let mut files = 0;
    for part in text.split(['"', '\'']).filter(|part| part.starts_with("./")) {
        let path = format!("/api/docs/{}", part.trim_start_matches("./"));
        let file = client.send(Method::GET, &path, &[], "").await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        files += 1;
    }
    assert!(files >= 4, "{text}");
    assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
    let start = client
        .send(Method::GET, "/api/docs/swagger-initializer.js", &[], "")
        .await;
    let start = String::from_utf8(start.body.to_vec()).unwrap();
    assert!(start.contains("/api/openapi.json"), "{start}");
    let none = client.send(Method::GET, "/api/docs/none", &[], "").await;
    assert_eq!(
        (none.status, none.header("content-type")),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let client = Client::new().await;
    let wrong = client.ask(Method::PUT, "/api/v1/sessions", &[]).await;
    assert_eq!(
        (wrong.status, wrong.header("content-type")),
        (StatusCode::METHOD_NOT_ALLOWED, "application/problem+json")
    );
    assert!(
        wrong.header("allow").contains("POST"),
        "{}",
        wrong.header("allow")
    );
}
