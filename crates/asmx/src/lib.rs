//! infoRouter's web service: one endpoint, `/srv.asmx`, over GET, form POST, multipart, SOAP 1.1 and SOAP 1.2.
//!
//! [`router`] is all there is. The list of operations in `registry` drives every transport, the WSDL and the help pages.
//! Compatibility is kept against the contract whose sections the comments cite.

mod endpoint;
mod operations;
mod options;
mod protocol;
mod registry;
mod views;

pub use endpoint::router;
pub use options::AsmxOptions;
