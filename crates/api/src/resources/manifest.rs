//! `GET /api/v1/downloads/{id}/manifest`: what is in an archive, one JSON object a line.

use super::downloads::open;
use crate::instants;
use crate::lines::{self, Parts};
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::{Path, State};
use axum::response::Response;
use holdall_api_types::{EntryKind, ManifestArchive, ManifestEntry, ManifestHead};
use holdall_model::Timestamp;
use holdall_services::{Failure, Manifest, ManifestPart, OpenDownload, Services};
use serde::Serialize;
use utoipa_axum::routes;

/// Bytes of an average line, to start a part's buffer with.
const LINE_GUESS_LEN: usize = 320;

/// A line, as `ManifestEntry` of the API's types reads it, from borrowed texts.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    kind: EntryKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crc32: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored_crc32: Option<&'a str>,
    length: u64,
    stored: u64,
    method: u16,
    offset: u64,
    data: u64,
    modified: &'a str,
}

pub(super) fn routes() -> Routes {
    Routes::default().routes(routes!(show))
}

/// What is in the archive: a line for the archive, then one for each entry in the order of the archive
///
/// Each line is a JSON object, `ManifestHead` first and then `ManifestEntry`. Entries are contiguous: the next one's `offset` is
/// `data` + `stored`. What was staged is described, whatever became of the documents since. An answer without as many lines as the
/// first one says was broken off.
#[utoipa::path(get, path = "/downloads/{id}/manifest", operation_id = "readManifest", tag = "Downloads",
    params(("id" = String, Path, description = "The download's id.")),
    responses(
        (status = 200, body = ManifestEntry, content_type = "application/jsonl", description = "The lines; the first is a `ManifestHead`."),
        Refusals, Refused<404>, Refused<410>,
    ))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let open = open(&services, &signed, &id).await?;
    let mut head = serde_json::to_vec(&head_of(&open)).map_err(Failure::internal)?;
    head.push(b'\n');
    Ok(lines::answer(head, open.manifest()))
}

impl Parts for Manifest {
    async fn next_part(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let part = self.next().await?;
        part.map(|part| write_part(&part)).transpose()
    }
}

fn head_of(open: &OpenDownload) -> ManifestHead {
    ManifestHead {
        archive: ManifestArchive {
            name: open.file_name().to_owned(),
            length: open.content_len(),
            entries: open.entries(),
            etag: open.etag().to_owned(),
            layout: open.layout(),
            created: instants::format(open.modified()),
        },
    }
}

fn write_part(part: &ManifestPart) -> Result<Vec<u8>, Failure> {
    let mut lines = Lines::default();
    for entry in part.entries() {
        lines.push(&entry?)?;
    }
    Ok(lines.buffer)
}

/// Lines in one buffer, and what is used again for each: room for checksums, and the last instant's text, which neighbours mostly
/// share.
#[derive(Default)]
struct Lines {
    buffer: Vec<u8>,
    sha256: String,
    crc32: String,
    stored_crc32: String,
    modified: Option<(Timestamp, String)>,
}

impl Lines {
    fn push(&mut self, entry: &holdall_services::ManifestEntry<'_>) -> Result<(), Failure> {
        if self.modified.as_ref().is_none_or(|(at, _)| *at != entry.modified) {
            self.modified = Some((entry.modified, instants::format(entry.modified)));
        }
        let modified = self.modified.as_ref().map_or("", |(_, text)| text.as_str());
        let document = entry.document.as_ref();
        let digest = document.and_then(|document| document.digest);
        write_hex(
            digest.as_ref().map(|digest| digest.0.as_slice()),
            &mut self.sha256,
        );
        let crc32 = document.map(|document| document.crc32.to_be_bytes());
        write_hex(crc32.as_ref().map(<[u8; 4]>::as_slice), &mut self.crc32);
        let stored_crc32 = document.and_then(|document| Some(document.stored_crc32?.to_be_bytes()));
        write_hex(
            stored_crc32.as_ref().map(<[u8; 4]>::as_slice),
            &mut self.stored_crc32,
        );
        let line = Line {
            path: entry.path,
            kind: document.map_or(EntryKind::Folder, |_document| EntryKind::Document),
            document: document.map(|document| document.id.0),
            version: document.and_then(|document| Some(document.version?.0)),
            sha256: digest.map(|_digest| self.sha256.as_str()),
            crc32: crc32.map(|_crc32| self.crc32.as_str()),
            stored_crc32: stored_crc32.map(|_crc32| self.stored_crc32.as_str()),
            length: entry.raw_len,
            stored: entry.stored_len,
            method: entry.method,
            offset: entry.offset,
            data: entry.data,
            modified,
        };
        self.buffer.reserve(LINE_GUESS_LEN);
        serde_json::to_writer(&mut self.buffer, &line).map_err(Failure::internal)?;
        self.buffer.push(b'\n');
        Ok(())
    }
}

/// Puts two digits for each byte in the place of what was there.
fn write_hex(bytes: Option<&[u8]>, text: &mut String) {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    text.clear();
    for byte in bytes.unwrap_or_default() {
        text.extend([digit(byte >> 4), digit(byte & 0xF)]);
    }
}
