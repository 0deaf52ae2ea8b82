//! Lines that break and senders that come back: what was received counts, and only that.

use super::{CHECKSUM, LENGTH, METADATA, OFFSET, PART, metadata, writer};
use axum::body::{Body, Bytes};
use futures_util::{StreamExt as _, stream};
use holdall_model::Right;
use holdall_testkit::user;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;

/// A body that gives `pieces` and breaks off.
fn broken(pieces: &[&'static [u8]]) -> Body {
    let pieces: Vec<_> = pieces.iter().map(|piece| Ok(Bytes::from_static(piece))).collect();
    let end = [Err(io::Error::from(io::ErrorKind::ConnectionReset))];
    Body::from_stream(stream::iter(pieces.into_iter().chain(end)))
}

/// A body that gives what is sent and ends with its sender.
fn held() -> (mpsc::Sender<Bytes>, Body) {
    let (sender, receiver) = mpsc::channel::<Bytes>(1);
    let pieces = stream::unfold(receiver, async |mut receiver| {
        Some((receiver.recv().await?, receiver))
    });
    (sender, Body::from_stream(pieces.map(Ok::<_, io::Error>)))
}

#[tokio::test]
async fn l1_a_broken_line_keeps_what_was_received() {
    let client = writer().await;
    let at = client.announce("a.bin", 9).await;
    let cut = client.part(&at, 0, broken(&[b"abc", b"de"])).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.offset(&at).await, "5");
    let cut = client.part(&at, 5, broken(&[b"f"])).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.part(&at, 6, "ghi").await.header("upload-offset"), "9");
    assert_eq!(client.content("/Lib/Plans/a.bin").await.unwrap(), b"abcdefghi");
}

#[tokio::test]
async fn l1_a_broken_line_keeps_nothing_that_a_checksum_should_prove() {
    let client = writer().await;
    let at = client.announce("a.bin", 3).await;
    let headers = [
        (CONTENT_TYPE, PART),
        (OFFSET, "0"),
        (CHECKSUM, "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
    ];
    let cut = client.tus(Method::PATCH, &at, &headers, broken(&[b"ab"])).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.offset(&at).await, "0");
    let whole = client.tus(Method::PATCH, &at, &headers, "abc").await;
    assert_ne!(whole.header("holdall-document"), "");
}

#[tokio::test]
async fn l1_the_document_counts_only_once_it_is_stored() {
    let client = writer().await;
    let at = client.announce("a.bin", 3).await;
    // All bytes came, but the line broke before their end was known.
    let cut = client.part(&at, 0, broken(&[b"abc"])).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.content("/Lib/Plans/a.bin").await, None);
    assert_eq!(client.offset(&at).await, "0");
    assert_ne!(client.part(&at, 0, "abc").await.header("holdall-document"), "");
}

#[tokio::test]
async fn l8_rights_are_asked_for_again_at_the_end() {
    let client = writer().await;
    let at = client.announce("a.bin", 3).await;
    let house = &client.house;
    house
        .grant(&house.administrator, "/Lib/Plans", &[(user("kim"), Right::Read)])
        .await;
    assert_eq!(client.part(&at, 0, "abc").await.status, StatusCode::FORBIDDEN);
    assert_eq!(client.content("/Lib/Plans/a.bin").await, None);
    house
        .grant(&house.administrator, "/Lib/Plans", &[(user("kim"), Right::Add)])
        .await;
    assert_ne!(client.part(&at, 0, "abc").await.header("holdall-document"), "");
}

#[tokio::test]
async fn f34_whoever_comes_back_takes_over_and_loses_nothing() {
    let client = writer().await;
    let at = client.announce("a.bin", 6).await;
    let (sender, body) = held();
    let first = client.part(&at, 0, body);
    let second = async {
        sender.send(Bytes::from_static(b"abc")).await.unwrap();
        // The channel holds one: the second is taken only after the first was.
        sender.send(Bytes::new()).await.unwrap();
        sender.reserve().await.unwrap();
        let offset = client.offset(&at).await;
        let stored = client.part(&at, offset.parse().unwrap(), "def").await;
        drop(sender);
        (offset, stored)
    };
    let (first, (offset, stored)) = tokio::join!(first, second);
    assert_eq!(first.status, StatusCode::LOCKED);
    assert_eq!(first.header("retry-after"), "1");
    assert_eq!(offset, "3");
    assert_ne!(stored.header("holdall-document"), "");
    assert_eq!(client.content("/Lib/Plans/a.bin").await.unwrap(), b"abcdef");
}

#[tokio::test]
async fn f34_many_senders_at_once_never_mix() {
    let client = writer().await;
    let content: Vec<u8> = (0..3_000_000_u32)
        .map(|n| n.to_le_bytes()[usize::from(n % 3 == 0)])
        .collect();
    let at = client.announce("a.bin", content.len()).await;
    let parts = (0..8).map(|_| client.part(&at, 0, content.clone()));
    let answers = futures_util::future::join_all(parts).await;
    for answer in &answers {
        let allowed = [StatusCode::NO_CONTENT, StatusCode::CONFLICT, StatusCode::LOCKED];
        assert!(allowed.contains(&answer.status), "{}", answer.status);
    }
    let offset: usize = client.offset(&at).await.parse().unwrap();
    if offset < content.len() {
        let rest = client.part(&at, offset, content[offset..].to_vec()).await;
        assert_eq!(rest.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(client.content("/Lib/Plans/a.bin").await.unwrap(), content);
}

#[tokio::test]
async fn l9_a_part_is_taken_as_it_comes_whatever_was_declared() {
    let client = writer().await;
    let len = 40 << 20;
    let at = client.announce("big.bin", len).await;
    let piece = Bytes::from(vec![7; 1 << 16]);
    let pieces = stream::iter(std::iter::repeat_n(piece, len >> 16).map(Ok::<_, io::Error>));
    let stored = client.part(&at, 0, Body::from_stream(pieces)).await;
    assert_eq!(stored.header("upload-offset"), len.to_string());
    assert_eq!(client.content("/Lib/Plans/big.bin").await.unwrap().len(), len);
}

#[tokio::test]
async fn i7_an_upload_that_waits_too_long_ends() {
    let client = writer().await;
    let said = metadata(&[("folder", "/Lib/Plans"), ("filename", "a")]);
    let created = client
        .tus(
            Method::POST,
            "/api/v1/uploads",
            &[(LENGTH, "3"), (METADATA, &said)],
            "",
        )
        .await;
    let at = created.header("location").to_owned();
    client.part(&at, 0, "ab").await;
    client.house.clock.advance(Duration::from_hours(24));
    let late = client.tus(Method::HEAD, &at, &[], "").await;
    assert!(matches!(late.status, StatusCode::NOT_FOUND));
    let expired = client.house.services.upkeep.expire().await.unwrap();
    assert_eq!(expired.uploads, 1);
    let uploads = client.house.directory().join("uploads");
    assert_eq!(std::fs::read_dir(uploads).unwrap().count(), 0);
}
