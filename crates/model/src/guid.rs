//! 128 bits in GUID shape: tickets, download handles and upload handles.

use std::fmt;
use uuid::Uuid;

/// 128 bits that print as a GUID. It is usually a secret, so it has no `Display`, and `Debug` shows nothing of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guid(Uuid);

impl Guid {
    /// Takes all 128 bits as they are; for secrets they come from the operating system's random source.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The 128 bits, for hashing.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// Parses every textual form that .NET's `Guid` prints but the hexadecimal-struct one: 32 digits, hyphenated, in braces or
    /// in parentheses, of any case, with blanks around. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let bare = trimmed
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
            .unwrap_or(trimmed);
        if bare.starts_with("urn:") || (bare.len() != trimmed.len() && bare.starts_with('{')) {
            return None;
        }
        Uuid::try_parse(bare).ok().map(Self)
    }

    /// The 36 characters to hand to the owner: lower case, hyphenated, no braces (CONTRACT section 1.4).
    pub fn reveal(&self) -> String {
        self.0.hyphenated().to_string()
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Guid(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Guid;

    #[test]
    fn every_textual_form_is_one_guid() {
        let guid = Guid::from_bytes(*b"0123456789abcdef");
        let hyphenated = guid.reveal();
        let plain = hyphenated.replace('-', "");
        for form in [
            hyphenated.clone(),
            hyphenated.to_uppercase(),
            plain,
            format!("{{{hyphenated}}}"),
            format!("({hyphenated})"),
            format!("  {hyphenated}\n"),
        ] {
            assert_eq!(Guid::parse(&form), Some(guid), "{form}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for form in [
            "",
            "ir178",
            "urn:uuid:30313233-3435-3637-3839-616263646566",
            "({30313233-3435-3637-3839-616263646566})",
        ] {
            assert_eq!(Guid::parse(form), None, "{form}");
        }
    }

    #[test]
    fn l10_debug_shows_nothing() {
        assert_eq!(format!("{:?}", Guid::from_bytes([7; 16])), "Guid(…)");
    }
}
