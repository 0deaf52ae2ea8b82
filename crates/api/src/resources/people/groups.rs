//! `/api/v1/groups`: global groups, and with `?library=` those of a library.

use super::shown;
use crate::input::{JsonBody, Named, PageOf, PageQuery, QueryOf};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Group, List, NewGroup, Page, User};
use holdall_model::name_key;
use holdall_services::{Conflict, Failure, GroupName, GroupView, Services};
use http::StatusCode;
use serde::Deserialize;
use utoipa_axum::routes;

/// `?library=`.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct HomeQuery {
    /// The library of a local group; absent for a global one.
    #[serde(default)]
    #[param(required = false, nullable = false)]
    library: Option<String>,
}

impl HomeQuery {
    fn group(self, name: String) -> GroupName {
        GroupName {
            library: self.library,
            name,
        }
    }
}

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(list, create))
        .routes(routes!(show, delete))
        .routes(routes!(members))
        .routes(routes!(add_member, remove_member))
}

/// The global groups by name, or the local ones of a library
#[utoipa::path(get, path = "/groups", operation_id = "listGroups", tag = "Groups", params(PageQuery, HomeQuery),
    responses((status = 200, body = Page<Group>, description = "A page of groups."), Refusals, Refused<404>))]
async fn list(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(query): QueryOf<PageQuery>,
    QueryOf(home): QueryOf<HomeQuery>,
) -> Result<Response, Problem> {
    let found = services
        .people
        .groups(&signed.caller, home.library.as_deref())
        .await?;
    let key = |group: &GroupView| name_key(&group.name);
    let page = PageOf::sorted(&query, "groups", found, (key, shown::group))?;
    Ok(json::answer(StatusCode::OK, &page))
}

/// Make a group whose members are hidden; global ones for administrators, local ones also for the library's managers
#[utoipa::path(post, path = "/groups", operation_id = "createGroup", tag = "Groups", params(HomeQuery),
    request_body = NewGroup,
    responses(
        (status = 201, body = Group, description = "The group was made; Location is where it is."),
        Refusals, Refused<404>, Refused<409>, Refused<413>, Refused<415>, Refused<422>,
    ))]
async fn create(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(home): QueryOf<HomeQuery>,
    JsonBody(new): JsonBody<NewGroup>,
) -> Result<Response, Problem> {
    let people = &services.people;
    let library = home.library.clone();
    let id = people.create_group(&signed.caller, &home.group(new.name)).await?;
    let all = people.groups(&signed.caller, library.as_deref()).await?;
    let made = all.into_iter().find(|group| group.id == id);
    let made = made.ok_or(Failure::NotFound(holdall_services::Thing::Group))?;
    let location = address(&made);
    Ok(json::changed(
        StatusCode::CREATED,
        &shown::group(made),
        Some(&location),
    ))
}

/// One group
#[utoipa::path(get, path = "/groups/{name}", operation_id = "showGroup", tag = "Groups",
    params(("name" = String, Path, description = "The group's name, in any case."), HomeQuery),
    responses((status = 200, body = Group, description = "The group."), Refusals, Refused<404>))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    Named(name): Named<String>,
    QueryOf(home): QueryOf<HomeQuery>,
) -> Result<Response, Problem> {
    let found = services.people.group(&signed.caller, &home.group(name)).await?;
    Ok(json::answer(StatusCode::OK, &shown::group(found)))
}

/// Delete a group, which vanishes from all access lists and libraries; groups that confer a role stay
#[utoipa::path(delete, path = "/groups/{name}", operation_id = "deleteGroup", tag = "Groups",
    params(("name" = String, Path, description = "The group's name, in any case."), HomeQuery),
    responses((status = 204, description = "It is gone."), Refusals, Refused<404>, Refused<409>))]
async fn delete(
    State(services): State<Services>,
    signed: Signed,
    Named(name): Named<String>,
    QueryOf(home): QueryOf<HomeQuery>,
) -> Result<StatusCode, Problem> {
    services
        .people
        .delete_group(&signed.caller, &home.group(name))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is in a group, by first, then last name; nobody of a group whose members are hidden from the caller
#[utoipa::path(get, path = "/groups/{name}/members", operation_id = "listGroupMembers", tag = "Groups",
    params(("name" = String, Path, description = "The group's name, in any case."), HomeQuery),
    responses((status = 200, body = List<User>, description = "The users."), Refusals, Refused<404>))]
async fn members(
    State(services): State<Services>,
    signed: Signed,
    Named(name): Named<String>,
    QueryOf(home): QueryOf<HomeQuery>,
) -> Result<Response, Problem> {
    let found = services
        .people
        .group_members(&signed.caller, &home.group(name))
        .await?;
    let items = found.into_iter().map(shown::user).collect();
    Ok(json::answer(StatusCode::OK, &List::<User> { items }))
}

/// Put a user into a group; for administrators, and for a library's managers in its local groups
#[utoipa::path(put, path = "/groups/{name}/members/{login}", operation_id = "addGroupMember", tag = "Groups",
    params(
        ("name" = String, Path, description = "The group's name, in any case."),
        ("login" = String, Path, description = "The login name in any case, or `ID:` and the id."),
        HomeQuery,
    ),
    responses((status = 204, description = "The user is in it."), Refusals, Refused<404>, Refused<409>))]
async fn add_member(
    State(services): State<Services>,
    signed: Signed,
    Named((name, login)): Named<(String, String)>,
    QueryOf(home): QueryOf<HomeQuery>,
) -> Result<StatusCode, Problem> {
    let group = home.group(name);
    let added = services
        .people
        .add_group_member(&signed.caller, &group, &login)
        .await;
    match added {
        Ok(()) | Err(Failure::Conflict(Conflict::AlreadyMember)) => Ok(StatusCode::NO_CONTENT),
        Err(other) => Err(other.into()),
    }
}

/// Take a user out of a group; for administrators, and for a library's managers in its local groups
#[utoipa::path(delete, path = "/groups/{name}/members/{login}", operation_id = "removeGroupMember", tag = "Groups",
    params(
        ("name" = String, Path, description = "The group's name, in any case."),
        ("login" = String, Path, description = "The login name in any case, or `ID:` and the id."),
        HomeQuery,
    ),
    responses((status = 204, description = "The user is not in it."), Refusals, Refused<404>, Refused<409>))]
async fn remove_member(
    State(services): State<Services>,
    signed: Signed,
    Named((name, login)): Named<(String, String)>,
    QueryOf(home): QueryOf<HomeQuery>,
) -> Result<StatusCode, Problem> {
    let group = home.group(name);
    let removed = services
        .people
        .remove_group_member(&signed.caller, &group, &login)
        .await;
    match removed {
        Ok(()) | Err(Failure::Conflict(Conflict::NotMember)) => Ok(StatusCode::NO_CONTENT),
        Err(other) => Err(other.into()),
    }
}

fn address(group: &GroupView) -> String {
    let name = json::segment(&group.name);
    match &group.library {
        None => format!("/api/v1/groups/{name}"),
        Some((_, library)) => format!("/api/v1/groups/{name}?library={}", json::segment(library)),
    }
}
