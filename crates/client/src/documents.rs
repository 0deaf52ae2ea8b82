//! One document, brought home whole: resumed where it was, proved by its SHA-256.

use crate::remote::{self, Remote};
use crate::{Failure, Progress};
use holdall_api_types::Document;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, IF_RANGE, RANGE};
use reqwest::{Method, StatusCode};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, UNIX_EPOCH};

/// How often a content that is not what it should be is fetched again.
const MOST_TRIES: u32 = 4;
const READ_LEN: usize = 256 << 10;

impl Remote {
    /// Brings the document's content to the file at `target`. What comes in lies beside it, named after the content, so that a
    /// later call goes on with it and only with it.
    pub fn fetch_document(
        &self,
        document: &Document,
        target: &Path,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let Some(sha256) = document.sha256.as_deref() else {
            return Err(Failure::InTheWay(format!(
                "{} has no content of its own",
                document.path
            )));
        };
        let part = part_of(target, sha256);
        progress.total.store(document.length, Relaxed);
        for _ in 0..MOST_TRIES {
            remote::persist(|| self.append(document, sha256, &part, progress))?;
            if sha256_of(&part)? == sha256 {
                return settle(document, &part, target, progress);
            }
            fs::remove_file(&part).map_err(Failure::disk(&part))?;
        }
        Err(Failure::Damaged {
            path: document.path.clone(),
            tries: MOST_TRIES,
        })
    }

    /// Fetches what is still missing at the end of the part file.
    fn append(
        &self,
        document: &Document,
        sha256: &str,
        part: &Path,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(part)
            .map_err(Failure::disk(part))?;
        let mut there = file.seek(SeekFrom::End(0)).map_err(Failure::disk(part))?;
        progress.there.store(there, Relaxed);
        if there >= document.length {
            return file.set_len(document.length).map_err(Failure::disk(part));
        }
        let path = format!("/api/v1/documents/{}/content", document.id);
        let request = self
            .request(Method::GET, &path)
            .header(ACCEPT_ENCODING, "identity")
            .header(RANGE, format!("bytes={there}-"))
            .header(IF_RANGE, etag_of(sha256));
        let mut answer = remote::open(request)?;
        let promised = format!("bytes {there}-{}/{}", document.length - 1, document.length);
        let range = answer
            .headers()
            .get(CONTENT_RANGE)
            .and_then(|value| value.to_str().ok());
        if answer.status() != StatusCode::PARTIAL_CONTENT || range != Some(&promised) {
            return Err(Failure::Changed(format!(
                "{} has another version now",
                document.path
            )));
        }
        let mut buffer = vec![0; READ_LEN];
        while there < document.length {
            let count = answer
                .read(&mut buffer)
                .map_err(|error| Failure::Unreachable(format!("the line broke: {error}")))?;
            if count == 0 {
                return Err(Failure::Unreachable("the line broke".to_owned()));
            }
            file.write_all(buffer.get(..count).unwrap_or_default())
                .map_err(Failure::disk(part))?;
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            there += count;
            progress.there.store(there, Relaxed);
            progress.fetched.fetch_add(count, Relaxed);
        }
        file.sync_all().map_err(Failure::disk(part))
    }
}

/// The tag of a document's content, as the API promises it.
fn etag_of(sha256: &str) -> String {
    format!("\"{}\"", sha256.get(..32).unwrap_or(sha256))
}

fn part_of(target: &Path, sha256: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{}.part", sha256.get(..16).unwrap_or(sha256)));
    PathBuf::from(name)
}

fn settle(document: &Document, part: &Path, target: &Path, progress: &Progress) -> Result<(), Failure> {
    if let Ok(modified) = document.modified.parse::<jiff::Timestamp>() {
        let seconds = u64::try_from(modified.as_second()).unwrap_or_default();
        let file = OpenOptions::new()
            .write(true)
            .open(part)
            .map_err(Failure::disk(part))?;
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds))
            .map_err(Failure::disk(part))?;
    }
    fs::rename(part, target).map_err(Failure::disk(target))?;
    progress.documents.fetch_add(1, Relaxed);
    Ok(())
}

/// The SHA-256 of a file's bytes in hexadecimal.
pub fn sha256_of(path: &Path) -> Result<String, Failure> {
    let mut file = File::open(path).map_err(Failure::disk(path))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; READ_LEN];
    loop {
        let count = file.read(&mut buffer).map_err(Failure::disk(path))?;
        if count == 0 {
            break;
        }
        digest.update(buffer.get(..count).unwrap_or_default());
    }
    let mut digits = String::with_capacity(64);
    for byte in digest.finalize() {
        // A string has always room.
        let _: Result<(), std::fmt::Error> = write!(digits, "{byte:02x}");
    }
    Ok(digits)
}
