//! Putting documents and folders elsewhere (CONTRACT section 14).

use crate::protocol::{Answer, Call, Element, Operation, Trouble, reason};
use holdall_asmx_derive::Request;
use holdall_model::ItemRef;
use holdall_services::{Caller, Destination, Failure, Skip, Thing};

/// Moves a document or a folder with all below it. Full control of it is needed, and the right to create in the folder it goes
/// to. Moved folders keep access lists that were set on them or below; everything else inherits anew.
#[derive(Request)]
#[op("Move", group = "Tree")]
pub(crate) struct Move {
    /// What is moved: a path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("SourcePath")]
    source: ItemRef,
    /// Where it goes: a path that ends in the new name, or with a separator at its end the folder that it goes into under the
    /// name it has. `~F{id}` is such a folder too.
    #[wire("DestinationPath")]
    destination: ItemRef,
}

impl Operation for Move {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let destination = Destination::of(self.destination);
        call.services
            .moves
            .move_item(&caller, &self.source, &destination)
            .await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        match failure {
            Failure::NotFound(_) => Some("Source: Path not found."),
            _ => None,
        }
    }
}

/// Copies a document or a folder with all below it that the caller may read. The copy is of the current version, belongs to the
/// caller and inherits its access list. What could not be copied is listed, the rest is copied nevertheless.
#[derive(Request)]
#[op("Copy", group = "Tree", root = "root")]
pub(crate) struct Copy {
    /// What is copied: a path, `~D{id}` for a document, or `~F{id}` for a folder.
    #[wire("SourcePath")]
    source: ItemRef,
    /// Where the copy goes: a path that ends in its name, or with a separator at its end the folder that it goes into under the
    /// name of the source. `~F{id}` is such a folder too.
    #[wire("DestinationPath")]
    destination: ItemRef,
}

impl Operation for Copy {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let destination = Destination::of(self.destination);
        let copied = call
            .services
            .moves
            .copy(&caller, &self.source, &destination)
            .await;
        let skips = match copied {
            Err(failure @ (Failure::Denied | Failure::Offline)) => return Err(Trouble::Source(failure)),
            other => other?,
        };
        if skips.is_empty() {
            return Ok(Element::success().into());
        }
        let log = skips.iter().map(left_out).collect();
        Ok(Answer::Log(Element::failure("[log]").containing(log)))
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        match failure {
            Failure::NotFound(_) => Some("Source: Folder not found"),
            Failure::Destination(inner) => {
                matches!(**inner, Failure::NotFound(Thing::Folder)).then_some("Destination: Folder not found")
            }
            _ => None,
        }
    }
}

fn left_out(skip: &Skip) -> Element {
    Element::named("item")
        .with("path", skip.path.clone())
        .with("error", reason(skip.reason))
}
