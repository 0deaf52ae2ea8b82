//! Signed links to downloads: making them, and answering who comes with one.

use super::deliveries::cut;
use super::downloads::{read_id, serve};
use crate::input::{JsonBody, PageQuery, QueryOf};
use crate::json::set;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::{Api, Routes};
use crate::{instants, json};
use axum::extract::{ConnectInfo, Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use holdall_api_types::{Link, List, NewLink, Page};
use holdall_model::LinkId;
use holdall_services::{Failure, LinkOptions, LinkView, Services, Visitor};
use http::header::{AUTHORIZATION, HeaderName, LOCATION, REFERRER_POLICY, USER_AGENT, WWW_AUTHENTICATE};
use http::{HeaderMap, Method, StatusCode};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;
use utoipa_axum::routes;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(create, list_of))
        .routes(routes!(list))
        .routes(routes!(revoke))
}

/// Where links lead to; no session is asked for.
pub(crate) fn public() -> Router<Api> {
    Router::new().route("/d/{token}/{name}", get(visit))
}

/// Make a link that opens the download without a session
///
/// Its address holds a secret and is shown this once. The link has the rights of who makes it and ends with the download.
#[utoipa::path(post, path = "/downloads/{id}/links", operation_id = "makeLink", tag = "Links",
    params(("id" = String, Path, description = "The download's id.")),
    request_body = NewLink,
    responses(
        (status = 201, body = Link, description = "The link, with its address; Location has the same."),
        Refusals, Refused<404>, Refused<410>, Refused<413>, Refused<415>, Refused<429>,
    ))]
async fn create(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
    JsonBody(wanted): JsonBody<NewLink>,
) -> Result<Response, Problem> {
    let options = LinkOptions {
        lasts: wanted.expires_in.map(lifetime).transpose()?,
        password: wanted.password,
        uses: wanted.uses,
        addresses: wanted.addresses,
        name: wanted.name,
    };
    let made = services
        .links
        .create(&signed.caller, &read_id(&id)?, options)
        .await?;
    let url = format!("/d/{}/{}", made.token, encoded(&made.view.name));
    let link = Link {
        url: Some(url.clone()),
        ..describe(made.view)
    };
    let mut response = json::answer(StatusCode::CREATED, &link);
    set(response.headers_mut(), LOCATION, &url);
    Ok(response)
}

/// The live links to a download, without their addresses
#[utoipa::path(get, path = "/downloads/{id}/links", operation_id = "listLinksOfDownload", tag = "Links",
    params(("id" = String, Path, description = "The download's id.")),
    responses((status = 200, body = List<Link>, description = "The links."), Refusals, Refused<404>, Refused<410>))]
async fn list_of(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let links = services.links.of_download(&signed.caller, &read_id(&id)?).await?;
    let items = links.into_iter().map(describe).collect();
    Ok(json::answer(StatusCode::OK, &List { items }))
}

/// The caller's live links, the latest first, without their addresses
#[utoipa::path(get, path = "/links", operation_id = "listLinks", tag = "Links",
    params(PageQuery),
    responses((status = 200, body = Page<Link>, description = "A page of links."), Refusals))]
async fn list(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Response, Problem> {
    let before = query.position("links")?.unwrap_or(i64::MAX);
    let most = query.limit.saturating_add(1);
    let links = services.links.list(&signed.caller, LinkId(before), most).await?;
    let links = links.into_iter().map(describe).collect();
    let page = cut(&query, "links", links, |link: &Link| link.id)?;
    Ok(json::answer(StatusCode::OK, &page))
}

/// End a link at once
#[utoipa::path(delete, path = "/links/{id}", operation_id = "revokeLink", tag = "Links",
    params(("id" = i64, Path, description = "The link's id.")),
    responses((status = 204, description = "The link has ended."), Refusals, Refused<404>))]
async fn revoke(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_other| Failure::NoSuchLink)?;
    services.links.revoke(&signed.caller, LinkId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET` and `HEAD /d/{token}/{name}`: the content, as for its owner. The name is for the visitor's eyes and not looked at.
async fn visit(
    State(services): State<Services>,
    address: Option<Extension<ConnectInfo<SocketAddr>>>,
    Path((token, _name)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let password = text(&AUTHORIZATION).and_then(basic_password);
    let visitor = Visitor {
        address: address.map(|Extension(ConnectInfo(address))| address.ip()),
        agent: text(&USER_AGENT).unwrap_or_default(),
        password: password.as_deref(),
        takes: method != Method::HEAD,
    };
    let served = match services.links.visit(&token, visitor).await {
        Ok(open) => serve(open, &headers).await,
        Err(failure) => Err(failure.into()),
    };
    let mut response = served.unwrap_or_else(Problem::into_response);
    let headers = response.headers_mut();
    set(headers, REFERRER_POLICY, "no-referrer");
    set(headers, ROBOTS, "noindex");
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = "Basic realm=\"download link\", charset=\"UTF-8\"";
        set(response.headers_mut(), WWW_AUTHENTICATE, challenge);
    }
    response
}

/// The password of a Basic authorization (RFC 7617); the user name does not matter.
fn basic_password(value: &str) -> Option<String> {
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(credentials.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(_user, password)| password.to_owned())
}

fn lifetime(seconds: u64) -> Result<Duration, Problem> {
    if seconds == 0 {
        return Err(Failure::invalid("expires_in", "it must be 1 second at least").into());
    }
    Ok(Duration::from_secs(seconds))
}

fn describe(view: LinkView) -> Link {
    Link {
        id: view.id.0,
        download: view.download.0,
        url: None,
        name: view.name,
        created: instants::format(view.created),
        expires: instants::format(view.expires),
        password: view.has_password,
        uses: view.uses,
        used: view.used,
        addresses: view.addresses,
    }
}

/// A name as a segment of an address.
fn encoded(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
