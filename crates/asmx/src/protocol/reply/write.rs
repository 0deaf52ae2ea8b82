//! Elements as bytes.

use super::super::escape::{push_attribute, push_text};
use super::super::{Meta, Soap};
use super::{Content, Element};

const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// A guess: most answers fit without growing.
const ROOM: usize = 1_024;

/// The element as a document of its own.
pub(super) fn document(element: &Element, root: &str) -> Vec<u8> {
    let mut out = declaration();
    push_element(&mut out, element, root, "");
    out
}

/// What stands before and behind the text of the element as a document of its own.
pub(super) fn document_around(element: &Element, root: &str) -> (Vec<u8>, Vec<u8>) {
    let (mut head, tail) = document_around_open(element, root);
    head.push(b'>');
    (head, tail)
}

/// As [`document_around`], with the start tag still open for attributes.
pub(super) fn document_around_open(element: &Element, root: &str) -> (Vec<u8>, Vec<u8>) {
    let mut head = declaration();
    push_start(&mut head, element, root, "");
    (head, format!("</{root}>").into_bytes())
}

/// The element as the result of an operation, in no namespace.
pub(super) fn envelope(element: &Element, meta: &Meta, version: Soap, root: &str) -> Vec<u8> {
    let (mut out, tail) = result_around(meta, version);
    push_element(&mut out, element, root, " xmlns=\"\"");
    out.extend_from_slice(&tail);
    out
}

/// What stands before and behind the text of the element as the result of an operation.
pub(super) fn envelope_around(
    element: &Element,
    meta: &Meta,
    version: Soap,
    root: &str,
) -> (Vec<u8>, Vec<u8>) {
    let (mut head, tail) = envelope_around_open(element, meta, version, root);
    head.push(b'>');
    (head, tail)
}

/// As [`envelope_around`], with the start tag still open for attributes.
pub(super) fn envelope_around_open(
    element: &Element,
    meta: &Meta,
    version: Soap,
    root: &str,
) -> (Vec<u8>, Vec<u8>) {
    let (mut head, behind) = result_around(meta, version);
    push_start(&mut head, element, root, " xmlns=\"\"");
    let mut tail = format!("</{root}>").into_bytes();
    tail.extend_from_slice(&behind);
    (head, tail)
}

fn declaration() -> Vec<u8> {
    let mut out = Vec::with_capacity(ROOM);
    out.extend_from_slice(DECLARATION);
    out
}

/// What stands before and behind a result.
pub(super) fn result_around(meta: &Meta, version: Soap) -> (Vec<u8>, Vec<u8>) {
    let name = meta.name;
    let start = envelope_start(version);
    let head = format!("{start}<{name}Response xmlns=\"http://tempuri.org/\"><{name}Result>");
    let tail = format!("</{name}Result></{name}Response></soap:Body></soap:Envelope>");
    (head.into_bytes(), tail.into_bytes())
}

/// The declaration and the tags up to the inside of the SOAP body.
pub(in super::super) fn envelope_start(version: Soap) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<soap:Envelope xmlns:soap=\"{}\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>",
        version.namespace()
    )
}

/// The start tag but its `>`.
fn push_start(out: &mut Vec<u8>, element: &Element, name: &str, declarations: &str) {
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(declarations.as_bytes());
    for (name, value) in &element.attributes {
        out.push(b' ');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"=\"");
        push_attribute(out, value);
        out.push(b'"');
    }
}

pub(super) fn push_element(out: &mut Vec<u8>, element: &Element, name: &str, declarations: &str) {
    push_start(out, element, name, declarations);
    if matches!(element.content, Content::Nothing) {
        out.extend_from_slice(b"/>");
        return;
    }
    out.push(b'>');
    push_content(out, &element.content);
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

fn push_content(out: &mut Vec<u8>, content: &Content) {
    match content {
        Content::Nothing => {}
        Content::Children(children) => {
            for child in children {
                push_element(out, child, child.name, "");
            }
        }
        Content::Text(text) => push_text(out, text),
        Content::Written(elements) => out.extend_from_slice(elements),
    }
}
