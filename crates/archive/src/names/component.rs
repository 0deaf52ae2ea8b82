//! One component of a path: safe on every system (Z5, Z6).

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use unicode_normalization::UnicodeNormalization as _;

/// Bytes of the longest component.
pub const COMPONENT_MAX: usize = 255;
/// Bytes of the longest suffix, its dot included, that still counts as an extension.
const EXTENSION_MAX: usize = 17;

/// A name as one portable component: NFC; characters that some system forbids, controls and bidi controls become
/// `_`; no trailing dot or space; device names get a `_` in front; at most [`COMPONENT_MAX`] bytes; never empty.
/// Safe names come back as they are, so doing it twice changes nothing more.
pub fn sanitize_component(name: &str) -> Cow<'_, str> {
    if is_plain(name) {
        return Cow::Borrowed(name);
    }
    let mut safe: String = name
        .nfc()
        .map(|letter| if is_unsafe(letter) { '_' } else { letter })
        .collect();
    safe.truncate(safe.trim_end_matches(['.', ' ']).len());
    if safe.is_empty() || is_device(&safe) || is_cut_component(&safe) {
        safe.insert(0, '_');
    }
    if safe.len() > COMPONENT_MAX {
        safe = shorten(&safe, COMPONENT_MAX);
    }
    if safe == name {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(safe)
    }
}

/// Whether this may be a component of an archive's path: a sanitised name, or the namer's mark of a cut.
pub(crate) fn is_safe_component(component: &str) -> bool {
    is_cut_component(component) || matches!(sanitize_component(component), Cow::Borrowed(_))
}

/// The name in at most `max_len` bytes: its front, `~` and a hash of the whole, its extension. The result stays safe
/// because it ends as the name ended and is too long for a device name.
pub(crate) fn shorten(name: &str, max_len: usize) -> String {
    let (stem, extension) = split_extension(name);
    let hash = crc32fast::hash(name.as_bytes());
    let head_end = stem.floor_char_boundary(max_len.saturating_sub(9 + extension.len()));
    let head = stem.get(..head_end).unwrap_or_default();
    format!("{head}~{hash:08x}{extension}")
}

/// Stem and extension with its dot; the extension is empty when there is none, when it is too long to be one, or when
/// the stem would be.
pub(crate) fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= EXTENSION_MAX => {
            name.split_at_checked(dot).unwrap_or((name, ""))
        }
        _ => (name, ""),
    }
}

/// The component that stands for the cut middle of a path. No sanitised name looks like it.
pub(crate) fn cut_component(token: u64) -> String {
    format!("~{token:016x}")
}

/// FNV-1a, 64 bits.
pub(crate) fn hash_64(text: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    text.bytes().fold(0xCBF2_9CE4_8422_2325, mix)
}

/// Whether the name is safe at first sight: ASCII without anything that the slow path looks for.
fn is_plain(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.iter().all(|byte| is_plain_byte(*byte))
        && (1..=COMPONENT_MAX).contains(&bytes.len())
        && !matches!(bytes, [.., b'.' | b' '] | [b'~', ..])
        && !is_device(name)
}

fn is_plain_byte(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !is_forbidden(char::from(byte))
}

/// Forbidden in file names on Windows, or the separator.
fn is_forbidden(letter: char) -> bool {
    matches!(letter, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Forbidden, a control, or a character that turns the direction of what is shown after it.
fn is_unsafe(letter: char) -> bool {
    let turns = matches!(letter, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    is_forbidden(letter) || letter.is_control() || turns
}

/// Whether Windows takes the name, with any extension, for a device.
fn is_device(name: &str) -> bool {
    let Some(b'a' | b'A' | b'c' | b'C' | b'l' | b'L' | b'n' | b'N' | b'p' | b'P') = name.as_bytes().first()
    else {
        return false;
    };
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ');
    if stem.len() > 7 {
        return false;
    }
    let is = |device: &&str| stem.eq_ignore_ascii_case(device);
    let numbered = || {
        let (port, digit) = stem.split_at_checked(3)?;
        let is_port = port.eq_ignore_ascii_case("COM") || port.eq_ignore_ascii_case("LPT");
        let mut letters = digit.chars();
        let is_digit = matches!(letters.next()?, '0'..='9' | '¹' | '²' | '³');
        (is_port && is_digit && letters.next().is_none()).then_some(())
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].iter().any(is) || numbered().is_some()
}

/// Whether it reads like [`cut_component`], on systems that ignore case too.
fn is_cut_component(component: &str) -> bool {
    component
        .strip_prefix('~')
        .is_some_and(|token| token.len() == 16 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
