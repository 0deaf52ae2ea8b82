//! A client of the API inside the process, and a house for it to talk to.

use axum::Router;
use axum::body::{Body, Bytes};
use holdall_api::{ApiOptions, router};
use holdall_testkit::{House, PASSWORD};
use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// A house with a library `Lib`, in it `/Lib/Plans/{a.txt, b.txt}`, and `kim`, who may read.
pub(crate) struct Client {
    pub(crate) house: House,
    pub(crate) token: String,
    pub(crate) router: Router,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    pub(crate) async fn new() -> Self {
        Self::of(House::new().await).await
    }

    /// A client of a house where users learn only of their own libraries.
    pub(crate) async fn of_only_own_libraries() -> Self {
        Self::of(House::of_only_own_libraries().await).await
    }

    async fn of(house: House) -> Self {
        let kim = house.user_with_password("kim").await;
        house.library("Lib", &[&kim]).await;
        house.folder(&house.administrator, "/Lib/Plans").await;
        house
            .document(&house.administrator, "/Lib/Plans/a.txt", b"one document")
            .await;
        house
            .document(&house.administrator, "/Lib/Plans/b.txt", &vec![b'x'; 600_000])
            .await;
        let options = ApiOptions {
            body_limit: 100_000,
            put_limit: 1_000_000,
        };
        let router = router(house.services.clone(), &options);
        let mut client = Self {
            house,
            token: String::new(),
            router,
        };
        client.token = client.token_of("kim").await;
        client
    }

    /// A session's token.
    pub(crate) async fn token_of(&self, login: &str) -> String {
        let credentials = json!({ "login": login.to_uppercase(), "password": PASSWORD });
        let session = self
            .send(Method::POST, "/api/v1/sessions", &[], credentials.to_string())
            .await;
        assert_eq!(session.status, StatusCode::CREATED);
        assert_eq!(session.json()["user"]["login"], login);
        session.json()["token"].as_str().unwrap().to_owned()
    }

    /// Sends a request with nothing but these headers.
    pub(crate) async fn send(
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
        let response = self
            .router
            .clone()
            .oneshot(request.body(body.into()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    /// Sends a request with kim's token and these headers.
    pub(crate) async fn ask(&self, method: Method, path: &str, headers: &[(HeaderName, &str)]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![(AUTHORIZATION, bearer.as_str())];
        all.extend_from_slice(headers);
        self.send(method, path, &all, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.send(Method::POST, path, &[(AUTHORIZATION, &bearer)], body.to_string())
            .await
    }

    /// Stages `/Lib/Plans` and gives the answer.
    pub(crate) async fn stage(&self) -> Value {
        let staged = self
            .post("/api/v1/downloads", &json!({ "items": ["/Lib/Plans"] }))
            .await;
        assert_eq!(staged.status, StatusCode::CREATED);
        assert_eq!(
            format!("{}/content", staged.header("location")),
            staged.json()["content_url"].as_str().unwrap()
        );
        staged.json()
    }
}
