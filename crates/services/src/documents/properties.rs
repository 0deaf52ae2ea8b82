//! What is said about a document.

use super::store::{MAX_TEXT_LEN, taken};
use super::{Documents, require_unlocked};
use crate::access::{self, Standing};
use crate::folders::resolve::{DocumentAt, resolve_document};
use crate::{Caller, Failure, FolderRules, Thing};
use holdall_catalog::Tx;
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::documents::{self, DocumentNotes, DocumentRow};
use holdall_model::{ItemRef, Right, Timestamp, clean_name, name_key};

/// The longest author, language and source, in bytes.
const MAX_WORDS_LEN: usize = 1_024;

/// New texts for some of a document's properties; `None` leaves one as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewProperties {
    /// The name, which is the last segment of the path. An empty one leaves it as it is.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// How to update the document.
    pub update_instructions: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// The language it is in.
    pub language: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
}

impl NewProperties {
    /// Fails when a text is too long to keep.
    fn check_lengths(&self) -> Result<(), Failure> {
        let texts = [
            ("description", &self.description, MAX_TEXT_LEN),
            ("update_instructions", &self.update_instructions, MAX_TEXT_LEN),
            ("source", &self.source, MAX_WORDS_LEN),
            ("language", &self.language, MAX_WORDS_LEN),
            ("author", &self.author, MAX_WORDS_LEN),
        ];
        let too_long = texts
            .into_iter()
            .find(|(_, text, most)| text.as_ref().is_some_and(|text| text.len() > *most));
        match too_long {
            Some((field, _, most)) => Err(Failure::invalid(field, format!("longer than {most} bytes"))),
            None => Ok(()),
        }
    }
}

impl Documents {
    /// Changes what is said about a document, its name included. The right to change is needed, and nobody else may hold the
    /// lock.
    pub async fn change_properties(
        &self,
        caller: &Caller,
        item: &ItemRef,
        properties: NewProperties,
    ) -> Result<(), Failure> {
        properties.check_lengths()?;
        let (item, now) = (item.clone(), self.house.clock.now());
        let change = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_document(tx, standing, &item)?;
            access::require(found.right, Right::Change)?;
            require_unlocked(&found.row, standing.user())?;
            let row = changed(&found, properties, (standing, now))?;
            if row.name != found.row.name {
                note_name(tx, (standing, now), &found, &row.name)?;
            }
            documents::replace(tx, &[row]).map_err(|error| taken(error, Thing::Document))
        };
        self.house.write_as(caller, change).await
    }
}

fn changed(
    found: &DocumentAt,
    properties: NewProperties,
    (standing, now): (&Standing, Timestamp),
) -> Result<DocumentRow, Failure> {
    let row = found.row.clone();
    let described = match &properties.description {
        Some(text) if *text != row.description => Some((standing.user(), now)),
        _ => row.notes.described,
    };
    let notes = DocumentNotes {
        update_instructions: properties
            .update_instructions
            .unwrap_or(row.notes.update_instructions),
        author: properties.author.unwrap_or(row.notes.author),
        language: properties.language.unwrap_or(row.notes.language),
        source: properties.source.unwrap_or(row.notes.source),
        described,
    };
    Ok(DocumentRow {
        name: new_name(found, properties.name)?,
        description: properties.description.unwrap_or(row.description),
        notes,
        ..row
    })
}

/// The cleaned name; one with another extension must be allowed in the folder.
fn new_name(found: &DocumentAt, name: Option<String>) -> Result<String, Failure> {
    let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
        return Ok(found.row.name.clone());
    };
    let name = clean_name(&name).map_err(|problem| Failure::invalid("name", problem))?;
    if name_key(&name) != name_key(&found.row.name) {
        FolderRules::of(&found.place.row).require_name(&name)?;
    }
    Ok(name)
}

fn note_name(
    tx: &mut Tx<'_>,
    (standing, at): (&Standing, Timestamp),
    found: &DocumentAt,
    name: &str,
) -> Result<(), Failure> {
    let deed = Deed {
        at,
        user: standing.user(),
        action: "document renamed",
        subject: &found.path(),
        detail: name,
    };
    Ok(audit::record(tx, deed)?)
}
