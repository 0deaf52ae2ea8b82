//! `GET /api/v1/downloads/{id}/content`: RFC 9110 on ranges and conditions.

mod parts;

use crate::client::{Answer, Client};
use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE};
use http::{HeaderName, Method, StatusCode};

struct Staged {
    client: Client,
    url: String,
    etag: String,
    whole: Answer,
}

async fn staged() -> Staged {
    let client = Client::new().await;
    let staged = client.stage().await;
    let url = staged["content_url"].as_str().unwrap().to_owned();
    let whole = client.ask(Method::GET, &url, &[]).await;
    assert_eq!(u64::try_from(whole.body.len()).unwrap(), staged["length"]);
    Staged {
        client,
        url,
        etag: staged["etag"].as_str().unwrap().to_owned(),
        whole,
    }
}

impl Staged {
    async fn get(&self, headers: &[(HeaderName, &str)]) -> Answer {
        self.client.ask(Method::GET, &self.url, headers).await
    }
}

#[tokio::test]
async fn the_whole_content_has_all_its_headers() {
    let staged = staged().await;
    let whole = &staged.whole;
    assert_eq!(whole.status, StatusCode::OK);
    assert_eq!(whole.header("content-type"), "application/zip");
    assert_eq!(whole.header("content-length"), whole.body.len().to_string());
    assert_eq!(
        whole.header("content-disposition"),
        "attachment; filename=\"Plans.zip\""
    );
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("cache-control"), "private, no-transform");
    assert_eq!(whole.header("etag"), staged.etag);
    assert_eq!(whole.header("last-modified"), "Thu, 01 Jan 2026 00:00:00 GMT");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert!(!whole.headers.contains_key("content-encoding"));
    assert!(staged.etag.starts_with('"') && staged.etag.ends_with('"'));
    let archive = zip::ZipArchive::new(std::io::Cursor::new(&whole.body)).unwrap();
    assert_eq!(archive.len(), 3);
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let staged = staged().await;
    let head = staged.client.ask(Method::HEAD, &staged.url, &[]).await;
    assert!(head.body.is_empty());
    assert_eq!(
        (head.status, &head.headers),
        (StatusCode::OK, &staged.whole.headers)
    );
    let part = staged
        .client
        .ask(Method::HEAD, &staged.url, &[(RANGE, "bytes=5-9")])
        .await;
    assert_eq!(
        (part.status, part.header("content-length")),
        (StatusCode::PARTIAL_CONTENT, "5")
    );
}

#[tokio::test]
async fn one_range_is_cut_out() {
    let staged = staged().await;
    let whole = &staged.whole.body;
    let len = whole.len();
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        ("bytes=5-99", 5..100),
        ("bytes=-7", len - 7..len),
        ("bytes=7-", 7..len),
        ("bytes=7-99999999999", 7..len),
    ] {
        let part = staged.get(&[(RANGE, range)]).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{range}");
        let said = format!("bytes {}-{}/{len}", expected.start, expected.end - 1);
        assert_eq!(part.header("content-range"), said, "{range}");
        assert_eq!(
            part.header("content-length"),
            expected.len().to_string(),
            "{range}"
        );
        assert_eq!(part.header("etag"), staged.etag);
        assert_eq!(part.body, whole.slice(expected), "{range}");
    }
}

#[tokio::test]
async fn a_range_beyond_the_end_is_unsatisfiable() {
    let staged = staged().await;
    let len = staged.whole.body.len();
    for range in [
        format!("bytes={len}-"),
        "bytes=-0".to_owned(),
        format!("bytes={}-{}", len + 5, len + 9),
    ] {
        let none = staged.get(&[(RANGE, &range)]).await;
        assert_eq!(none.status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(none.header("content-range"), format!("bytes */{len}"));
        assert!(none.body.is_empty());
    }
}

#[tokio::test]
async fn what_is_no_single_range_gives_the_whole() {
    let staged = staged().await;
    for range in ["bytes=9-5", "lines=1-2", "nonsense"] {
        let whole = staged.get(&[(RANGE, range)]).await;
        assert_eq!(
            (whole.status, &whole.body),
            (StatusCode::OK, &staged.whole.body),
            "{range}"
        );
    }
}

#[tokio::test]
async fn if_range_resumes_only_the_same_content() {
    let staged = staged().await;
    let modified = staged.whole.header("last-modified");
    for (validator, status) in [
        (staged.etag.as_str(), StatusCode::PARTIAL_CONTENT),
        (modified, StatusCode::PARTIAL_CONTENT),
        ("\"other\"", StatusCode::OK),
        ("Thu, 01 Jan 2015 00:00:00 GMT", StatusCode::OK),
    ] {
        let part = staged.get(&[(RANGE, "bytes=1-2"), (IF_RANGE, validator)]).await;
        assert_eq!(part.status, status, "{validator}");
    }
    let weak = format!("W/{}", staged.etag);
    assert_eq!(
        staged
            .get(&[(RANGE, "bytes=1-2"), (IF_RANGE, &weak)])
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn conditions_are_judged_before_ranges() {
    let staged = staged().await;
    let etag = staged.etag.as_str();
    let modified = staged.whole.header("last-modified");
    for (name, value, status) in [
        (IF_NONE_MATCH, etag, StatusCode::NOT_MODIFIED),
        (IF_NONE_MATCH, "*", StatusCode::NOT_MODIFIED),
        (IF_NONE_MATCH, "\"other\"", StatusCode::PARTIAL_CONTENT),
        (IF_MODIFIED_SINCE, modified, StatusCode::NOT_MODIFIED),
        (IF_MATCH, etag, StatusCode::PARTIAL_CONTENT),
        (IF_MATCH, "\"other\"", StatusCode::PRECONDITION_FAILED),
        (IF_UNMODIFIED_SINCE, modified, StatusCode::PARTIAL_CONTENT),
        (
            IF_UNMODIFIED_SINCE,
            "Thu, 01 Jan 2015 00:00:00 GMT",
            StatusCode::PRECONDITION_FAILED,
        ),
    ] {
        let answer = staged.get(&[(RANGE, "bytes=1-2"), (name.clone(), value)]).await;
        assert_eq!(answer.status, status, "{name}: {value}");
        assert_eq!(answer.header("etag"), staged.etag);
        assert_eq!(answer.body.is_empty(), status != StatusCode::PARTIAL_CONTENT);
    }
}

#[tokio::test]
async fn l3_parts_of_a_resumed_download_make_the_whole() {
    let staged = staged().await;
    let mut body = Vec::new();
    while body.len() < staged.whole.body.len() {
        let range = format!("bytes={}-{}", body.len(), body.len() + 99_999);
        let part = staged.get(&[(RANGE, &range), (IF_RANGE, &staged.etag)]).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
        body.extend_from_slice(&part.body);
    }
    assert_eq!(staged.whole.body, body);
}
