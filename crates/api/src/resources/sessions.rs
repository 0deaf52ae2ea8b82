//! `/api/v1/sessions`: log in and out.

use crate::input::JsonBody;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use crate::{instants, json};
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use holdall_api_types::{Credentials, Session, User};
use holdall_services::{Profile, Services};
use http::StatusCode;
use std::net::SocketAddr;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(create))
        .routes(routes!(delete_current))
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

fn user(profile: Profile) -> User {
    User {
        id: profile.user.0,
        full_name: profile.full_name(),
        login: profile.login,
        email: profile.email,
    }
}
