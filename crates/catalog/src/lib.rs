//! Everything relational: SQLite by default, PostgreSQL when one machine is not enough; one SQL text for both.
//!
//! A call is one closure over one transaction: [`Catalog::read`] or [`Catalog::write`]. A family file (model:
//! `content/blobs.rs`) holds its SQL as `const` texts listed in `pub(crate) const STATEMENTS`, typed rows, and functions
//! that take `&mut Tx<'_>` and typed arguments. Placeholders are `$n`; sets go through [`Tx::query_each_of`] and
//! [`Tx::insert_many`], never row by row; a `SUM` is cast to `BIGINT`; expected conflicts say `ON CONFLICT`, because
//! a failed statement fails its transaction. Add the family to `statements.rs`.

pub mod access;
pub mod audit;
mod content;
mod engine;
pub mod libraries;
pub mod owners;
pub mod people;
pub mod sessions;
pub mod settings;
mod statements;
pub mod statistics;
#[cfg(feature = "testing")]
pub mod testing;
mod transfers;
pub mod user_names;

pub use content::{
    blobs, checkins, deletions, documents, folder_rules, folders, imports, listed, locks, packs, purging,
    recycled, subtrees, trees, versions, viewings,
};
pub use engine::{Catalog, CatalogError, CatalogOptions, Counter, Row, Tx, Value};
pub use transfers::{announced, answers, deliveries, downloads, kept, links, staging, uploads};
