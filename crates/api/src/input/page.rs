//! Pages of listings: how many, and from where.
//!
//! A cursor is a position, not a secret: what it points behind is looked for anew with the caller's rights. It is opaque so that
//! it may change.

use crate::problem::Problem;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use holdall_api_types::Page;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::IntoParams;

/// The most that a page holds.
pub(crate) const MOST: u64 = 1_000;
/// What a page holds when nothing is said.
const USUAL: u64 = 100;

/// `?limit=&cursor=`.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many at most: 1 to 1,000; 100 when absent.
    #[serde(default = "usual", deserialize_with = "read_limit")]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 100, required = false)]
    pub limit: u64,
    /// Where to go on: `next` of the page before.
    #[serde(default)]
    #[param(required = false, nullable = false)]
    pub cursor: Option<String>,
}

fn usual() -> u64 {
    USUAL
}

fn read_limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
    limit.ok_or_else(|| D::Error::custom("a page holds 1 to 1000"))
}

impl PageQuery {
    /// The position that the cursor holds, if there is a cursor. Fails with 400 for one of another listing.
    pub(crate) fn position<T: DeserializeOwned>(&self, listing: &str) -> Result<Option<T>, Problem> {
        let Some(text) = &self.cursor else {
            return Ok(None);
        };
        let cursor: Option<Cursor<T>> = BASE64_URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match cursor.filter(|cursor| cursor.listing == listing) {
            Some(cursor) => Ok(Some(cursor.position)),
            None => Err(Problem::malformed(
                "not a cursor of this listing; it must be the `next` of the page before",
                Some("cursor"),
            )),
        }
    }
}

/// A position in a listing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cursor<T> {
    #[serde(rename = "l")]
    listing: String,
    #[serde(rename = "p")]
    position: T,
}

impl<T: Serialize> Cursor<T> {
    /// The text of a position.
    pub(crate) fn text(listing: &str, position: T) -> Result<String, Problem> {
        let cursor = Self {
            listing: listing.to_owned(),
            position,
        };
        let bytes = serde_json::to_vec(&cursor).map_err(holdall_services::Failure::internal)?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// Cuts a page out of a listing that is short enough to be looked up whole; the cursor is a number.
#[derive(Debug)]
pub(crate) struct PageOf;

impl PageOf {
    /// The page that `query` asks for. `key` orders the listing and is what the cursor holds.
    pub(crate) fn sorted<T, W>(
        query: &PageQuery,
        listing: &str,
        all: Vec<T>,
        (key, show): (impl Fn(&T) -> String, impl FnMut(T) -> W),
    ) -> Result<Page<W>, Problem> {
        let after: Option<String> = query.position(listing)?;
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let mut keyed: Vec<(String, T)> = all.into_iter().map(|item| (key(&item), item)).collect();
        keyed.sort_by(|left, right| left.0.cmp(&right.0));
        let begin = after.map_or(0, |after| keyed.partition_point(|(key, _)| *key <= after));
        let rest = keyed.split_off(begin);
        let has_more = rest.len() > limit;
        let mut page = rest;
        page.truncate(limit);
        let next = match page.last() {
            Some((last, _)) if has_more => Some(Cursor::text(listing, last)?),
            _ => None,
        };
        let items = page.into_iter().map(|(_, item)| item).map(show).collect();
        Ok(Page { items, next })
    }
}
