//! Finding and listing what is in the libraries.

use crate::{Failure, Remote};
use holdall_api_types::{Folder, Item, Library, Page, TreeFolder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Entries of a listing that are asked for at once.
const PAGE: &str = "1000";

impl Remote {
    /// The folder or document that a path or a short id (`~F7`, `~D7`) names.
    pub fn item(&self, path: &str) -> Result<Item, Failure> {
        self.get("/api/v1/items", &[("path", path)])
    }

    /// All libraries, each handed to `each` as it comes.
    pub fn libraries<E: From<Failure>>(&self, each: impl FnMut(Library) -> Result<(), E>) -> Result<(), E> {
        self.pages("/api/v1/libraries", each)
    }

    /// What lies directly in a folder: folders first, then documents, both by name.
    pub fn children<E: From<Failure>>(
        &self,
        folder: i64,
        each: impl FnMut(Item) -> Result<(), E>,
    ) -> Result<(), E> {
        self.pages(&format!("/api/v1/folders/{folder}/children"), each)
    }

    /// All folders below a folder, in the order of their paths.
    pub fn tree<E: From<Failure>>(
        &self,
        folder: i64,
        each: impl FnMut(TreeFolder) -> Result<(), E>,
    ) -> Result<(), E> {
        self.pages(&format!("/api/v1/folders/{folder}/tree"), each)
    }

    /// The folder at a path, made with those above it when it is not there.
    pub fn make_folder(&self, path: &str) -> Result<Folder, Failure> {
        #[derive(Serialize)]
        struct NewFolder<'a> {
            path: &'a str,
        }
        match self.item(path) {
            Ok(Item::Folder(folder)) => return Ok(folder),
            Ok(Item::Document(_)) => return Err(Failure::InTheWay(format!("{path} is a document"))),
            Err(Failure::NotFound(_)) => {}
            Err(failure) => return Err(failure),
        }
        self.send(
            &reqwest::Method::POST,
            "/api/v1/folders",
            &NewFolder { path },
            None,
        )
    }

    /// A listing, page by page.
    pub(crate) fn pages<T: DeserializeOwned, E: From<Failure>>(
        &self,
        path: &str,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut cursor: Option<String> = None;
        loop {
            let mut query = vec![("limit", PAGE)];
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page: Page<T> = self.get(path, &query)?;
            page.items.into_iter().try_for_each(&mut each)?;
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(()),
            }
        }
    }
}
