//! Downloads: the same bytes however they are cut, and only for those who may still have them.

mod deliveries;
mod links;
mod manifests;

use crate::archives::{fetch, files_below, noise, read_range, stage, stage_as, text, unzip};
use bytes::Bytes;
use holdall_model::{Guid, Right};
use holdall_services::{Caller, Failure, OnTrouble, SkipReason, Staged};
use holdall_testkit::{House, item, user};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use std::fs::OpenOptions;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

/// A library with small and large, deflated and stored documents, and `kim`, who may read it.
pub(crate) async fn furnished() -> (House, Caller) {
    let house = House::new().await;
    let kim = house.user("kim").await;
    let admin = &house.administrator;
    house.library("Lib", &[&kim]).await;
    house.folder(admin, "/Lib/Plans/Old").await;
    house.document(admin, "/Lib/Plans/a.txt", &text(3_000_000)).await;
    house
        .document(admin, "/Lib/Plans/b.bin", &noise(700_000, 1))
        .await;
    for number in 0..20 {
        house
            .document(
                admin,
                &format!("/Lib/Plans/Old/{number}.txt"),
                &text(number * 100),
            )
            .await;
    }
    (house, kim)
}

pub(crate) async fn stage_for(house: &House, caller: &Caller) -> Staged {
    stage_as(house, caller, &["/Lib/Plans"], OnTrouble::Fail)
        .await
        .unwrap()
}

pub(crate) async fn is_gone(house: &House, caller: &Caller, handle: &Guid) -> bool {
    matches!(
        house.services.downloads.open(caller, handle).await,
        Err(Failure::NoSuchDownload | Failure::DownloadEnded)
    )
}

#[tokio::test]
async fn l3_any_split_into_ranges_and_chunks_reassembles() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let whole = fetch(&house, &kim, &staged.handle).await.unwrap();
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    for step in [1_000_003, 262_144, 65_536, 7_919] {
        let mut parts = Vec::new();
        for (number, start) in (0..open.content_len()).step_by(step).enumerate() {
            let end = (start + u64::try_from(step).unwrap()).min(open.content_len());
            parts.push(match number % 2 {
                0 => read_range(&open, start..end).await.unwrap(),
                _ => read_chunk(&house, &kim, &staged.handle, start..end).await,
            });
        }
        assert_eq!(parts.concat(), whole, "{step}");
    }
}

async fn read_chunk(house: &House, caller: &Caller, handle: &Guid, range: Range<u64>) -> Bytes {
    let offset = i64::try_from(range.start).unwrap();
    let wanted = i64::try_from(range.end - range.start).unwrap();
    let chunk = house
        .services
        .downloads
        .chunk(caller, handle, offset, wanted)
        .await
        .unwrap();
    assert_eq!(chunk.last, range.end == chunk.content_len);
    chunk.bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l3_parallel_and_backward_ranges_reassemble() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let whole = fetch(&house, &kim, &staged.handle).await.unwrap();
    let len = whole.len();
    let tasks: Vec<_> = (0..len)
        .step_by(50_021)
        .rev()
        .map(|start| {
            let (downloads, kim, handle) = (house.services.downloads.clone(), kim.clone(), staged.handle);
            tokio::spawn(async move {
                let open = downloads.open(&kim, &handle).await.unwrap();
                let (from, to) = (start, (start + 50_021).min(len));
                (
                    from..to,
                    read_range(&open, u64::try_from(from).unwrap()..u64::try_from(to).unwrap())
                        .await
                        .unwrap(),
                )
            })
        })
        .collect();
    for task in tasks {
        let (range, part) = task.await.unwrap();
        assert_eq!(part, whole.slice(range));
    }
}

#[tokio::test]
async fn every_single_byte_can_be_had_alone() {
    let house = House::new().await;
    let admin = &house.administrator;
    house.library("Lib", &[]).await;
    house.document(admin, "/Lib/é.txt", b"content").await;
    house.folder(admin, "/Lib/Empty").await;
    let staged = stage(&house, &["/Lib"]).await;
    let whole = fetch(&house, admin, &staged.handle).await.unwrap();
    let open = house
        .services
        .downloads
        .open(admin, &staged.handle)
        .await
        .unwrap();
    for (at, byte) in whole.iter().enumerate() {
        let at = u64::try_from(at).unwrap();
        assert_eq!(read_range(&open, at..at + 1).await.unwrap(), [*byte].as_slice());
    }
    assert_eq!(read_range(&open, 3..3).await.unwrap(), Bytes::new());
    let beyond = open.read(0..open.content_len() + 1).map(drop);
    assert!(matches!(beyond, Err(Failure::OutOfRange { .. })));
}

#[tokio::test]
async fn a_body_announces_its_exact_length() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    let mut body = open.read(100..open.content_len() - 5).unwrap();
    let mut left = open.content_len() - 105;
    while left > 0 {
        assert_eq!(body.size_hint().exact(), Some(left));
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(!frame.is_empty() && frame.len() <= 262_144);
        left -= u64::try_from(frame.len()).unwrap();
    }
    assert!(body.is_end_stream() && body.frame().await.is_none());
}

#[tokio::test]
async fn chunks_end_as_the_contract_says() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let downloads = &house.services.downloads;
    let len = i64::try_from(staged.content_len).unwrap();
    let end = downloads.chunk(&kim, &staged.handle, len, 10).await.unwrap();
    assert!(end.bytes.is_empty() && end.last);
    for offset in [len + 1, -1, i64::MAX, i64::MIN] {
        let beyond = downloads.chunk(&kim, &staged.handle, offset, 10).await;
        assert!(
            matches!(beyond, Err(Failure::OutOfRange { offset: said, .. }) if said == offset),
            "{offset}"
        );
    }
    for wanted in [0, -5, i64::MIN] {
        let chunk = downloads.chunk(&kim, &staged.handle, 0, wanted).await.unwrap();
        assert_eq!(
            chunk.bytes.len(),
            (1 << 20).min(usize::try_from(len).unwrap()),
            "{wanted}"
        );
    }
    let all = downloads.chunk(&kim, &staged.handle, 0, i64::MAX).await.unwrap();
    assert!(all.last && all.bytes.len() == usize::try_from(len).unwrap());
}

#[tokio::test]
async fn i10_edits_deletes_and_renamed_neighbours_change_no_byte() {
    let (house, kim) = furnished().await;
    let admin = &house.administrator;
    let staged = stage_for(&house, &kim).await;
    let before = fetch(&house, &kim, &staged.handle).await.unwrap();
    house
        .document(admin, "/Lib/Plans/a.txt", b"another version")
        .await;
    house.document(admin, "/Lib/Plans/new.txt", b"new").await;
    house
        .services
        .documents
        .delete(admin, &item("/Lib/Plans/b.bin"))
        .await
        .unwrap();
    house
        .services
        .folders
        .delete(admin, &item("/Lib/Plans/Old"))
        .await
        .unwrap();
    house.services.upkeep.expire().await.unwrap();
    assert_eq!(fetch(&house, &kim, &staged.handle).await.unwrap(), before);
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    assert_eq!(open.etag(), staged.etag);
    let after = stage_for(&house, &kim).await;
    assert_ne!(after.etag, staged.etag);
    assert_eq!(after.documents, 2);
}

#[tokio::test]
async fn downloads_slide_and_end() {
    let (house, kim) = furnished().await;
    let used = stage_for(&house, &kim).await;
    let idle = stage_for(&house, &kim).await;
    for _ in 0..7 {
        house.clock.advance(23 * HOUR);
        fetch(&house, &kim, &used.handle).await.unwrap();
    }
    assert!(is_gone(&house, &kim, &idle.handle).await);
    house.clock.advance(8 * HOUR);
    assert!(
        is_gone(&house, &kim, &used.handle).await,
        "seven days are the most"
    );
}

#[tokio::test]
async fn i11_a_restart_changes_neither_handle_nor_tag_nor_byte() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let before = fetch(&house, &kim, &staged.handle).await.unwrap();
    let house = house.reopen().await;
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    assert_eq!(
        (open.etag(), open.file_name(), open.entries()),
        (staged.etag.as_str(), "Plans.zip", 24)
    );
    assert_eq!(fetch(&house, &kim, &staged.handle).await.unwrap(), before);
}

/// Flips a byte in the middle of the largest pack.
fn damage(house: &House) {
    let packs = files_below(house, "blobs/packs");
    let largest = packs
        .iter()
        .max_by_key(|pack| pack.metadata().unwrap().len())
        .unwrap();
    let file = OpenOptions::new().read(true).write(true).open(largest).unwrap();
    let at = largest.metadata().unwrap().len() / 2;
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1], at).unwrap();
}

#[tokio::test]
async fn l4_a_damaged_document_breaks_the_body_off_and_is_quarantined() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let whole = fetch(&house, &kim, &staged.handle).await.unwrap();
    damage(&house);
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    let mut body = open.read(0..open.content_len()).unwrap();
    let mut served = Vec::new();
    let failure = loop {
        match body.frame().await.unwrap() {
            Ok(frame) => served.extend_from_slice(&frame.into_data().unwrap()),
            Err(failure) => break failure,
        }
    };
    assert!(matches!(failure, Failure::Internal(_)));
    assert!(
        served.len() < whole.len() && whole.starts_with(&served),
        "nothing but verified bytes"
    );
    let again = stage_as(&house, &kim, &["/Lib/Plans"], OnTrouble::Skip)
        .await
        .unwrap();
    let said: Vec<_> = again
        .skips
        .iter()
        .map(|skip| (skip.path.as_str(), skip.reason))
        .collect();
    assert_eq!(said, [("/Lib/Plans/b.bin", SkipReason::Quarantined)]);
    assert_eq!(
        unzip(&fetch(&house, &kim, &again.handle).await.unwrap()).len(),
        23
    );
}

#[tokio::test]
async fn l4_a_damaged_chunk_is_an_error() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    damage(&house);
    let chunk = house
        .services
        .downloads
        .chunk(&kim, &staged.handle, 0, i64::MAX)
        .await;
    assert!(matches!(chunk, Err(Failure::Internal(_))));
}

#[tokio::test]
async fn a_document_is_fetched_as_it_came_in() {
    let (house, kim) = furnished().await;
    for (path, content) in [
        ("a.txt", text(3_000_000)),
        ("b.bin", noise(700_000, 1)),
        ("Old/0.txt", vec![]),
    ] {
        let wanted = item(&format!("/Lib/Plans/{path}"));
        let staged = house
            .services
            .staging
            .stage_document(&kim, &wanted, None)
            .await
            .unwrap();
        assert_eq!(staged.content_len, u64::try_from(content.len()).unwrap());
        assert_eq!(staged.crc32, crc32fast::hash(&content));
        assert_eq!(fetch(&house, &kim, &staged.handle).await.unwrap(), content);
        let middle = content.len() / 3..content.len() / 2;
        let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
        let range = u64::try_from(middle.start).unwrap()..u64::try_from(middle.end).unwrap();
        assert_eq!(read_range(&open, range).await.unwrap(), content[middle]);
    }
}

#[tokio::test]
async fn any_version_of_a_document_can_be_fetched_while_it_may_be_read() {
    let (house, kim) = furnished().await;
    let admin = &house.administrator;
    let document = item("/Lib/Plans/a.txt");
    let first = house
        .services
        .staging
        .stage_document(&kim, &document, None)
        .await
        .unwrap();
    house.document(admin, "/Lib/Plans/a.txt", b"second").await;
    let second = house
        .services
        .staging
        .stage_document(&kim, &document, None)
        .await
        .unwrap();
    assert_eq!(fetch(&house, &kim, &first.handle).await.unwrap(), text(3_000_000));
    assert_eq!(
        fetch(&house, &kim, &second.handle).await.unwrap(),
        b"second".as_slice()
    );
    let old = house
        .services
        .staging
        .stage_document(&kim, &item("/Lib/Plans/a.txt"), Some(first.version))
        .await
        .unwrap();
    assert_eq!(fetch(&house, &kim, &old.handle).await.unwrap(), text(3_000_000));
    house
        .grant(admin, "/Lib/Plans/a.txt", &[(user("kim"), Right::NoAccess)])
        .await;
    assert!(matches!(
        fetch(&house, &kim, &old.handle).await,
        Err(Failure::DownloadRevoked { documents: 1 })
    ));
}
