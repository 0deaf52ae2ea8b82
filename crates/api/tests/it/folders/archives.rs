//! A folder as a zip in one call.

use crate::client::Client;
use holdall_model::Right;
use holdall_testkit::user;
use http::header::{ACCEPT, HeaderName, IF_NONE_MATCH, RANGE};
use http::{Method, StatusCode};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

const ZIP: (HeaderName, &str) = (ACCEPT, "application/zip, */*;q=0.1");

/// The documents of an archive by their paths.
fn documents_of(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut documents = BTreeMap::new();
    for number in 0..archive.len() {
        let mut entry = archive.by_index(number).unwrap();
        if entry.is_file() {
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            documents.insert(entry.name().unwrap().into_owned(), content);
        }
    }
    documents
}

/// A client whose `/Lib/Plans` also has a document it may only list, and one it may not see.
async fn with_shut_documents() -> Client {
    let client = Client::new().await;
    let admin = &client.house.administrator;
    for (folder, right) in [("Shut", Right::List), ("Hidden", Right::NoAccess)] {
        let path = format!("/Lib/Plans/{folder}");
        client.house.folder(admin, &path).await;
        client
            .house
            .document(admin, &format!("{path}/s.txt"), b"secret")
            .await;
        client.house.grant(admin, &path, &[(user("kim"), right)]).await;
    }
    client
}

#[tokio::test]
async fn l8_a_folder_comes_as_a_zip_without_what_is_shut_or_hidden() {
    let client = with_shut_documents().await;
    let address = format!("/api/v1/folders/{}", client.id_of("/Lib/Plans").await);
    let by_header = client.ask(Method::GET, &address, &[ZIP]).await;
    assert_eq!(
        (by_header.status, by_header.header("content-type")),
        (StatusCode::OK, "application/zip")
    );
    let documents = documents_of(&by_header.body);
    let names: Vec<&str> = documents.keys().map(String::as_str).collect();
    assert_eq!(names, ["Plans/a.txt", "Plans/b.txt"]);
    assert_eq!(documents["Plans/a.txt"], b"one document");
    for query in ["zip", "zip=true&mode=partial"] {
        let by_query = client.ask(Method::GET, &format!("{address}?{query}"), &[]).await;
        assert!(by_query.body == by_header.body, "{query}");
        assert_eq!(by_query.header("etag"), by_header.header("etag"));
    }
    let strict = client
        .ask(Method::GET, &format!("{address}?mode=strict"), &[ZIP])
        .await;
    assert_eq!(strict.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(strict.json()["skipped"][0]["path"], "/Lib/Plans/Shut/s.txt");
    assert_eq!(strict.json()["skipped"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_properties_come_unless_the_zip_is_named() {
    let client = Client::new().await;
    let address = format!("/api/v1/folders/{}", client.id_of("/Lib/Plans").await);
    for accept in ["*/*", "application/json", "application/*", "application/zip;q=0"] {
        let shown = client.ask(Method::GET, &address, &[(ACCEPT, accept)]).await;
        assert_eq!(shown.json()["kind"], "folder", "{accept}");
        assert_eq!(shown.header("vary"), "accept");
    }
    let shown = client
        .ask(Method::GET, &format!("{address}?zip=false"), &[])
        .await;
    assert_eq!(shown.json()["kind"], "folder");
    let wrong = client
        .ask(Method::GET, &format!("{address}?zip=perhaps"), &[])
        .await;
    assert_eq!(
        (wrong.status, &wrong.json()["field"]),
        (StatusCode::BAD_REQUEST, &"zip".into())
    );
}

#[tokio::test]
async fn l8_strangers_and_those_who_may_see_nothing_get_nothing() {
    let client = with_shut_documents().await;
    let admin = &client.house.administrator;
    let address_of = async |path: &str| {
        let item = holdall_model::ItemRef::parse(path).unwrap();
        let folder = client.house.services.folders.folder(admin, &item).await.unwrap();
        format!("/api/v1/folders/{}?zip", folder.id.0)
    };
    let stranger = client
        .send(Method::GET, &address_of("/Lib/Plans").await, &[], "")
        .await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let hidden = client
        .ask(Method::GET, &address_of("/Lib/Plans/Hidden").await, &[])
        .await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let shut = client
        .ask(Method::GET, &address_of("/Lib/Plans/Shut").await, &[])
        .await;
    assert_eq!(
        (shut.status, shut.header("content-type")),
        (StatusCode::UNPROCESSABLE_ENTITY, "application/problem+json")
    );
    assert_eq!(shut.json()["skipped"][0]["path"], "/Lib/Plans/Shut/s.txt");
}

#[tokio::test]
async fn heads_ranges_and_conditions_leave_no_download_behind() {
    let client = Client::new().await;
    let address = format!("/api/v1/folders/{}", client.id_of("/Lib/Plans").await);
    let whole = client.ask(Method::GET, &address, &[ZIP]).await;
    let head = client.ask(Method::HEAD, &address, &[ZIP]).await;
    assert_eq!(
        (head.status, head.header("content-length")),
        (StatusCode::OK, whole.body.len().to_string().as_str())
    );
    let part = client
        .ask(Method::GET, &address, &[ZIP, (RANGE, "bytes=10-29")])
        .await;
    assert_eq!(
        (part.status, &part.body[..]),
        (StatusCode::PARTIAL_CONTENT, &whole.body[10..30])
    );
    let known = client
        .ask(
            Method::GET,
            &address,
            &[ZIP, (IF_NONE_MATCH, whole.header("etag"))],
        )
        .await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    // They are forgotten by tasks of their own; each look lets those go on.
    for _ in 0..10_000 {
        let live = client.get("/api/v1/downloads").await;
        if live["items"].as_array().unwrap().is_empty() {
            return;
        }
    }
    panic!("downloads are left behind");
}
