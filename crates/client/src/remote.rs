//! A server and who asks it: requests with a token, answers as values or as a [`Failure`].

use crate::Failure;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use holdall_api_types::Problem;
use reqwest::blocking::{Body, Client, RequestBuilder, Response};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::time::Duration;

/// How long one read or write may take; a line that is silent for longer is given up and taken up again.
const SILENCE: Duration = Duration::from_secs(30);
/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server that asks for patience gets it at once.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_mins(2);
/// Bytes of an answer that explains a failure.
const PROBLEM_LEN: u64 = 1 << 20;

/// A server, reached at its address with a bearer token. Calls block their thread.
#[derive(Clone)]
pub struct Remote {
    http: Client,
    address: String,
    token: Option<String>,
}

impl fmt::Debug for Remote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Remote")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Remote {
    /// The server at `address`, for example `https://documents.example`, asked with `token` if there is one.
    pub fn new(address: &str, token: Option<String>) -> Result<Self, Failure> {
        let http = Client::builder()
            .timeout(SILENCE)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Failure::InTheWay(error.to_string()))?;
        Ok(Self {
            http,
            address: address.trim_end_matches('/').to_owned(),
            token,
        })
    }

    /// The address, without a slash at its end.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The token; empty when there is none.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request to `path`, which starts with a slash.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.address));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// `GET` of JSON, tried again while the trouble may pass.
    pub fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, Failure> {
        persist(|| value(open(self.request(Method::GET, path).query(query))?))
    }

    /// A request with a JSON body and JSON as its answer. A `key` makes trying again safe; without one it is sent once.
    pub fn send<B: Serialize, T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: &B,
        key: Option<&str>,
    ) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::Protocol(error.to_string()))?;
        let once = || {
            let mut request = self.request(method.clone(), path);
            if let Some(key) = key {
                request = request.header("Idempotency-Key", key);
            }
            let request = request.header(CONTENT_TYPE, "application/json");
            value(open(request.body(Body::from(body.clone())))?)
        };
        if key.is_some() { persist(once) } else { once() }
    }

    /// A request with a JSON body whose answer does not matter beyond success.
    pub(crate) fn tell<B: Serialize>(&self, method: Method, path: &str, body: &B) -> Result<(), Failure> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::Protocol(error.to_string()))?;
        let request = self
            .request(method, path)
            .header(CONTENT_TYPE, "application/json");
        open(request.body(Body::from(body))).map(drop)
    }

    /// `DELETE`, tried again while the trouble may pass. What is gone already is a failure of its own.
    pub fn delete(&self, path: &str) -> Result<(), Failure> {
        persist(|| open(self.request(Method::DELETE, path)).map(drop))
    }
}

/// Does `work` until it succeeds, the trouble is one that stays, or patience is at its end after some 20 seconds.
pub(crate) fn persist<T>(mut work: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
    let mut pauses = ExponentialBuilder::default()
        .with_jitter()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(5))
        .with_max_times(8)
        .build();
    loop {
        match work() {
            Err(failure) if failure.passes() => match pauses.next() {
                Some(pause) => std::thread::sleep(failure.after().unwrap_or(pause).min(LONGEST_PAUSE)),
                None => return Err(failure),
            },
            outcome => return outcome,
        }
    }
}

/// Sends; an answer that is no success is a failure.
pub(crate) fn open(request: RequestBuilder) -> Result<Response, Failure> {
    let answer = request.send().map_err(|error| broken(&error))?;
    if answer.status().is_success() {
        return Ok(answer);
    }
    Err(explain(answer))
}

/// The line broke, in words that name the cause and not the address, which may hold a secret.
pub(crate) fn broken(error: &reqwest::Error) -> Failure {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let what = if error.is_connect() {
        "the server cannot be reached"
    } else if error.is_timeout() {
        "the server was silent for too long"
    } else {
        "the line broke"
    };
    Failure::Unreachable(format!("{what}: {cause}"))
}

fn value<T: DeserializeOwned>(answer: Response) -> Result<T, Failure> {
    let bytes = answer.bytes().map_err(|error| broken(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::Protocol(error.to_string()))
}

fn explain(answer: Response) -> Failure {
    use std::io::Read as _;
    let status = answer.status();
    let after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    let mut body = Vec::new();
    drop(answer.take(PROBLEM_LEN).read_to_end(&mut body));
    let problem = serde_json::from_slice(&body).unwrap_or_else(|_| Problem {
        title: status.to_string(),
        status: status.as_u16(),
        ..Problem::default()
    });
    judge(status, after, problem)
}

fn judge(status: StatusCode, after: Option<Duration>, problem: Problem) -> Failure {
    let detail = if problem.detail.is_empty() {
        problem.title.clone()
    } else {
        problem.detail.clone()
    };
    match status {
        StatusCode::UNAUTHORIZED => Failure::SignedOut(detail),
        StatusCode::FORBIDDEN => Failure::Denied(detail),
        StatusCode::NOT_FOUND => Failure::NotFound(detail),
        StatusCode::GONE => Failure::Ended(detail),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Failure::Busy { detail, after },
        status if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED => {
            Failure::Busy { detail, after }
        }
        _ if !problem.skipped.is_empty() => Failure::Incomplete(problem.skipped),
        _ => Failure::Refused(Box::new(problem)),
    }
}
