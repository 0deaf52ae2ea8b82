//! Shorthands for tests of resources.

use crate::client::{Answer, Client};
use axum::body::Body;
use http::header::{AUTHORIZATION, HeaderName};
use http::{Method, StatusCode};
use serde_json::Value;

impl Client {
    /// The client as a manager of `Lib`, who may do everything in it.
    pub(crate) async fn manager(mut self) -> Self {
        let boss = self.house.user_with_password("boss").await;
        let admin = &self.house.administrator;
        self.house
            .services
            .libraries
            .add_member(admin, "Lib", boss.login())
            .await
            .unwrap();
        self.house
            .services
            .libraries
            .add_manager(admin, "Lib", boss.login())
            .await
            .unwrap();
        self.token = self.token_of("boss").await;
        self
    }

    /// The client as an administrator.
    pub(crate) async fn root(mut self) -> Self {
        self.house.user_with_password("root").await;
        let group = holdall_services::GroupName {
            library: None,
            name: "Administrators".to_owned(),
        };
        let people = &self.house.services.people;
        people
            .add_group_member(&self.house.administrator, &group, "root")
            .await
            .unwrap();
        self.token = self.token_of("root").await;
        self
    }

    /// A request with the token, headers and a body.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![(AUTHORIZATION, bearer.as_str())];
        all.extend_from_slice(headers);
        self.send(method, path, &all, body).await
    }

    /// A GET that succeeds.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, &[]).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{path}: {:?}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()
    }

    /// A call with a JSON body.
    pub(crate) async fn with_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.call(method, path, &[], body.to_string()).await
    }

    /// The id of what is at a path.
    pub(crate) async fn id_of(&self, path: &str) -> i64 {
        let address = format!("/api/v1/items?path={}", path.replace('/', "%2F"));
        self.get(&address).await["id"].as_i64().unwrap()
    }

    /// A listing put together from its pages; `path` ends where parameters go on.
    pub(crate) async fn pages(&self, path: &str, limit: usize) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}limit={limit}{cursor}")).await;
            let found = page["items"].as_array().unwrap();
            assert!(!found.is_empty() && found.len() <= limit);
            items.extend(found.iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}
