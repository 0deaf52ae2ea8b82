//! `/api/v1/sessions`: log in and out.

use crate::input::{JsonBody, Named};
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use crate::{instants, json};
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use holdall_api_types::{Credentials, CurrentSession, List, Session, SessionInfo, User};
use holdall_services::{Failure, OwnSession, Profile, Services};
use http::StatusCode;
use std::net::SocketAddr;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(create, list, delete_all))
        .routes(routes!(show_current, delete_current))
        .routes(routes!(delete))
}

/// Log in: the token that all other calls ask for
#[utoipa::path(post, path = "/sessions", operation_id = "logIn", tag = "Sessions",
    request_body = Credentials, security(()),
    responses(
        (status = 201, body = Session, description = "The session began."),
        Refused<400>, Refused<401>, Refused<403>, Refused<413>, Refused<415>, Refused<429>, Refused<500>, Refused<503>,
    ))]
async fn create(
    State(services): State<Services>,
    address: Option<Extension<ConnectInfo<SocketAddr>>>,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<Response, Problem> {
    let address = address.map(|Extension(ConnectInfo(address))| address.ip());
    let signed = services
        .sessions
        .log_in(address, &credentials.login, &credentials.password, "")
        .await?;
    let session = Session {
        token: signed.ticket.reveal(),
        expires: instants::format(signed.expires),
        user: user(signed.profile),
    };
    Ok(json::answer(StatusCode::CREATED, &session))
}

/// Log out
#[utoipa::path(delete, path = "/sessions/current", operation_id = "logOut", tag = "Sessions",
    responses((status = 204, description = "The session has ended."), Refusals))]
async fn delete_current(State(services): State<Services>, signed: Signed) -> Result<StatusCode, Problem> {
    services.sessions.log_out(&signed.ticket).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's live sessions, oldest first
#[utoipa::path(get, path = "/sessions", operation_id = "listSessions", tag = "Sessions",
    responses((status = 200, body = List<SessionInfo>, description = "The sessions."), Refusals))]
async fn list(State(services): State<Services>, signed: Signed) -> Result<Response, Problem> {
    let own = services.sessions.own(&signed.caller).await?;
    let items = own.into_iter().map(info).collect();
    Ok(json::answer(StatusCode::OK, &List::<SessionInfo> { items }))
}

/// The session that asks, and whose it is
#[utoipa::path(get, path = "/sessions/current", operation_id = "showSession", tag = "Sessions",
    responses((status = 200, body = CurrentSession, description = "The session."), Refusals))]
async fn show_current(State(services): State<Services>, signed: Signed) -> Result<Response, Problem> {
    let (profile, _expires) = services.sessions.peek(&signed.ticket).await?;
    let own = services.sessions.own(&signed.caller).await?;
    let current = own.into_iter().find(|session| session.current);
    let current = CurrentSession {
        session: info(current.ok_or(Failure::SessionExpired)?),
        user: user(profile),
    };
    Ok(json::answer(StatusCode::OK, &current))
}

/// End one of the caller's sessions
#[utoipa::path(delete, path = "/sessions/{id}", operation_id = "endSession", tag = "Sessions",
    params(("id" = String, Path, description = "The session's id.")),
    responses((status = 204, description = "The session has ended."), Refusals, Refused<404>))]
async fn delete(
    State(services): State<Services>,
    signed: Signed,
    Named(id): Named<String>,
) -> Result<StatusCode, Problem> {
    services.sessions.end(&signed.caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all sessions of the caller, the one that asks among them
#[utoipa::path(delete, path = "/sessions", operation_id = "endSessions", tag = "Sessions",
    responses((status = 204, description = "The sessions have ended."), Refusals))]
async fn delete_all(State(services): State<Services>, signed: Signed) -> Result<StatusCode, Problem> {
    services.sessions.end_all(signed.caller.user()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn info(session: OwnSession) -> SessionInfo {
    SessionInfo {
        id: session.id,
        created: instants::format(session.created),
        expires: instants::format(session.expires),
        current: session.current,
    }
}

fn user(profile: Profile) -> User {
    User {
        id: profile.user.0,
        full_name: profile.full_name(),
        login: profile.login,
        email: profile.email,
    }
}
