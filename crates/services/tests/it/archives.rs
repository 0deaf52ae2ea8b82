//! What the tests of staging and downloads share: contents, staging in a word, and reading an archive as its users do.

use bytes::Bytes;
use holdall_model::{Guid, ItemRef};
use holdall_services::{Caller, Failure, OnTrouble, OpenDownload, StageOptions, Staged};
use holdall_testkit::House;
use http_body_util::BodyExt as _;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _};
use std::ops::Range;
use std::path::PathBuf;

/// Text of that length, which deflates well.
pub(crate) fn text(len: usize) -> Vec<u8> {
    (0..)
        .flat_map(|line: u32| format!("line {line} of a document\n").into_bytes())
        .take(len)
        .collect()
}

/// Bytes of that length, which do not deflate.
pub(crate) fn noise(len: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).flatten().take(len).collect()
}

pub(crate) async fn stage_as(
    house: &House,
    caller: &Caller,
    items: &[&str],
    on_trouble: OnTrouble,
) -> Result<Staged, Failure> {
    let items: Vec<_> = items.iter().map(|item| ItemRef::parse(item)).collect();
    let options = StageOptions {
        on_trouble,
        ..StageOptions::default()
    };
    house.services.staging.stage(caller, &items, &options).await
}

/// Stages all of `items` as the administrator.
pub(crate) async fn stage(house: &House, items: &[&str]) -> Staged {
    stage_as(house, &house.administrator, items, OnTrouble::Fail)
        .await
        .unwrap()
}

pub(crate) async fn read_range(open: &OpenDownload, range: Range<u64>) -> Result<Bytes, Failure> {
    Ok(open.read(range)?.collect().await?.to_bytes())
}

/// All bytes of a download.
pub(crate) async fn fetch(house: &House, caller: &Caller, handle: &Guid) -> Result<Bytes, Failure> {
    let open = house.services.downloads.open(caller, handle).await?;
    let bytes = read_range(&open, 0..open.content_len()).await?;
    assert_eq!(u64::try_from(bytes.len()).unwrap(), open.content_len());
    Ok(bytes)
}

/// The entries of an archive by path, each with its content; a foreign reader checks lengths and CRCs.
pub(crate) fn unzip(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut entries = BTreeMap::new();
    for number in 0..archive.len() {
        let mut entry = archive.by_index(number).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        assert!(
            entries
                .insert(entry.name().unwrap().to_string(), content)
                .is_none()
        );
    }
    entries
}

/// Files below a folder of the house, whatever their depth.
pub(crate) fn files_below(house: &House, folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![house.directory().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files
}
