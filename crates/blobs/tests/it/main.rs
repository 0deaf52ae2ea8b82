//! What any content store must do, run against the local disk. [`contents::Shelf`] is the one place that opens a store.

#[cfg(test)]
mod contents;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod ingest;
#[cfg(test)]
mod large;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod round_trip;
