//! HTTP: which transport a request came by, how long it may be, and where its answer goes.

mod budget;
mod inbound;
mod pages;

use crate::AsmxOptions;
use crate::protocol::{
    Answer, Args, Call, Dates, Fault, Names, Refusal, Soap, SoapCall, decode_charset, rest, soap,
    soap_response, urlencoded,
};
use crate::registry::{self, Entry};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::any;
use budget::Budget;
use holdall_services::Services;
use http::header::{ALLOW, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, StatusCode};
use inbound::Inbound;
use std::sync::Arc;

/// What every request needs.
struct Edge {
    services: Services,
    dates: Dates,
    names: Arc<Names>,
    budget: Budget,
    options: AsmxOptions,
}

type Shared = State<Arc<Edge>>;

/// The routes of `/srv.asmx`, in every case. Addresses of callers come from axum's `ConnectInfo` when it is there.
pub fn router(services: Services, options: AsmxOptions) -> Router {
    let edge = Arc::new(Edge {
        services,
        dates: Dates::of_zone(options.time_zone.as_deref()),
        names: Arc::new(Names {
            company: options.company.clone(),
            server: options.server_name.clone(),
            url: options.public_url.clone().unwrap_or_default(),
        }),
        budget: Budget::of(options.bodies_limit),
        options,
    });
    let mut router = Router::new();
    for file in spellings("srv.asmx") {
        router = router
            .route(&format!("/{file}"), any(service))
            .route(&format!("/{file}/{{*operation}}"), any(operation));
    }
    router.with_state(edge)
}

/// A word in all its cases. Routes tell cases apart and .asmx does not; routes of this router alone can be merged with any.
fn spellings(word: &str) -> Vec<String> {
    word.chars().fold(vec![String::new()], |begun, character| {
        let mut cases = vec![character.to_ascii_lowercase(), character.to_ascii_uppercase()];
        cases.dedup();
        let extend = |start: String| {
            cases
                .iter()
                .map(move |case| format!("{start}{case}"))
                .collect::<Vec<_>>()
        };
        begun.into_iter().flat_map(extend).collect()
    })
}

/// The service itself: its pages by GET, SOAP by POST.
async fn service(State(edge): Shared, request: Request) -> Response {
    let method = request.method().clone();
    let response = if method == Method::POST {
        call_by_soap(&edge, request).await
    } else if method == Method::GET || method == Method::HEAD {
        pages::page(&request, edge.options.public_url.as_deref())
    } else {
        method_not_allowed("GET, HEAD, POST")
    };
    sealed(response)
}

/// An operation by GET or form POST.
async fn operation(State(edge): Shared, Path(name): Path<String>, request: Request) -> Response {
    let method = request.method().clone();
    let response = if method != Method::GET && method != Method::POST {
        method_not_allowed("GET, POST")
    } else if let Some(entry) = registry::find(&name) {
        call_by_form(&edge, entry, request).await
    } else {
        unknown(&name).plain()
    };
    sealed(response)
}

fn unknown(name: &str) -> Fault {
    match name.rsplit_once('/') {
        Some((_, last)) => Fault::caller(format!(
            "Request format is unrecognized for URL unexpectedly ending in '/{last}'."
        )),
        None => Fault::caller(format!("{name} Web Service method name is not valid.")),
    }
}

async fn call_by_form(edge: &Edge, entry: &'static Entry, request: Request) -> Response {
    let limit = edge.limit(entry);
    let inbound = Inbound::of(&request);
    let is_get = request.method() == Method::GET;
    let query = request.uri().query().unwrap_or_default().to_owned();
    let (body, _hold) = edge.budget.watch(request.into_body());
    let args = if is_get {
        Ok(urlencoded(query.as_bytes()))
    } else {
        inbound.form(body, limit).await
    };
    match args {
        Ok(args) => rest(&entry.meta, edge.dispatch(entry, args, inbound).await),
        Err(fault) => fault.plain(),
    }
}

async fn call_by_soap(edge: &Edge, request: Request) -> Response {
    let inbound = Inbound::of(&request);
    let announced = match inbound.soap_version() {
        Ok(announced) => announced,
        Err(fault) => return fault.plain(),
    };
    let (body, _hold) = edge.budget.watch(request.into_body());
    match read_soap(edge, &inbound, announced, body).await {
        Ok((entry, call)) => {
            let version = call.version;
            let answer = edge.dispatch(entry, call.args, inbound).await;
            soap_response(&entry.meta, answer, version, edge.options.documented_roots)
        }
        Err(refusal) => refusal.fault.soap(refusal.version),
    }
}

/// The operation that an envelope asks for, and its arguments.
async fn read_soap(
    edge: &Edge,
    inbound: &Inbound,
    announced: Soap,
    body: Body,
) -> Result<(&'static Entry, SoapCall), Refusal> {
    let refuse = |fault| Refusal {
        version: announced,
        fault,
    };
    let body = inbound
        .body(body, edge.options.upload_limit)
        .await
        .map_err(refuse)?;
    let body_len = body.len();
    let text = decode_charset(body, inbound.charset()).ok_or_else(|| {
        refuse(Fault::caller(
            "Server was unable to read request. ---> The encoding is not known or not kept.",
        ))
    })?;
    let call = soap(&text, announced, inbound.action(), |name| {
        registry::find(name).is_some()
    })?;
    let refuse = |fault| Refusal {
        version: call.version,
        fault,
    };
    let entry = registry::find(&call.operation).ok_or_else(|| refuse(unknown(&call.operation)))?;
    let limit = edge.limit(entry);
    if body_len > limit {
        return Err(refuse(Fault::too_long(limit)));
    }
    Ok((entry, call))
}

impl Edge {
    /// The longest request of an operation in bytes.
    fn limit(&self, entry: &Entry) -> usize {
        if entry.meta.takes_content() {
            self.options.upload_limit
        } else {
            self.options.request_limit
        }
    }

    async fn dispatch(&self, entry: &Entry, mut args: Args, inbound: Inbound) -> Answer {
        let call = Call {
            services: self.services.clone(),
            dates: self.dates.clone(),
            clock: Arc::clone(&self.options.clock),
            names: Arc::clone(&self.names),
            address: inbound.address(),
        };
        args.set_cookie_ticket(inbound.into_cookie_ticket());
        registry::dispatch(entry, args, call).await
    }
}

fn method_not_allowed(allowed: &'static str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Tickets in addresses stay here, and nobody guesses content types.
fn sealed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn every_case_of_the_endpoint_is_routed() {
        let all = spellings("srv.asmx");
        assert_eq!(all.len(), 128);
        assert!(all.contains(&"SRV.ASMX".to_owned()) && all.contains(&"Srv.asmx".to_owned()));
    }
}
