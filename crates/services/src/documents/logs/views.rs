//! Who viewed which documents.

use super::{Logs, MOST_ENTRIES};
use crate::access::{self, Standing};
use crate::folders::paths::Paths;
use crate::folders::resolve::{Item, resolve_content};
use crate::folders::views::Names;
use crate::folders::visible_documents;
use crate::{Caller, Failure, people};
use holdall_catalog::viewings::{self, Viewing};
use holdall_catalog::{Tx, documents};
use holdall_model::{DocumentId, FolderId, ItemRef, Timestamp, UserId, VersionNumber};
use std::collections::HashMap;

/// Content of one document that was given to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionViewing {
    /// The version.
    pub version: VersionNumber,
    /// Who got it.
    pub user: UserId,
    /// That user's first and last name, or the login name; empty when the account is gone.
    pub full_name: String,
    /// When.
    pub at: Timestamp,
}

/// Content that was given to one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserViewing {
    /// The document.
    pub document: DocumentId,
    /// Its present name.
    pub name: String,
    /// The full path of the folder it lies in now, with a leading `/`.
    pub folder_path: String,
    /// The name of its library.
    pub library_name: String,
    /// The version.
    pub version: VersionNumber,
    /// Who got it.
    pub user: UserId,
    /// That user's first and last name.
    pub full_name: String,
    /// When.
    pub at: Timestamp,
}

impl Logs {
    /// Who was given a document's content, the earliest first, the last 10,000 times. Full control is needed, of the document or
    /// of a folder above.
    pub async fn views_of_document(
        &self,
        caller: &Caller,
        item: &ItemRef,
    ) -> Result<Vec<VersionViewing>, Failure> {
        self.house.write_viewings().await;
        let item = item.clone();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_content(tx, standing, &item)?;
            let id = found.row.id;
            access::control(tx, standing, &Item::Document(Box::new(found)))?;
            let viewings = viewings::of_document(tx, id, MOST_ENTRIES)?;
            let names = Names::of(tx, viewings.iter().map(|viewing| viewing.user))?;
            let views = viewings.into_iter().rev().map(|viewing| VersionViewing {
                version: viewing.version,
                user: viewing.user,
                full_name: names.called(viewing.user),
                at: viewing.at,
            });
            Ok(views.collect())
        };
        self.house.read_as(caller, list).await
    }

    /// The documents whose content a user was given, the earliest first, the last 10,000 times. One's own log shows what one may
    /// still see; administrators may look into everybody's. What lies in a recycle bin is left out.
    pub async fn views_by_user(&self, caller: &Caller, login: &str) -> Result<Vec<UserViewing>, Failure> {
        self.house.write_viewings().await;
        let login = login.to_owned();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let user = people::find_user(tx, &login)?;
            if user.id != standing.user() && !standing.is_administrator() {
                return Err(Failure::Denied);
            }
            let viewings = viewings::of_user(tx, user.id, MOST_ENTRIES)?;
            let documents = Viewed::load(tx, standing, &viewings)?;
            let full_name = user.full_name();
            let views = viewings.into_iter().rev();
            Ok(views
                .filter_map(|viewing| documents.describe(viewing, &full_name))
                .collect())
        };
        self.house.read_as(caller, list).await
    }
}

/// The documents that viewings mention, as far as the caller may know of them.
struct Viewed {
    documents: HashMap<DocumentId, (String, FolderId)>,
    paths: Paths,
}

impl Viewed {
    fn load(tx: &mut Tx<'_>, standing: &Standing, viewings: &[Viewing]) -> Result<Self, Failure> {
        let mut ids: Vec<DocumentId> = viewings.iter().map(|viewing| viewing.document).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut rows = documents::of_ids(tx, &ids)?;
        if !standing.is_administrator() {
            rows = visible_documents(tx, standing, rows)?;
        }
        let folders: Vec<FolderId> = rows.iter().map(|row| row.folder).collect();
        let documents = rows.into_iter().map(|row| (row.id, (row.name, row.folder)));
        Ok(Self {
            documents: documents.collect(),
            paths: Paths::above(tx, &folders)?,
        })
    }

    fn describe(&self, viewing: Viewing, full_name: &str) -> Option<UserViewing> {
        let (name, folder) = self.documents.get(&viewing.document)?;
        let around = self.paths.of(*folder)?;
        Some(UserViewing {
            document: viewing.document,
            name: name.clone(),
            folder_path: around.path,
            library_name: around.library_name,
            version: viewing.version,
            user: viewing.user,
            full_name: full_name.to_owned(),
            at: viewing.at,
        })
    }
}
