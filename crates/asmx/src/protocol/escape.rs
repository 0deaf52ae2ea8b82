//! Text that is safe between tags and in attributes. What XML 1.0 cannot hold becomes U+FFFD.

/// Appends `text` as element content.
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    push(out, text, false);
}

/// Appends `text` as an attribute's value between `"`; line breaks and tabs survive normalisation.
pub(crate) fn push_attribute(out: &mut Vec<u8>, text: &str) {
    push(out, text, true);
}

fn push(out: &mut Vec<u8>, text: &str, in_attribute: bool) {
    let mut plain_from = 0;
    for (at, character) in text.char_indices() {
        let Some(replacement) = replacement(character, in_attribute) else {
            continue;
        };
        out.extend_from_slice(text.get(plain_from..at).unwrap_or_default().as_bytes());
        out.extend_from_slice(replacement.as_bytes());
        plain_from = at + character.len_utf8();
    }
    out.extend_from_slice(text.get(plain_from..).unwrap_or_default().as_bytes());
}

fn replacement(character: char, in_attribute: bool) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        '"' if in_attribute => Some("&quot;"),
        '\n' if in_attribute => Some("&#xA;"),
        '\t' if in_attribute => Some("&#x9;"),
        '\n' | '\t' => None,
        other if is_xml(other) => None,
        _ => Some("\u{fffd}"),
    }
}

/// Whether XML 1.0 can hold the character (section 2.2, `Char`).
pub(crate) fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::{push_attribute, push_text};

    #[test]
    fn nothing_breaks_out_and_nothing_is_illegal() {
        let nasty = "a<b>&\"c\"\r\n\t\u{1}\u{ffff}é";
        let (mut text, mut attribute) = (Vec::new(), Vec::new());
        push_text(&mut text, nasty);
        push_attribute(&mut attribute, nasty);
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "a&lt;b&gt;&amp;\"c\"&#xD;\n\t\u{fffd}\u{fffd}é"
        );
        assert_eq!(
            String::from_utf8(attribute).unwrap(),
            "a&lt;b&gt;&amp;&quot;c&quot;&#xD;&#xA;&#x9;\u{fffd}\u{fffd}é"
        );
    }
}
