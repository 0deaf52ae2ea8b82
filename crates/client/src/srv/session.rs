//! A session: the ticket, renewed when it ends, and calls with it.

use super::answer::{self, Element};
use super::{ServerZone, SrvError};
use backon::{BlockingRetryable as _, ExponentialBuilder};
use reqwest::blocking::{Client as Http, Response};
use reqwest::redirect::Policy;
use std::fmt;
use std::io::Read as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What one call may take, with its answer.
const CALL_TIME: Duration = Duration::from_mins(10);
/// What making a connection may take.
const CONNECT_TIME: Duration = Duration::from_secs(15);
/// How often a call that changes nothing is tried again while the line fails.
const RETRIES: usize = 6;
/// Text of an answer outside `2xx` that is read, to use the connection again.
const MAX_REFUSAL_LEN: u64 = 64 * 1024;

/// A signed-in client. Many threads may use it at once.
pub struct SrvClient {
    http: Http,
    service: String,
    login: String,
    password: String,
    ticket: Mutex<String>,
}

impl fmt::Debug for SrvClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SrvClient")
            .field("service", &self.service)
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

impl SrvClient {
    /// A session that was begun before: its ticket, which cannot be renewed without the password.
    pub fn with_ticket(server: &str, ticket: &str) -> Result<Self, SrvError> {
        let client = Self::new(server, "", "")?;
        Ok(Self {
            ticket: Mutex::new(ticket.to_owned()),
            ..client
        })
    }

    /// `AuthenticateUser` at a server's address, for example `https://documents.example.org` or `http://host/inforouter`;
    /// `/srv.asmx` at its end is optional. Login and password stay in memory, for sessions that end on the way.
    pub fn sign_in(server: &str, login: &str, password: &str) -> Result<Self, SrvError> {
        let client = Self::new(server, login, password)?;
        client.renew("")?;
        Ok(client)
    }

    fn new(server: &str, login: &str, password: &str) -> Result<Self, SrvError> {
        let http = Http::builder()
            .timeout(CALL_TIME)
            .connect_timeout(CONNECT_TIME)
            // Passwords go to the address that was given, and to no other.
            .redirect(Policy::none())
            .build()?;
        Ok(Self {
            http,
            service: service_address(server),
            login: login.to_owned(),
            password: password.to_owned(),
            ticket: Mutex::new(String::new()),
        })
    }

    /// The ticket in use. It is a secret.
    pub fn ticket(&self) -> String {
        self.ticket.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The address of the service, with `/srv.asmx`.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// One call, the ticket added. A session that ended is renewed, and the call then made once more.
    pub fn call(&self, operation: &str, parameters: &[(&str, &str)]) -> Result<Element, SrvError> {
        self.visit(operation, parameters, &mut Some)
    }

    /// As [`Self::call`], for calls that change nothing: tried again with growing pauses while the line fails.
    pub fn ask(&self, operation: &str, parameters: &[(&str, &str)]) -> Result<Element, SrvError> {
        self.ask_each(operation, parameters, &mut Some)
    }

    /// As [`Self::ask`], but each child of the root goes to `each` as it comes, and only what it gives back is kept. When the line
    /// fails on the way, children come again.
    pub fn ask_each(
        &self,
        operation: &str,
        parameters: &[(&str, &str)],
        each: &mut dyn FnMut(Element) -> Option<Element>,
    ) -> Result<Element, SrvError> {
        retried(|| self.visit(operation, parameters, each))
    }

    /// The server's time zone, as far as `ServerInfo` tells: its offset of now.
    pub fn zone(&self) -> Result<ServerZone, SrvError> {
        let info = self.ask("ServerInfo", &[])?;
        let offset = info.value("UTC_Offset");
        let offset = if offset.is_empty() {
            info.child_text("UTC_Offset")
        } else {
            offset
        };
        ServerZone::of_hours(offset)
            .ok_or_else(|| SrvError::malformed("ServerInfo", format!("UTC_Offset is `{offset}`")))
    }

    fn visit(
        &self,
        operation: &str,
        parameters: &[(&str, &str)],
        each: &mut dyn FnMut(Element) -> Option<Element>,
    ) -> Result<Element, SrvError> {
        let ticket = self.ticket();
        let answer = self.visit_with(&ticket, operation, parameters, each);
        if !answer.as_ref().is_err_and(SrvError::is_expiry) {
            return answer;
        }
        let ticket = self.renew(&ticket)?;
        self.visit_with(&ticket, operation, parameters, each)
    }

    fn visit_with(
        &self,
        ticket: &str,
        operation: &str,
        parameters: &[(&str, &str)],
        each: &mut dyn FnMut(Element) -> Option<Element>,
    ) -> Result<Element, SrvError> {
        let mut all = vec![("AuthenticationTicket", ticket)];
        all.extend_from_slice(parameters);
        self.post(operation, &all, each)
    }

    /// A new ticket in the place of `spent`, or the one that another thread got meanwhile.
    fn renew(&self, spent: &str) -> Result<String, SrvError> {
        let mut ticket = self.ticket.lock().unwrap_or_else(PoisonError::into_inner);
        if *ticket != spent {
            return Ok(ticket.clone());
        }
        if self.login.is_empty() {
            return Err(SrvError::Refused {
                operation: "AuthenticateUser".to_owned(),
                text: "[901] the session has ended".to_owned(),
            });
        }
        let parameters = [("UID", self.login.as_str()), ("PWD", &self.password)];
        let answer = retried(|| self.post("AuthenticateUser", &parameters, &mut Some))?;
        let fresh = answer.value("ticket");
        if fresh.is_empty() {
            return Err(SrvError::malformed("AuthenticateUser", "it has no ticket"));
        }
        fresh.clone_into(&mut ticket);
        Ok(ticket.clone())
    }

    /// One call without anything added.
    fn post(
        &self,
        operation: &str,
        parameters: &[(&str, &str)],
        each: &mut dyn FnMut(Element) -> Option<Element>,
    ) -> Result<Element, SrvError> {
        let url = format!("{}/{operation}", self.service);
        let answer = self.http.post(url).form(parameters).send()?;
        let answer = require_success(answer)?;
        let root = answer::read(operation, answer, each)?;
        match answer::succeeded(&root) {
            Some(true) => Ok(root),
            Some(false) => Err(SrvError::Refused {
                operation: operation.to_owned(),
                text: refusal(&root),
            }),
            None => Err(SrvError::malformed(
                operation,
                format!("<{}> does not say whether the call succeeded", root.name),
            )),
        }
    }
}

fn require_success(answer: Response) -> Result<Response, SrvError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    drop(std::io::copy(
        &mut answer.take(MAX_REFUSAL_LEN),
        &mut std::io::sink(),
    ));
    Err(SrvError::Status(status.as_u16()))
}

/// Does `work` until it succeeds, fails for good, or has failed too often; pauses grow from a quarter of a second.
pub(super) fn retried<T>(work: impl FnMut() -> Result<T, SrvError>) -> Result<T, SrvError> {
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(250))
        .with_max_delay(Duration::from_secs(20))
        .with_max_times(RETRIES)
        .with_jitter();
    work.retry(pauses).when(SrvError::is_passing).call()
}

/// The error attribute, and where it only points to log entries, the first of these.
fn refusal(root: &Element) -> String {
    let error = root.value("error");
    let entries = root.children.iter().filter_map(|entry| {
        let (item, problem) = (entry.child_text("item"), entry.child_text("error"));
        (!problem.is_empty()).then(|| format!("{item}: {problem}"))
    });
    let entries: Vec<String> = entries.take(3).collect();
    match (error.is_empty(), entries.is_empty()) {
        (true, true) => "no reason given".to_owned(),
        (_, true) => error.to_owned(),
        _ => format!("{error} {}", entries.join("; ")),
    }
}

fn service_address(server: &str) -> String {
    let server = server.trim().trim_end_matches('/');
    let base = match server.len().checked_sub("/srv.asmx".len()) {
        Some(at) if server.is_char_boundary(at) && server.get(at..).is_some_and(is_service) => {
            server.get(..at).unwrap_or(server)
        }
        _ => server,
    };
    format!("{base}/srv.asmx")
}

fn is_service(end: &str) -> bool {
    end.eq_ignore_ascii_case("/srv.asmx")
}

#[cfg(test)]
mod tests;
