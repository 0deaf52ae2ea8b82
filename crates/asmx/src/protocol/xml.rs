//! Reads XML from strangers into a small tree. DTDs and processing instructions are refused, so there is nothing to expand or
//! fetch; depth, elements, attributes and name lengths are bounded.

use super::escape::is_xml;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};
use std::ops::Range;
use thiserror::Error;

/// How deep elements may nest.
const MAX_DEPTH: usize = 32;
/// How many elements a document may have.
const MAX_ELEMENTS: usize = 10_000;
/// How many attributes a tag may have.
const MAX_ATTRIBUTES: usize = 64;
/// How long a name may be in bytes, with its prefix.
const MAX_NAME_LEN: usize = 256;

/// The namespaces that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// The envelope of SOAP 1.1.
    Soap11,
    /// The envelope of SOAP 1.2.
    Soap12,
    /// Any other, or none.
    Other,
}

/// An element with all that is in it.
#[derive(Debug)]
pub(crate) struct Node {
    /// The name without its prefix.
    pub(crate) name: String,
    /// The namespace of the name.
    pub(crate) namespace: Namespace,
    /// Attributes by name without prefix; namespace declarations are left out.
    pub(crate) attributes: Vec<(String, String)>,
    /// The text directly in the element, in one piece.
    pub(crate) text: String,
    /// The elements directly in it.
    pub(crate) children: Vec<Self>,
    /// Where its content stands in the document, in bytes.
    pub(crate) inner: Range<usize>,
}

/// Why a document was refused; `at` is a byte position.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum XmlError {
    /// A document type declaration.
    #[error("a document type declaration is not accepted")]
    Doctype,
    /// A processing instruction.
    #[error("processing instructions are not accepted")]
    Instruction,
    /// Above one of the limits.
    #[error("the document exceeds the limit of {0}")]
    Limit(&'static str),
    /// Not well-formed.
    #[error("There is an error in XML document at byte {at}.")]
    Malformed {
        /// Where reading stopped.
        at: u64,
    },
}

impl Node {
    /// The attribute of a name in any case.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self
            .attributes
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The first child of a name in any case.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(name))
    }

    /// Whether the element has this name in any case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// Reads a whole document; the root element comes back.
pub(crate) fn parse(text: &str) -> Result<Node, XmlError> {
    let mut reader = NsReader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let skipped = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let mut tree = Tree::default();
    loop {
        let before = position(reader.buffer_position()).saturating_add(skipped);
        let (namespace, event) = match reader.read_resolved_event() {
            Ok((resolved, event)) => (namespace(&resolved), event),
            Err(_) => {
                return Err(XmlError::Malformed {
                    at: reader.error_position(),
                });
            }
        };
        let at = position(reader.buffer_position()).saturating_add(skipped);
        match event {
            Event::Eof => return tree.finish(at),
            event => tree.take(event, namespace, before..at)?,
        }
    }
}

fn position(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

fn namespace(resolved: &ResolveResult<'_>) -> Namespace {
    match resolved {
        ResolveResult::Bound(namespace) if namespace.0 == "http://schemas.xmlsoap.org/soap/envelope/" => {
            Namespace::Soap11
        }
        ResolveResult::Bound(namespace) if namespace.0 == "http://www.w3.org/2003/05/soap-envelope" => {
            Namespace::Soap12
        }
        _ => Namespace::Other,
    }
}

/// What has been read so far: the elements that are open, outermost first, and the root once it is closed.
#[derive(Default)]
struct Tree {
    open: Vec<Node>,
    root: Option<Node>,
    elements: usize,
}

impl Tree {
    /// Takes one event that stood at `span`.
    fn take(&mut self, event: Event<'_>, namespace: Namespace, span: Range<usize>) -> Result<(), XmlError> {
        let at = span.end;
        match event {
            Event::Start(start) => self.open(&start, namespace, at),
            Event::Empty(start) => {
                self.open(&start, namespace, at)?;
                self.close(at)
            }
            Event::End(_) => self.close(span.start),
            Event::Text(text) => self.text(&text.xml10_content(), at),
            Event::CData(text) => self.text(&text.xml10_content(), at),
            Event::GeneralRef(reference) => {
                let mut buffer = [0; 4];
                let character = character(&reference).ok_or(XmlError::Malformed { at: wide(at) })?;
                self.text(character.encode_utf8(&mut buffer), at)
            }
            Event::DocType(_) => Err(XmlError::Doctype),
            Event::PI(_) => Err(XmlError::Instruction),
            Event::Decl(_) | Event::Comment(_) | Event::Eof => Ok(()),
        }
    }

    fn open(&mut self, start: &BytesStart<'_>, namespace: Namespace, at: usize) -> Result<(), XmlError> {
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(XmlError::Limit("10,000 elements"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(XmlError::Limit("32 nested elements"));
        }
        if self.root.is_some() {
            return Err(XmlError::Malformed { at: wide(at) });
        }
        let name = bounded(start.name().0)?;
        self.open.push(Node {
            name: local(name).to_owned(),
            namespace,
            attributes: attributes(start, at)?,
            text: String::new(),
            children: Vec::new(),
            inner: at..at,
        });
        Ok(())
    }

    /// Closes the innermost element, whose content ended at the byte `at`.
    fn close(&mut self, at: usize) -> Result<(), XmlError> {
        let mut node = self.open.pop().ok_or(XmlError::Malformed { at: wide(at) })?;
        node.inner.end = at;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), XmlError> {
        match self.open.last_mut() {
            Some(node) => node.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(XmlError::Malformed { at: wide(at) }),
        }
        Ok(())
    }

    fn finish(self, at: usize) -> Result<Node, XmlError> {
        if !self.open.is_empty() {
            return Err(XmlError::Malformed { at: wide(at) });
        }
        self.root.ok_or(XmlError::Malformed { at: wide(at) })
    }
}

fn wide(at: usize) -> u64 {
    u64::try_from(at).unwrap_or(u64::MAX)
}

fn bounded(name: &str) -> Result<&str, XmlError> {
    if name.len() > MAX_NAME_LEN {
        return Err(XmlError::Limit("256 bytes in a name"));
    }
    Ok(name)
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// The attributes by local name. They are counted before they are compared with each other.
fn attributes(start: &BytesStart<'_>, at: usize) -> Result<Vec<(String, String)>, XmlError> {
    let malformed = || XmlError::Malformed { at: wide(at) };
    if start.attributes().with_checks(false).count() > MAX_ATTRIBUTES {
        return Err(XmlError::Limit("64 attributes in a tag"));
    }
    let mut found = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| malformed())?;
        let name = bounded(attribute.key.0)?;
        if name == "xmlns" || name.starts_with("xmlns:") {
            continue;
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| malformed())?;
        if !value.chars().all(is_xml) {
            return Err(malformed());
        }
        found.push((local(name).to_owned(), value.into_owned()));
    }
    Ok(found)
}

/// The character of a reference: one of the five named ones, or a number that XML allows.
fn character(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference
            .resolve_char_ref()
            .ok()?
            .filter(|character| is_xml(*character));
    }
    resolve_predefined_entity(reference)?.chars().next()
}

#[cfg(test)]
mod tests;
