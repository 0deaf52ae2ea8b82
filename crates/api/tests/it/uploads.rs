//! Uploads in parts, by the headers and statuses of the tus protocol.

mod lines;
mod refusals;

use crate::client::{Answer, Client};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use holdall_model::Right;
use holdall_testkit::user;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use http::{Method, StatusCode};

pub(crate) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(crate) const LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(crate) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(crate) const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(crate) const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
pub(crate) const PART: &str = "application/offset+octet-stream";

/// `Upload-Metadata` of these keys and values.
pub(crate) fn metadata(pairs: &[(&str, &str)]) -> String {
    let pair = |(key, value): &(&str, &str)| format!("{key} {}", STANDARD.encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join(",")
}

/// A client whose user may add to `/Lib/Plans` and change what is there.
pub(crate) async fn writer() -> Client {
    let client = Client::new().await;
    let grants = [(user("kim"), Right::Change)];
    client
        .house
        .grant(&client.house.administrator, "/Lib/Plans", &grants)
        .await;
    client
}

impl Client {
    /// A request of the protocol, signed.
    pub(crate) async fn tus(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![(AUTHORIZATION, bearer.as_str()), (RESUMABLE, "1.0.0")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, body).await
    }

    /// Announces so many bytes of `/Lib/Plans/{name}` and gives where they go.
    pub(crate) async fn announce(&self, name: &str, len: usize) -> String {
        let said = metadata(&[("folder", "/Lib/Plans"), ("filename", name)]);
        let headers = [(LENGTH, &*len.to_string()), (METADATA, &*said)];
        let created = self.tus(Method::POST, "/api/v1/uploads", &headers, "").await;
        assert_eq!(created.status, StatusCode::CREATED, "{:?}", created.body);
        created.header("location").to_owned()
    }

    /// Sends a part.
    pub(crate) async fn part(&self, at: &str, offset: usize, body: impl Into<Body>) -> Answer {
        let offset = offset.to_string();
        let headers = [(CONTENT_TYPE, PART), (OFFSET, offset.as_str())];
        self.tus(Method::PATCH, at, &headers, body).await
    }

    /// Where an upload is.
    pub(crate) async fn offset(&self, at: &str) -> String {
        let state = self.tus(Method::HEAD, at, &[], "").await;
        assert_eq!(state.status, StatusCode::OK);
        state.header("upload-offset").to_owned()
    }

    async fn kim(&self) -> holdall_services::Caller {
        self.house.services.sessions.operator("kim").await.unwrap()
    }

    /// The latest content of a document, through the services.
    pub(crate) async fn content(&self, path: &str) -> Option<Vec<u8>> {
        use http_body_util::BodyExt as _;
        let item = holdall_testkit::item(path);
        let kim = self.kim().await;
        let documents = &self.house.services.documents;
        let opened = documents.content(&kim, &item, None).await.ok()?;
        Some(opened.body.collect().await.unwrap().to_bytes().to_vec())
    }
}

#[tokio::test]
async fn options_says_what_is_spoken_to_anybody() {
    let client = Client::new().await;
    for path in ["/api/v1/uploads", "/api/v1/uploads/x"] {
        let answer = client.send(Method::OPTIONS, path, &[], "").await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("tus-resumable"), "1.0.0");
        assert_eq!(answer.header("tus-version"), "1.0.0");
        let extensions = "creation,creation-with-upload,checksum,expiration,termination";
        assert_eq!(answer.header("tus-extension"), extensions);
        assert_eq!(answer.header("tus-checksum-algorithm"), "sha1,sha256,crc32");
        let longest = client.house.services.uploads.longest().await.unwrap();
        assert_eq!(answer.header("tus-max-size"), longest.to_string());
    }
}

#[tokio::test]
async fn parts_become_a_document_and_then_its_next_version() {
    let client = writer().await;
    let at = client.announce("new.txt", 11).await;
    let first = client.part(&at, 0, "hello ").await;
    assert_eq!(first.status, StatusCode::NO_CONTENT);
    assert_eq!(first.header("upload-offset"), "6");
    assert_eq!(first.header("tus-resumable"), "1.0.0");
    assert_eq!(first.header("upload-expires"), "Fri, 02 Jan 2026 00:00:00 GMT");
    assert_eq!(first.header("holdall-document"), "");
    assert_eq!(client.content("/Lib/Plans/new.txt").await, None);
    let last = client.part(&at, 6, "world").await;
    assert_eq!(last.header("upload-offset"), "11");
    assert_eq!(last.header("holdall-version"), "1000000");
    let document = last.header("holdall-document").to_owned();
    assert_eq!(
        client.content(&format!("~D{document}")).await.unwrap(),
        b"hello world"
    );

    let at = client.announce("NEW.txt", 3).await;
    let again = client.part(&at, 0, "bye").await;
    assert_eq!(again.header("holdall-document"), document);
    assert_eq!(again.header("holdall-version"), "2000000");
    assert_eq!(client.content("/Lib/Plans/new.txt").await.unwrap(), b"bye");
}

#[tokio::test]
async fn head_tells_what_was_said_and_what_it_became() {
    let client = writer().await;
    let said = metadata(&[
        ("folder", "/Lib/Plans"),
        ("filename", "Pläne.txt"),
        ("modified", "2020-02-03T04:05:06Z"),
        ("comment", "first"),
        ("filetype", "text/plain"),
    ]);
    let headers = [(LENGTH, "3"), (METADATA, &*said)];
    let created = client.tus(Method::POST, "/api/v1/uploads", &headers, "").await;
    let at = created.header("location").to_owned();
    let state = client.tus(Method::HEAD, &at, &[], "").await;
    assert_eq!(state.header("upload-metadata"), said);
    assert_eq!(state.header("upload-length"), "3");
    assert_eq!(state.header("upload-offset"), "0");
    assert_eq!(state.header("cache-control"), "no-store");
    let stored = client.part(&at, 0, "abc").await;
    let state = client.tus(Method::HEAD, &at, &[], "").await;
    assert_eq!(state.header("upload-offset"), "3");
    for name in ["holdall-document", "holdall-version"] {
        assert_eq!(state.header(name), stored.header(name));
    }
    // The client that missed the answer sends nothing more and hears it again.
    let again = client.part(&at, 3, "").await;
    assert_eq!(
        again.header("holdall-document"),
        stored.header("holdall-document")
    );
    let house = &client.house;
    let item = holdall_testkit::item("/Lib/Plans/Pläne.txt");
    let view = house
        .services
        .documents
        .document(&client.kim().await, &item)
        .await
        .unwrap();
    assert_eq!(view.modified.seconds(), 1_580_702_706);
}

#[tokio::test]
async fn nothing_is_a_document_at_once_and_first_bytes_may_come_along() {
    let client = writer().await;
    let said = metadata(&[("folder", "/Lib/Plans"), ("filename", "empty")]);
    let headers = [(LENGTH, "0"), (METADATA, &*said)];
    let created = client.tus(Method::POST, "/api/v1/uploads", &headers, "").await;
    assert_eq!(created.status, StatusCode::CREATED);
    assert_eq!(created.header("upload-offset"), "0");
    assert_ne!(created.header("holdall-document"), "");
    assert_eq!(client.content("/Lib/Plans/empty").await.unwrap(), b"");

    let said = metadata(&[("folder", "/Lib/Plans"), ("filename", "along")]);
    let headers = [(LENGTH, "4"), (METADATA, &*said), (CONTENT_TYPE, PART)];
    let created = client.tus(Method::POST, "/api/v1/uploads", &headers, "ab").await;
    assert_eq!(created.status, StatusCode::CREATED);
    assert_eq!(created.header("upload-offset"), "2");
    let at = created.header("location").to_owned();
    assert_ne!(client.part(&at, 2, "cd").await.header("holdall-document"), "");
    assert_eq!(client.content("/Lib/Plans/along").await.unwrap(), b"abcd");
}
