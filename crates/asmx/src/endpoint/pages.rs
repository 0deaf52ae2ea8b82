//! The pages of the service: help, WSDL, discovery, style sheet.

use crate::protocol::{Meta, disco, index, operation_page, style, urlencoded, wsdl};
use crate::registry::{self, OPERATIONS};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST};
use http::{HeaderValue, StatusCode};

/// Nothing but our own style sheet and our own forms.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page a query asks for; the list of operations for every query that is not known, as .asmx does.
pub(super) fn page(request: &Request, public_url: Option<&str>) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let address = address(request, public_url);
    let metas: Vec<&Meta> = OPERATIONS.iter().map(|entry| &entry.meta).collect();
    match query.to_ascii_lowercase().as_str() {
        "wsdl" => response("text/xml; charset=utf-8", wsdl(&metas, &address)),
        "disco" => response("text/xml; charset=utf-8", disco(&address)),
        "style" => {
            let mut response = response("text/css; charset=utf-8", style().to_owned());
            response
                .headers_mut()
                .insert(CACHE_CONTROL, HeaderValue::from_static("max-age=3600"));
            response
        }
        _ => {
            let asked = urlencoded(query.as_bytes());
            let entry = asked.text("op").and_then(registry::find);
            html(entry.map_or_else(|| index(&metas), |entry| operation_page(&entry.meta, &address)))
        }
    }
}

/// Where the service is, by configuration or by what the caller thinks.
fn address(request: &Request, public_url: Option<&str>) -> String {
    if let Some(url) = public_url {
        return format!("{}/srv.asmx", url.trim_end_matches('/'));
    }
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = named.or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    let is_host = |host: &&str| {
        host.chars().all(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | ':' | '[' | ']' | '_')
        })
    };
    format!("http://{}/srv.asmx", host.filter(is_host).unwrap_or("localhost"))
}

fn html(page: Result<String, askama::Error>) -> Response {
    match page {
        Ok(page) => {
            let mut response = response("text/html; charset=utf-8", page);
            response
                .headers_mut()
                .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            let mut response = Response::default();
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}

fn response(content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
