//! What was sent of downloads: no byte is claimed that did not leave, and what left is known after a restart and after the end.

use super::{furnished, is_gone, stage_for};
use crate::archives::{fetch, read_range};
use holdall_model::{DownloadId, Guid, Right};
use holdall_services::{Caller, Delivered, DeliveryStatus, Door, Failure, Receipt};
use holdall_testkit::{House, user};
use http_body_util::BodyExt as _;
use std::ops::Range;
use std::time::Duration;

const ALL: DownloadId = DownloadId(i64::MAX);
const DAY: Duration = Duration::from_hours(24);

async fn status(house: &House, caller: &Caller, handle: &Guid) -> DeliveryStatus {
    let open = house.services.downloads.open(caller, handle).await.unwrap();
    open.status().await.unwrap()
}

async fn receipts(house: &House, caller: &Caller) -> Vec<Receipt> {
    house.services.downloads.receipts(caller, ALL, 100).await.unwrap()
}

/// The entries of a download with what was sent of each document.
async fn lines(house: &House, caller: &Caller, handle: &Guid) -> Vec<(Range<u64>, Option<Delivered>)> {
    let open = house.services.downloads.open(caller, handle).await.unwrap();
    let (mut receipt, mut lines) = (open.receipt().await.unwrap(), Vec::new());
    while let Some(part) = receipt.next().await.unwrap() {
        for entry in part.entries() {
            let entry = entry.unwrap();
            let delivered = entry.document.map(|_document| receipt.judge(&entry));
            lines.push((entry.offset..entry.data + entry.stored_len, delivered));
        }
    }
    lines
}

#[tokio::test]
async fn what_was_sent_is_counted_by_byte_and_by_document() {
    for house in House::on_every_engine().await {
        let admin = house.administrator.clone();
        house.library("Lib", &[]).await;
        house.folder(&admin, "/Lib/Plans").await;
        for name in ["a", "b", "c"] {
            let content = crate::archives::noise(400_000, u64::from(name.as_bytes()[0]));
            house
                .document(&admin, &format!("/Lib/Plans/{name}.bin"), &content)
                .await;
        }
        let staged = stage_for(&house, &admin).await;
        let handle = &staged.handle;
        assert_eq!(status(&house, &admin, handle).await, DeliveryStatus::default());
        let entries = lines(&house, &admin, handle).await;
        assert!(
            entries
                .iter()
                .all(|(_, sent)| !matches!(sent, Some(Delivered::Part | Delivered::Whole)))
        );
        let (b, c) = (entries[2].0.clone(), entries[3].0.clone());
        let open = house.services.downloads.open(&admin, handle).await.unwrap();
        read_range(&open, b.start..c.start + 1_000).await.unwrap();
        read_range(&open, b.start..b.start + 10).await.unwrap();
        let half = status(&house, &admin, handle).await;
        let covered = c.start + 1_000 - b.start;
        assert_eq!((half.sent_len, half.covered_len), (covered + 10, covered));
        assert_eq!((half.delivered, half.is_complete), (1, false));
        let sent: Vec<_> = lines(&house, &admin, handle)
            .await
            .into_iter()
            .map(|(_, sent)| sent)
            .collect();
        let expected = [
            None,
            Some(Delivered::None),
            Some(Delivered::Whole),
            Some(Delivered::Part),
        ];
        assert_eq!(sent, expected);
        house.services.logs.settle().await;
        drop(open);
        let house = house.reopen().await;
        assert_eq!(status(&house, &admin, handle).await, half);
        fetch(&house, &admin, handle).await.unwrap();
        let whole = status(&house, &admin, handle).await;
        assert_eq!((whole.covered_len, whole.delivered), (staged.content_len, 3));
        assert!(whole.is_complete, "{}", house.engine);
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_claims_only_what_was_taken() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    let mut body = open.read(0..open.content_len()).unwrap();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(
        status(&house, &kim, &staged.handle).await.sent_len,
        0,
        "it may still be in our hands"
    );
    body.frame().await.unwrap().unwrap();
    let first_len = u64::try_from(first.len()).unwrap();
    let moving = status(&house, &kim, &staged.handle).await;
    assert_eq!((moving.sent_len, moving.covered_len), (first_len, first_len));
    assert_eq!(open.progress(), first_len);
    drop(body);
    assert_eq!(status(&house, &kim, &staged.handle).await, moving);
    drop(open.read(5..100).unwrap());
    open.inspect(0..1_000).unwrap().collect().await.unwrap();
    assert_eq!(
        status(&house, &kim, &staged.handle).await,
        moving,
        "neither HEAD nor a look sends anything"
    );
}

#[tokio::test]
async fn a_receipt_outlives_its_download_for_400_days() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let unsent = stage_for(&house, &kim).await;
    house.clock.advance(Duration::from_mins(1));
    let downloads = &house.services.downloads;
    let middle = i64::try_from(staged.content_len / 2).unwrap();
    for (offset, len) in [(0, middle), (middle, middle + 1)] {
        downloads.chunk(&kim, &staged.handle, offset, len).await.unwrap();
    }
    let listed = downloads.list(&kim, ALL, 100).await.unwrap();
    let sent: Vec<_> = listed
        .iter()
        .map(|download| (download.sent_len, download.delivered))
        .collect();
    assert_eq!(sent, [(0, 0), (staged.content_len, 22)]);
    downloads.forget(&kim, &staged.handle).await.unwrap();
    downloads.forget(&kim, &unsent.handle).await.unwrap();
    assert!(downloads.list(&kim, ALL, 100).await.unwrap().is_empty());
    let stranger = house.user("lee").await;
    assert!(receipts(&house, &stranger).await.is_empty());
    let house = house.reopen().await;
    let [receipt] = receipts(&house, &kim).await.try_into().unwrap();
    assert_eq!(
        (receipt.documents, receipt.delivered, receipt.door),
        (22, 22, Door::Chunks)
    );
    assert_eq!(
        (receipt.content_len, receipt.finished),
        (staged.content_len, Some(receipt.first))
    );
    assert!(receipt.created < receipt.first);
    house.clock.advance(399 * DAY);
    house.services.upkeep.expire().await.unwrap();
    assert_eq!(receipts(&house, &kim).await, [receipt]);
    house.clock.advance(DAY);
    house.services.upkeep.expire().await.unwrap();
    assert!(receipts(&house, &kim).await.is_empty());
}

#[tokio::test]
async fn lists_come_in_pages_and_are_ones_own() {
    let (house, kim) = furnished().await;
    for _ in 0..3 {
        let staged = stage_for(&house, &kim).await;
        house
            .services
            .downloads
            .chunk(&kim, &staged.handle, 0, 10)
            .await
            .unwrap();
    }
    stage_for(&house, &house.administrator).await;
    let downloads = &house.services.downloads;
    let first = downloads.list(&kim, ALL, 2).await.unwrap();
    let second = downloads.list(&kim, first[1].number, 2).await.unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    assert!(first[0].number > first[1].number && first[1].number > second[0].number);
    let receipts = downloads.receipts(&kim, first[1].number, 2).await.unwrap();
    assert_eq!(receipts.len(), 1);
    assert_eq!(receipts[0].number, second[0].number);
}

#[tokio::test]
async fn an_ended_download_says_so_to_its_owner_for_a_day() {
    let (house, kim) = furnished().await;
    let (deleted, expired, revoked) = (
        stage_for(&house, &kim).await.handle,
        stage_for(&house, &kim).await.handle,
        stage_for(&house, &kim).await.handle,
    );
    house.services.downloads.forget(&kim, &deleted).await.unwrap();
    house
        .grant(
            &house.administrator,
            "/Lib/Plans/a.txt",
            &[(user("kim"), Right::NoAccess)],
        )
        .await;
    fetch(&house, &kim, &revoked).await.unwrap_err();
    house.clock.advance(DAY);
    let why =
        async |house: &House, handle: &Guid| house.services.downloads.open(&kim, handle).await.unwrap_err();
    assert!(matches!(why(&house, &expired).await, Failure::DownloadEnded));
    house.services.upkeep.expire().await.unwrap();
    let house = house.reopen().await;
    assert!(matches!(why(&house, &expired).await, Failure::DownloadEnded));
    house.clock.advance(DAY);
    house.services.upkeep.expire().await.unwrap();
    for handle in [&deleted, &expired, &revoked] {
        assert!(matches!(why(&house, handle).await, Failure::NoSuchDownload));
    }
}

#[tokio::test]
async fn i15_an_ended_download_says_nothing_to_others() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    house
        .services
        .downloads
        .forget(&kim, &staged.handle)
        .await
        .unwrap();
    let other = house
        .services
        .downloads
        .open(&house.administrator, &staged.handle)
        .await;
    assert!(matches!(other, Err(Failure::NoSuchDownload)));
    assert!(is_gone(&house, &kim, &staged.handle).await);
}
