//! The encodings in which SOAP envelopes arrive.

use bytes::Bytes;

/// The body as text. A byte order mark goes before `charset`; without either it is UTF-8. `None` for bytes that are not in the
/// encoding, or an encoding that is not known.
pub(crate) fn decode(body: Bytes, charset: Option<&str>) -> Option<String> {
    match body.as_ref() {
        [0xff, 0xfe, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    match charset.unwrap_or("utf-8").to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" => String::from_utf8(Vec::from(body)).ok(),
        "utf-16" | "utf-16le" => utf16(&body, u16::from_le_bytes),
        "utf-16be" => utf16(&body, u16::from_be_bytes),
        "iso-8859-1" | "latin1" => Some(body.iter().copied().map(char::from).collect()),
        _ => None,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<_, _>>()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::decode;
    use bytes::Bytes;

    #[test]
    fn marks_go_before_names() {
        let text = "é€𝄞";
        let mut marked = vec![0xff, 0xfe];
        marked.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(decode(Bytes::from(marked), Some("utf-8")).as_deref(), Some(text));
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(Bytes::from(big), Some("UTF-16BE")).as_deref(), Some(text));
        assert_eq!(
            decode(Bytes::from_static(b"\xe9"), Some("ISO-8859-1")).as_deref(),
            Some("é")
        );
    }

    #[test]
    fn what_is_not_in_the_encoding_is_refused() {
        assert_eq!(decode(Bytes::from_static(b"\xff"), None), None);
        assert_eq!(decode(Bytes::from_static(b"\xff\xfea"), None), None);
        assert_eq!(decode(Bytes::from_static(b"a"), Some("ebcdic")), None);
    }
}
