//! Catalogs of trees, written as bytes at once, and filters of their items (CONTRACT section 4.4).

use crate::protocol::{Dates, Trouble, parse_xml, push_attribute};
use holdall_services::{ListingWanted, NameFilter, TreeStep};
use std::io::Write as _;

/// Steps through a tree as `<folder id name>` and `<document id name mdate Size chksum>`, nested.
pub(crate) fn tree(steps: &[TreeStep], dates: &Dates) -> Vec<u8> {
    let mut out = Vec::with_capacity(steps.len().saturating_mul(100));
    for step in steps {
        push(&mut out, step, dates);
    }
    out
}

/// Writing to memory cannot fail.
fn push(out: &mut Vec<u8>, step: &TreeStep, dates: &Dates) {
    match step {
        TreeStep::Enter { id, name } => {
            write!(out, "<folder id=\"{id}\" name=\"").unwrap_or_default();
            push_attribute(out, name);
            out.extend_from_slice(b"\">");
        }
        TreeStep::Document {
            id,
            name,
            modified,
            raw_len,
            crc32,
        } => {
            write!(out, "<document id=\"{id}\" name=\"").unwrap_or_default();
            push_attribute(out, name);
            out.extend_from_slice(b"\" mdate=\"");
            dates.push_local(out, *modified);
            write!(out, "\" Size=\"{raw_len}\" chksum=\"{crc32:08X}\"/>").unwrap_or_default();
        }
        TreeStep::Leave => out.extend_from_slice(b"</folder>"),
    }
}

/// The folders and documents that a filter document asks for; all of them without one.
pub(crate) fn item_filter(xml: &str) -> Result<ListingWanted, Trouble> {
    let mut wanted = ListingWanted::all();
    if xml.trim().is_empty() {
        return Ok(wanted);
    }
    let invalid = |problem: String| Trouble::invalid("filterXml", problem);
    let root = parse_xml(xml).map_err(|error| invalid(error.to_string()))?;
    // A SOAP parameter that holds one element is that element alone.
    let items = if root.is("item") {
        std::slice::from_ref(&root)
    } else {
        root.children.as_slice()
    };
    for item in items {
        let name = item.attribute("NAME").unwrap_or(&item.name).trim();
        let value = item.attribute("VALUE").unwrap_or(&item.text);
        let filter = NameFilter::parse("filter", value)?;
        match name.to_ascii_lowercase().as_str() {
            "foldername" => wanted.folders = Some(filter),
            "documentname" => wanted.documents = Some(filter),
            "name" => {
                wanted.folders = Some(filter.clone());
                wanted.documents = Some(filter);
            }
            _ => return Err(invalid(format!("{name} is no filter"))),
        }
    }
    Ok(wanted)
}
