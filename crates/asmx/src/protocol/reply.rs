//! An operation's answer, and its bytes on each transport (CONTRACT section 1.2).

mod base64_body;
mod buffers;
mod streamed;
mod write;

pub(crate) use streamed::{Sink, Streamed};
pub(super) use write::envelope_start;

use super::{Meta, Soap};
use axum::body::Body;
use axum::response::Response;
use base64_body::Base64Body;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use std::borrow::Cow;

/// What an operation answers.
pub(crate) enum Answer {
    /// An XML document; its root is named by the operation's declaration.
    Xml(Element),
    /// An XML document with the root `Response`, whatever the declaration says: how a copy tells what it left out
    /// (CONTRACT section 6.4).
    Log(Element),
    /// A file.
    File(File),
    /// An XML document whose only content is the base64 of a file.
    Text(Element, File),
    /// An XML document that is sent while it is written. The element has the attributes that are known at first.
    Streamed(Element, Streamed),
}

/// The root of [`Answer::Log`] on every transport.
const LOG_ROOT: &str = "Response";

/// Bytes to hand out.
pub(crate) struct File {
    /// How many bytes there are.
    pub(crate) content_len: u64,
    /// The bytes.
    pub(crate) body: Body,
    /// The name to save them under.
    pub(crate) name: Option<String>,
}

/// An XML element; attributes keep their order.
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, Cow<'static, str>)>,
    content: Content,
}

enum Content {
    Nothing,
    Children(Vec<Element>),
    Text(String),
    /// Elements that were written already.
    Written(Vec<u8>),
}

impl Element {
    /// An element inside an answer.
    pub(crate) fn named(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            content: Content::Nothing,
        }
    }

    /// The root of an answer that tells of success.
    pub(crate) fn success() -> Self {
        Self::named("").with("success", "true")
    }

    /// The root of an answer that tells of failure.
    pub(crate) fn failure(text: impl Into<Cow<'static, str>>) -> Self {
        Self::named("").with("success", "false").with("error", text)
    }

    /// Adds an attribute.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Adds an attribute of anything that prints.
    pub(crate) fn with_number(self, name: &'static str, value: &impl ToString) -> Self {
        self.with(name, value.to_string())
    }

    /// Puts elements inside, after those that are there.
    pub(crate) fn containing(mut self, mut elements: Vec<Self>) -> Self {
        match &mut self.content {
            Content::Children(children) => children.append(&mut elements),
            Content::Nothing if elements.is_empty() => {}
            Content::Nothing | Content::Text(_) | Content::Written(_) => {
                self.content = Content::Children(elements);
            }
        }
        self
    }

    /// Makes elements the content that were written already.
    pub(crate) fn containing_written(mut self, elements: Vec<u8>) -> Self {
        if !elements.is_empty() {
            self.content = Content::Written(elements);
        }
        self
    }

    /// Writes the element behind what is there.
    pub(crate) fn write_to(&self, out: &mut Vec<u8>) {
        write::push_element(out, self, self.name, "");
    }

    /// Makes `text` the content.
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.content = Content::Text(text.into());
        self
    }
}

impl File {
    /// No bytes: how operations that answer a file fail.
    pub(crate) fn empty() -> Self {
        Self {
            content_len: 0,
            body: Body::empty(),
            name: None,
        }
    }
}

impl From<Element> for Answer {
    fn from(element: Element) -> Self {
        Self::Xml(element)
    }
}

/// The answer to a GET or form POST: the root element itself, or the raw bytes.
pub(crate) fn rest(meta: &Meta, answer: Answer) -> Response {
    let content_type = HeaderValue::from_static("text/xml; charset=utf-8");
    match answer {
        Answer::Xml(element) => whole(write::document(&element, meta.root), content_type, meta),
        Answer::Log(element) => whole(write::document(&element, LOG_ROOT), content_type, meta),
        Answer::Text(element, file) => {
            let around = write::document_around(&element, meta.root);
            encoded(around, file, content_type, meta)
        }
        Answer::Streamed(element, streamed) => {
            let (head, tail) = write::document_around_open(&element, meta.root);
            response(streamed.body(head, tail), None, content_type, meta)
        }
        Answer::File(file) => {
            let disposition = file.name.as_deref().and_then(disposition);
            let content_type = HeaderValue::from_static("application/octet-stream");
            let mut response = response(file.body, Some(file.content_len), content_type, meta);
            response
                .headers_mut()
                .extend(disposition.map(|value| (CONTENT_DISPOSITION, value)));
            response
        }
    }
}

/// The answer in a SOAP envelope. `documented` keeps the documented root names.
pub(crate) fn soap_response(meta: &Meta, answer: Answer, version: Soap, documented: bool) -> Response {
    let content_type = HeaderValue::from_static(version.content_type());
    let root = meta.soap_root(documented);
    match answer {
        Answer::Xml(element) => whole(write::envelope(&element, meta, version, root), content_type, meta),
        Answer::Log(element) => {
            let document = write::envelope(&element, meta, version, LOG_ROOT);
            whole(document, content_type, meta)
        }
        Answer::Text(element, file) => {
            let around = write::envelope_around(&element, meta, version, root);
            encoded(around, file, content_type, meta)
        }
        Answer::Streamed(element, streamed) => {
            let (head, tail) = write::envelope_around_open(&element, meta, version, root);
            response(streamed.body(head, tail), None, content_type, meta)
        }
        Answer::File(file) => encoded(write::result_around(meta, version), file, content_type, meta),
    }
}

fn whole(document: Vec<u8>, content_type: HeaderValue, meta: &Meta) -> Response {
    let content_len = u64::try_from(document.len()).ok();
    response(Body::from(document), content_len, content_type, meta)
}

fn encoded((head, tail): (Vec<u8>, Vec<u8>), file: File, content_type: HeaderValue, meta: &Meta) -> Response {
    let body = Base64Body::new(head, file.body, file.content_len, tail);
    let content_len = body.content_len();
    response(Body::new(body), content_len, content_type, meta)
}

fn response(body: Body, content_len: Option<u64>, content_type: HeaderValue, meta: &Meta) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    headers.extend(content_len.map(|len| (CONTENT_LENGTH, HeaderValue::from(len))));
    caution(headers, meta);
    response
}

/// Answers to a ticket or to a password are for nobody else, and are not kept.
fn caution(headers: &mut HeaderMap, meta: &Meta) {
    let is_private = meta.ticket.is_some() || meta.parameters().next().is_some();
    let value = if is_private {
        "no-store"
    } else {
        "private, max-age=0"
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
}

/// RFC 6266: an ASCII name for old readers and the true one, percent-encoded.
fn disposition(name: &str) -> Option<HeaderValue> {
    let plain: String = name
        .chars()
        .map(|character| {
            if matches!(character, ' '..='~') && !matches!(character, '"' | '\\' | '%') {
                character
            } else {
                '_'
            }
        })
        .collect();
    let mut value = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        value.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            let is_plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
            let encoded = if is_plain {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            };
            value.push_str(&encoded);
        }
    }
    HeaderValue::try_from(value).ok()
}

#[cfg(test)]
mod tests;
