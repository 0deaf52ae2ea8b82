//! A name for each request, the client's own or a new one, by which its lines in the log are found.

use http::{HeaderMap, HeaderName, HeaderValue};
use std::fmt::{self, Write as _};

/// The header that a request's name comes and goes in.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest name that is taken over, in bytes.
const MAX_LEN: usize = 64;

/// The name of a request: at most 64 letters, digits, `-`, `_` and `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(String);

impl RequestId {
    /// The client's own, if it is one, or a new one of 64 random bits.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let own = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok());
        own.filter(|name| is_good(name))
            .map_or_else(Self::new, |name| Self(name.to_owned()))
    }

    fn new() -> Self {
        let mut bytes = [0_u8; 8];
        // Without randomness the name is only less useful.
        let _without = getrandom::fill(&mut bytes);
        let mut name = String::with_capacity(16);
        for byte in bytes {
            // Writing to a String cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        Self(name)
    }

    /// The name for an answer.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

fn is_good(name: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=MAX_LEN).contains(&name.len()) && name.bytes().all(letters)
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{RequestId, X_REQUEST_ID};
    use http::{HeaderMap, HeaderValue};

    fn of(name: &[u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_bytes(name).unwrap());
        RequestId::of(&headers).to_string()
    }

    #[test]
    fn good_names_are_kept_and_others_replaced() {
        assert_eq!(of(b"3f-A_1.x"), "3f-A_1.x");
        assert_eq!(of("x".repeat(64).as_bytes()).len(), 64);
        let long = "x".repeat(65);
        for name in [b"".as_slice(), b"a b", b"a\"b", b"a{b}", b"\xff", long.as_bytes()] {
            let made = of(name);
            assert_eq!(made.len(), 16, "{made}");
            assert_ne!(made, of(name));
        }
    }
}
