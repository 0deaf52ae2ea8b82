//! XML answers, read as they come: one child of the root at a time, each bounded.

use super::SrvError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::{self, BufReader, Read};

/// The longest child of the root, in bytes of XML: a chunk of 32 MiB in base64, and room.
const MAX_CHILD_LEN: u64 = 64 << 20;
/// The deepest nesting.
const MAX_DEPTH: usize = 32;
/// The most elements below one child of the root.
const MAX_ELEMENTS: usize = 200_000;
/// What may follow the root, in bytes.
const MAX_TAIL_LEN: u64 = 4096;

/// An element of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The name without prefix.
    pub name: String,
    /// Attributes by name, in the order of the answer.
    pub attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    /// The elements directly in it.
    pub children: Vec<Self>,
}

impl Element {
    /// The value of an attribute; documentation and servers disagree about case, so any will do.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The value of an attribute, empty when it is absent.
    pub fn value(&self, name: &str) -> &str {
        self.attribute(name).unwrap_or_default()
    }

    /// The first child of that name, in any case.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children
            .iter()
            .find(|child| child.name.eq_ignore_ascii_case(name))
    }

    /// The children of that name, in any case.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children
            .iter()
            .filter(move |child| child.name.eq_ignore_ascii_case(name))
    }

    /// The text of the first child of that name, empty when there is none.
    pub fn child_text(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    fn begin(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut element = Self {
            name: start.local_name().as_ref().to_owned(),
            ..Self::default()
        };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| error.to_string())?.into_owned();
            let name = attribute.key.as_ref().to_owned();
            element.attributes.push((name, value));
        }
        Ok(element)
    }
}

/// Reads an answer from `source`, gives each child of the root to `each` unless the root says that the call failed, and gives the
/// root: with its children only when it failed or `each` gave them back.
pub(super) fn read(
    operation: &str,
    source: impl Read,
    each: &mut dyn FnMut(Element) -> Option<Element>,
) -> Result<Element, SrvError> {
    let mut reading = Reading {
        xml: Reader::from_reader(BufReader::new(Metered::new(source))),
        open: Vec::new(),
        elements: 0,
    };
    let root = reading.run(each);
    let source = reading.xml.get_mut();
    if root.is_ok() {
        // A connection is used again only when its answer was read to the end.
        drop(io::copy(&mut source.take(MAX_TAIL_LEN), &mut io::sink()));
    }
    // The line's own error says more than what the parser makes of it.
    root.map_err(|problem| match source.get_mut().broken.take() {
        Some(problem) => SrvError::Damaged { problem },
        None => SrvError::malformed(operation, problem),
    })
}

/// Whether the root of an answer says that the call succeeded.
pub(super) fn succeeded(root: &Element) -> Option<bool> {
    match (root.attribute("success"), root.attribute("error")) {
        (Some(success), _) => Some(success.trim().eq_ignore_ascii_case("true")),
        (None, Some(error)) if !error.is_empty() => Some(false),
        (None, _) => None,
    }
}

struct Reading<R> {
    xml: Reader<BufReader<Metered<R>>>,
    /// The root, and what is open below it.
    open: Vec<Element>,
    /// Elements since the last child of the root.
    elements: usize,
}

impl<R: Read> Reading<R> {
    fn run(&mut self, each: &mut dyn FnMut(Element) -> Option<Element>) -> Result<Element, String> {
        let mut buffer = Vec::new();
        loop {
            let event = self.xml.read_event_into(&mut buffer);
            let closed = match event.map_err(|error| error.to_string())? {
                Event::Start(start) => {
                    let element = Element::begin(&start)?;
                    self.open(element)?;
                    None
                }
                Event::Empty(start) => {
                    let element = Element::begin(&start)?;
                    self.open(element)?;
                    self.open.pop()
                }
                Event::End(_) => self.open.pop(),
                Event::Eof => return Err(self.ends_early()),
                event => {
                    self.text(event)?;
                    None
                }
            };
            buffer.clear();
            let Some(element) = closed else { continue };
            if self.open.is_empty() {
                return Ok(element);
            }
            self.close(element, each)?;
        }
    }

    /// A cut line that looks like an end.
    fn ends_early(&mut self) -> String {
        let problem = "the answer ends too early".to_owned();
        self.xml.get_mut().get_mut().broken.get_or_insert(problem).clone()
    }

    fn open(&mut self, element: Element) -> Result<(), String> {
        self.elements += 1;
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("it nests deeper than {MAX_DEPTH}"));
        }
        if self.elements > MAX_ELEMENTS {
            return Err(format!("one part of it has more than {MAX_ELEMENTS} elements"));
        }
        self.open.push(element);
        Ok(())
    }

    fn text(&mut self, event: Event<'_>) -> Result<(), String> {
        let Some(element) = self.open.last_mut() else {
            return Ok(());
        };
        match event {
            Event::Text(text) => element.text.push_str(&text.xml10_content()),
            Event::CData(text) => element.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.into_inner();
                let entity = format!("&{name};");
                let text = quick_xml::escape::unescape(&entity).map_err(|error| error.to_string())?;
                element.text.push_str(&text);
            }
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// Puts a closed element where it belongs: into its parent, or, when that is the root of a success, to the caller.
    fn close(
        &mut self,
        element: Element,
        each: &mut dyn FnMut(Element) -> Option<Element>,
    ) -> Result<(), String> {
        let is_child = self.open.len() == 1;
        let parent = self.open.last_mut().ok_or("nothing is open")?;
        if is_child {
            self.xml.get_mut().get_mut().left = MAX_CHILD_LEN;
            if succeeded(parent) != Some(false) {
                self.elements = 0;
                parent.children.extend(each(element));
                return Ok(());
            }
        }
        parent.children.push(element);
        Ok(())
    }
}

/// Counts what is read since the last child of the root, and keeps the error that ended reading.
struct Metered<R> {
    source: R,
    left: u64,
    broken: Option<String>,
}

impl<R> Metered<R> {
    fn new(source: R) -> Self {
        Self {
            source,
            left: MAX_CHILD_LEN,
            broken: None,
        }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(format!(
                "one part of it is longer than {MAX_CHILD_LEN} bytes"
            )));
        }
        match self.source.read(buffer) {
            Ok(count) => {
                self.left = self.left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.broken = Some(format!("the answer broke off: {error}"));
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests;
