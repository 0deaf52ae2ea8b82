//! Raw values read as types. Absent and empty booleans and numbers are `false` and zero on every transport.
//!
//! A required text that is absent or empty is refused with `[903]`, a value of the wrong form with
//! `Invalid parameter 'Name': …`; both have the shape of every other failure, never HTTP 500.

mod people;
mod recycled;

pub(crate) use people::{AccountStatus, GroupHome};
pub(crate) use recycled::{BinRef, MaybeFolder};

use super::{Args, Kind, Trouble, Value};
use base64::Engine as _;
use base64::engine::general_purpose::PAD;
use base64::engine::{DecodePaddingMode, Simd};
use bytes::Bytes;
use holdall_model::{Guid, ItemRef, ShortIdError};
use holdall_services::Failure;
use std::borrow::Cow;
use std::collections::HashSet;

/// A type that parameters can have.
pub(crate) trait FromArg: Sized {
    /// How the WSDL and the help page show it.
    const KIND: Kind;
    /// Whether an absent or empty value is refused.
    const REQUIRED: bool = false;
    /// Reads the value of the parameter `name`.
    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble>;
}

/// A text that must not be empty.
pub(crate) struct Given(pub(crate) String);

/// A text that no log and no error shows. It has neither `Debug` nor `Display`.
pub(crate) struct Secret(String);

/// A byte position: a number that generated clients declare with 64 bits.
pub(crate) struct Offset(pub(crate) i64);

/// `|`-separated items without blanks around, empty entries and repetitions.
pub(crate) struct Paths(pub(crate) Vec<Result<ItemRef, ShortIdError>>);

/// A GUID that may be absent or malformed.
pub(crate) struct OldTicket(pub(crate) Option<Guid>);

/// A ticket of an operation that may take it from the cookie; `None` when it is absent or no GUID.
pub(crate) struct OwnTicket(pub(crate) Option<Guid>);

/// A document: a path or `~D7`, not `~F7`.
pub(crate) struct DocumentRef(pub(crate) ItemRef);

/// A folder: a path or `~F7`, not `~D7`.
pub(crate) struct FolderRef(pub(crate) ItemRef);

/// A CRC32 in 1 to 8 hex digits of any case (CONTRACT section 1.4).
pub(crate) struct HexCrc(pub(crate) u32);

/// Whether an optional part of the answer is wished.
#[derive(Clone, Copy)]
pub(crate) struct Wish(pub(crate) bool);

/// Bytes of a file part, or decoded from base64.
pub(crate) struct Content(pub(crate) Bytes);

/// The text of an XML document that must be there.
pub(crate) struct GivenXml(pub(crate) String);

/// The text of an XML document that may be left out.
pub(crate) struct OptionalXml(pub(crate) String);

impl Secret {
    /// The text, for the one call that checks it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

fn text(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        Some(Value::Text(text)) => Cow::Borrowed(text),
        Some(Value::File(bytes)) => String::from_utf8_lossy(bytes),
        None => Cow::Borrowed(""),
    }
}

fn given(value: Option<&Value>, name: &'static str) -> Result<String, Trouble> {
    let text = text(value);
    if text.trim().is_empty() {
        return Err(Trouble::Required(name));
    }
    Ok(text.into_owned())
}

impl FromArg for String {
    const KIND: Kind = Kind::Text;

    fn read(_: &Args, value: Option<&Value>, _: &'static str) -> Result<Self, Trouble> {
        Ok(text(value).into_owned())
    }
}

impl FromArg for Option<String> {
    const KIND: Kind = Kind::Text;

    fn read(_: &Args, value: Option<&Value>, _: &'static str) -> Result<Self, Trouble> {
        Ok(value.map(|value| text(Some(value)).into_owned()))
    }
}

impl FromArg for Given {
    const KIND: Kind = Kind::Text;
    const REQUIRED: bool = true;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        given(value, name).map(Self)
    }
}

impl FromArg for Secret {
    const KIND: Kind = Kind::Secret;

    fn read(_: &Args, value: Option<&Value>, _: &'static str) -> Result<Self, Trouble> {
        Ok(Self(text(value).into_owned()))
    }
}

impl FromArg for bool {
    const KIND: Kind = Kind::Bool;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        match text(value).trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" | "" => Ok(false),
            _ => Err(Trouble::invalid(name, "true, false, 1 or 0 is expected")),
        }
    }
}

impl FromArg for i64 {
    const KIND: Kind = Kind::Int;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        let text = text(value);
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(0);
        }
        let problem = || {
            Trouble::invalid(
                name,
                format!("a whole number from {} to {} is expected", Self::MIN, Self::MAX),
            )
        };
        trimmed.parse().map_err(|_| problem())
    }
}

impl FromArg for Offset {
    const KIND: Kind = Kind::Long;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        i64::read(args, value, name).map(Self)
    }
}

impl FromArg for Guid {
    const KIND: Kind = Kind::Guid;
    const REQUIRED: bool = true;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        Self::parse(&given(value, name)?).ok_or_else(|| Trouble::invalid(name, "a GUID is expected"))
    }
}

impl FromArg for OldTicket {
    const KIND: Kind = Kind::Guid;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        if text(value).trim().is_empty() {
            return Ok(Self(args.cookie_ticket().and_then(Guid::parse)));
        }
        Guid::read(args, value, name).map(|guid| Self(Some(guid)))
    }
}

impl FromArg for OwnTicket {
    const KIND: Kind = Kind::Text;

    fn read(args: &Args, value: Option<&Value>, _: &'static str) -> Result<Self, Trouble> {
        let text = text(value);
        let given = Some(text.as_ref()).filter(|text| !text.trim().is_empty());
        Ok(Self(given.or_else(|| args.cookie_ticket()).and_then(Guid::parse)))
    }
}

impl FromArg for ItemRef {
    const KIND: Kind = Kind::Text;
    const REQUIRED: bool = true;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        Self::parse(&given(value, name)?).map_err(|ShortIdError| Trouble::Failure(Failure::InvalidShortId))
    }
}

impl FromArg for DocumentRef {
    const KIND: Kind = Kind::Text;
    const REQUIRED: bool = true;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        match ItemRef::read(args, value, name)? {
            ItemRef::Folder(_) => Err(Trouble::Failure(Failure::InvalidShortId)),
            document => Ok(Self(document)),
        }
    }
}

impl FromArg for FolderRef {
    const KIND: Kind = Kind::Text;
    const REQUIRED: bool = true;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        match ItemRef::read(args, value, name)? {
            ItemRef::Document(_) => Err(Trouble::Failure(Failure::InvalidShortId)),
            folder => Ok(Self(folder)),
        }
    }
}

impl FromArg for HexCrc {
    const KIND: Kind = Kind::Text;
    const REQUIRED: bool = true;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        let text = given(value, name)?;
        let digits = text.trim();
        let is_hex = digits.len() <= 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex);
        number
            .map(Self)
            .ok_or_else(|| Trouble::invalid(name, "1 to 8 hex digits are expected"))
    }
}

impl FromArg for Wish {
    const KIND: Kind = Kind::Bool;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        bool::read(args, value, name).map(Self)
    }
}

impl FromArg for Paths {
    const KIND: Kind = Kind::Text;
    const REQUIRED: bool = true;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        let text = given(value, name)?;
        let mut seen = HashSet::new();
        let entries = text.split('|').map(str::trim).filter(|entry| !entry.is_empty());
        let distinct = entries.filter(|entry| seen.insert(*entry));
        Ok(Self(distinct.map(ItemRef::parse).collect()))
    }
}

impl FromArg for GivenXml {
    const KIND: Kind = Kind::Xml;
    const REQUIRED: bool = true;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        given(value, name).map(Self)
    }
}

impl FromArg for OptionalXml {
    const KIND: Kind = Kind::Xml;

    fn read(_: &Args, value: Option<&Value>, _: &'static str) -> Result<Self, Trouble> {
        Ok(Self(text(value).into_owned()))
    }
}

impl FromArg for Content {
    const KIND: Kind = Kind::Bytes;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        match value {
            None => Ok(Self(Bytes::new())),
            Some(Value::File(bytes)) => Ok(Self(bytes.clone())),
            Some(Value::Text(text)) => base64(text, args.blanks_are_plus())
                .map(Self)
                .ok_or_else(|| Trouble::invalid(name, "base64 is expected")),
        }
    }
}

/// Decodes base64 with or without padding. Line breaks and tabs are dropped; so are blanks, unless they are undone `+` signs.
fn base64(text: &str, blanks_are_plus: bool) -> Option<Bytes> {
    let config = PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = Simd::standard(config);
    let mut text = Cow::Borrowed(text);
    if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        let kept = text.trim().chars().filter_map(|character| match character {
            ' ' if blanks_are_plus => Some('+'),
            blank if blank.is_ascii_whitespace() => None,
            other => Some(other),
        });
        text = Cow::Owned(kept.collect());
    }
    engine.decode(text.as_bytes()).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests;
