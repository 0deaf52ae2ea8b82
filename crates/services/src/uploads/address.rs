//! Storing a web address as a document.

use super::Uploads;
use crate::documents::{DocumentOptions, Stored};
use crate::{Caller, Failure};
use holdall_model::{DocumentKind, ItemPath};
use std::io::Cursor;

/// How addresses may begin. Others, such as `javascript:` and `file:`, would act on the machine of whoever opens them.
const BEGINNINGS: [&str; 4] = ["http://", "https://", "ftp://", "mailto:"];

/// The longest address in bytes, which is what browsers agree on.
const MAX_ADDRESS_LEN: usize = 2048;

impl Uploads {
    /// Stores a web address as the document at `target` or as its next version; a lock that the caller holds stays. Its content
    /// is the text that browsers know as an internet shortcut. A document of another kind there is a conflict.
    pub async fn put_address(
        &self,
        caller: &Caller,
        target: &ItemPath,
        address: &str,
    ) -> Result<Stored, Failure> {
        let name = target.segments().last().map_or("", String::as_str);
        if name.to_ascii_lowercase().ends_with(".url") {
            return Err(Failure::invalid(
                "extension",
                "the name of a web address does not end in .url",
            ));
        }
        let address = checked(address)?;
        let content = format!("[InternetShortcut]\r\nURL={address}\r\n");
        let options = DocumentOptions {
            kind: DocumentKind::WebAddress,
            ..DocumentOptions::default()
        };
        self.put(caller, target, Cursor::new(content), options).await
    }
}

fn checked(address: &str) -> Result<&str, Failure> {
    let address = address.trim();
    let problem = if address.len() > MAX_ADDRESS_LEN {
        format!("an address has at most {MAX_ADDRESS_LEN} bytes")
    } else if address
        .chars()
        .any(|character| character.is_control() || character.is_whitespace())
    {
        "an address has no blanks and no control characters".to_owned()
    } else if !begins_well(address) {
        format!("an address begins with {}", BEGINNINGS.join(", "))
    } else {
        return Ok(address);
    };
    Err(Failure::invalid("address", problem))
}

fn begins_well(address: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| {
        let head = address.get(..beginning.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(beginning)) && address.len() > beginning.len()
    })
}
