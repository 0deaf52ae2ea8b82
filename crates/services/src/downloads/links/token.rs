//! What is in a link's address: a secret, when it ends, and our signature over both.
//!
//! 16 random bytes, the expiry in seconds since 1970 as 4 bytes, and the first 16 bytes of their HMAC-SHA256: 48 characters of
//! base64url. A forged, cut or outdated one is refused without a look into the catalog.

use crate::Failure;
use crate::sessions::secrets::sha256;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use holdall_model::{Digest, Timestamp};
use sha2::Sha256;
use std::fmt;

/// Bytes of the secret.
const SECRET_LEN: usize = 16;
/// Bytes of secret and expiry, which are signed.
const SIGNED_LEN: usize = SECRET_LEN + 4;
/// Bytes of the signature.
const SIGNATURE_LEN: usize = 16;

/// The key that signs.
#[derive(Clone)]
pub(crate) struct Key(Vec<u8>);

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key")
    }
}

impl Key {
    /// Bytes of a key.
    pub(super) const LEN: usize = 32;

    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// A new token that lasts until `expires`, and the digest of its secret.
    pub(super) fn sign(&self, expires: Timestamp) -> Result<(String, Digest), Failure> {
        let mut secret = [0; SECRET_LEN];
        getrandom::fill(&mut secret).map_err(Failure::internal)?;
        let seconds = u32::try_from(expires.seconds()).map_err(Failure::internal)?;
        let mut token = [secret.as_slice(), &seconds.to_be_bytes()].concat();
        let signature = self.mac(&token)?.finalize().into_bytes();
        token.extend(signature.into_iter().take(SIGNATURE_LEN));
        Ok((BASE64_URL_SAFE_NO_PAD.encode(token), sha256(&secret)))
    }

    /// The digest of the secret of a token that we signed and that lasts beyond `now`.
    pub(super) fn check(&self, token: &str, now: Timestamp) -> Option<Digest> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (signed, signature) = bytes.split_at_checked(SIGNED_LEN)?;
        if signature.len() != SIGNATURE_LEN {
            return None;
        }
        // Compares in a time that does not depend on the bytes.
        self.mac(signed).ok()?.verify_truncated_left(signature).ok()?;
        let (secret, seconds) = signed.split_at_checked(SECRET_LEN)?;
        let seconds = u32::from_be_bytes(seconds.try_into().ok()?);
        (i64::from(seconds) > now.seconds()).then(|| sha256(secret))
    }

    fn mac(&self, signed: &[u8]) -> Result<Hmac<Sha256>, Failure> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(Failure::internal)?;
        mac.update(signed);
        Ok(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::Key;
    use holdall_model::Timestamp;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_767_225_600_000);
    const LATER: Timestamp = Timestamp(1_767_225_660_000);

    fn key() -> Key {
        Key::new(vec![7; Key::LEN])
    }

    #[test]
    fn a_token_holds_until_it_expires_and_for_its_key_only() {
        let (token, secret) = key().sign(LATER).unwrap();
        assert_eq!(token.len(), 48);
        assert_eq!(key().check(&token, NOW), Some(secret));
        assert_eq!(key().check(&token, LATER), None);
        assert_eq!(Key::new(vec![8; Key::LEN]).check(&token, NOW), None);
        assert_ne!(key().sign(LATER).unwrap().0, token);
        assert_eq!(format!("{:?}", key()), "Key");
    }

    proptest! {
        #[test]
        fn s5_no_changed_token_holds(at in 0..48_usize, to in "[A-Za-z0-9_-]", cut in 0..48_usize, more in ".{1,8}") {
            let (token, _) = key().sign(LATER).unwrap();
            let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
            prop_assert!(changed == token || key().check(&changed, NOW).is_none());
            prop_assert_eq!(key().check(&token[..cut], NOW), None);
            prop_assert_eq!(key().check(&format!("{token}{more}"), NOW), None);
        }

        #[test]
        fn l9_any_text_is_refused(text in "\\PC{0,80}") {
            prop_assert_eq!(key().check(&text, NOW), None);
        }
    }
}
