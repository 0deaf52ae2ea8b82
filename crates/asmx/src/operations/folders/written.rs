//! Listings as answers: short ones in one piece, long ones while they are read.

use crate::protocol::{Answer, Call, Element, Sink, Streamed, Trouble};
use crate::views::{self, Details};
use holdall_model::ItemRef;
use holdall_services::{Caller, Failure, FolderView, ItemIds, Lines, ListingRest, ListingWanted};

/// Lines in the first part of a listing: few, so that the answer begins at once.
const FIRST: u64 = 200;
/// Lines in each further part.
const PART: u64 = 1_000;
/// Items in each part of a listing in full, which take many times as much.
const FULL_PART: u64 = 100;

/// How the items of a listing are written.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// `<f>` and `<d>`, with `itemcount` at the root.
    Short,
    /// `<folder id name>` and `<document id name versionid>`.
    Named,
    /// Everything, with the parts that are wished.
    Full(Details),
}

/// A listing that is to be answered whole.
pub(super) struct Whole<'a> {
    pub(super) folder: &'a ItemRef,
    pub(super) wanted: ListingWanted,
    pub(super) form: Form,
}

/// What the short forms say of the folder itself.
pub(super) fn short_root(folder: &FolderView) -> Element {
    Element::success()
        .with("error", "")
        .with_number("folderid", &folder.id)
        .with_number("parentid", &folder.parent)
        .with("name", folder.name.clone())
        .with("path", views::backslashed(&folder.path))
}

impl Whole<'_> {
    /// The answer; `root` writes its first attributes.
    pub(super) async fn answer(
        self,
        call: &Call,
        caller: Caller,
        root: impl FnOnce(&FolderView) -> Element,
    ) -> Result<Answer, Trouble> {
        let writer = Writer {
            form: self.form,
            call: call.clone(),
            caller,
        };
        let folders = &call.services.folders;
        let most = FIRST.min(writer.part());
        let listing = folders
            .listing(&writer.caller, self.folder, self.wanted, most)
            .await?;
        let root = root(&listing.folder);
        let Some(rest) = listing.rest else {
            let root = match self.form {
                Form::Short => root.with_number("itemcount", &listing.first.count()),
                Form::Named | Form::Full(_) => root,
            };
            let items = writer.write(&listing.first).await?;
            return Ok(root.containing_written(items).into());
        };
        let streamed =
            Streamed::start(|sink| async move { writer.stream(&sink, &listing.first, rest).await });
        Ok(Answer::Streamed(root, streamed))
    }
}

/// Writes lines for one caller.
pub(super) struct Writer {
    pub(super) form: Form,
    pub(super) call: Call,
    pub(super) caller: Caller,
}

impl Writer {
    fn part(&self) -> u64 {
        match self.form {
            Form::Short | Form::Named => PART,
            Form::Full(_) => FULL_PART,
        }
    }

    /// The elements of some lines.
    pub(super) async fn write(&self, lines: &Lines) -> Result<Vec<u8>, Failure> {
        match self.form {
            Form::Short => Ok(views::short(lines, &self.call.dates)),
            Form::Named => Ok(views::named(lines)),
            Form::Full(details) => self.write_full(details, lines).await,
        }
    }

    async fn write_full(&self, details: Details, lines: &Lines) -> Result<Vec<u8>, Failure> {
        let items = ItemIds {
            folders: lines.folders.iter().map(|line| line.id).collect(),
            documents: lines.documents.iter().map(|line| line.id).collect(),
        };
        let folders = &self.call.services.folders;
        let described = folders.describe(&self.caller, items, details.wanted()).await?;
        let mut out = Vec::new();
        for view in &described.folders {
            let element = details.folder(view, &described.parts, &self.call.dates);
            element.write_to(&mut out);
        }
        for view in &described.documents {
            let element = details.document(view, &described.parts, &self.call.dates);
            element.write_to(&mut out);
        }
        Ok(out)
    }

    /// Sends the end of the root's start tag and all lines. Each part is read while the one before is written and sent.
    async fn stream(&self, sink: &Sink, first: &Lines, rest: ListingRest) -> Result<(), Trouble> {
        let mut reading = Some(tokio::spawn(rest.clone().next(self.part())));
        let mut piece = match self.form {
            Form::Short => format!(" itemcount=\"{}\">", rest.count().await?).into_bytes(),
            Form::Named | Form::Full(_) => b">".to_vec(),
        };
        piece.extend(self.write(first).await?);
        let mut is_read = sink.send(piece).await;
        while let Some(part) = reading.take().filter(|_| is_read) {
            let (lines, rest) = part.await.map_err(Failure::internal)??;
            reading = rest.map(|rest| tokio::spawn(rest.next(self.part())));
            is_read = sink.send(self.write(&lines).await?).await;
        }
        Ok(())
    }
}
