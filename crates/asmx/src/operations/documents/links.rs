//! Documents that stand for something else: shortcuts and web addresses.

use crate::protocol::{Answer, Call, DocumentRef, Element, Given, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_model::ItemPath;
use holdall_services::{Caller, Conflict, Failure, Thing};

/// Makes a shortcut to a document. Downloads, versions and locks of the shortcut are those of the document, and archives contain
/// the document under its own name. Deleting the shortcut leaves the document; a shortcut whose document was deleted stays, and
/// leads nowhere until the document is restored.
#[derive(Request)]
#[op("CreateDocumentShortcut", group = "Documents")]
pub(crate) struct CreateDocumentShortcut {
    /// The path of the shortcut, whose folder must exist; its name ends in `.lnk`.
    #[wire("Path")]
    path: Given,
    /// The document: a path or `~D{id}`.
    #[wire("TargetDocumentPath")]
    target: DocumentRef,
}

impl Operation for CreateDocumentShortcut {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let path = ItemPath::parse(&self.path.0);
        call.services
            .documents
            .create_shortcut(&caller, &path, &self.target.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        match failure {
            Failure::Invalid {
                field: "extension", ..
            } => Some("Invalid shortcut name. Extention must be .lnk"),
            Failure::NotFound(Thing::Folder) => Some("Folder not found"),
            Failure::NotFound(Thing::Document) => Some("Document not found"),
            _ => None,
        }
    }
}

/// Stores a web address as a document, or as the next version of one that is there. Its content is an internet shortcut; in
/// archives its name ends in `.url`.
#[derive(Request)]
#[op("CreateURL", group = "Documents")]
pub(crate) struct CreateURL {
    /// The path of the document, whose folder must exist; its name does not end in `.url`.
    #[wire("Path")]
    path: Given,
    /// The address, which begins with `http://`, `https://`, `ftp://` or `mailto:` and has at most 2048 bytes.
    #[wire("AddressURL")]
    address: Given,
}

impl Operation for CreateURL {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let path = ItemPath::parse(&self.path.0);
        call.services
            .uploads
            .put_address(&caller, &path, &self.address.0)
            .await?;
        Ok(Element::success().with("error", "").into())
    }

    /// The text for the ending says the opposite of the rule; that is how it is documented.
    fn literal(failure: &Failure) -> Option<&'static str> {
        match failure {
            Failure::Invalid {
                field: "extension", ..
            } => Some("The document file extension must be \"url\""),
            Failure::NotFound(Thing::Folder) => Some("Folder not found"),
            Failure::Conflict(Conflict::Locked) => {
                Some("This document has been checked out by another user.")
            }
            _ => None,
        }
    }
}
