//! What the description promises of every operation, tried on every operation.

use crate::client::Client;
use crate::description::operations;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use http::{Method, StatusCode};
use serde_json::Value;

/// What uploads want besides; others do not look at it.
const TUS: (HeaderName, &str) = (HeaderName::from_static("tus-resumable"), "1.0.0");

/// Values that name nothing, in the forms that break careless readers.
const HOSTILE: [&str; 14] = [
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "1e3",
    "%00",
    "%FF%FE",
    "..%2F..%2Fetc%2Fpasswd",
    "'%20OR%201%3D1--",
    "%3Cscript%3E",
    "~F1",
    "%E2%80%AE",
    "null",
    "%25",
];

async fn description(client: &Client) -> Value {
    client
        .send(Method::GET, "/api/openapi.json", &[], "")
        .await
        .json()
}

/// The path with each variable segment replaced.
fn filled(path: &str, value: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let is_variable = segment.starts_with('{');
        if is_variable { value } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn l8_a_stranger_gets_nowhere() {
    let client = Client::new().await;
    let mut tried = 0;
    for (method, path, operation) in operations(&description(&client).await) {
        let is_open = operation["security"].as_array().is_some_and(|ways| {
            ways.iter()
                .any(|way| way.as_object().is_some_and(serde_json::Map::is_empty))
        });
        if is_open {
            continue;
        }
        let address = filled(&path, "1");
        let bare = client.send(method.clone(), &address, &[TUS], "{}").await;
        assert_eq!(bare.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        assert_eq!(bare.header("www-authenticate"), "Bearer", "{method} {path}");
        let unknown = "Bearer 00000000-0000-0000-0000-000000000000";
        let refused = client
            .send(method.clone(), &address, &[TUS, (AUTHORIZATION, unknown)], "{}")
            .await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
}

#[tokio::test]
async fn l9_hostile_values_break_nothing_and_learn_nothing() {
    let client = Client::new().await;
    let directory = client.house.directory().display().to_string();
    for (method, path, operation) in operations(&description(&client).await) {
        if operation["operationId"] == "endSessions" || operation["operationId"] == "logOut" {
            continue;
        }
        let queries: Vec<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        for value in HOSTILE {
            let pairs: Vec<_> = queries.iter().map(|name| format!("{name}={value}")).collect();
            let address = format!("{}?{}", filled(&path, value), pairs.join("&"));
            let headers = [(CONTENT_TYPE, "application/json")];
            let answer = client
                .call(
                    method.clone(),
                    &address,
                    &headers,
                    format!("{{\"x\":\"{value}\"}}"),
                )
                .await;
            assert!(
                !answer.status.is_server_error(),
                "{method} {address}: {}",
                answer.status
            );
            let text = String::from_utf8_lossy(&answer.body).to_lowercase();
            let leaks = ["select ", "sqlite", "panicked", &directory, &client.token];
            let leak = leaks.iter().find(|leak| text.contains(**leak));
            assert!(leak.is_none(), "{method} {address}: {text}");
        }
    }
}

#[tokio::test]
async fn l8_what_is_hidden_answers_as_what_is_not_there() {
    let client = Client::new().await;
    let admin = &client.house.administrator;
    client.house.library("Other", &[]).await;
    let hidden = client.house.folder(admin, "/Other/Secret").await.id.0;
    let document = client
        .house
        .document(admin, "/Other/Secret/s.txt", b"s")
        .await
        .document
        .0;
    for (method, path, _) in operations(&description(&client).await) {
        let id = match path
            .strip_prefix("/api/v1/")
            .and_then(|rest| rest.split('/').next())
        {
            Some("folders") => hidden,
            Some("documents") => document,
            _ => continue,
        };
        if !path.contains("{id}") {
            continue;
        }
        let ask = async |id: i64| {
            let address = path
                .replace("{id}", &id.to_string())
                .replace("{number}", "1000000");
            client
                .call(
                    method.clone(),
                    &address.replace("{name}", "s.txt"),
                    &[],
                    body_for(&path, id),
                )
                .await
        };
        let (there, nowhere) = (ask(id).await, ask(999_999).await);
        assert_eq!(
            (there.status, &there.body),
            (nowhere.status, &nowhere.body),
            "{method} {path}"
        );
        assert_eq!(there.status, StatusCode::NOT_FOUND, "{method} {path}");
    }
}

/// A body that the operation takes: copies go somewhere, access lists have entries.
fn body_for(path: &str, id: i64) -> String {
    if path.ends_with("/access") {
        return "{\"entries\":[]}".to_owned();
    }
    match path.strip_suffix("/copies") {
        None => "{}".to_owned(),
        Some(of) if of.contains("/documents/") => format!("{{\"folder\":{id}}}"),
        Some(_) => format!("{{\"parent\":{id}}}"),
    }
}
