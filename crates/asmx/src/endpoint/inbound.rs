//! What the head of a request says, and its body within bounds.

use super::budget::is_exhausted;
use crate::protocol::{Args, Fault, Soap, multipart, urlencoded};
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderName};
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use std::net::{IpAddr, SocketAddr};

/// The head of a request.
pub(super) struct Inbound {
    content_type: String,
    action: Option<String>,
    address: Option<IpAddr>,
    cookie_ticket: Option<String>,
    content_len: Option<usize>,
    is_encoded: bool,
}

impl Inbound {
    /// Reads the head.
    pub(super) fn of(request: &Request) -> Self {
        let headers = request.headers();
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Self {
            content_type: text(headers, &CONTENT_TYPE).unwrap_or_default().to_owned(),
            action: text(headers, &HeaderName::from_static("soapaction")).map(str::to_owned),
            address: peer.map(|ConnectInfo(address)| address.ip()),
            cookie_ticket: cookie_ticket(headers),
            content_len: text(headers, &CONTENT_LENGTH).and_then(|len| len.parse().ok()),
            is_encoded: text(headers, &CONTENT_ENCODING)
                .is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")),
        }
    }

    /// Where the request came from.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The ticket of the cookie, unless another site made the browser send it.
    pub(super) fn into_cookie_ticket(self) -> Option<String> {
        self.cookie_ticket
    }

    /// The media type without its parameters.
    fn media_type(&self) -> &str {
        self.content_type.split(';').next().unwrap_or_default().trim()
    }

    fn is(&self, media_type: &str) -> bool {
        self.media_type().eq_ignore_ascii_case(media_type)
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let mut pairs = self
            .content_type
            .split(';')
            .skip(1)
            .filter_map(|pair| pair.split_once('='));
        let found = pairs.find(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().trim_matches(['"', '\'']))
    }

    /// The announced encoding of the body.
    pub(super) fn charset(&self) -> Option<&str> {
        self.parameter("charset")
    }

    /// The action of SOAP 1.1, from its header, or of 1.2, from the content type.
    pub(super) fn action(&self) -> Option<&str> {
        self.action.as_deref().or_else(|| self.parameter("action"))
    }

    /// The version of SOAP that the content type announces.
    pub(super) fn soap_version(&self) -> Result<Soap, Fault> {
        if self.is("application/soap+xml") {
            return Ok(Soap::V12);
        }
        if ["text/xml", "application/xml", ""]
            .iter()
            .any(|media_type| self.is(media_type))
        {
            return Ok(Soap::V11);
        }
        Err(Fault {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ..self.format()
        })
    }

    fn format(&self) -> Fault {
        Fault::caller(format!("Request format is invalid: {}.", self.media_type()))
    }

    /// The body in one piece, of at most `most_len` bytes.
    pub(super) async fn body(&self, body: Body, most_len: usize) -> Result<Bytes, Fault> {
        self.refuse_early(most_len)?;
        match Limited::new(body, most_len).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(Fault::too_long(most_len)),
            Err(error) if is_exhausted(error.as_ref()) => Err(Fault::busy()),
            Err(_) => Err(Fault::caller("The request ended early.")),
        }
    }

    fn refuse_early(&self, most_len: usize) -> Result<(), Fault> {
        if self.is_encoded {
            let text = "Encoded requests are not accepted.";
            return Err(Fault {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ..Fault::caller(text)
            });
        }
        if self.content_len.is_some_and(|content_len| content_len > most_len) {
            return Err(Fault::too_long(most_len));
        }
        Ok(())
    }

    /// The arguments of a form of at most `most_len` bytes.
    pub(super) async fn form(&self, body: Body, most_len: usize) -> Result<Args, Fault> {
        if self.is("multipart/form-data") {
            self.refuse_early(most_len)?;
            let boundary = multer::parse_boundary(&self.content_type).map_err(|_| self.format())?;
            return multipart(body, boundary, most_len)
                .await
                .map_err(|error| match error {
                    error if is_exhausted(&error) => Fault::busy(),
                    multer::Error::StreamSizeExceeded { .. } => Fault::too_long(most_len),
                    _ => self.format(),
                });
        }
        if !self.is("application/x-www-form-urlencoded") && !self.is("") {
            return Err(self.format());
        }
        Ok(urlencoded(&self.body(body, most_len).await?))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Browsers say from where a request was made; a ticket that another site made them send does not count.
fn cookie_ticket(headers: &HeaderMap) -> Option<String> {
    let site = text(headers, &HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
    if !matches!(site, "none" | "same-origin") {
        return None;
    }
    let cookies = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == "ticket")
        .map(|(_, value)| value.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests;
