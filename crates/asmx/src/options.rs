//! What an installation may set.

use holdall_model::{Clock, SystemClock};
use std::sync::Arc;

/// How the edge behaves.
#[derive(Clone)]
pub struct AsmxOptions {
    /// The address that the WSDL names, without a trailing slash, such as `https://documents.example.org`. Without it the
    /// request's `Host` is taken, over plain HTTP.
    pub public_url: Option<String>,
    /// The IANA name of the time zone of answers; the system's without one.
    pub time_zone: Option<String>,
    /// Answers the documented root element `root` over SOAP too, where deployed servers say `response`
    /// (CONTRACT section 17 row 1).
    pub documented_roots: bool,
    /// The longest request in bytes, but for uploads.
    pub request_limit: usize,
    /// The longest request in bytes of an operation that takes a document or a chunk of one.
    pub upload_limit: usize,
    /// The memory in bytes that the bodies of long requests may take together; beyond it they are refused with 503. Decoding
    /// may take as much again for a moment.
    pub bodies_limit: usize,
    /// The organisation that `ServerInfo` names.
    pub company: String,
    /// The server that `ServerInfo` names.
    pub server_name: String,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Default for AsmxOptions {
    fn default() -> Self {
        Self {
            public_url: None,
            time_zone: None,
            documented_roots: false,
            request_limit: 1 << 20,
            upload_limit: (32 << 20) / 3 * 4 + (64 << 10),
            bodies_limit: 512 << 20,
            company: String::new(),
            server_name: "Holdall".to_owned(),
            clock: Arc::new(SystemClock),
        }
    }
}
