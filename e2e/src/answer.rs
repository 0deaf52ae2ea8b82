//! XML answers as a small tree.

use anyhow::{Context as _, bail};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeMap;

/// An element of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The local name.
    pub name: String,
    /// The attributes by their full names.
    pub attributes: BTreeMap<String, String>,
    /// The text directly in it.
    pub text: String,
    /// The elements directly in it.
    pub children: Vec<Self>,
}

impl Element {
    /// Reads a document. Fails unless it is well-formed with one root.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event()? {
                Event::Start(start) => open.push(Self::begin(&start)?),
                Event::Empty(start) => {
                    let element = Self::begin(&start)?;
                    open.last_mut().context("nothing is open")?.children.push(element);
                }
                Event::End(_) => {
                    let element = open.pop().context("nothing is open")?;
                    open.last_mut()
                        .context("an element too many is closed")?
                        .children
                        .push(element);
                }
                Event::Text(text) => open
                    .last_mut()
                    .context("nothing is open")?
                    .text
                    .push_str(&text.into_inner()),
                Event::GeneralRef(name) => {
                    let entity = format!("&{};", name.into_inner());
                    let text = quick_xml::escape::unescape(&entity)?;
                    open.last_mut().context("nothing is open")?.text.push_str(&text);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let mut document = open.pop().context("no document")?;
        if !open.is_empty() || document.children.len() != 1 {
            bail!("the answer is not one element");
        }
        document.children.pop().context("an empty answer")
    }

    fn begin(start: &BytesStart<'_>) -> anyhow::Result<Self> {
        let mut element = Self {
            name: start.local_name().as_ref().to_owned(),
            ..Self::default()
        };
        for attribute in start.attributes() {
            let attribute = attribute?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned();
            element
                .attributes
                .insert(attribute.key.as_ref().to_owned(), value);
        }
        Ok(element)
    }

    /// The value of an attribute. Fails when it is absent.
    pub fn attribute(&self, name: &str) -> anyhow::Result<&str> {
        let value = self.attributes.get(name);
        value
            .map(String::as_str)
            .with_context(|| format!("<{}> has no attribute {name}", self.name))
    }

    /// Whether `success` is `true`.
    pub fn succeeded(&self) -> bool {
        self.attributes
            .get("success")
            .is_some_and(|success| success == "true")
    }

    /// The only child. Fails when there are none or several.
    pub fn only_child(&self) -> anyhow::Result<&Self> {
        match self.children.as_slice() {
            [child] => Ok(child),
            children => bail!("<{}> has {} children, not one", self.name, children.len()),
        }
    }
}
