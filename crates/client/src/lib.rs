//! The other end of the wire: what a program needs to talk to a server, over the native API or over infoRouter's protocol,
//! and to bring an archive home whole whatever happens on the way.
//!
//! It knows nothing of how a server is made: only the JSON of `holdall_api_types` and the documented protocol.

pub mod srv;
