//! `Content-Disposition: attachment` with both forms of the file name (RFC 6266, RFC 8187). Pure.

use std::fmt::Write as _;

/// The header's value: an ASCII form for old clients, and when that loses something the exact UTF-8 form.
pub(crate) fn attachment(file_name: &str) -> String {
    let plain: String = file_name.chars().map(plain_character).collect();
    let mut value = format!("attachment; filename=\"{plain}\"");
    if plain != file_name {
        value.push_str("; filename*=UTF-8''");
        for byte in file_name.bytes() {
            if is_attribute_character(byte) {
                value.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(value, "%{byte:02X}");
            }
        }
    }
    value
}

/// Quotes, backslashes and percent signs confuse old clients, so the ASCII form does without them.
fn plain_character(character: char) -> char {
    match character {
        '"' | '\\' | '%' | '/' => '_',
        ' '..='~' => character,
        _ => '_',
    }
}

/// `attr-char` of RFC 8187 section 3.2.1.
fn is_attribute_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn ascii_names_have_one_form() {
        assert_eq!(
            attachment("Plans 2024.zip"),
            "attachment; filename=\"Plans 2024.zip\""
        );
    }

    #[test]
    fn other_names_have_two() {
        assert_eq!(
            attachment("Pläne \"x\".zip"),
            "attachment; filename=\"Pl_ne _x_.zip\"; filename*=UTF-8''Pl%C3%A4ne%20%22x%22.zip"
        );
    }

    #[test]
    fn no_name_breaks_the_header() {
        for name in ["a\r\nSet-Cookie: x", "a\u{0}b", "\u{202e}cod", "%00"] {
            let value = attachment(name);
            assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{value}");
        }
    }
}
