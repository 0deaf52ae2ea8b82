//! `application/x-www-form-urlencoded`, in a query or in a body.

use crate::protocol::{Args, Value};

/// The arguments of `name=value&…`. Nothing is refused: a bad escape stays as it is, bad UTF-8 becomes U+FFFD.
pub(crate) fn urlencoded(text: &[u8]) -> Args {
    let mut args = Args::urlencoded();
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = unescape(halves.next().unwrap_or_default());
        let value = unescape(halves.next().unwrap_or_default());
        args.push(&name, Value::Text(value));
    }
    args
}

fn unescape(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        match first {
            b'+' => out.push(b' '),
            b'%' => match escaped(behind) {
                Some(byte) => {
                    out.push(byte);
                    rest = behind.get(2..).unwrap_or_default();
                }
                None => out.push(b'%'),
            },
            other => out.push(*other),
        }
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The byte of the two hex digits at the start.
fn escaped(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{unescape, urlencoded};

    #[test]
    fn escapes_are_undone_and_nothing_is_refused() {
        assert_eq!(unescape(b"a+b%20c%2B%c3%A9"), "a b c+é");
        assert_eq!(unescape(b"100%"), "100%");
        assert_eq!(unescape(b"%zz%4"), "%zz%4");
        assert_eq!(unescape(b"%ff"), "\u{fffd}");
    }

    #[test]
    fn pairs_may_lack_a_value_and_repeat() {
        let args = urlencoded(b"&Paths=a&b&&paths=c=d");
        assert_eq!(args.text("PATHS"), Some("a,c=d"));
        assert!(args.find("b", None).is_some());
        assert!(args.blanks_are_plus());
    }
}
