//! Reading: stored content into buffers for a download, and raw bytes of one document.

mod fill;
mod job;
pub(crate) mod pool;
mod raw;

pub use fill::Filled;
pub use job::ReadJob;
pub use raw::RawReader;
