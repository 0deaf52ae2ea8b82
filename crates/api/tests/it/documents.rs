//! Documents, their versions and their content, as clients meet them.

use crate::client::{Answer, Client};
use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH, RANGE};
use http::{Method, StatusCode};
use serde_json::{Value, json};

const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
/// Of `hello`.
const SUM: &str = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:";

fn outcome(answer: &Answer, field: &str) -> (StatusCode, Value) {
    (answer.status, answer.json()[field].clone())
}

/// A manager, and where `new one.txt` goes.
async fn ground() -> (Client, String) {
    let boss = Client::new().await.manager().await;
    let folder = boss.id_of("/Lib/Plans").await;
    (boss, format!("/api/v1/folders/{folder}/documents/new%20one.txt"))
}

#[tokio::test]
async fn a_document_is_stored_by_its_name_and_read() {
    let (boss, path) = ground().await;
    let path = format!("{path}?modified=2020-02-03T04:05:06Z&comment=first");
    let headers = [(CONTENT_DIGEST, SUM), (IF_NONE_MATCH, "*")];
    let wrong = boss.call(Method::PUT, &path, &headers, "hallo").await;
    let mismatch = json!("/problems/digest-mismatch");
    assert_eq!(outcome(&wrong, "type"), (StatusCode::BAD_REQUEST, mismatch));
    let stored = boss.call(Method::PUT, &path, &headers, "hello").await;
    assert_eq!(
        outcome(&stored, "name"),
        (StatusCode::CREATED, json!("new one.txt"))
    );
    assert_eq!(stored.json()["modified"], "2020-02-03T04:05:06Z");
    let sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert_eq!(stored.json()["sha256"], sum);
    let there = boss.call(Method::PUT, &path, &headers, "hello").await;
    assert_eq!(there.status, StatusCode::PRECONDITION_FAILED);
    let content = format!("{}/content", stored.header("location"));
    let read = boss.ask(Method::GET, &content, &[]).await;
    assert_eq!(
        (&*read.body, read.header("content-digest")),
        (b"hello".as_slice(), SUM)
    );
    assert_eq!(read.header("etag"), stored.header("etag"));
    let part = boss.ask(Method::GET, &content, &[(RANGE, "bytes=1-3")]).await;
    assert_eq!(
        (&*part.body, part.header("content-range")),
        (b"ell".as_slice(), "bytes 1-3/5")
    );
    let have = boss
        .ask(Method::GET, &content, &[(IF_NONE_MATCH, read.header("etag"))])
        .await;
    assert_eq!(have.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn new_content_is_a_version_and_nobody_elses_is_lost() {
    let (boss, path) = ground().await;
    let stored = boss.call(Method::PUT, &path, &[], "hello").await;
    let address = stored.header("location").to_owned();
    let (content, etag) = (format!("{address}/content"), stored.header("etag"));
    let next = boss
        .call(Method::PUT, &content, &[(IF_MATCH, etag)], "hello, world")
        .await;
    assert_eq!(outcome(&next, "length"), (StatusCode::OK, json!(12)));
    let stale = boss
        .call(Method::PUT, &content, &[(IF_MATCH, etag)], "lost")
        .await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let versions = boss.pages(&format!("{address}/versions?"), 1).await;
    let numbers: Vec<_> = versions
        .iter()
        .map(|version| version["number"].to_string())
        .collect();
    assert_eq!(numbers.len(), 2);
    let first = format!("{address}/versions/{}", numbers[0]);
    let read = boss.ask(Method::GET, &format!("{first}/content"), &[]).await;
    assert_eq!(&*read.body, b"hello");
    assert_eq!(boss.get(&first).await, versions[0]);
    let removed = boss.ask(Method::DELETE, &first, &[]).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let only = format!("{address}/versions/{}", numbers[1]);
    let kept = boss.ask(Method::DELETE, &only, &[]).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn l9_a_long_put_names_the_bound_and_leaves_nothing() {
    let (boss, path) = ground().await;
    let long = boss.call(Method::PUT, &path, &[], vec![b'x'; 1_000_001]).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(long.json()["detail"].as_str().unwrap().contains("1000000"));
    let most = boss.call(Method::PUT, &path, &[], vec![b'x'; 1_000_000]).await;
    assert_eq!(
        outcome(&most, "length"),
        (StatusCode::CREATED, json!(1_000_000)),
        "nothing was there before"
    );
}

#[tokio::test]
async fn documents_are_renamed_moved_copied_and_deleted() {
    let boss = Client::new().await.manager().await;
    let address = format!("/api/v1/documents/{}", boss.id_of("/Lib/Plans/a.txt").await);
    let top = boss.id_of("/Lib").await;
    let patch = json!({ "name": "c.txt", "author": "Kim", "folder": top });
    let changed = boss.with_json(Method::PATCH, &address, &patch).await;
    assert_eq!(outcome(&changed, "path"), (StatusCode::OK, json!("/Lib/c.txt")));
    let copy = json!({ "folder": top, "name": "d.txt" });
    let copied = boss.post(&format!("{address}/copies"), &copy).await;
    assert_eq!(
        outcome(&copied, "path"),
        (StatusCode::CREATED, json!("/Lib/d.txt"))
    );
    assert_eq!(copied.json()["sha256"], changed.json()["sha256"]);
    let deleted = boss.ask(Method::DELETE, &address, &[]).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let gone = boss.ask(Method::GET, &address, &[]).await;
    assert_eq!(
        outcome(&gone, "detail"),
        (StatusCode::NOT_FOUND, json!("document not found"))
    );
}

#[tokio::test]
async fn locks_are_taken_and_given_up() {
    let boss = Client::new().await.manager().await;
    let lock = format!("/api/v1/documents/{}/lock", boss.id_of("/Lib/Plans/a.txt").await);
    for _ in 0..2 {
        let locked = boss.ask(Method::PUT, &lock, &[]).await;
        assert_eq!(outcome(&locked, "locked_by"), (StatusCode::OK, json!("boss")));
    }
    let freed = boss.ask(Method::DELETE, &lock, &[]).await;
    assert_eq!(freed.status, StatusCode::NO_CONTENT);
}
