//! `/api/v1/uploads`: documents that arrive in parts and go on after any break, by the tus protocol 1.0.0 (tus.io) with its
//! extensions creation, creation-with-upload, checksum, expiration and termination.

mod metadata;
mod wire;

use crate::openapi::{Binary, Refusals, Refused};
use crate::problem::Problem;
use crate::signed::{Signed, bearer};
use crate::state::Routes;
use axum::body::Body;
use axum::extract::{MatchedPath, Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use holdall_model::Guid;
use holdall_services::{Failure, Services, UploadState};
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(create, describe))
        .routes(routes!(show, append, withdraw, stand_in, describe_one))
        .layer(middleware::from_fn(speak))
}

/// Answers requests of this version of the protocol only, and names it in every answer. Whoever has no token hears of that first.
async fn speak(request: Request, next: Next) -> Response {
    let mut response = match refusal(&request) {
        None => next.run(request).await,
        Some(problem) => problem.into_response(),
    };
    let version = HeaderValue::from_static(wire::VERSION);
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response
            .headers_mut()
            .insert(wire::KNOWN_VERSIONS, version.clone());
    }
    response.headers_mut().insert(wire::RESUMABLE, version);
    response
}

/// Why a request is not even looked at: it is of another version, and its method is one that the address takes.
fn refusal(request: &Request) -> Option<Problem> {
    let (method, headers) = (request.method(), request.headers());
    let is_meant = match request.extensions().get::<MatchedPath>() {
        Some(path) if path.as_str().ends_with("/uploads") => *method == Method::POST,
        _ => [Method::POST, Method::HEAD, Method::PATCH, Method::DELETE].contains(method),
    };
    let is_spoken = headers
        .get(wire::RESUMABLE)
        .is_some_and(|asked| asked == wire::VERSION);
    if !is_meant || is_spoken {
        return None;
    }
    Some(match bearer(headers) {
        Some(_ticket) => wire::other_version(),
        None => Problem::unauthorized(),
    })
}

/// What this server knows of the tus protocol
#[utoipa::path(options, path = "/uploads", operation_id = "describeUploads", tag = "Uploads", security(()),
    responses(
        (status = 204, description = "Tus-Version, Tus-Extension, Tus-Max-Size and Tus-Checksum-Algorithm."),
        Refused<500>, Refused<503>,
    ))]
async fn describe(State(services): State<Services>) -> Result<Response, Problem> {
    let longest = services.uploads.longest().await?;
    Ok(wire::abilities(longest))
}

/// The same of one upload
#[utoipa::path(options, path = "/uploads/{id}", operation_id = "describeUpload", tag = "Uploads", security(()),
    params(("id" = String, Path, description = "The upload's id.")),
    responses(
        (status = 204, description = "As for all uploads, also if there is no such one."),
        Refused<500>, Refused<503>,
    ))]
async fn describe_one(services: State<Services>) -> Result<Response, Problem> {
    describe(services).await
}

/// Begin an upload, with its first bytes if the body has any
#[utoipa::path(post, path = "/uploads", operation_id = "beginUpload", tag = "Uploads",
    params(
        ("Tus-Resumable" = String, Header, pattern = r"^1\.0\.0$", description = "`1.0.0`."),
        ("Upload-Length" = u64, Header, description = "How many bytes the document has."),
        ("Upload-Metadata" = String, Header, description = "Keys and base64 values, separated by commas: `filename`; `folder`, \
         a path, `~F7` or `7`; `modified`, RFC 3339; `comment`. What else is there is given back by HEAD."),
        ("Upload-Checksum" = Option<String>, Header, description = "As for a part."),
    ),
    request_body(content = inline(Binary), content_type = "application/offset+octet-stream"),
    responses(
        (status = 201, description = "Location is the upload, Upload-Offset what it holds."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<429>, Refused<460>, Refused<507>,
    ))]
async fn create(
    State(services): State<Services>,
    signed: Signed,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let announcement = wire::announcement(&headers)?;
    let checksum = wire::checksum(&headers)?;
    let (handle, begun) = services.uploads.announce(&signed.caller, announcement).await?;
    let state = if begun.stored.is_none() && wire::holds_part(&headers) {
        let received = services
            .uploads
            .receive(&signed.caller, &handle, (0, checksum), body)
            .await;
        match received {
            Ok(state) => state,
            Err(failure) => {
                // Without an answer of success the client does not know where the upload is.
                services.uploads.withdraw(&signed.caller, &handle).await?;
                return Err(wire::problem(failure));
            }
        }
    } else {
        begun
    };
    let mut response = wire::progress(StatusCode::CREATED, &state);
    let location = format!("/api/v1/uploads/{}", handle.reveal());
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// How many bytes of an upload are there
#[utoipa::path(head, path = "/uploads/{id}", operation_id = "showUpload", tag = "Uploads",
    params(("id" = String, Path, description = "The upload's id."), ("Tus-Resumable" = String, Header, pattern = r"^1\.0\.0$", description = "`1.0.0`.")),
    responses(
        (status = 200, description = "Upload-Offset, Upload-Length, Upload-Metadata and Upload-Expires; when it is stored also \
         Holdall-Document and Holdall-Version."),
        Refusals, Refused<404>, Refused<412>, Refused<423>,
    ))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let state = services.uploads.state(&signed.caller, &read_id(&id)?).await?;
    Ok(wire::whole_state(&state))
}

/// Send the next bytes; with the last ones the document is stored
#[utoipa::path(patch, path = "/uploads/{id}", operation_id = "continueUpload", tag = "Uploads",
    params(("id" = String, Path, description = "The upload's id."), ("Tus-Resumable" = String, Header, pattern = r"^1\.0\.0$", description = "`1.0.0`."),
        ("Upload-Offset" = u64, Header, description = "How many bytes are there already."),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1`, `sha256` or `crc32`, a blank and the base64 checksum \
         of this body, which counts only if it is right."),
    ),
    request_body(content = inline(Binary), content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "Upload-Offset is what is there now; with Holdall-Document and Holdall-Version the document \
         is stored."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>, Refused<423>, Refused<460>, Refused<507>,
    ))]
async fn append(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    if !wire::holds_part(&headers) {
        return Err(wire::other_content());
    }
    let (offset, checksum) = (wire::offset(&headers)?, wire::checksum(&headers)?);
    let state: UploadState = services
        .uploads
        .receive(&signed.caller, &read_id(&id)?, (offset, checksum), body)
        .await
        .map_err(wire::problem)?;
    Ok(wire::progress(StatusCode::NO_CONTENT, &state))
}

/// End an upload and forget its bytes
#[utoipa::path(delete, path = "/uploads/{id}", operation_id = "endUpload", tag = "Uploads",
    params(("id" = String, Path, description = "The upload's id."), ("Tus-Resumable" = String, Header, pattern = r"^1\.0\.0$", description = "`1.0.0`.")),
    responses(
        (status = 204, description = "The upload is gone; a document that it became stays."),
        Refusals, Refused<404>, Refused<412>, Refused<423>,
    ))]
async fn withdraw(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    services.uploads.withdraw(&signed.caller, &read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Any of these, for clients that lack the method
#[utoipa::path(post, path = "/uploads/{id}", operation_id = "standInForUpload", tag = "Uploads",
    params(("id" = String, Path, description = "The upload's id."), ("Tus-Resumable" = String, Header, pattern = r"^1\.0\.0$", description = "`1.0.0`."),
        ("X-HTTP-Method-Override" = String, Header, pattern = "^(PATCH|HEAD|DELETE)$", description = "`PATCH`, `HEAD` or `DELETE`: what is meant, with all that belongs to it."),
    ),
    request_body(content = inline(Binary), content_type = "application/offset+octet-stream"),
    responses(
        (status = 200, description = "As HEAD, when that is meant."),
        (status = 204, description = "As PATCH or DELETE, when one of them is meant."),
        Refusals, Refused<404>, Refused<405>, Refused<409>, Refused<412>, Refused<413>, Refused<415>, Refused<423>, Refused<460>, Refused<507>,
    ))]
async fn stand_in(
    services: State<Services>,
    signed: Signed,
    id: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let meant = headers.get(wire::METHOD).map_or(&b""[..], HeaderValue::as_bytes);
    match meant {
        b"PATCH" => append(services, signed, id, headers, body).await,
        b"DELETE" => withdraw(services, signed, id)
            .await
            .map(IntoResponse::into_response),
        b"HEAD" => show(services, signed, id).await,
        _ => Err(wire::other_method()),
    }
}

/// What is no GUID names no upload.
fn read_id(id: &str) -> Result<Guid, Problem> {
    Guid::parse(id).ok_or_else(|| Failure::NoSuchUpload.into())
}
