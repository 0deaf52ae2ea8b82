//! `/api/v1/libraries/{library}/members`: who belongs to a library, and who manages it.

use crate::input::Named;
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::resources::people;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::LibraryMembers;
use holdall_services::{Conflict, Failure, Services};
use http::StatusCode;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(list))
        .routes(routes!(add_user, remove_user))
        .routes(routes!(add_group, remove_group))
        .routes(routes!(add_manager, remove_manager))
}

/// Who belongs to a library by an entry of its own, and who manages it
#[utoipa::path(get, path = "/libraries/{library}/members", operation_id = "listLibraryMembers", tag = "Libraries",
    params(("library" = String, Path, description = "The library's name, in any case.")),
    responses((status = 200, body = LibraryMembers, description = "The members."), Refusals, Refused<404>))]
async fn list(
    State(services): State<Services>,
    signed: Signed,
    Named(library): Named<String>,
) -> Result<Response, Problem> {
    let members = services.libraries.members(&signed.caller, &library).await?;
    let managers = services.libraries.managers(&signed.caller, &library).await?;
    let shown = LibraryMembers {
        users: members.users.into_iter().map(people::user).collect(),
        groups: members.groups.into_iter().map(people::group).collect(),
        managers: managers.into_iter().map(people::user).collect(),
    };
    Ok(json::answer(StatusCode::OK, &shown))
}

/// Make a user a member; for the library's managers and administrators
#[utoipa::path(put, path = "/libraries/{library}/members/users/{login}", operation_id = "addLibraryMember", tag = "Libraries",
    params(
        ("library" = String, Path, description = "The library's name, in any case."),
        ("login" = String, Path, description = "The login name in any case, or `ID:` and the id."),
    ),
    responses((status = 204, description = "The user is a member."), Refusals, Refused<404>, Refused<409>))]
async fn add_user(
    State(services): State<Services>,
    signed: Signed,
    Named((library, login)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let libraries = &services.libraries;
    settled(libraries.add_member(&signed.caller, &library, &login).await)
}

/// Take a user's own membership away, and the management with it; for the library's managers and administrators
#[utoipa::path(delete, path = "/libraries/{library}/members/users/{login}", operation_id = "removeLibraryMember", tag = "Libraries",
    params(
        ("library" = String, Path, description = "The library's name, in any case."),
        ("login" = String, Path, description = "The login name in any case, or `ID:` and the id."),
    ),
    responses(
        (status = 204, description = "The user is no member but by a group."),
        Refusals, Refused<404>, Refused<409>,
    ))]
async fn remove_user(
    State(services): State<Services>,
    signed: Signed,
    Named((library, login)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let libraries = &services.libraries;
    settled(libraries.remove_member(&signed.caller, &library, &login).await)
}

/// Make all who are in a global group members; for the library's managers and administrators
#[utoipa::path(put, path = "/libraries/{library}/members/groups/{group}", operation_id = "addLibraryGroup", tag = "Libraries",
    params(
        ("library" = String, Path, description = "The library's name, in any case."),
        ("group" = String, Path, description = "The group's name, in any case."),
    ),
    responses((status = 204, description = "The group is a member."), Refusals, Refused<404>, Refused<409>))]
async fn add_group(
    State(services): State<Services>,
    signed: Signed,
    Named((library, group)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let libraries = &services.libraries;
    settled(libraries.add_member_group(&signed.caller, &library, &group).await)
}

/// Take a global group's membership away; for the library's managers and administrators
#[utoipa::path(delete, path = "/libraries/{library}/members/groups/{group}", operation_id = "removeLibraryGroup", tag = "Libraries",
    params(
        ("library" = String, Path, description = "The library's name, in any case."),
        ("group" = String, Path, description = "The group's name, in any case."),
    ),
    responses((status = 204, description = "The group is no member."), Refusals, Refused<404>, Refused<409>))]
async fn remove_group(
    State(services): State<Services>,
    signed: Signed,
    Named((library, group)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let libraries = &services.libraries;
    settled(
        libraries
            .remove_member_group(&signed.caller, &library, &group)
            .await,
    )
}

/// Make a member a manager; for administrators
#[utoipa::path(put, path = "/libraries/{library}/managers/{login}", operation_id = "addLibraryManager", tag = "Libraries",
    params(
        ("library" = String, Path, description = "The library's name, in any case."),
        ("login" = String, Path, description = "The login name in any case, or `ID:` and the id."),
    ),
    responses((status = 204, description = "The user manages the library."), Refusals, Refused<404>, Refused<409>))]
async fn add_manager(
    State(services): State<Services>,
    signed: Signed,
    Named((library, login)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let libraries = &services.libraries;
    libraries.add_manager(&signed.caller, &library, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave a manager a mere member; for administrators
#[utoipa::path(delete, path = "/libraries/{library}/managers/{login}", operation_id = "removeLibraryManager", tag = "Libraries",
    params(
        ("library" = String, Path, description = "The library's name, in any case."),
        ("login" = String, Path, description = "The login name in any case, or `ID:` and the id."),
    ),
    responses((status = 204, description = "The user does not manage the library."), Refusals, Refused<404>, Refused<409>))]
async fn remove_manager(
    State(services): State<Services>,
    signed: Signed,
    Named((library, login)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let libraries = &services.libraries;
    settled(libraries.remove_manager(&signed.caller, &library, &login).await)
}

/// What is so already is as good as done.
fn settled(outcome: Result<(), Failure>) -> Result<StatusCode, Problem> {
    match outcome {
        Ok(())
        | Err(Failure::Conflict(Conflict::AlreadyMember | Conflict::NotMember | Conflict::NotManager)) => {
            Ok(StatusCode::NO_CONTENT)
        }
        Err(other) => Err(other.into()),
    }
}
