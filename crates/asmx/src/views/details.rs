//! Items with the optional parts that the caller wishes (CONTRACT section 4.3).

mod wishes;

pub(crate) use wishes::{DocumentWishes, FolderWishes, ItemWishes, ListedDocumentWishes};

use super::{access_list, document, folder};
use crate::protocol::{Call, Dates, Element, Wish};
use holdall_services::{
    AccessListView, Caller, DocumentView, Failure, FolderView, ItemIds, Parts, PartsWanted, UserView,
};

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
        let items = ItemIds {
            folders: folders.iter().map(|view| view.id).collect(),
            documents: documents.iter().map(|view| view.id).collect(),
        };
        let parts = call.services.folders.parts(caller, items, self.wanted()).await?;
        let folders = folders.iter().map(|view| self.folder(view, &parts, &call.dates));
        let documents = documents
            .iter()
            .map(|view| self.document(view, &parts, &call.dates));
        Ok(folders.chain(documents).collect())
    }

    /// What the services are asked for.
    pub(crate) fn wanted(self) -> PartsWanted {
        PartsWanted {
            lists: self.security.0,
            owners: self.owner.0,
            versions: self.versions.0,
            digests: false,
        }
    }

    /// A folder. Parts that the caller may not have are left out.
    pub(crate) fn folder(self, view: &FolderView, parts: &Parts, dates: &Dates) -> Element {
        let mut children = Vec::new();
        if self.rules.0 {
            children.push(super::rules(&view.rules));
        }
        let list = parts.folder_lists.get(&view.id);
        children.extend(self.shared(None, (list, parts.owners.get(&view.owner)), dates));
        folder::folder(view, dates).containing(children)
    }

    /// A document. Parts that the caller may not have are left out.
    pub(crate) fn document(self, view: &DocumentView, parts: &Parts, dates: &Dates) -> Element {
        let list = parts.document_lists.get(&view.id);
        let described = document::description_log(view);
        let owner = parts.owners.get(&view.owner);
        let mut children = self.shared(described, (list, owner), dates);
        let versions = parts.versions.get(&view.id);
        children.extend(versions.map(|versions| document::versions(versions)));
        document::document(view, dates).containing(children)
    }

    /// Property sets, who described it, access list and owner of an item.
    fn shared(
        self,
        described: Option<Element>,
        (list, owner): (Option<&AccessListView>, Option<&UserView>),
        dates: &Dates,
    ) -> Vec<Element> {
        let mut children = Vec::new();
        if self.property_sets.0 {
            children.push(Element::named("PropertySets"));
        }
        children.extend(described);
        children.extend(list.map(|list| access_list(list.clone(), dates)));
        children.extend(owner.map(super::user));
        children
    }
}
