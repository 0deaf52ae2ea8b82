//! `/api/v1/libraries`: the top containers.

mod members;

use crate::input::{JsonBody, Named, PageOf, PageQuery, Preconditions, QueryOf, tag_of};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Library, LibraryPatch, NewLibrary, Page};
use holdall_model::name_key;
use holdall_services::{Caller, NewLibrary as Making, Services};
use http::{HeaderMap, StatusCode};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(list, create))
        .routes(routes!(show, change, delete))
        .merge(members::routes())
}

/// The libraries that the caller may know of, by name
#[utoipa::path(get, path = "/libraries", operation_id = "listLibraries", tag = "Libraries", params(PageQuery),
    responses((status = 200, body = Page<Library>, description = "A page of libraries."), Refusals))]
async fn list(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Response, Problem> {
    let all = services.libraries.list(&signed.caller).await?;
    let key = |library: &holdall_services::Library| name_key(&library.name);
    let page = PageOf::sorted(&query, "libraries", all, (key, shown))?;
    Ok(json::answer(StatusCode::OK, &page))
}

/// Make a library; for administrators
#[utoipa::path(post, path = "/libraries", operation_id = "createLibrary", tag = "Libraries", request_body = NewLibrary,
    responses(
        (status = 201, body = Library, description = "The library was made; Location is where it is."),
        Refusals, Refused<409>, Refused<413>, Refused<415>, Refused<422>,
    ))]
async fn create(
    State(services): State<Services>,
    signed: Signed,
    JsonBody(new): JsonBody<NewLibrary>,
) -> Result<Response, Problem> {
    let name = new.name.clone();
    let making = Making {
        name: new.name,
        anonymous: new.anonymous,
        hidden: new.hidden,
        welcome_message: new.welcome_message,
    };
    let id = services.libraries.create(&signed.caller, making).await?;
    let all = services.libraries.list(&signed.caller).await?;
    let made = all.into_iter().find(|library| library.id == id);
    let made = match made {
        Some(made) => made,
        None => services.libraries.library(&signed.caller, &name).await?,
    };
    let location = address(&made.name);
    Ok(json::changed(StatusCode::CREATED, &shown(made), Some(&location)))
}

/// One library
#[utoipa::path(get, path = "/libraries/{library}", operation_id = "showLibrary", tag = "Libraries",
    params(("library" = String, Path, description = "The library's name, in any case.")),
    responses(
        (status = 200, body = Library, description = "The library."),
        (status = 304, description = "The caller has it."),
        Refusals, Refused<404>,
    ))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    Named(name): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = services.libraries.library(&signed.caller, &name).await?;
    Ok(json::tagged(&headers, &shown(found)))
}

/// Change a library; for its managers and administrators
#[utoipa::path(patch, path = "/libraries/{library}", operation_id = "changeLibrary", tag = "Libraries",
    params(("library" = String, Path, description = "The library's name, in any case."), Preconditions),
    request_body = LibraryPatch,
    responses(
        (status = 200, body = Library, description = "The library as it is now."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>,
    ))]
async fn change(
    State(services): State<Services>,
    signed: Signed,
    Named(name): Named<String>,
    preconditions: Preconditions,
    JsonBody(patch): JsonBody<LibraryPatch>,
) -> Result<Response, Problem> {
    let libraries = &services.libraries;
    let mut caller = provided(&services, &signed, &name, &preconditions);
    let found = libraries.library(&signed.caller, &name).await?;
    let id = found.id;
    if let Some(archived) = patch.archived
        && archived != found.archived
        && !archived
    {
        libraries.set_archived(&caller, &name, false).await?;
        caller = signed.caller.clone();
    }
    let new = Making {
        name: patch.name.clone().unwrap_or_else(|| found.name.clone()),
        anonymous: patch.anonymous.unwrap_or(found.anonymous),
        hidden: patch.hidden.unwrap_or(found.hidden),
        welcome_message: patch.welcome_message.unwrap_or(found.welcome_message),
    };
    let new_name = new.name.clone();
    libraries.update(&caller, &name, new).await?;
    if patch.archived == Some(true) && !found.archived {
        libraries.set_archived(&signed.caller, &new_name, true).await?;
    }
    let now = libraries.list(&signed.caller).await?;
    match now.into_iter().find(|library| library.id == id) {
        Some(now) => Ok(json::changed(StatusCode::OK, &shown(now), None)),
        None => Err(holdall_services::Failure::NotFound(holdall_services::Thing::Library).into()),
    }
}

/// Delete a library with all that is in it, past all recycle bins; for administrators
#[utoipa::path(delete, path = "/libraries/{library}", operation_id = "deleteLibrary", tag = "Libraries",
    params(("library" = String, Path, description = "The library's name, in any case."), Preconditions),
    responses((status = 204, description = "It is gone."), Refusals, Refused<404>, Refused<409>, Refused<412>))]
async fn delete(
    State(services): State<Services>,
    signed: Signed,
    Named(name): Named<String>,
    preconditions: Preconditions,
) -> Result<StatusCode, Problem> {
    let caller = provided(&services, &signed, &name, &preconditions);
    services.libraries.delete(&caller, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller, whose change happens only if the preconditions hold in its transaction.
fn provided(services: &Services, signed: &Signed, name: &str, preconditions: &Preconditions) -> Caller {
    if !preconditions.any() {
        return signed.caller.clone();
    }
    let preconditions = preconditions.clone();
    services.libraries.provided(&signed.caller, name, move |library| {
        let etag = library.map(|library| tag_of(&shown(library)));
        preconditions.hold(etag.as_deref())
    })
}

fn shown(library: holdall_services::Library) -> Library {
    Library {
        id: library.id.0,
        name: library.name,
        folder: library.root_folder.0,
        anonymous: library.anonymous,
        archived: library.archived,
        hidden: library.hidden,
        welcome_message: library.welcome_message,
    }
}

fn address(name: &str) -> String {
    format!("/api/v1/libraries/{}", json::segment(name))
}
