//! Whether a caller may do something, without doing it (CONTRACT section 11.3). Says nothing of locks and folder rules.

use super::{Access, control, require};
use crate::access::Standing;
use crate::documents::content::reads_unpublished;
use crate::folders::resolve::{Item, resolve_document, resolve_folder};
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_model::{ItemRef, Right};

/// Something to do with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentAction {
    /// Read its content.
    Read,
    /// Read versions that were never published.
    ReadUnpublished,
    /// See its access list.
    SeeAccessList,
    /// Lock it, or change it or what is said about it.
    Change,
    /// Change its owner or its access list.
    Control,
}

/// Something to do with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderAction {
    /// See what is in it.
    List,
    /// See its access list.
    SeeAccessList,
    /// Make documents and folders in it.
    Create,
    /// Change what is said about it.
    Change,
    /// Delete or move it, or change its rules, its owner or its access list.
    Control,
}

impl Access {
    /// Fails with [`Failure::Denied`] when the caller may not do that with a document.
    pub async fn check_document(
        &self,
        caller: &Caller,
        item: &ItemRef,
        action: DocumentAction,
    ) -> Result<(), Failure> {
        let item = item.clone();
        let check = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_document(tx, standing, &item)?;
            match action {
                DocumentAction::Read | DocumentAction::SeeAccessList => require(found.right, Right::Read),
                DocumentAction::ReadUnpublished if reads_unpublished(tx, standing.user(), &found)? => Ok(()),
                DocumentAction::ReadUnpublished => Err(Failure::Denied),
                DocumentAction::Change => require(found.right, Right::Change),
                DocumentAction::Control => control(tx, standing, &Item::Document(Box::new(found))),
            }
        };
        self.house.read_as(caller, check).await
    }

    /// Fails with [`Failure::Denied`] when the caller may not do that with a folder.
    pub async fn check_folder(
        &self,
        caller: &Caller,
        item: &ItemRef,
        action: FolderAction,
    ) -> Result<(), Failure> {
        let item = item.clone();
        let check = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_folder(tx, standing, &item)?;
            match action {
                FolderAction::List => require(found.right, Right::List),
                FolderAction::SeeAccessList => require(found.right, Right::Read),
                FolderAction::Create => require(found.right, Right::Add),
                FolderAction::Change => require(found.right, Right::Change),
                FolderAction::Control => control(tx, standing, &Item::Folder(found)),
            }
        };
        self.house.read_as(caller, check).await
    }
}
