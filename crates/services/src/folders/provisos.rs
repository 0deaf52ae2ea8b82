//! Changes that happen only if an item is what the caller believes it to be.

use super::Folders;
use super::parts::{Described, ItemIds, PartsWanted, described};
use super::resolve::{Item, resolve};
use crate::access::Standing;
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_model::ItemRef;

impl Folders {
    /// The caller, whose next change happens only if `holds` says so of the items, looked up in the transaction of that change;
    /// otherwise it is [`crate::Failure::Changed`]. What is not there or not seen is left out of what `holds` gets.
    pub fn provided(
        &self,
        caller: &Caller,
        (items, wanted): (ItemIds, PartsWanted),
        holds: impl Fn(&Described) -> bool + Send + Sync + 'static,
    ) -> Caller {
        caller.provided(move |tx: &mut Tx<'_>, standing: &Standing| {
            Ok(holds(&described(tx, standing, &items, wanted)?))
        })
    }

    /// As [`Self::provided`] for what a path or a short id points at then; nothing is described when it points at nothing.
    pub fn provided_at(
        &self,
        caller: &Caller,
        (item, wanted): (ItemRef, PartsWanted),
        holds: impl Fn(&Described) -> bool + Send + Sync + 'static,
    ) -> Caller {
        caller.provided(move |tx: &mut Tx<'_>, standing: &Standing| {
            let mut items = ItemIds::default();
            match resolve(tx, standing, &item) {
                Ok(Item::Folder(found)) => items.folders.push(found.place.row.id),
                Ok(Item::Document(found)) => items.documents.push(found.row.id),
                Err(Failure::NotFound(_)) => {}
                Err(other) => return Err(other),
            }
            Ok(holds(&described(tx, standing, &items, wanted)?))
        })
    }
}
