//! Manifests: what they say of an archive is true of its bytes, whatever became of the documents.

use crate::archives::{fetch, noise, stage, stage_as, text};
use crate::downloads::{furnished, stage_for};
use holdall_model::{Guid, ItemRef, Right, Timestamp};
use holdall_services::{Caller, Failure, ManifestEntry, OnTrouble};
use holdall_testkit::{House, item, user};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use std::cell::Cell;
use std::io::{Cursor, Read as _};
use std::time::Duration;

/// An entry that owns its path.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    path: String,
    document: Option<(i64, Option<i64>, Option<String>, u32)>,
    raw_len: u64,
    stored_len: u64,
    method: u16,
    offset: u64,
    data: u64,
    modified: Timestamp,
}

fn line(entry: &ManifestEntry<'_>) -> Line {
    let document = entry.document.as_ref();
    Line {
        path: entry.path.to_owned(),
        document: document.map(|document| {
            let digest = document.digest.map(|digest| digest.to_string());
            let version = document.version.map(|version| version.0);
            (document.id.0, version, digest, document.crc32)
        }),
        raw_len: entry.raw_len,
        stored_len: entry.stored_len,
        method: entry.method,
        offset: entry.offset,
        data: entry.data,
        modified: entry.modified,
    }
}

async fn manifest(house: &House, caller: &Caller, handle: &Guid) -> Result<Vec<Line>, Failure> {
    let open = house.services.downloads.open(caller, handle).await?;
    let (mut manifest, mut lines) = (open.manifest(), Vec::new());
    while let Some(part) = manifest.next().await? {
        lines.extend(part.entries().map(|entry| line(&entry.unwrap())));
    }
    assert_eq!(u64::try_from(lines.len()).unwrap(), open.entries());
    Ok(lines)
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap()
}

/// Compares the manifest with what a foreign reader finds in the archive.
fn check(lines: &[Line], zip: &[u8]) {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    assert_eq!(archive.len(), lines.len());
    let mut next = 0;
    for line in lines {
        assert_eq!(line.offset, next, "{line:?}");
        next = line.data + line.stored_len;
        let name = match line.document {
            Some(_) => line.path.clone(),
            None => format!("{}/", line.path),
        };
        let mut entry = archive.by_name(&name).unwrap();
        assert_eq!(entry.header_start(), line.offset);
        assert_eq!(entry.data_start().unwrap(), line.data);
        assert_eq!(
            (entry.size(), entry.compressed_size()),
            (line.raw_len, line.stored_len)
        );
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        let deflated = entry.compression() == zip::CompressionMethod::Deflated;
        assert_eq!(line.method, if deflated { 8 } else { 0 });
        if let Some((_, _, digest, crc32)) = &line.document {
            assert_eq!(*digest, Some(hex(&content)));
            assert_eq!((entry.crc32(), crc32fast::hash(&content)), (*crc32, *crc32));
        }
    }
    assert!(
        zip[position(next)..].starts_with(b"PK\x01\x02"),
        "the directory follows the last entry"
    );
}

fn hex(content: &[u8]) -> String {
    holdall_model::Digest(Sha256::digest(content).into()).to_string()
}

#[tokio::test]
async fn a_manifest_describes_the_archive_entry_by_entry() {
    for house in House::on_every_engine().await {
        let admin = house.administrator.clone();
        house.library("Lib", &[]).await;
        house.folder(&admin, "/Lib/Plans/Empty").await;
        house.document(&admin, "/Lib/Plans/a.txt", &text(100_000)).await;
        house.document(&admin, "/Lib/Plans/a.txt", &text(200_000)).await;
        house
            .document(&admin, "/Lib/Plans/b.bin", &noise(70_000, 1))
            .await;
        house
            .document(&admin, "/Lib/Plans/same.bin", &noise(70_000, 1))
            .await;
        house.document(&admin, "/Lib/Plans/none.txt", b"").await;
        let staged = stage(&house, &["/Lib/Plans", "/Lib/Plans/b.bin"]).await;
        let lines = manifest(&house, &admin, &staged.handle).await.unwrap();
        check(&lines, &fetch(&house, &admin, &staged.handle).await.unwrap());
        let of = |path: &str| lines.iter().find(|line| line.path == path).unwrap();
        let version = |path: &str| of(path).document.as_ref().unwrap().1;
        assert_eq!(
            (version("Plans/a.txt"), version("Plans/b.bin")),
            (Some(2_000_000), Some(1_000_000))
        );
        assert_eq!(of("Plans/Empty").document, None);
    }
}

#[tokio::test]
async fn i25_a_manifest_describes_the_frozen_bytes() {
    let (house, kim) = furnished().await;
    let admin = &house.administrator;
    let staged = stage_for(&house, &kim).await;
    let before = manifest(&house, &kim, &staged.handle).await.unwrap();
    house.document(admin, "/Lib/Plans/a.txt", b"edited").await;
    house.folder(admin, "/Lib/Other").await;
    let documents = &house.services.documents;
    documents.delete(admin, &item("/Lib/Plans/b.bin")).await.unwrap();
    let old = ItemRef::parse("/Lib/Plans/Old").unwrap();
    house.services.folders.delete(admin, &old).await.unwrap();
    house.services.recycle_bin.empty(admin).await.unwrap();
    assert_eq!(manifest(&house, &kim, &staged.handle).await.unwrap(), before);
    check(&before, &fetch(&house, &kim, &staged.handle).await.unwrap());
}

#[tokio::test]
async fn a_single_documents_manifest_is_one_line_of_its_own_bytes() {
    let (house, kim) = furnished().await;
    let staged = house
        .services
        .staging
        .stage_document(&kim, &item("/Lib/Plans/a.txt"), None)
        .await
        .unwrap();
    let lines = manifest(&house, &kim, &staged.handle).await.unwrap();
    let content = text(3_000_000);
    let [line] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    let crc32 = crc32fast::hash(&content);
    let document = line.document.clone().unwrap();
    assert_eq!((line.path.as_str(), line.offset, line.data), ("a.txt", 0, 0));
    assert_eq!(
        (line.raw_len, line.stored_len, line.method),
        (3_000_000, 3_000_000, 0)
    );
    assert_eq!(
        document,
        (staged.view.id.0, Some(1_000_000), Some(hex(&content)), crc32)
    );
}

#[tokio::test]
async fn i26_a_running_manifest_ends_when_the_right_is_lost() {
    let (house, kim) = furnished().await;
    let admin = &house.administrator;
    let staged = stage_for(&house, &kim).await;
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    let mut manifest = open.manifest();
    let denied = [(user("kim"), Right::NoAccess)];
    house.grant(admin, "/Lib/Plans/a.txt", &denied).await;
    house.clock.advance(Duration::from_secs(5));
    assert!(matches!(
        manifest.next().await,
        Err(Failure::DownloadRevoked { documents: 1 })
    ));
}

#[test]
fn l2_manifests_of_random_trees_match_their_archives() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(House::new());
    runtime.block_on(house.library("Lib", &[]));
    let strategy = proptest::collection::vec(
        (0..4_usize, "[a-zé .]{1,12}", 0..3_000_usize, any::<bool>()),
        1..12,
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    let rounds = Cell::new(0);
    let result = runner.run(&strategy, |documents| {
        rounds.set(rounds.get() + 1);
        runtime.block_on(check_tree(&house, rounds.get(), &documents));
        Ok(())
    });
    result.unwrap();
}

async fn check_tree(house: &House, round: u64, documents: &[(usize, String, usize, bool)]) {
    let admin = &house.administrator;
    let root = format!("/Lib/{round}");
    house.folder(admin, &root).await;
    for (number, (depth, name, len, noisy)) in documents.iter().enumerate() {
        let folder = format!("{root}{}", "/sub".repeat(*depth));
        house.folder(admin, &folder).await;
        let content = if *noisy { noise(*len, round) } else { text(*len) };
        let path = format!("{folder}/{number}{name}.txt");
        house.document(admin, &path, &content).await;
    }
    let staged = stage_as(house, admin, &[&root], OnTrouble::Fail).await.unwrap();
    let lines = manifest(house, admin, &staged.handle).await.unwrap();
    check(&lines, &fetch(house, admin, &staged.handle).await.unwrap());
    house
        .services
        .downloads
        .forget(admin, &staged.handle)
        .await
        .unwrap();
}
