//! Bringing files to a server: small ones in one request, large ones in parts that go on after any break.

use crate::remote::{self, Remote};
use crate::{Failure, Progress};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::blocking::{Body, RequestBuilder, Response};
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Method, StatusCode};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;

/// Files up to this length go in one request.
const WHOLE_LEN: u64 = 8 << 20;
/// Bytes of a part of a longer one.
const PART_LEN: u64 = 8 << 20;

/// A file to bring to a folder.
#[derive(Clone, Debug)]
pub struct Upload<'a> {
    /// The file.
    pub source: &'a Path,
    /// The folder's id.
    pub folder: i64,
    /// The document's name there.
    pub name: &'a str,
    /// When the file was modified, RFC 3339.
    pub modified: &'a str,
    /// Its length in bytes.
    pub length: u64,
}

impl Remote {
    /// Stores a file as a document, or as a new version of the one of that name. A long file's address on the server is looked up
    /// and noted by `noted` and `note`, so that a later call goes on with it.
    pub fn upload(
        &self,
        upload: &Upload<'_>,
        noted: Option<String>,
        note: impl FnOnce(&str) -> Result<(), Failure>,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let file = File::open(upload.source).map_err(Failure::disk(upload.source))?;
        if upload.length <= WHOLE_LEN {
            return self.put_whole(upload, &file, progress);
        }
        let known = noted.and_then(|address| Some((self.offset_of(&address).ok()?, address)));
        let (there, address) = if let Some(known) = known {
            known
        } else {
            let address = self.announce(upload)?;
            note(&address)?;
            (0, address)
        };
        progress.there.fetch_add(there, Relaxed);
        self.send_parts(upload, &file, (there, &address), progress)
    }

    fn put_whole(&self, upload: &Upload<'_>, mut file: &File, progress: &Progress) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(Failure::disk(upload.source))?;
        let digest = STANDARD.encode(Sha256::digest(&bytes));
        let name = percent(upload.name);
        let path = format!("/api/v1/folders/{}/documents/{name}", upload.folder);
        remote::persist(|| {
            let request = self
                .request(Method::PUT, &path)
                .query(&[("modified", upload.modified)])
                .header("Content-Digest", format!("sha-256=:{digest}:"));
            remote::open(request.body(Body::from(bytes.clone()))).map(drop)
        })?;
        progress.there.fetch_add(upload.length, Relaxed);
        progress.fetched.fetch_add(upload.length, Relaxed);
        Ok(())
    }

    fn announce(&self, upload: &Upload<'_>) -> Result<String, Failure> {
        let key = |name: &str, value: &str| format!("{name} {}", STANDARD.encode(value));
        let metadata = [
            key("filename", upload.name),
            key("folder", &format!("~F{}", upload.folder)),
            key("modified", upload.modified),
        ];
        let request = self
            .tus(Method::POST, "/api/v1/uploads")
            .header("Upload-Length", upload.length)
            .header("Upload-Metadata", metadata.join(","));
        let answer = remote::open(request)?;
        let address = text_of(answer.headers(), LOCATION.as_str());
        let address = address.and_then(|address| address.strip_prefix(self.address()).or(Some(address)));
        address
            .map(str::to_owned)
            .ok_or_else(|| Failure::Protocol("an upload has no address".to_owned()))
    }

    /// How many bytes of an upload are there.
    fn offset_of(&self, address: &str) -> Result<u64, Failure> {
        remote::persist(|| offset(&remote::open(self.tus(Method::HEAD, address))?))
    }

    fn send_parts(
        &self,
        upload: &Upload<'_>,
        file: &File,
        (mut there, address): (u64, &str),
        progress: &Progress,
    ) -> Result<(), Failure> {
        while there < upload.length {
            let len = PART_LEN.min(upload.length - there);
            let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
            file.read_exact_at(&mut bytes, there)
                .map_err(Failure::disk(upload.source))?;
            let next = remote::persist(|| match self.send_part(address, there, &bytes) {
                Err(failure) if failure.passes() || is_conflict(&failure) => {
                    self.look(address, there, failure)
                }
                outcome => outcome,
            })?;
            progress.there.fetch_add(next.saturating_sub(there), Relaxed);
            progress.fetched.fetch_add(len, Relaxed);
            there = next;
        }
        Ok(())
    }

    /// What of a part arrived in spite of a failure is known to the server alone.
    fn look(&self, address: &str, there: u64, failure: Failure) -> Result<u64, Failure> {
        let held = offset(&remote::open(self.tus(Method::HEAD, address))?)?;
        if held > there {
            Ok(held)
        } else {
            Err(passing(failure))
        }
    }

    fn send_part(&self, address: &str, there: u64, bytes: &[u8]) -> Result<u64, Failure> {
        let request = self
            .tus(Method::PATCH, address)
            .header("Upload-Offset", there)
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header(
                "Upload-Checksum",
                format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes))),
            );
        offset(&remote::open(request.body(Body::from(bytes.to_vec())))?)
    }

    fn tus(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("Tus-Resumable", "1.0.0")
    }
}

/// Another part of the same upload is still being taken in, or this one came damaged.
fn is_conflict(failure: &Failure) -> bool {
    let statuses = [StatusCode::CONFLICT.as_u16(), StatusCode::LOCKED.as_u16(), 460];
    matches!(failure, Failure::Refused(problem) if statuses.contains(&problem.status))
}

fn passing(failure: Failure) -> Failure {
    if failure.passes() {
        return failure;
    }
    Failure::Busy {
        detail: failure.to_string(),
        after: None,
    }
}

fn offset(answer: &Response) -> Result<u64, Failure> {
    text_of(answer.headers(), "Upload-Offset")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Failure::Protocol("an upload has no offset".to_owned()))
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A name as one segment of an address (RFC 3986).
fn percent(name: &str) -> String {
    use std::fmt::Write as _;
    let mut segment = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            // A string has always room.
            let _: Result<(), std::fmt::Error> = write!(segment, "%{byte:02X}");
        }
    }
    segment
}
