//! The description of the API, made of the handlers and the JSON types themselves (`OpenAPI` 3.1), and pages to read it in.

mod binary;
mod pages;
mod refused;

pub(crate) use binary::Binary;
pub(crate) use pages::pages;
pub(crate) use refused::{Refusals, Refused};

use axum::Router;
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use utoipa::IntoResponses as _;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Required};

/// The name of the way to sign in.
const BEARER: &str = "bearer";

/// A description without operations.
pub(crate) fn blank() -> OpenApi {
    let ticket = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The `token` of `POST /api/v1/sessions`."))
        .build();
    let info = InfoBuilder::new()
        .title("Holdall")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("openapi/introduction.md")));
    OpenApiBuilder::new()
        .info(info.build())
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme(BEARER, SecurityScheme::Http(ticket))
                .schema_from::<holdall_api_types::Problem>()
                .schema_from::<holdall_api_types::Skip>()
                .schema_from::<holdall_api_types::SkipReason>()
                .build(),
        ))
        .security(Some([SecurityRequirement::new::<_, _, &str>(BEARER, [])]))
        .build()
}

/// Says of each call that makes something that it takes an `Idempotency-Key`.
pub(crate) fn describe_keys(document: &mut OpenApi) {
    let paths = document.paths.paths.iter_mut();
    let paths = paths.filter(|(path, _)| !path.ends_with("/sessions") && !path.ends_with("/uploads"));
    for operation in paths.filter_map(|(_, item)| item.post.as_mut()) {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).pattern(Some("^[!-~]+$"))))
            .description(Some("Names the call: repeated within 24 hours it gives the first answer again, with Idempotency-Replayed."));
        operation
            .parameters
            .get_or_insert_default()
            .push(RefOr::T(key.build()));
        for (status, response) in [Refused::<409>::responses(), Refused::<422>::responses()]
            .into_iter()
            .flatten()
        {
            operation.responses.responses.entry(status).or_insert(response);
        }
    }
}

/// `GET /api/openapi.json`: the same bytes for everybody.
pub(crate) fn description<S: Clone + Send + Sync + 'static>(document: &OpenApi) -> Router<S> {
    let text = document.to_pretty_json().unwrap_or_default();
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    Router::new().route(
        "/api/openapi.json",
        get(async move || (headers, format!("{text}\n"))),
    )
}
