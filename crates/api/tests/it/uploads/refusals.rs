//! What is refused, and with which status.

use super::{CHECKSUM, LENGTH, METADATA, OFFSET, PART, RESUMABLE, metadata, writer};
use crate::client::{Answer, Client};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use holdall_testkit::PASSWORD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use http::{Method, StatusCode};
use serde_json::json;

fn assert_problem(answer: &Answer, status: u16, kind: &str) {
    assert_eq!(answer.status.as_u16(), status, "{:?}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["type"], format!("/problems/{kind}"));
    assert_eq!(answer.header("tus-resumable"), "1.0.0");
}

async fn create(client: &Client, headers: &[(HeaderName, &str)]) -> Answer {
    client.tus(Method::POST, "/api/v1/uploads", headers, "").await
}

#[tokio::test]
async fn other_versions_are_412_and_strangers_401() {
    let client = writer().await;
    let bearer = format!("Bearer {}", client.token);
    for version in [None, Some("0.2.2")] {
        let mut headers = vec![(AUTHORIZATION, bearer.as_str())];
        headers.extend(version.map(|version| (RESUMABLE, version)));
        let answer = client.send(Method::POST, "/api/v1/uploads", &headers, "").await;
        assert_problem(&answer, 412, "upload-version");
        assert_eq!(answer.header("tus-version"), "1.0.0");
    }
    for version in ["1.0.0", "0.2.2"] {
        let stranger = [(RESUMABLE, version)];
        let answer = client.send(Method::POST, "/api/v1/uploads", &stranger, "").await;
        assert_problem(&answer, 401, "not-authenticated");
    }
    let signed = [(AUTHORIZATION, bearer.as_str())];
    let answer = client.send(Method::PATCH, "/api/v1/uploads", &signed, "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn malformed_beginnings_are_400_and_name_the_header() {
    let client = writer().await;
    let good = metadata(&[("folder", "/Lib/Plans"), ("filename", "a")]);
    let nameless = metadata(&[("folder", "/Lib/Plans")]);
    let homeless = metadata(&[("filename", "a")]);
    let timeless = metadata(&[("folder", "/Lib/Plans"), ("filename", "a"), ("modified", "today")]);
    for (length, said, field) in [
        (None, &*good, "Upload-Length"),
        (Some("-1"), &*good, "Upload-Length"),
        (Some("1e3"), &*good, "Upload-Length"),
        (Some("99999999999999999999"), &*good, "Upload-Length"),
        (Some("3"), "filename ***", "Upload-Metadata"),
        (Some("3"), &*nameless, "Upload-Metadata"),
        (Some("3"), &*homeless, "Upload-Metadata"),
        (Some("3"), &*timeless, "Upload-Metadata"),
    ] {
        let mut headers = vec![(METADATA, said)];
        headers.extend(length.map(|length| (LENGTH, length)));
        let answer = create(&client, &headers).await;
        assert_problem(&answer, 400, "invalid");
        assert_eq!(answer.json()["field"], field);
    }
    let deferred = HeaderName::from_static("upload-defer-length");
    assert_problem(
        &create(&client, &[(METADATA, &good), (deferred, "1")]).await,
        400,
        "invalid",
    );
}

#[tokio::test]
async fn what_could_not_be_stored_is_refused_before_its_bytes() {
    let client = writer().await;
    for (folder, name, length, status, kind) in [
        ("/Lib/Nowhere", "a", "3", 404, "not-found"),
        ("~F999", "a", "3", 404, "not-found"),
        ("/Lib", "a", "3", 403, "denied"),
        ("/Lib/Plans", "..", "3", 400, "invalid"),
        ("/Lib/Plans", "a", "9223372036854775807", 413, "too-large"),
    ] {
        let said = metadata(&[("folder", folder), ("filename", name)]);
        let answer = create(&client, &[(LENGTH, length), (METADATA, &said)]).await;
        assert_problem(&answer, status, kind);
    }
}

#[tokio::test]
async fn l8_a_foreign_upload_is_as_if_it_never_was() {
    let client = writer().await;
    let at = client.announce("mine.txt", 3).await;
    client.house.user_with_password("lee").await;
    let credentials = json!({ "login": "lee", "password": PASSWORD }).to_string();
    let session = client
        .send(
            Method::POST,
            "/api/v1/sessions",
            &[(CONTENT_TYPE, "application/json")],
            credentials,
        )
        .await;
    let bearer = format!("Bearer {}", session.json()["token"].as_str().unwrap());
    let unknown = "/api/v1/uploads/30313233-3435-3637-3839-303132333435";
    for path in [&*at, unknown, "/api/v1/uploads/nonsense"] {
        for method in [Method::HEAD, Method::PATCH, Method::DELETE] {
            let headers = [
                (AUTHORIZATION, bearer.as_str()),
                (RESUMABLE, "1.0.0"),
                (OFFSET, "0"),
                (CONTENT_TYPE, PART),
            ];
            let answer = client.send(method, path, &headers, "abc").await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert_eq!(answer.header("upload-offset"), "");
        }
    }
    assert_eq!(client.offset(&at).await, "0");
}

#[tokio::test]
async fn parts_in_the_wrong_place_or_form_do_not_count() {
    let client = writer().await;
    let at = client.announce("a.bin", 6).await;
    assert_eq!(client.part(&at, 0, "abc").await.status, StatusCode::NO_CONTENT);
    for offset in [0, 2, 4, 6] {
        assert_problem(&client.part(&at, offset, "def").await, 409, "wrong-offset");
    }
    assert_problem(&client.part(&at, 3, "defg").await, 400, "invalid");
    let headers = [(CONTENT_TYPE, "application/octet-stream"), (OFFSET, "3")];
    assert_problem(
        &client.tus(Method::PATCH, &at, &headers, "def").await,
        415,
        "media-type",
    );
    let headers = [(CONTENT_TYPE, PART), (OFFSET, "three")];
    assert_problem(
        &client.tus(Method::PATCH, &at, &headers, "def").await,
        400,
        "invalid",
    );
    assert_eq!(client.offset(&at).await, "3");
}

#[tokio::test]
async fn l1_a_part_with_another_checksum_does_not_count() {
    let client = writer().await;
    let at = client.announce("a.bin", 6).await;
    let send = async |offset: &str, checksum: &str, body: &'static str| {
        let headers = [(CONTENT_TYPE, PART), (OFFSET, offset), (CHECKSUM, checksum)];
        client.tus(Method::PATCH, &at, &headers, body).await
    };
    let of_abc = "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=";
    assert_problem(&send("0", of_abc, "abd").await, 460, "checksum-mismatch");
    assert_eq!(client.offset(&at).await, "0");
    for checksum in ["md5 kAFQmDzST7DWlj99KOF/cg==", "sha1", "sha1 ***", "crc32 qZk+"] {
        assert_problem(&send("0", checksum, "abc").await, 400, "invalid");
    }
    assert_eq!(send("0", of_abc, "abc").await.header("upload-offset"), "3");
    assert_problem(
        &send("3", "sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", "def").await,
        460,
        "checksum-mismatch",
    );
    let proved = send("3", &crc32("def"), "def").await;
    assert_ne!(proved.header("holdall-document"), "");
    assert_eq!(client.content("/Lib/Plans/a.bin").await.unwrap(), b"abcdef");
}

fn crc32(text: &str) -> String {
    let bytes = crc32fast::hash(text.as_bytes()).to_be_bytes();
    format!("crc32 {}", STANDARD.encode(bytes))
}

#[tokio::test]
async fn a_withdrawn_upload_is_gone_and_its_document_is_not() {
    let client = writer().await;
    let at = client.announce("a.bin", 6).await;
    client.part(&at, 0, "abc").await;
    assert_eq!(
        client.tus(Method::DELETE, &at, &[], "").await.status,
        StatusCode::NO_CONTENT
    );
    assert_problem(&client.part(&at, 3, "def").await, 404, "no-such-upload");
    let at = client.announce("b.bin", 3).await;
    client.part(&at, 0, "abc").await;
    assert_eq!(
        client.tus(Method::DELETE, &at, &[], "").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(client.content("/Lib/Plans/b.bin").await.unwrap(), b"abc");
}

#[tokio::test]
async fn a_post_may_stand_for_methods_that_a_client_lacks() {
    let client = writer().await;
    let at = client.announce("a.bin", 3).await;
    let method = HeaderName::from_static("x-http-method-override");
    let head = client
        .tus(Method::POST, &at, &[(method.clone(), "HEAD")], "")
        .await;
    assert_eq!(head.header("upload-offset"), "0");
    let headers = [(method.clone(), "PATCH"), (CONTENT_TYPE, PART), (OFFSET, "0")];
    let patched = client.tus(Method::POST, &at, &headers, "ab").await;
    assert_eq!(patched.header("upload-offset"), "2");
    let deleted = client
        .tus(Method::POST, &at, &[(method.clone(), "DELETE")], "")
        .await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let odd = client.tus(Method::POST, &at, &[(method, "PUT")], "").await;
    assert_problem(&odd, 405, "method-not-allowed");
}
