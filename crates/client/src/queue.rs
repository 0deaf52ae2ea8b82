//! What is gathered on the server for a download later.

use crate::{Failure, Remote};
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
struct Items<'a> {
    items: &'a [String],
}

impl Remote {
    /// What is in the caller's queue, as the server tells it.
    pub fn queue(&self) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        self.pages("/api/v1/queue", |item| {
            items.push(item);
            Ok::<(), Failure>(())
        })?;
        Ok(items)
    }

    /// Adds paths and short ids to the queue.
    pub fn queue_add(&self, items: &[String]) -> Result<(), Failure> {
        self.tell(Method::POST, "/api/v1/queue", &Items { items })
    }

    /// Takes an item, a path or short id, out of the queue.
    pub fn queue_remove(&self, item: &str) -> Result<(), Failure> {
        let id = match item.strip_prefix('~') {
            Some(_) => item.to_owned(),
            None => match self.item(item)? {
                holdall_api_types::Item::Folder(folder) => format!("~F{}", folder.id),
                holdall_api_types::Item::Document(document) => format!("~D{}", document.id),
            },
        };
        self.delete(&format!("/api/v1/queue/{id}"))
    }

    /// Empties the queue.
    pub fn queue_clear(&self) -> Result<(), Failure> {
        self.delete("/api/v1/queue")
    }
}
