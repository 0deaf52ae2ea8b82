//! Who viewed which documents.

use crate::protocol::{Answer, Call, Dates, DocumentRef, Element, Given, Operation, Trouble};
use crate::views::dotted;
use holdall_asmx_derive::Request;
use holdall_services::{Caller, UserViewing, VersionViewing};

/// Lists who was given the content of a document, the earliest first. Full control of the document is needed.
///
/// Downloads of whole archives are not among them. Of more than 10000 entries the last are listed.
#[derive(Request)]
#[op("GetDocumentViewLog", group = "Settings")]
pub(crate) struct GetDocumentViewLog {
    /// The document: a path or `~D{id}`.
    #[wire("path")]
    document: DocumentRef,
}

impl Operation for GetDocumentViewLog {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let views = call
            .services
            .logs
            .views_of_document(&caller, &self.document.0)
            .await?;
        let entry = |view: &VersionViewing| {
            Element::named("Version")
                .with_number("Number", &view.version)
                .with_number("UserID", &view.user)
                .with("Viewer", view.full_name.clone())
                .with("ViewDate", Dates::utc_with_milliseconds(view.at))
        };
        let log = Element::named("ViewLog").containing(views.iter().map(entry).collect());
        Ok(Element::success().with("error", "").containing(vec![log]).into())
    }
}

/// Lists the documents whose content a user was given, the earliest first. Others' logs are for administrators.
///
/// Downloads of whole archives are not among them. Of more than 10000 entries the last are listed.
#[derive(Request)]
#[op("GetUserViewLog", group = "Settings")]
pub(crate) struct GetUserViewLog {
    /// The user's login name.
    #[wire("userName")]
    login: Given,
}

impl Operation for GetUserViewLog {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let views = call.services.logs.views_by_user(&caller, &self.login.0).await?;
        let log = Element::named("viewlogs").containing(views.iter().map(entry).collect());
        Ok(Element::success().with("error", "").containing(vec![log]).into())
    }
}

fn entry(view: &UserViewing) -> Element {
    Element::named("viewlog")
        .with_number("DocumentId", &view.document)
        .with_number("UserId", &view.user)
        .with("UserFullname", view.full_name.clone())
        .with("DocumentName", view.name.clone())
        .with("VersionNumber", dotted(view.version))
        .with("ViewDate", Dates::utc_with_milliseconds(view.at))
        .with("DomainName", view.library_name.clone())
        .with("Path", view.folder_path.clone())
}
