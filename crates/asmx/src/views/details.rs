//! Items with the optional parts that the caller wishes (CONTRACT section 4.3).

use super::{access_list, document, folder};
use crate::protocol::{Call, Element, Wish};
use holdall_model::{ItemRef, UserId};
use holdall_services::{Caller, DocumentView, Failure, FolderView};

/// Which optional parts are wished.
#[derive(Clone, Copy)]
pub(crate) struct Details {
    /// The rules of folders.
    pub(crate) rules: Wish,
    /// The property sets.
    pub(crate) property_sets: Wish,
    /// The access lists.
    pub(crate) security: Wish,
    /// The owners.
    pub(crate) owner: Wish,
    /// The versions of documents.
    pub(crate) versions: Wish,
}

impl Details {
    /// Folders, then documents.
    pub(crate) async fn items(
        self,
        call: &Call,
        caller: &Caller,
        folders: &[FolderView],
        documents: &[DocumentView],
    ) -> Result<Vec<Element>, Failure> {
        let mut items = Vec::with_capacity(folders.len().saturating_add(documents.len()));
        for view in folders {
            items.push(self.folder(call, caller, view).await?);
        }
        for view in documents {
            items.push(self.document(call, caller, view).await?);
        }
        Ok(items)
    }

    /// A folder.
    pub(crate) async fn folder(
        self,
        call: &Call,
        caller: &Caller,
        view: &FolderView,
    ) -> Result<Element, Failure> {
        let mut children = Vec::new();
        if self.rules.0 {
            children.push(super::rules(&view.rules));
        }
        children.extend(
            self.shared(call, caller, (&ItemRef::Folder(view.id), view.owner))
                .await?,
        );
        Ok(folder::folder(view, &call.dates).containing(children))
    }

    /// A document.
    pub(crate) async fn document(
        self,
        call: &Call,
        caller: &Caller,
        view: &DocumentView,
    ) -> Result<Element, Failure> {
        let item = ItemRef::Document(view.id);
        let mut children = self.shared(call, caller, (&item, view.owner)).await?;
        if self.versions.0 {
            let versions = permitted(call.services.documents.versions(caller, &item).await)?;
            children.extend(versions.as_deref().map(document::versions));
        }
        Ok(document::document(view, &call.dates).containing(children))
    }

    /// Property sets, access list and owner of an item.
    async fn shared(
        self,
        call: &Call,
        caller: &Caller,
        (item, owner): (&ItemRef, UserId),
    ) -> Result<Vec<Element>, Failure> {
        let mut children = Vec::new();
        if self.property_sets.0 {
            children.push(Element::named("PropertySets"));
        }
        if self.security.0 {
            let list = permitted(call.services.access.access_list(caller, item).await)?;
            children.extend(list.map(|list| access_list(list, &call.dates)));
        }
        if self.owner.0 {
            let user = permitted(call.services.people.user(caller, owner).await)?;
            children.extend(user.map(|user| super::user(&user)));
        }
        Ok(children)
    }
}

/// A part that the caller may not have, or that vanished meanwhile, is left out.
fn permitted<T>(part: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match part {
        Ok(part) => Ok(Some(part)),
        Err(Failure::Denied | Failure::NotFound(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}
