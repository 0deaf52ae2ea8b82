use super::super::{Meta, Soap};
use super::{Answer, Element, File, disposition, rest, soap_response};
use axum::body::{Body, to_bytes};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH};
use std::io;

const META: Meta = Meta {
    name: "Op",
    group: "Auth",
    doc: "",
    root: "root",
    ticket: Some("authenticationTicket"),
    answers_bytes: false,
    format_first: false,
    blank_on_failure: None,
    runs: &[],
};

async fn text(response: Response) -> String {
    let announced = response.headers()[CONTENT_LENGTH]
        .to_str()
        .unwrap()
        .parse::<usize>()
        .unwrap();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert_eq!(bytes.len(), announced);
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn sample() -> Element {
    Element::success()
        .with("error", "a\"<\u{2}")
        .containing(vec![Element::named("item").text("x&y")])
}

#[tokio::test]
async fn rest_is_the_root_itself() {
    let response = rest(&META, Answer::Xml(sample()));
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    assert_eq!(
        text(response).await,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <root success=\"true\" error=\"a&quot;&lt;\u{fffd}\"><item>x&amp;y</item></root>"
    );
}

#[tokio::test]
async fn soap_results_are_in_no_namespace_and_called_response() {
    let body = text(soap_response(
        &META,
        Answer::Xml(Element::success()),
        Soap::V11,
        false,
    ))
    .await;
    assert!(body.contains(
        "<OpResponse xmlns=\"http://tempuri.org/\"><OpResult><response xmlns=\"\" success=\"true\"/></OpResult></OpResponse>"
    ));
    let documented = text(soap_response(
        &META,
        Answer::Xml(Element::success()),
        Soap::V12,
        true,
    ))
    .await;
    assert!(documented.contains("<root xmlns=\"\" success=\"true\"/>"));
    assert!(documented.contains("http://www.w3.org/2003/05/soap-envelope"));
}

/// A file that arrives in pieces of `step` bytes.
fn file(bytes: &[u8], step: usize) -> File {
    let frames: Vec<io::Result<Bytes>> = bytes
        .chunks(step)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    let content_len = u64::try_from(bytes.len()).unwrap();
    File {
        content_len,
        body: Body::from_stream(futures_util::stream::iter(frames)),
        name: None,
    }
}

#[tokio::test]
async fn l3_any_split_of_a_file_gives_the_same_base64() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
    for (len, step) in [
        (0, 1),
        (1, 1),
        (2, 1),
        (2, 2),
        (3, 2),
        (4, 3),
        (1_000, 1),
        (1_000, 2),
        (1_000, 3),
        (1_000, 333),
    ] {
        let expected = STANDARD.encode(&bytes[..len]);
        let chunk = Answer::Text(Element::success(), file(&bytes[..len], step));
        let chunk = text(rest(&META, chunk)).await;
        assert!(
            chunk.ends_with(&format!("<root success=\"true\">{expected}</root>")),
            "{len} {step}"
        );
        let whole = Answer::File(file(&bytes[..len], step));
        let whole = text(soap_response(&META, whole, Soap::V11, false)).await;
        assert!(
            whole.contains(&format!("<OpResult>{expected}</OpResult>")),
            "{len} {step}"
        );
        let chunk = Answer::Text(Element::success(), file(&bytes[..len], step));
        let chunk = text(soap_response(&META, chunk, Soap::V12, false)).await;
        assert!(chunk.contains(&format!(
            "<response xmlns=\"\" success=\"true\">{expected}</response></OpResult>"
        )));
    }
}

#[tokio::test]
async fn l3_pieces_longer_than_a_buffer_are_encoded_whole() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1_000_001).collect();
    for step in [bytes.len(), 262_144, 262_145, 196_605, 196_606] {
        let chunk = Answer::Text(Element::success(), file(&bytes, step));
        let chunk = text(rest(&META, chunk)).await;
        assert!(
            chunk.contains(&format!(">{}</root>", STANDARD.encode(&bytes))),
            "{step}"
        );
    }
}

#[tokio::test]
async fn l4_a_failing_file_ends_short() {
    let frames = vec![Ok(Bytes::from_static(b"abc")), Err(io::Error::other("corrupt"))];
    let body = Body::from_stream(futures_util::stream::iter(frames));
    let response = soap_response(
        &META,
        Answer::File(File {
            content_len: 6,
            body,
            name: None,
        }),
        Soap::V11,
        false,
    );
    assert!(to_bytes(response.into_body(), usize::MAX).await.is_err());
}

#[test]
fn names_survive_in_the_disposition() {
    let plain = disposition("a b.zip").unwrap();
    assert_eq!(plain, "attachment; filename=\"a b.zip\"");
    let other = disposition("é\"\r\n%.zip").unwrap();
    assert_eq!(
        other,
        "attachment; filename=\"_____.zip\"; filename*=UTF-8''%C3%A9%22%0D%0A%25.zip"
    );
}
