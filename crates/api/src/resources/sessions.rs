//! `/api/v1/sessions`: log in and out.

use crate::problem::Problem;
use crate::signed::Signed;
use crate::{instants, json};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use holdall_api_types::{Credentials, Session, User};
use holdall_services::Services;
use http::StatusCode;
use std::net::SocketAddr;

/// `POST /api/v1/sessions`: 201 with the token.
pub(crate) async fn create(
    State(services): State<Services>,
    address: Option<Extension<ConnectInfo<SocketAddr>>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let credentials: Credentials = json::read(body)?;
    let address = address.map(|Extension(ConnectInfo(address))| address.ip());
    let signed = services
        .sessions
        .log_in(address, &credentials.login, &credentials.password, "")
        .await?;
    let session = Session {
        token: signed.ticket.reveal(),
        expires: instants::format(signed.expires),
        user: User {
            id: signed.profile.user.0,
            full_name: signed.profile.full_name(),
            login: signed.profile.login,
            email: signed.profile.email,
        },
    };
    Ok(json::answer(StatusCode::CREATED, &session))
}

/// `DELETE /api/v1/sessions/current`: 204.
pub(crate) async fn delete(State(services): State<Services>, signed: Signed) -> Result<StatusCode, Problem> {
    services.sessions.log_out(&signed.ticket).await?;
    Ok(StatusCode::NO_CONTENT)
}
