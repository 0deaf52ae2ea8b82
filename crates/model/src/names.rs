//! Names of libraries, folders and documents: what may be stored, and how two of them compare.

use thiserror::Error;
use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Why a name cannot be stored.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Nothing is left after blanks and trailing dots are trimmed.
    #[error("a name is empty")]
    Empty,
    /// `.` and `..` are not names.
    #[error("a name is . or ..")]
    Dots,
    /// A leading `~` would read as a short id.
    #[error("a name starts with ~")]
    Tilde,
    /// Longer than 255 bytes in UTF-8.
    #[error("a name is longer than 255 bytes")]
    TooLong,
}

/// The longest name in UTF-8 bytes: what common file systems take.
const MAX_NAME_BYTES: usize = 255;

/// The name as it is stored: NFC, each barred (`\ / : * ? " < > |`) or control character replaced by `_`, blanks and trailing
/// dots trimmed (CONTRACT section 3).
pub fn clean_name(name: &str) -> Result<String, NameError> {
    let replaced: String = name
        .nfc()
        .map(|character| if is_barred(character) { '_' } else { character })
        .collect();
    let trimmed = replaced.trim();
    if trimmed == "." || trimmed == ".." {
        return Err(NameError::Dots);
    }
    let trimmed = trimmed.trim_end_matches(|character: char| character == '.' || character.is_whitespace());
    if trimmed.is_empty() {
        return Err(NameError::Empty);
    }
    if trimmed.starts_with('~') {
        return Err(NameError::Tilde);
    }
    if trimmed.len() > MAX_NAME_BYTES {
        return Err(NameError::TooLong);
    }
    Ok(trimmed.to_owned())
}

fn is_barred(character: char) -> bool {
    matches!(character, '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|') || character.is_control()
}

/// The key under which names compare: NFC and full case folding, so `STRASSE` equals `Straße`.
pub fn name_key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let normal: String = if is_nfc(name) {
        name.to_owned()
    } else {
        name.nfc().collect()
    };
    let folded = UniCase::unicode(normal).to_folded_case();
    if is_nfc(&folded) {
        folded
    } else {
        folded.nfc().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{NameError, clean_name, name_key};

    #[test]
    fn barred_characters_become_underscores() {
        assert_eq!(clean_name("a:b*c?\u{1}.txt").as_deref(), Ok("a_b_c__.txt"));
        assert_eq!(clean_name("  Plans 2024. . ").as_deref(), Ok("Plans 2024"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert_eq!(clean_name(" . "), Err(NameError::Dots));
        assert_eq!(clean_name(".."), Err(NameError::Dots));
        assert_eq!(clean_name("..."), Err(NameError::Empty));
        assert_eq!(clean_name("~D7"), Err(NameError::Tilde));
        assert_eq!(clean_name(&"é".repeat(128)), Err(NameError::TooLong));
    }

    #[test]
    fn cleaning_is_idempotent() {
        for name in ["a.txt", "x. y. ", "e\u{301}t\u{e9}", "\u{7f}", "a\u{2028}b"] {
            let once = clean_name(name).unwrap();
            assert_eq!(clean_name(&once).as_deref(), Ok(once.as_str()));
        }
    }

    #[test]
    fn keys_ignore_case_and_composition() {
        assert_eq!(name_key("STRASSE"), name_key("Straße"));
        assert_eq!(name_key("E\u{301}t\u{e9}"), name_key("\u{e9}TÉ"));
        assert_ne!(name_key("a"), name_key("b"));
    }
}
