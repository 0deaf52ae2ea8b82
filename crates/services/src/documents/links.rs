//! Documents that stand for something else: shortcuts to other documents.

use super::store::{DocumentOptions, Storing, new_row, taken};
use super::{Documents, rows};
use crate::access::{self, Standing};
use crate::folders::resolve::{follow_shortcut, resolve_document, resolve_folder};
use crate::{Caller, Conflict, Failure, FolderRules, Rule, Thing};
use holdall_catalog::Tx;
use holdall_catalog::documents::{Content, DocumentRow};
use holdall_model::{
    DocumentId, DocumentKind, ItemPath, ItemRef, Right, VersionNumber, clean_name, name_key,
};

/// What a shortcut's name ends in.
const ENDING: &str = ".lnk";

impl Documents {
    /// Makes a shortcut at `path` to a document that the caller may see; a shortcut to a shortcut stands for the same document.
    /// Its name ends in `.lnk`. The right to create in the folder is needed, which must exist.
    ///
    /// A shortcut stays when its target is deleted: what follows it then finds nothing, until the target is restored.
    pub async fn create_shortcut(
        &self,
        caller: &Caller,
        path: &ItemPath,
        target: &ItemRef,
    ) -> Result<DocumentId, Failure> {
        let (parents, name) = path.split_last().ok_or(Failure::Required { field: "path" })?;
        let name = clean_name(name).map_err(|problem| Failure::invalid("name", problem))?;
        if !name_key(&name).ends_with(ENDING) {
            return Err(Failure::invalid(
                "extension",
                "the name of a shortcut ends in .lnk",
            ));
        }
        let target = target.clone();
        let storing = Storing {
            user: caller.user(),
            now: self.house.clock.now(),
        };
        let create = move |tx: &mut Tx<'_>, standing: &Standing| {
            let folder = resolve_folder(tx, standing, &ItemRef::Path(parents))?;
            let target = resolve_document(tx, standing, &target)?;
            let target = follow_shortcut(tx, standing, target)?.row.id;
            access::require(folder.right, Right::Add)?;
            let row = folder.place.row;
            FolderRules::of(&row).require(Rule::NewDocuments)?;
            if rows::by_name(tx, row.id, &name_key(&name))?.is_some() {
                return Err(Failure::Conflict(Conflict::Exists(Thing::Document)));
            }
            let id = rows::next_ids(tx, 1)?;
            let options = DocumentOptions::default();
            let shortcut = DocumentRow {
                kind: DocumentKind::Shortcut,
                target: Some(target),
                latest_version: VersionNumber(0),
                published_version: VersionNumber(0),
                version_count: 0,
                ..new_row(id, (&row, name), Content::NONE, (&options, storing))
            };
            rows::insert(tx, &[shortcut]).map_err(|error| taken(error, Thing::Document))?;
            Ok(id)
        };
        self.house.write_as(caller, create).await
    }
}
