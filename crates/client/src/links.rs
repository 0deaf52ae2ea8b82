//! Links for people without an account, and receipts of what was delivered.

use crate::{Failure, Remote, transfer};
use holdall_api_types::{Link, Mode, NewLink, Receipt, StageDownload, StagedDownload};
use reqwest::Method;

impl Remote {
    /// Stages items to make links to; gives the download's id, a secret.
    pub fn stage_for_link(&self, items: &[String], strict: bool) -> Result<String, Failure> {
        let staging = StageDownload {
            items: items.to_vec(),
            mode: if strict { Mode::Strict } else { Mode::Partial },
            ..StageDownload::default()
        };
        let key = transfer::key()?;
        let staged: StagedDownload = self.send(&Method::POST, "/api/v1/downloads", &staging, Some(&key))?;
        staged
            .id
            .ok_or_else(|| Failure::Protocol("what was staged has no id".to_owned()))
    }

    /// A link to a download, its address whole.
    pub fn make_link(&self, download: &str, link: &NewLink) -> Result<Link, Failure> {
        let mut made: Link = self.send(
            &Method::POST,
            &format!("/api/v1/downloads/{download}/links"),
            link,
            None,
        )?;
        if let Some(url) = made.url.take() {
            // A server that was not told its own address gives what comes after it.
            let is_relative = url.starts_with('/');
            made.url = Some(if is_relative {
                format!("{}{url}", self.address())
            } else {
                url
            });
        }
        Ok(made)
    }

    /// The caller's links.
    pub fn links<E: From<Failure>>(&self, each: impl FnMut(Link) -> Result<(), E>) -> Result<(), E> {
        self.pages("/api/v1/links", each)
    }

    /// Ends a link.
    pub fn remove_link(&self, id: i64) -> Result<(), Failure> {
        self.delete(&format!("/api/v1/links/{id}"))
    }

    /// What of the caller's downloads was delivered.
    pub fn receipts<E: From<Failure>>(&self, each: impl FnMut(Receipt) -> Result<(), E>) -> Result<(), E> {
        self.pages("/api/v1/receipts", each)
    }
}
