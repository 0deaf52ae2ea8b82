//! What is said about a document.

use crate::protocol::{Answer, Call, DocumentRef, Element, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, NewProperties};

/// Changes a document's name, description and update instructions. What is not given stays as it is.
#[derive(Request)]
#[op("UpdateDocumentProperties", group = "Documents")]
pub(crate) struct UpdateDocumentProperties {
    /// The document: a path or `~D{id}`.
    #[wire("path")]
    document: DocumentRef,
    /// The new name, which is the last segment of the document's path. An empty one leaves the name as it is.
    #[wire("newDocumentName")]
    name: Option<String>,
    /// The new description, at most 65536 bytes.
    #[wire("newDescription")]
    description: Option<String>,
    /// The new instructions on updating the document, at most 65536 bytes.
    #[wire("newUpdateInstructions")]
    update_instructions: Option<String>,
}

impl Operation for UpdateDocumentProperties {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let properties = NewProperties {
            name: self.name,
            description: self.description,
            update_instructions: self.update_instructions,
            ..NewProperties::default()
        };
        change(&self.document, &caller, call, properties).await
    }
}

/// Changes a document's name, description, update instructions, source, language and author. What is not given stays as it is.
#[derive(Request)]
#[op("UpdateDocumentProperties1", group = "Documents")]
pub(crate) struct UpdateDocumentProperties1 {
    /// The document: a path or `~D{id}`.
    #[wire("path")]
    document: DocumentRef,
    /// The new name, which is the last segment of the document's path. An empty one leaves the name as it is.
    #[wire("newDocumentName")]
    name: Option<String>,
    /// The new description, at most 65536 bytes.
    #[wire("newDescription")]
    description: Option<String>,
    /// The new instructions on updating the document, at most 65536 bytes.
    #[wire("newUpdateInstructions")]
    update_instructions: Option<String>,
    /// Where the document comes from, at most 1024 bytes.
    #[wire("newDocumentSource")]
    source: Option<String>,
    /// The language it is in, at most 1024 bytes.
    #[wire("newDocumentLanguage")]
    language: Option<String>,
    /// Who wrote it, at most 1024 bytes.
    #[wire("newDocumentAuthor")]
    author: Option<String>,
}

impl Operation for UpdateDocumentProperties1 {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let properties = NewProperties {
            name: self.name,
            description: self.description,
            update_instructions: self.update_instructions,
            source: self.source,
            language: self.language,
            author: self.author,
        };
        change(&self.document, &caller, call, properties).await
    }
}

async fn change(
    document: &DocumentRef,
    caller: &Caller,
    call: &Call,
    properties: NewProperties,
) -> Result<Answer, Trouble> {
    call.services
        .documents
        .change_properties(caller, &document.0, properties)
        .await?;
    Ok(Element::success().with("error", "").into())
}
