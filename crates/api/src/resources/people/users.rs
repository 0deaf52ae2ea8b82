//! `/api/v1/users`: looking accounts up, making, changing and deleting them.

use super::shown;
use crate::input::{JsonBody, Named, PageOf, PageQuery, Preconditions, QueryOf, tag_of};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Account, AccountPatch, NewAccount, Page};
use holdall_model::name_key;
use holdall_services::{Caller, NewUser, ProfileChange, Services, UserDetails};
use http::{HeaderMap, StatusCode};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(list, create))
        .routes(routes!(show_own))
        .routes(routes!(show, change, delete))
}

/// All accounts by login name; for administrators
#[utoipa::path(get, path = "/users", operation_id = "listUsers", tag = "Users", params(PageQuery),
    responses((status = 200, body = Page<Account>, description = "A page of accounts."), Refusals))]
async fn list(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Response, Problem> {
    let all = services.people.all(&signed.caller).await?;
    let key = |details: &UserDetails| name_key(&details.user.login);
    let page = PageOf::sorted(&query, "users", all, (key, shown::account))?;
    Ok(json::answer(StatusCode::OK, &page))
}

/// Make an account; for administrators
#[utoipa::path(post, path = "/users", operation_id = "createUser", tag = "Users", request_body = NewAccount,
    responses(
        (status = 201, body = Account, description = "The account was made; Location is where it is."),
        Refusals, Refused<404>, Refused<409>, Refused<413>, Refused<415>, Refused<422>,
    ))]
async fn create(
    State(services): State<Services>,
    signed: Signed,
    JsonBody(new): JsonBody<NewAccount>,
) -> Result<Response, Problem> {
    let people = &services.people;
    let making = NewUser {
        login: new.login,
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        password: new.password,
        library: new.library,
        read_only: new.read_only,
        authentication_source: String::new(),
    };
    let id = people.create_user(&signed.caller, making).await?;
    let made = people.details(&signed.caller, Some(&format!("ID:{id}"))).await?;
    let location = address(&made.user.login);
    Ok(json::changed(
        StatusCode::CREATED,
        &shown::account(made),
        Some(&location),
    ))
}

/// The caller's own account
#[utoipa::path(get, path = "/users/me", operation_id = "showOwnUser", tag = "Users",
    responses(
        (status = 200, body = Account, description = "The account."),
        (status = 304, description = "The caller has it."),
        Refusals,
    ))]
async fn show_own(
    State(services): State<Services>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = services.people.details(&signed.caller, None).await?;
    Ok(json::tagged(&headers, &shown::account(found)))
}

/// One account; who shares no library with the user learns nothing of it
#[utoipa::path(get, path = "/users/{login}", operation_id = "showUser", tag = "Users",
    params(("login" = String, Path, description = "The login name in any case, or `ID:` and the id.")),
    responses(
        (status = 200, body = Account, description = "The account."),
        (status = 304, description = "The caller has it."),
        Refusals, Refused<404>,
    ))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    Named(login): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = services.people.details(&signed.caller, Some(&login)).await?;
    Ok(json::tagged(&headers, &shown::account(found)))
}

/// Change an account; for administrators, the mail address also for the user
#[utoipa::path(patch, path = "/users/{login}", operation_id = "changeUser", tag = "Users",
    params(("login" = String, Path, description = "The login name in any case, or `ID:` and the id."), Preconditions),
    request_body = AccountPatch,
    responses(
        (status = 200, body = Account, description = "The account as it is now."),
        Refusals, Refused<404>, Refused<409>, Refused<412>, Refused<413>, Refused<415>,
    ))]
async fn change(
    State(services): State<Services>,
    signed: Signed,
    Named(login): Named<String>,
    preconditions: Preconditions,
    JsonBody(patch): JsonBody<AccountPatch>,
) -> Result<Response, Problem> {
    let people = &services.people;
    let mut caller = provided(&services, &signed.caller, (&login, preconditions));
    let view = people.details(&signed.caller, Some(&login)).await?.user;
    let by_id = format!("ID:{}", view.id);
    let names = [&patch.login, &patch.first_name, &patch.last_name];
    if names.iter().any(|name| name.is_some()) || patch.email.is_none() {
        let profile = ProfileChange {
            login: patch.login.unwrap_or(view.login),
            first_name: patch.first_name.unwrap_or(view.first_name),
            last_name: patch.last_name.unwrap_or(view.last_name),
            authentication_source: String::new(),
        };
        people.set_profile(&caller, &by_id, profile).await?;
        caller = signed.caller.clone();
    }
    if let Some(email) = patch.email {
        people.set_email(&caller, &by_id, &email).await?;
    }
    let now = people.details(&signed.caller, Some(&by_id)).await?;
    Ok(json::changed(StatusCode::OK, &shown::account(now), None))
}

/// Delete an account with its sessions, memberships and entries in access lists; for administrators
#[utoipa::path(delete, path = "/users/{login}", operation_id = "deleteUser", tag = "Users",
    params(("login" = String, Path, description = "The login name in any case, or `ID:` and the id."), Preconditions),
    responses(
        (status = 204, description = "It is gone; what the user owned has no owner."),
        Refusals, Refused<404>, Refused<409>, Refused<412>,
    ))]
async fn delete(
    State(services): State<Services>,
    signed: Signed,
    Named(login): Named<String>,
    preconditions: Preconditions,
) -> Result<StatusCode, Problem> {
    let caller = provided(&services, &signed.caller, (&login, preconditions));
    services.people.delete_user(&caller, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller, whose change happens only if the preconditions hold in its transaction.
fn provided(services: &Services, caller: &Caller, (login, preconditions): (&str, Preconditions)) -> Caller {
    if !preconditions.any() {
        return caller.clone();
    }
    services.people.provided(caller, login, move |details| {
        let etag = details.map(|details| tag_of(&shown::account(details)));
        preconditions.hold(etag.as_deref())
    })
}

fn address(login: &str) -> String {
    format!("/api/v1/users/{}", json::segment(login))
}
