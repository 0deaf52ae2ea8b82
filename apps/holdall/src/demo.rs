//! The parts of the demonstration: documents to show, a client that knows only HTTP, and the proof that nothing changed.

pub(crate) mod client;
pub(crate) mod documents;
pub(crate) mod proof;
