//! Calls that may be made again without being done again: the first answer is kept for a day.
//!
//! An answer may hold a secret, so it is encrypted with a key made of the caller's own, of which only a digest is kept: who reads
//! the catalog reads no answers, as far as callers choose keys that cannot be guessed.

use super::secrets::{new_secret, sha256};
use crate::house::House;
use crate::{Caller, Failure};
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use holdall_catalog::{CatalogError, Tx, answers as rows};
use holdall_model::{Digest, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// How long an answer is given again.
const KEPT: Duration = Duration::from_hours(24);
/// How long a call may run; after that its key counts as unused.
const RUNNING: Duration = Duration::from_mins(10);
/// The length of a nonce in bytes.
const NONCE_LEN: usize = 12;

/// The answers that are given again.
#[derive(Clone, Debug)]
pub struct Answers {
    house: Arc<House>,
}

/// A call with a key.
#[derive(Clone, Copy, Debug)]
pub struct KeyedCall<'a> {
    /// The caller's key.
    pub key: &'a str,
    /// What is called, whatever is asked of it.
    pub route: &'a str,
    /// What is asked.
    pub body: &'a [u8],
}

/// How a call with a key goes on.
#[derive(Debug)]
pub enum Begun {
    /// It has to be done, and then finished.
    Fresh(Running),
    /// It was done: the status and the answer.
    Done(u16, Vec<u8>),
    /// The key came with another body before.
    Mismatch,
    /// The same call is running.
    Running,
}

/// A call that is being done.
#[derive(Debug)]
pub struct Running {
    house: Arc<House>,
    call: Digest,
    holder: Digest,
    secret: Digest,
}

impl Answers {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// Begins a call, or finds it begun or done already. Users do not share keys.
    pub async fn begin(&self, caller: &Caller, call: KeyedCall<'_>) -> Result<Begun, Failure> {
        let named = |purpose: &str| {
            let parts = [purpose, &caller.user().to_string(), call.route, call.key];
            sha256(parts.join("\n").as_bytes())
        };
        let (digest, secret) = (named("call"), named("answer"));
        // A body may hold a password, which its mere digest would let be guessed.
        let body = sha256(&[secret.0.as_slice(), call.body].concat());
        let holder = sha256(new_secret()?.as_bytes());
        let now = self.house.clock.now();
        let begin = move |tx: &mut Tx<'_>| {
            let is_fresh = rows::begin(tx, (digest, body, holder), (now, now.plus(RUNNING)))?;
            let found = if is_fresh {
                None
            } else {
                rows::find(tx, digest, now)?
            };
            Ok::<_, CatalogError>((is_fresh, found))
        };
        let (is_fresh, found) = self.house.catalog.write(begin).await?;
        if is_fresh {
            return Ok(Begun::Fresh(Running {
                house: Arc::clone(&self.house),
                call: digest,
                holder,
                secret,
            }));
        }
        let Some(row) = found else {
            return Ok(Begun::Running);
        };
        if row.body != body {
            return Ok(Begun::Mismatch);
        }
        match u16::try_from(row.status).map_err(Failure::internal)? {
            0 => Ok(Begun::Running),
            status => Ok(Begun::Done(status, decrypt(&secret, &row.answer)?)),
        }
    }

    /// Forgets answers whose day is over.
    pub(crate) async fn expire(&self) -> Result<u64, Failure> {
        let now = self.house.clock.now();
        let expire = move |tx: &mut Tx<'_>| rows::remove_expired(tx, now);
        let expired: Result<u64, CatalogError> = self.house.catalog.write(expire).await;
        expired.map_err(Failure::from)
    }
}

impl Running {
    /// Keeps the answer, to be given again.
    pub async fn finish(self, status: u16, answer: &[u8]) -> Result<(), Failure> {
        let encrypted = encrypt(&self.secret, answer)?;
        let expires: Timestamp = self.house.clock.now().plus(KEPT);
        let (call, holder) = (self.call, self.holder);
        let keep =
            move |tx: &mut Tx<'_>| rows::finish(tx, (call, holder), (i64::from(status), &encrypted), expires);
        let kept: Result<(), CatalogError> = self.house.catalog.write(keep).await;
        kept.map_err(Failure::from)
    }

    /// The call came to nothing: the key counts as unused.
    pub async fn release(self) -> Result<(), Failure> {
        let (call, holder) = (self.call, self.holder);
        let release = move |tx: &mut Tx<'_>| rows::release(tx, call, holder);
        let released: Result<(), CatalogError> = self.house.catalog.write(release).await;
        released.map_err(Failure::from)
    }
}

fn encrypt(secret: &Digest, answer: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut nonce = [0_u8; NONCE_LEN];
    getrandom::fill(&mut nonce).map_err(Failure::internal)?;
    let cipher = ChaCha20Poly1305::new(&secret.0.into());
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), answer)
        .map_err(|_error| Failure::internal("an answer could not be encrypted"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn decrypt(secret: &Digest, kept: &[u8]) -> Result<Vec<u8>, Failure> {
    let damaged = || Failure::internal("a kept answer is damaged");
    let (nonce, sealed) = kept.split_first_chunk::<NONCE_LEN>().ok_or_else(damaged)?;
    let cipher = ChaCha20Poly1305::new(&secret.0.into());
    cipher
        .decrypt(&Nonce::from(*nonce), sealed)
        .map_err(|_error| damaged())
}
