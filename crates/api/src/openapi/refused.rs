//! How refusals are described: one schema, and words for each status.

use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

/// The refusal with that status.
pub(crate) struct Refused<const STATUS: u16>;

/// What any call of a signed-in user may meet: 400, 401, 403, 500 and 503.
pub(crate) struct Refusals;

impl<const STATUS: u16> IntoResponses for Refused<STATUS> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [entry(STATUS)].into()
    }
}

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [400, 401, 403, 500, 503].map(entry).into()
    }
}

fn entry(status: u16) -> (String, RefOr<Response>) {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let response = ResponseBuilder::new()
        .description(words(status))
        .content("application/problem+json", content)
        .build();
    (status.to_string(), response.into())
}

fn words(status: u16) -> &'static str {
    match status {
        400 => "Something in the request is malformed or out of its bounds; `field` names it.",
        401 => "No session: sign in.",
        403 => "It may be seen, but not this done with it.",
        404 => "It does not exist, or the caller may not know that it does.",
        405 => "The address takes other methods.",
        409 => "The present state does not allow it.",
        410 => "It has ended.",
        412 => "It is not, or no longer, what If-Match or If-None-Match wants.",
        413 => "Too long; the detail names the bound.",
        415 => "The body has another media type.",
        416 => "No byte of the range is in the content.",
        422 => "Understood, but it cannot be done; the detail says why.",
        423 => "Somebody else goes on with it, or it is being finished.",
        429 => "Too many; Retry-After says when to come again.",
        460 => "The checksum is another one.",
        500 => "A defect or a failing disk or database.",
        503 => "Busy or read-only; the same call may work later.",
        507 => "The disk is full.",
        _ => "Refused.",
    }
}
