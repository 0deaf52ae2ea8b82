//! The zip engine against a naive writer, a foreign reader, hostile plans and ugly names.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a failure here is a failed test, and the lengths are the tests' own"
)]
#![expect(clippy::similar_names, reason = "a namer gives names to what is then named")]

mod foreign;
mod forest;
mod memory;
mod naive;
mod names;
mod plans;
mod splicing;
mod zip64;
