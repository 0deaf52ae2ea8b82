//! One call, rendered for each transport, and its answer brought to one form.

use crate::agreement::documented;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use tower::ServiceExt as _;

/// The parameters that take bytes: a file part in multipart, base64 elsewhere.
const BYTES: [&str; 2] = ["filecontent", "filechunk"];

/// A way to call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Get,
    Form,
    Multipart,
    Soap11,
    Soap12,
}

impl Transport {
    pub(crate) const ALL: [Self; 5] = [Self::Get, Self::Form, Self::Multipart, Self::Soap11, Self::Soap12];

    pub(crate) fn is_soap(self) -> bool {
        matches!(self, Self::Soap11 | Self::Soap12)
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Sends any request.
pub(crate) async fn send(router: &Router, request: Request) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.to_vec(),
    }
}

/// Calls an operation; over GET with all names in lower case, over form in upper, to prove that case does not matter.
pub(crate) async fn call(
    router: &Router,
    transport: Transport,
    operation: &str,
    ticket: Option<&str>,
    arguments: &[(String, String)],
) -> Answer {
    let mut arguments = arguments.to_vec();
    if let Some(ticket) = ticket {
        arguments.insert(0, ("AuthenticationTicket".to_owned(), ticket.to_owned()));
    }
    send(router, request(transport, operation, &arguments)).await
}

/// The request of a call.
pub(crate) fn request(transport: Transport, operation: &str, arguments: &[(String, String)]) -> Request {
    match transport {
        Transport::Get => {
            let query = urlencoded(arguments, str::to_lowercase);
            let address = format!("/srv.asmx/{}?{query}", operation.to_lowercase());
            Request::get(address).body(Body::empty()).unwrap()
        }
        Transport::Form => Request::post(format!("/Srv.asmx/{}", operation.to_uppercase()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(urlencoded(arguments, str::to_uppercase)))
            .unwrap(),
        Transport::Multipart => Request::post(format!("/SRV.ASMX/{operation}"))
            .header("content-type", "multipart/form-data; boundary=line")
            .body(Body::from(multipart(arguments)))
            .unwrap(),
        Transport::Soap11 => Request::post("/srv.asmx")
            .header("content-type", "text/xml; charset=utf-8")
            .header("soapaction", format!("\"http://tempuri.org/{operation}\""))
            .body(Body::from(envelope(
                "http://schemas.xmlsoap.org/soap/envelope/",
                operation,
                arguments,
            )))
            .unwrap(),
        Transport::Soap12 => Request::post("/srv.asmx")
            .header("content-type", "application/soap+xml; charset=utf-8")
            .body(Body::from(envelope(
                "http://www.w3.org/2003/05/soap-envelope",
                operation,
                arguments,
            )))
            .unwrap(),
    }
}

fn urlencoded(arguments: &[(String, String)], case: fn(&str) -> String) -> String {
    let pairs = arguments
        .iter()
        .map(|(name, value)| format!("{}={}", percent(&case(name)), percent(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02x}"),
    };
    text.bytes().map(encode).collect::<Vec<_>>().concat()
}

fn multipart(arguments: &[(String, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in arguments {
        let raw = STANDARD
            .decode(value)
            .ok()
            .filter(|_| BYTES.contains(&name.to_lowercase().as_str()));
        let file = if raw.is_some() {
            "; filename=\"f\"\r\nContent-Type: application/octet-stream"
        } else {
            ""
        };
        out.extend(
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes(),
        );
        out.extend(raw.unwrap_or_else(|| value.clone().into_bytes()));
        out.extend(b"\r\n");
    }
    out.extend(b"--line--\r\n");
    out
}

fn envelope(namespace: &str, operation: &str, arguments: &[(String, String)]) -> String {
    let parameters = arguments
        .iter()
        .map(|(name, value)| format!("<t:{name}>{}</t:{name}>", escape(value)));
    let parameters = parameters.collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"{namespace}\" xmlns:t=\"http://tempuri.org/\"><e:Body>\
         <t:{operation}>{parameters}</t:{operation}></e:Body></e:Envelope>"
    )
}

/// Text as element content, with the characters that XML cannot hold left out.
pub(crate) fn escape(text: &str) -> String {
    let legal = text
        .chars()
        .filter(|character| !character.is_control() || matches!(character, '\n' | '\t'));
    let escaped = legal.map(|character| match character {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        other => other.to_string(),
    });
    escaped.collect::<Vec<_>>().concat()
}

/// The result in the form of REST: the root element with its documented name, or the raw bytes.
pub(crate) fn plain(transport: Transport, operation: &str, answer: &Answer) -> Vec<u8> {
    if !transport.is_soap() {
        let declaration = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
        return answer
            .body
            .strip_prefix(&declaration[..])
            .unwrap_or(&answer.body)
            .to_vec();
    }
    let text = String::from_utf8(answer.body.clone()).unwrap();
    let (head, tail) = (format!("<{operation}Result>"), format!("</{operation}Result>"));
    let result = text
        .split_once(&head)
        .and_then(|(_, rest)| rest.split_once(&tail))
        .map(|(result, _)| result);
    let result = result.unwrap_or_else(|| panic!("{operation} over {transport:?}: {text}"));
    match result.strip_prefix('<') {
        None => STANDARD.decode(result).unwrap(),
        Some(_) => documented_root(operation, &result.replacen(" xmlns=\"\"", "", 1)).into_bytes(),
    }
}

/// SOAP says `response` where the documents say `root`, and nothing else differs.
fn documented_root(operation: &str, result: &str) -> String {
    let documented = documented()
        .into_iter()
        .find(|documented| documented.name == operation)
        .unwrap();
    // A copy's log has a root of its own, on every transport.
    let is_log = operation == "Copy" && result.starts_with("<Response ");
    if documented.root != "root" || is_log {
        return result.to_owned();
    }
    let inside = result
        .strip_prefix("<response")
        .unwrap_or_else(|| panic!("{operation}: {result}"));
    let inside = inside
        .strip_suffix("</response>")
        .map_or_else(|| inside.to_owned(), |inside| format!("{inside}</root>"));
    format!("<root{inside}")
}
