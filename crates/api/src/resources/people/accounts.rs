//! What belongs to an account: its password, whether it may be used, its groups.

use super::shown;
use crate::input::{JsonBody, Named};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Group, List, NewPassword};
use holdall_services::Services;
use http::StatusCode;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(set_password))
        .routes(routes!(enable, disable))
        .routes(routes!(groups))
}

/// Set a password: one's own, as administrator or user manager others'
#[utoipa::path(put, path = "/users/{login}/password", operation_id = "setPassword", tag = "Users",
    params(("login" = String, Path, description = "The login name in any case, or `ID:` and the id.")),
    request_body = NewPassword,
    responses(
        (status = 204, description = "It is set, and all other sessions of the user have ended."),
        Refusals, Refused<404>, Refused<409>, Refused<413>, Refused<415>,
    ))]
async fn set_password(
    State(services): State<Services>,
    signed: Signed,
    Named(login): Named<String>,
    JsonBody(new): JsonBody<NewPassword>,
) -> Result<StatusCode, Problem> {
    let people = &services.people;
    people
        .change_password(&signed.caller, &login, &new.password)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let an account be used; for administrators
#[utoipa::path(put, path = "/users/{login}/enabled", operation_id = "enableUser", tag = "Users",
    params(("login" = String, Path, description = "The login name in any case, or `ID:` and the id.")),
    responses((status = 204, description = "It may be used."), Refusals, Refused<404>))]
async fn enable(
    State(services): State<Services>,
    signed: Signed,
    Named(login): Named<String>,
) -> Result<StatusCode, Problem> {
    services.people.set_enabled(&signed.caller, &login, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let an account be used no longer; for administrators
#[utoipa::path(delete, path = "/users/{login}/enabled", operation_id = "disableUser", tag = "Users",
    params(("login" = String, Path, description = "The login name in any case, or `ID:` and the id.")),
    responses((status = 204, description = "It may not be used, and its sessions have ended."), Refusals, Refused<404>))]
async fn disable(
    State(services): State<Services>,
    signed: Signed,
    Named(login): Named<String>,
) -> Result<StatusCode, Problem> {
    services.people.set_enabled(&signed.caller, &login, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The groups that a user is in, as far as the caller may know
#[utoipa::path(get, path = "/users/{login}/groups", operation_id = "listUserGroups", tag = "Users",
    params(("login" = String, Path, description = "The login name in any case, or `ID:` and the id.")),
    responses((status = 200, body = List<Group>, description = "The groups."), Refusals, Refused<404>))]
async fn groups(
    State(services): State<Services>,
    signed: Signed,
    Named(login): Named<String>,
) -> Result<Response, Problem> {
    let found = services.people.groups_of_user(&signed.caller, &login).await?;
    let items = found.into_iter().map(shown::group).collect();
    Ok(json::answer(StatusCode::OK, &List::<Group> { items }))
}
