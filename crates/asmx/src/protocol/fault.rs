//! Requests that cannot be understood: SOAP faults, and plain text on the other transports.

use super::Soap;
use super::escape::push_text;
use super::reply::envelope_start;
use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

/// Whose mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The caller's: `Client`, or `Sender` in SOAP 1.2.
    Caller,
    /// Ours: `Server`, or `Receiver` in SOAP 1.2.
    Server,
    /// A header that must be understood is not.
    MustUnderstand,
    /// The envelope is of no known version.
    Version,
}

/// A request that cannot be understood.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Whose mistake it is.
    pub(crate) blame: Blame,
    /// The text for the caller.
    pub(crate) text: String,
    /// The HTTP status; .asmx uses 500.
    pub(crate) status: StatusCode,
}

impl Fault {
    /// The caller's mistake, with the status .asmx uses.
    pub(crate) fn caller(text: impl Into<String>) -> Self {
        Self {
            blame: Blame::Caller,
            text: text.into(),
            status: StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A request that is longer than it may be.
    pub(crate) fn too_long(most_len: usize) -> Self {
        Self {
            blame: Blame::Caller,
            text: format!("The request is longer than {most_len} bytes."),
            status: StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// More long requests at once than there is memory for.
    pub(crate) fn busy() -> Self {
        Self {
            blame: Blame::Server,
            text: "The server is busy, try again.".to_owned(),
            status: StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The fault in an envelope of `version`.
    pub(crate) fn soap(&self, version: Soap) -> Response {
        let mut out = envelope_start(version).into_bytes();
        let code = self.code(version);
        let (before, behind) = match version {
            Soap::V11 => (
                format!("<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>"),
                "</faultstring><detail/></soap:Fault>",
            ),
            Soap::V12 => (
                format!(
                    "<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>\
                         <soap:Reason><soap:Text xml:lang=\"en\">"
                ),
                "</soap:Text></soap:Reason><soap:Detail/></soap:Fault>",
            ),
        };
        out.extend_from_slice(before.as_bytes());
        push_text(&mut out, &self.text);
        out.extend_from_slice(behind.as_bytes());
        out.extend_from_slice(b"</soap:Body></soap:Envelope>");
        response(self.status, version.content_type(), out)
    }

    /// The fault as plain text.
    pub(crate) fn plain(&self) -> Response {
        response(
            self.status,
            "text/plain; charset=utf-8",
            self.text.clone().into_bytes(),
        )
    }

    fn code(&self, version: Soap) -> &'static str {
        match (self.blame, version) {
            (Blame::Caller, Soap::V11) => "Client",
            (Blame::Caller, Soap::V12) => "Sender",
            (Blame::Server, Soap::V11) => "Server",
            (Blame::Server, Soap::V12) => "Receiver",
            (Blame::MustUnderstand, _) => "MustUnderstand",
            (Blame::Version, _) => "VersionMismatch",
        }
    }
}

fn response(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
