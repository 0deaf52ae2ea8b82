//! The machinery below every family: two databases behind one transaction, and the threads that run it.

mod catalog;
pub(crate) mod counters;
pub(crate) mod drivers;
mod error;
mod migrations;
mod options;
mod place;
mod queue;
mod row;
pub(crate) mod sets;
mod split;
mod twin;
mod tx;
mod value;
mod worker;

pub use catalog::Catalog;
pub use counters::Counter;
pub use error::CatalogError;
pub use options::CatalogOptions;
pub use row::Row;
pub use tx::Tx;
pub use value::Value;
