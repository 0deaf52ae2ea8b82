//! The edge as its clients see it, in process, over real services.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod agreement;
mod call;
mod case;
mod discretion;
mod golden;
mod hostile;
mod listings;
mod pages;
mod protocol;
mod strangers;
mod whole;
mod world;
