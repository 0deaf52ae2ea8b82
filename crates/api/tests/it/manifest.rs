//! `GET /api/v1/downloads/{id}/manifest`: JSON lines of the archive's entries.

use crate::client::Client;
use holdall_api_types::{EntryKind, ManifestEntry, ManifestHead};
use http::header::{AUTHORIZATION, RANGE};
use http::{Method, StatusCode};

#[tokio::test]
async fn a_manifest_is_a_head_and_a_line_for_each_entry() {
    let client = Client::new().await;
    let staged = client.stage().await;
    let answer = client
        .ask(Method::GET, staged["manifest_url"].as_str().unwrap(), &[])
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/jsonl");
    assert_eq!(answer.header("cache-control"), "no-store, no-transform");
    assert!(!answer.headers.contains_key("content-encoding"));
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(text.ends_with('\n'));
    let mut lines = text.lines();
    let head: ManifestHead = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert_eq!(head.archive.name, "Plans.zip");
    assert_eq!(head.archive.length, staged["length"]);
    assert_eq!(head.archive.entries, staged["entries"]);
    assert_eq!(head.archive.etag, staged["etag"].as_str().unwrap());
    assert_eq!(
        (head.archive.layout.as_str(), head.archive.created.as_str()),
        ("zip/1", "2026-01-01T00:00:00Z")
    );
    let entries: Vec<ManifestEntry> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let paths: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["Plans", "Plans/a.txt", "Plans/b.txt"]);
    let (folder, document) = (&entries[0], &entries[1]);
    assert_eq!(
        (folder.kind, folder.document, folder.sha256.as_deref()),
        (EntryKind::Folder, None, None)
    );
    assert_eq!(
        (document.kind, document.version, document.length),
        (EntryKind::Document, Some(1_000_000), 12)
    );
    let (sha256, crc32) = (document.sha256.as_deref(), document.crc32.as_deref());
    assert_eq!(
        sha256,
        Some("e090c00f49f15232d6dc6109407d7c71d57648e835e3bebaa07e18ea84622a37")
    );
    assert_eq!(crc32, Some("2bc590a0"));
    assert_eq!(document.modified, "2026-01-01T00:00:00Z");
}

#[tokio::test]
async fn a_manifest_is_for_who_may_have_the_content() {
    let client = Client::new().await;
    let staged = client.stage().await;
    let url = staged["manifest_url"].as_str().unwrap();
    let bare = client.send(Method::GET, url, &[], "").await;
    assert_eq!(bare.status, StatusCode::UNAUTHORIZED);
    let stranger = client.house.user_with_password("lee").await;
    let token = client.token_of(stranger.login()).await;
    let refused = client
        .send(
            Method::GET,
            url,
            &[(AUTHORIZATION, &format!("Bearer {token}"))],
            "",
        )
        .await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let ranged = client.ask(Method::GET, url, &[(RANGE, "bytes=0-1")]).await;
    assert_eq!(ranged.status, StatusCode::OK, "lines have no ranges");
}
