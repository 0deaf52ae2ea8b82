//! How far downloads have come, as JSON, as lines and as events.

use crate::client::Client;
use holdall_api_types::{Delivered, DownloadStatus, ListedDownload, Page, Receipt, ReceiptLine};
use http::header::RANGE;
use http::{Method, StatusCode};
use serde_json::{Value, json};

async fn client() -> (Client, Value) {
    let client = Client::new().await;
    let staged = client.stage().await;
    (client, staged)
}

fn url<'v>(staged: &'v Value, name: &str) -> &'v str {
    staged[name].as_str().unwrap()
}

#[tokio::test]
async fn status_receipt_and_list_tell_what_was_sent() {
    let (client, staged) = client().await;
    let show = async || {
        let answer = client.ask(Method::GET, url(&staged, "status_url"), &[]).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        serde_json::from_slice::<DownloadStatus>(&answer.body).unwrap()
    };
    let ready = show().await;
    assert_eq!((ready.sent, ready.documents, ready.complete), (0, 2, false));
    assert_eq!(json!(ready.state), "ready");
    let content = url(&staged, "content_url");
    client
        .ask(Method::GET, content, &[(RANGE, "bytes=0-9,300-309")])
        .await;
    let moving = show().await;
    assert_eq!(
        (moving.sent, moving.covered, json!(moving.state)),
        (20, 20, json!("moving"))
    );
    client.ask(Method::GET, content, &[]).await;
    let delivered = show().await;
    assert_eq!((delivered.covered, delivered.complete), (delivered.length, true));
    assert_eq!(
        (delivered.delivered_documents, json!(delivered.state)),
        (2, json!("delivered"))
    );
    let base = content.strip_suffix("/content").unwrap();
    let receipt = client.ask(Method::GET, &format!("{base}/receipt"), &[]).await;
    assert_eq!(receipt.header("content-type"), "application/jsonl");
    let text = String::from_utf8(receipt.body.to_vec()).unwrap();
    let lines: Vec<ReceiptLine> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let paths: Vec<&str> = lines.iter().map(|line| line.path.as_str()).collect();
    assert_eq!(paths, ["Plans/a.txt", "Plans/b.txt"]);
    assert!(
        lines
            .iter()
            .all(|line| line.delivered == Delivered::Whole && line.at.is_some())
    );
    let list = client.ask(Method::GET, "/api/v1/downloads", &[]).await;
    let page: Page<ListedDownload> = serde_json::from_slice(&list.body).unwrap();
    assert_eq!(
        (page.items.len(), page.items[0].delivered_documents, page.next),
        (1, 2, None)
    );
    assert!(
        !String::from_utf8_lossy(&list.body).contains(url(&staged, "id")),
        "ids are not kept"
    );
}

#[tokio::test]
async fn receipts_outlive_downloads_and_come_in_pages() {
    let (client, staged) = client().await;
    client.ask(Method::GET, url(&staged, "content_url"), &[]).await;
    client
        .ask(
            Method::GET,
            url(&client.stage().await, "content_url"),
            &[(RANGE, "bytes=0-4")],
        )
        .await;
    let base = url(&staged, "content_url").strip_suffix("/content").unwrap();
    client.ask(Method::DELETE, base, &[]).await;
    let page = async |address: &str| {
        let answer = client.ask(Method::GET, address, &[]).await;
        serde_json::from_slice::<Page<Receipt>>(&answer.body).unwrap()
    };
    let first = page("/api/v1/receipts?limit=1").await;
    assert_eq!(
        (first.items[0].delivered_documents, &first.items[0].finished),
        (0, &None)
    );
    let next = page(&format!(
        "/api/v1/receipts?limit=1&cursor={}",
        first.next.unwrap()
    ))
    .await;
    assert_eq!(
        (next.items[0].delivered_documents, json!(next.items[0].by)),
        (2, json!("session"))
    );
    assert!(next.items[0].finished.is_some() && next.next.is_none());
    let bad = client.ask(Method::GET, "/api/v1/receipts?cursor=x", &[]).await;
    assert_eq!(
        (bad.status, bad.json()["field"].clone()),
        (StatusCode::BAD_REQUEST, json!("cursor"))
    );
}

#[tokio::test]
async fn ended_downloads_are_gone_and_not_unknown() {
    let (client, staged) = client().await;
    let base = url(&staged, "content_url").strip_suffix("/content").unwrap();
    client.ask(Method::DELETE, base, &[]).await;
    for below in ["", "/content", "/manifest", "/status", "/receipt", "/events"] {
        let gone = client.ask(Method::GET, &format!("{base}{below}"), &[]).await;
        assert_eq!(
            (gone.status, gone.json()["type"].clone()),
            (StatusCode::GONE, json!("/problems/download-ended"))
        );
    }
}

#[tokio::test]
async fn events_tell_the_status_and_the_end() {
    let (client, staged) = client().await;
    let base = url(&staged, "content_url").strip_suffix("/content").unwrap();
    client.ask(Method::GET, url(&staged, "content_url"), &[]).await;
    let events = format!("{base}/events");
    let (answer, ()) = tokio::join!(client.ask(Method::GET, &events, &[]), async {
        tokio::task::yield_now().await;
        client.ask(Method::DELETE, base, &[]).await;
    });
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(text.ends_with("event: ended\ndata: {}\n\n"), "{text}");
}

#[tokio::test]
async fn the_queue_can_be_staged_with_or_without_other_items() {
    let client = Client::new().await;
    let kim = client.house.services.sessions.operator("kim").await.unwrap();
    let queued = holdall_testkit::item("/Lib/Plans/a.txt");
    client.house.services.queue.add(&kim, &queued).await.unwrap();
    let documents =
        async |body: Value| client.post("/api/v1/downloads", &body).await.json()["documents"].clone();
    assert_eq!(documents(json!({ "items": [], "queue": true })).await, 1);
    assert_eq!(
        documents(json!({ "items": ["/Lib/Plans/b.txt"], "queue": true })).await,
        2
    );
    assert_eq!(documents(json!({ "items": ["/Lib/Plans/b.txt"] })).await, 1);
    let dry = client
        .post(
            "/api/v1/downloads",
            &json!({ "items": [], "queue": true, "dry_run": true }),
        )
        .await;
    assert_eq!(dry.status, StatusCode::OK);
    assert_eq!(dry.json()["raw_length"], 12);
    assert_eq!(dry.json()["limits"], json!({}));
}
