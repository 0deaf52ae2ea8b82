//! What leaves the server beside its answers: the log and the numbers. Neither may hold a secret or a name.

use super::measure::{Measures, MetricsToken};
use super::readiness::{self, Draining};
use super::{NetworkConfig, dressed};
use crate::assemble;
use crate::config::Compat;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use holdall_model::Right;
use holdall_testkit::{House, PASSWORD, user};
use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;
use tracing_subscriber::fmt::MakeWriter;

/// The log, kept.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A busy house, and everything secret or named that was ever said to it or by it.
struct Bustle {
    router: Router,
    _house: House,
    token: String,
    unspeakable: Vec<String>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

const FOLDER: &str = "/Secretariat/Zanzibar";
const NAME: &str = "Quarterly-Ledger.txt";

impl Bustle {
    async fn new() -> Self {
        let house = House::new().await;
        let kim = house.user_with_password("kimberley").await;
        house.library("Secretariat", &[&kim]).await;
        house.folder(&house.administrator, FOLDER).await;
        house
            .grant(
                &house.administrator,
                FOLDER,
                &[(user("kimberley"), Right::Change)],
            )
            .await;
        let at = format!("{FOLDER}/{NAME}");
        house
            .document(&house.administrator, &at, b"one document of many")
            .await;
        let config = NetworkConfig::defaults().unwrap();
        let measures = Measures::start(None).unwrap();
        let router = assemble::router(&house.services, None, Compat::Deployed)
            .merge(readiness::route(house.services.clone(), Draining::default()))
            .merge(measures.route());
        Self {
            router: dressed(router, &config),
            _house: house,
            token: String::new(),
            unspeakable: [
                "kimberley",
                "Secretariat",
                "Zanzibar",
                "Quarterly",
                "wrong horse",
                PASSWORD,
            ]
            .map(str::to_owned)
            .to_vec(),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let mut request = request.body(body.into()).unwrap();
        let address: SocketAddr = "127.0.0.1:9".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let json = (http::header::CONTENT_TYPE, "application/json");
        self.send(method, path, &[(AUTHORIZATION, &bearer), json], body.to_owned())
            .await
    }

    /// A day's work, with what goes wrong in one.
    async fn live(&mut self) {
        let json = [(http::header::CONTENT_TYPE, "application/json")];
        let sign_in = |password: &str| format!(r#"{{"login":"kimberley","password":"{password}"}}"#);
        let refused = self
            .send(Method::POST, "/api/v1/sessions", &json, sign_in("wrong horse"))
            .await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        let session = self
            .send(Method::POST, "/api/v1/sessions", &json, sign_in(PASSWORD))
            .await;
        session.json()["token"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.token);
        self.unspeakable.push(self.token.clone());
        self.by_the_native_api().await;
        self.by_the_old_address().await;
        for (method, path) in [
            (Method::GET, "/Secretariat/nothing?ticket=Zanzibar"),
            (Method::GET, "/d/Secretariat-token/Zanzibar.zip"),
            (Method::from_bytes(b"KIMBERLEY").unwrap(), "/api/v1/sessions"),
            (Method::GET, "/readyz"),
            (Method::GET, "/healthz"),
        ] {
            self.send(method, path, &[], "").await;
        }
        self.ask(Method::DELETE, "/api/v1/sessions/current", "").await;
        assert_eq!(
            self.ask(Method::DELETE, "/api/v1/sessions/current", "")
                .await
                .status,
            StatusCode::UNAUTHORIZED
        );
    }

    async fn by_the_native_api(&mut self) {
        let body = format!(r#"{{"items":["{FOLDER}"]}}"#);
        let staged = self.ask(Method::POST, "/api/v1/downloads", &body).await;
        assert_eq!(staged.status, StatusCode::CREATED, "{}", staged.text);
        let id = staged.json()["id"].as_str().unwrap().to_owned();
        let content = format!("/api/v1/downloads/{id}/content");
        assert_eq!(self.ask(Method::GET, &content, "").await.status, StatusCode::OK);
        self.ask(Method::GET, "/api/v1/downloads/Zanzibar/content", "")
            .await;
        self.ask(
            Method::POST,
            "/api/v1/downloads",
            r#"{"items":["/Secretariat/Nowhere"]}"#,
        )
        .await;
        self.ask(Method::DELETE, &format!("/api/v1/downloads/{id}"), "")
            .await;
        self.unspeakable.push(id);
    }

    async fn by_the_old_address(&mut self) {
        let query = format!(
            "/srv.asmx/AuthenticateUser?UID=kimberley&PWD={}",
            PASSWORD.replace(' ', "+")
        );
        let answer = self.send(Method::GET, &query, &[], "").await;
        let ticket = attribute(&answer.text, "ticket");
        let staging = format!(
            "/SRV.asmx/DownloadZipWithHandler?AuthenticationTicket={ticket}&Paths={FOLDER}&partialResult=true"
        );
        let staged = self.send(Method::GET, &staging, &[], "").await;
        let handler = attribute(&staged.text, "downloadhandler");
        let chunk = format!(
            "/srv.asmx/DownloadFileChunk?AuthenticationTicket={ticket}&DownloadHandler={handler}&StartOffset=0&ChunkSize=9"
        );
        assert_eq!(
            self.send(Method::GET, &chunk, &[], "").await.status,
            StatusCode::OK
        );
        self.unspeakable.extend([ticket, handler]);
    }
}

fn attribute(xml: &str, name: &str) -> String {
    let start = xml
        .find(&format!("{name}=\""))
        .unwrap_or_else(|| panic!("no {name} in {xml}"));
    xml[start..].split('"').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn l10_nothing_secret_and_no_name_is_in_the_log() {
    let log = Log::default();
    let lines = tracing_subscriber::fmt()
        .with_env_filter("trace")
        .json()
        .with_writer(log.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(lines);
    let mut bustle = Bustle::new().await;
    log.0.lock().unwrap().clear();
    bustle.live().await;
    let text = log.text();
    for word in &bustle.unspeakable {
        for spelling in [word.clone(), word.replace(' ', "+"), word.to_uppercase()] {
            let line = text.lines().find(|line| line.contains(&spelling));
            assert_eq!(line, None, "{spelling} is in the log");
        }
    }
    let answered: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["target"] == "holdall::access")
        .collect();
    let content = answered
        .iter()
        .find(|line| line["fields"]["route"] == "/api/v1/downloads/{id}/content")
        .unwrap();
    assert_eq!(content["level"], "INFO");
    assert_eq!(content["fields"]["status"], 200);
    assert!(content["fields"]["bytes"].as_u64().unwrap() > 100);
    assert_eq!(content["span"]["id"].as_str().unwrap().len(), 16);
    assert!(content["span"]["user"].as_i64().unwrap() > 0);
}

#[tokio::test]
async fn l10_no_label_holds_a_name_a_path_or_a_handle() {
    let mut bustle = Bustle::new().await;
    bustle.live().await;
    let numbers = bustle.send(Method::GET, "/metrics", &[], "").await;
    assert_eq!(numbers.status, StatusCode::OK);
    assert!(
        numbers.headers[http::header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    let text = numbers.text;
    for word in &bustle.unspeakable {
        assert!(
            !text.to_lowercase().contains(&word.to_lowercase()),
            "{word} is in the numbers"
        );
    }
    let hexadecimal = |part: &str| {
        let mixed =
            part.contains(|c: char| c.is_ascii_digit()) && part.contains(|c: char| c.is_ascii_alphabetic());
        mixed && part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    assert!(
        !text.split(|c: char| !c.is_ascii_alphanumeric()).any(hexadecimal),
        "{text}"
    );
    for expected in [
        r#"holdall_requests_total{method="GET",route="/api/v1/downloads/{id}/content",status="200"} 1"#,
        r#"holdall_requests_total{method="GET",route="/srv.asmx/{*operation}",status="200"} 3"#,
        r#"holdall_requests_total{method="other",route="/api/v1/sessions",status="405"} 1"#,
        "holdall_requests_in_flight 1",
        "holdall_downloads_in_flight 0",
        "holdall_staged_total 2",
        "holdall_sign_in_failures_total 1",
        "holdall_staging_seconds_count 2",
        r#"holdall_catalog_seconds_count{kind="write"}"#,
        "holdall_build_info{version=",
        "process_resident_memory_bytes",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[tokio::test]
async fn request_names_go_through_and_bad_ones_are_replaced() {
    let bustle = Bustle::new().await;
    let name = super::request_id::X_REQUEST_ID;
    let kept = bustle
        .send(Method::GET, "/healthz", &[(name.clone(), "trace-7")], "")
        .await;
    assert_eq!(kept.headers[&name], "trace-7");
    let made = bustle
        .send(Method::GET, "/nothing", &[(name.clone(), "{x}")], "")
        .await;
    assert_eq!(made.headers[&name].len(), 16);
}

#[tokio::test]
async fn the_numbers_are_for_this_machine_or_for_whoever_has_the_token() {
    let token = Some(MetricsToken::new("a secret of operators"));
    let with_token = Measures::start(token).unwrap().route();
    let ask = async |address: &str, bearer: &str| {
        let mut request = Request::get("/metrics")
            .header(AUTHORIZATION, bearer)
            .body(Body::empty())
            .unwrap();
        let address: SocketAddr = address.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
        with_token.clone().oneshot(request).await.unwrap().status()
    };
    assert_eq!(
        ask("192.0.2.1:9", "Bearer a secret of operators").await,
        StatusCode::OK
    );
    assert_eq!(
        ask("192.0.2.1:9", "Bearer another one").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(ask("127.0.0.1:9", "").await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn readiness_says_what_is_wrong_in_words_of_the_product() {
    let house = House::new().await;
    let draining = Draining::default();
    let router = readiness::route(house.services.clone(), draining.clone());
    let ask = async || {
        let request = Request::get("/readyz").body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    };
    assert_eq!(ask().await.0, StatusCode::OK);
    assert_eq!(house.services.health.examine().await, []);
    let packs = house.directory().join("blobs");
    std::fs::rename(&packs, house.directory().join("elsewhere")).unwrap();
    std::fs::write(&packs, "in the way").unwrap();
    let found = house.services.health.examine().await;
    assert_eq!(found, [holdall_services::Ailment::Store]);
    let fresh = readiness::route(house.services.clone(), Draining::default());
    let request = Request::get("/readyz").body(Body::empty()).unwrap();
    let response = fresh.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let text = String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert!(
        text.contains("the content store does not read and write"),
        "{text}"
    );
    assert!(!text.contains(house.directory().to_str().unwrap()), "{text}");
    draining.begin();
    let (status, text) = ask().await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains("about to stop"), "{text}");
}
