//! The native API as its clients meet it: HTTP semantics of sessions, staging and content.

#[cfg(test)]
mod client;
#[cfg(test)]
mod content;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod description;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod ground;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod links;
#[cfg(test)]
mod manifest;
#[cfg(test)]
mod people;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod staging;
#[cfg(test)]
mod uploads;
