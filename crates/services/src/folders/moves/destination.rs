//! Where something goes.

use crate::access::{self, Standing};
use crate::folders::MAX_DEPTH;
use crate::folders::resolve::{FolderAt, Place, resolve_folder};
use crate::folders::rules::{FolderRules, Rule};
use crate::{Failure, Thing};
use holdall_catalog::{Tx, folders};
use holdall_model::{FolderId, ItemPath, ItemRef, Right, clean_name};

/// Where something should go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Into this folder, under the name it has.
    Into(ItemRef),
    /// To this path, whose last segment is the new name.
    As(ItemPath),
}

impl Destination {
    /// A short id and a path that ends in a separator name the folder to go into; any other path ends in the new name.
    pub fn of(item: ItemRef) -> Self {
        match item {
            ItemRef::Path(path) if !path.ends_with_separator() => Self::As(path),
            folder => Self::Into(folder),
        }
    }
}

/// A folder that the caller may create in, and the name that something gets there.
#[derive(Debug)]
pub(in crate::folders) struct Goal {
    pub(in crate::folders) place: Place,
    pub(in crate::folders) name: String,
}

/// Says that the destination is to blame.
pub(in crate::folders) fn there(failure: Failure) -> Failure {
    Failure::Destination(Box::new(failure))
}

impl Goal {
    /// Looks the destination up for something called `name` so far.
    pub(in crate::folders) fn find(
        tx: &mut Tx<'_>,
        standing: &Standing,
        destination: &Destination,
        name: &str,
    ) -> Result<Self, Failure> {
        let (folder, name) = look_up(tx, standing, destination, name).map_err(there)?;
        access::require(folder.right, Right::Add).map_err(there)?;
        Ok(Self {
            place: folder.place,
            name,
        })
    }

    /// The full path that the thing will have.
    pub(in crate::folders) fn path(&self) -> String {
        self.place.path_of(&self.name)
    }

    /// Fails when the rules of the folder do not take the document, which `comes` from elsewhere or is there already.
    pub(in crate::folders) fn admit_document(&self, comes: bool) -> Result<(), Failure> {
        let rules = FolderRules::of(&self.place.row);
        if comes {
            rules.require(Rule::NewDocuments).map_err(there)?;
        }
        rules.require_name(&self.name).map_err(there)
    }

    /// Fails when the rules of the folder do not take a folder that `comes` from elsewhere.
    pub(in crate::folders) fn admit_folder(&self, comes: bool) -> Result<(), Failure> {
        if comes {
            FolderRules::of(&self.place.row)
                .require(Rule::NewFolders)
                .map_err(there)?;
        }
        Ok(())
    }

    /// Fails when a tree of `depth` folders that begins with `root` cannot go here: into itself, or too deep.
    pub(in crate::folders) fn admit_tree(
        &self,
        tx: &mut Tx<'_>,
        root: FolderId,
        depth: u64,
    ) -> Result<(), Failure> {
        let above = folders::chain(tx, self.place.row.id)?;
        if above.iter().any(|folder| folder.id == root) {
            return Err(Failure::invalid("destination", "a folder cannot go into itself"));
        }
        let depth = usize::try_from(depth).map_err(Failure::internal)?;
        if above.len().saturating_add(depth) > MAX_DEPTH {
            return Err(Failure::invalid(
                "destination",
                format!("more than {MAX_DEPTH} folders one in the other"),
            ));
        }
        Ok(())
    }
}

fn look_up(
    tx: &mut Tx<'_>,
    standing: &Standing,
    destination: &Destination,
    name: &str,
) -> Result<(FolderAt, String), Failure> {
    match destination {
        Destination::Into(folder) => Ok((resolve_folder(tx, standing, folder)?, name.to_owned())),
        Destination::As(path) => {
            let (parents, last) = path.split_last().ok_or(Failure::NotFound(Thing::Folder))?;
            let folder = resolve_folder(tx, standing, &ItemRef::Path(parents))?;
            let name = clean_name(last).map_err(|problem| Failure::invalid("destination", problem))?;
            Ok((folder, name))
        }
    }
}
