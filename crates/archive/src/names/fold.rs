//! What two names are compared by: canonical equivalence and full case folding together (Unicode D145), so that
//! names which any system takes for the same have the same key.

use alloc::string::String;

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization as _;

/// Appends the name's key.
pub(crate) fn push_key(keys: &mut String, name: &str) {
    if name.is_ascii() {
        let start = keys.len();
        keys.push_str(name);
        if let Some(key) = keys.get_mut(start..) {
            key.make_ascii_lowercase();
        }
    } else {
        let decomposed: String = name.nfd().collect();
        keys.extend(UniCase::new(decomposed).to_folded_case().nfd());
    }
}

/// The name's key.
pub(crate) fn key(name: &str) -> String {
    let mut key = String::new();
    push_key(&mut key, name);
    key
}
