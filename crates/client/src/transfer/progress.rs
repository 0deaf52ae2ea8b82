//! How far a transfer is, for somebody who looks from outside.

use std::sync::atomic::AtomicU64;

/// Counters that only a transfer moves.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes of the archive in all.
    pub total: AtomicU64,
    /// Bytes of it that are there.
    pub there: AtomicU64,
    /// Bytes that came over the line for it in this run, those that came twice counted twice.
    pub fetched: AtomicU64,
    /// Documents whose content was proved.
    pub documents: AtomicU64,
}
