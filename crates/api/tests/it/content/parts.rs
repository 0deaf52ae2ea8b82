//! Several ranges in one answer: `multipart/byteranges` as RFC 9110 section 14.6 has it.

use crate::client::{Answer, Client};
use http::header::{IF_RANGE, RANGE};
use http::{Method, StatusCode};
use std::ops::Range;

/// The parts of an answer, read with nothing but the boundary and each part's own headers.
fn parts_of(answer: &Answer) -> Vec<(Range<usize>, usize, Vec<u8>)> {
    let boundary = answer
        .header("content-type")
        .strip_prefix("multipart/byteranges; boundary=")
        .unwrap();
    let (delimiter, mut rest) = (format!("\r\n--{boundary}"), answer.body.as_ref());
    rest = rest.strip_prefix(&delimiter.as_bytes()[2..]).unwrap();
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let head_end = find(rest, b"\r\n\r\n");
        let head = std::str::from_utf8(&rest[2..head_end]).unwrap();
        let line = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        assert_eq!(line("Content-Type: "), "application/zip");
        let (range, len) = line("Content-Range: bytes ").split_once('/').unwrap();
        let (first, last) = range.split_once('-').unwrap();
        let range = first.parse().unwrap()..last.parse::<usize>().unwrap() + 1;
        rest = &rest[head_end + 4..];
        let bytes = rest[..range.len()].to_vec();
        rest = rest[range.len()..].strip_prefix(delimiter.as_bytes()).unwrap();
        parts.push((range, len.parse().unwrap(), bytes));
    }
    assert_eq!(rest, b"--\r\n");
    parts
}

fn find(text: &[u8], wanted: &[u8]) -> usize {
    text.windows(wanted.len())
        .position(|window| window == wanted)
        .unwrap()
}

/// The answer has every wanted byte and none wrong.
fn check(answer: &Answer, whole: &[u8], wanted: &[Range<usize>]) {
    let mut given = vec![None; whole.len()];
    match answer.status {
        StatusCode::OK => given = whole.iter().copied().map(Some).collect(),
        StatusCode::PARTIAL_CONTENT if answer.header("content-type") == "application/zip" => {
            let (range, _) = answer.header("content-range").split_once('/').unwrap();
            let (first, _) = range.strip_prefix("bytes ").unwrap().split_once('-').unwrap();
            let first: usize = first.parse().unwrap();
            for (number, byte) in answer.body.iter().enumerate() {
                given[first + number] = Some(*byte);
            }
        }
        StatusCode::PARTIAL_CONTENT => {
            for (range, len, bytes) in parts_of(answer) {
                assert_eq!(len, whole.len());
                for (position, byte) in range.zip(bytes) {
                    assert_eq!(given[position].replace(byte), None, "no byte comes twice");
                }
            }
        }
        other => panic!("{other}"),
    }
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    for (position, byte) in given.iter().enumerate() {
        assert!(byte.is_none_or(|byte| byte == whole[position]));
        let is_wanted = wanted.iter().any(|range| range.contains(&position));
        assert!(byte.is_some() || !is_wanted, "{position}");
    }
}

#[tokio::test]
async fn l3_any_set_of_ranges_in_any_order_reassembles() {
    let client = Client::new().await;
    let url = client.stage().await["content_url"].as_str().unwrap().to_owned();
    let whole = client.ask(Method::GET, &url, &[]).await.body;
    let mut state = 7_usize;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % below
    };
    let mut kinds = [0; 3];
    for _ in 0..60 {
        let count = 1 + next(12);
        let longest = [3, 40, 300, whole.len() / 8][next(4)].max(1);
        let ranges: Vec<Range<usize>> = (0..count)
            .map(|_| {
                let start = next(whole.len());
                start..(start + 1 + next(longest)).min(whole.len())
            })
            .collect();
        let specs = ranges
            .iter()
            .map(|range| format!("{}-{}", range.start, range.end - 1));
        let header = format!("bytes={}", specs.collect::<Vec<_>>().join(","));
        let answer = client.ask(Method::GET, &url, &[(RANGE, &header)]).await;
        check(&answer, &whole, &ranges);
        let kind = match answer.header("content-type") {
            "application/zip" if answer.status == StatusCode::OK => 0,
            "application/zip" => 1,
            _ => 2,
        };
        kinds[kind] += 1;
    }
    assert!(kinds.iter().all(|count| *count > 0), "{kinds:?}");
}

#[tokio::test]
async fn parts_keep_the_order_of_the_ranges_and_head_tells_their_length() {
    let client = Client::new().await;
    let staged = client.stage().await;
    let (url, etag) = (
        staged["content_url"].as_str().unwrap(),
        staged["etag"].as_str().unwrap(),
    );
    let whole = client.ask(Method::GET, url, &[]).await.body;
    let range = (RANGE, "bytes=300-309,-7,0-3");
    let answer = client
        .ask(Method::GET, url, &[range.clone(), (IF_RANGE, etag)])
        .await;
    assert_eq!(answer.header("etag"), etag);
    assert!(!answer.headers.contains_key("content-range"));
    let ranges: Vec<_> = parts_of(&answer).into_iter().map(|(range, ..)| range).collect();
    assert_eq!(ranges, [300..310, whole.len() - 7..whole.len(), 0..4]);
    let head = client.ask(Method::HEAD, url, std::slice::from_ref(&range)).await;
    assert_eq!(head.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(head.header("content-length"), answer.header("content-length"));
    assert!(head.body.is_empty());
    let changed = client
        .ask(Method::GET, url, &[range, (IF_RANGE, "\"other\"")])
        .await;
    assert_eq!((changed.status, changed.body), (StatusCode::OK, whole));
}
