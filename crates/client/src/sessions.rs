//! Signing in and out.

use crate::srv::SrvClient;
use crate::{Failure, Remote, transfer};
use holdall_api_types::{Credentials, Session};
use reqwest::Method;

impl Remote {
    /// A new session for a login name and its password.
    pub fn sign_in(&self, login: &str, password: &str) -> Result<Session, Failure> {
        let credentials = Credentials {
            login: login.to_owned(),
            password: password.to_owned(),
        };
        self.send(&Method::POST, "/api/v1/sessions", &credentials, None)
    }

    /// A new session by infoRouter's protocol; gives its ticket, a secret.
    pub fn sign_in_by_srv(&self, login: &str, password: &str) -> Result<String, Failure> {
        SrvClient::sign_in(self.address(), login, password)
            .map(|client| client.ticket())
            .map_err(|error| transfer::told(&error))
    }

    /// Ends the session of the token.
    pub fn sign_out(&self) -> Result<(), Failure> {
        self.delete("/api/v1/sessions/current")
    }
}
