//! The lines of listings, written as bytes at once: a long listing has many (CONTRACT section 4.4).

use super::kinds::kind;
use crate::protocol::{Dates, push_attribute};
use holdall_services::{DocumentLine, FolderLine, Lines};
use std::fmt::Display;
use std::io::Write as _;

/// A guess of how many bytes a line has.
const LINE_LEN: usize = 300;

/// `<f>` and `<d>`.
pub(crate) fn short(lines: &Lines, dates: &Dates) -> Vec<u8> {
    let mut out = room_for(lines);
    for folder in &lines.folders {
        push_folder(&mut out, folder, ("<f id=\"", "\" n=\""));
        out.extend_from_slice(b"\"/>");
    }
    for document in &lines.documents {
        push_document(&mut out, document, dates);
    }
    out
}

/// `<folder id name>` and `<document id name versionid>`.
pub(crate) fn named(lines: &Lines) -> Vec<u8> {
    let mut out = room_for(lines);
    for folder in &lines.folders {
        push_folder(&mut out, folder, ("<folder id=\"", "\" name=\""));
        out.extend_from_slice(b"\"/>");
    }
    for document in &lines.documents {
        out.extend_from_slice(b"<document");
        number(&mut out, " id=\"", &document.id);
        text(&mut out, "\" name=\"", &document.name);
        number(&mut out, "\" versionid=\"", &document.latest_version);
        out.extend_from_slice(b"\"/>");
    }
    out
}

fn room_for(lines: &Lines) -> Vec<u8> {
    let folders = lines.folders.len().saturating_mul(LINE_LEN / 6);
    Vec::with_capacity(folders.saturating_add(lines.documents.len().saturating_mul(LINE_LEN)))
}

fn push_folder(out: &mut Vec<u8>, folder: &FolderLine, (id, name): (&str, &str)) {
    number(out, id, &folder.id);
    text(out, name, &folder.name);
}

fn push_document(out: &mut Vec<u8>, document: &DocumentLine, dates: &Dates) {
    number(out, "<d id=\"", &document.id);
    text(out, "\" n=\"", &document.name);
    out.extend_from_slice(b"\" mdate=\"");
    dates.push_local(out, document.modified);
    out.extend_from_slice(b"\" cdate=\"");
    dates.push_local(out, document.created);
    number(out, "\" size=\"", &document.raw_len);
    plain(out, "\" dformat=\"", kind(&document.name));
    let (login, full_name) = match &document.lock {
        Some(lock) => (lock.login.as_str(), lock.full_name.as_str()),
        None => ("", ""),
    };
    text(out, "\" chkoutbyusername=\"", login);
    text(out, "\" chkoutbyfullname=\"", full_name);
    number(out, "\" version=\"", &document.latest_version);
    let published = document.published_version.map_or(0, |version| version.0);
    number(out, "\" publishedversion=\"", &published);
    out.extend_from_slice(b"\" regdate=\"");
    dates.push_local(out, document.registered);
    out.extend_from_slice(b"\" dtype=\"0\"/>");
}

/// Behind `before`, a number. Writing to memory cannot fail.
fn number(out: &mut Vec<u8>, before: &str, value: &impl Display) {
    plain(out, before, "");
    write!(out, "{value}").unwrap_or_default();
}

fn text(out: &mut Vec<u8>, before: &str, value: &str) {
    plain(out, before, "");
    push_attribute(out, value);
}

fn plain(out: &mut Vec<u8>, before: &str, value: &str) {
    out.extend_from_slice(before.as_bytes());
    out.extend_from_slice(value.as_bytes());
}
