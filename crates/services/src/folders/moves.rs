//! Putting items elsewhere: moving and copying, each in one transaction.

mod copying;
pub(super) mod destination;
mod moving;
pub(crate) mod settling;

pub use destination::Destination;

use crate::access::Standing;
use crate::house::House;
use crate::{Caller, Failure, Skip};
use holdall_catalog::Tx;
use holdall_model::{ItemRef, Timestamp};
use std::sync::Arc;

/// Where items lie.
#[derive(Clone, Debug)]
pub struct Moves {
    house: Arc<House>,
}

/// Who puts something elsewhere, and when.
#[derive(Clone, Copy)]
struct Errand<'a> {
    standing: &'a Standing,
    now: Timestamp,
}

impl Moves {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// Moves an item with all below it. Full control of it or of a folder above is needed, and the right to create where it
    /// goes; a name that is taken there is a conflict, and so is a lock that somebody else holds. Moved folders keep lists that
    /// were set on them or below, everything else inherits anew. What concerns the destination is
    /// [`Failure::Destination`]. Libraries are not moved.
    pub async fn move_item(
        &self,
        caller: &Caller,
        source: &ItemRef,
        destination: &Destination,
    ) -> Result<(), Failure> {
        let (source, destination, now) = (source.clone(), destination.clone(), self.house.clock.now());
        let go = move |tx: &mut Tx<'_>, standing: &Standing| {
            moving::move_item(tx, Errand { standing, now }, &source, &destination)
        };
        self.house.write_as(caller, go).await
    }

    /// Copies an item with all below it that the caller may read, in the version that readers get. The copy belongs to the
    /// caller and inherits its access list; content is shared, not copied. Gives the documents of a folder that were left out.
    /// The right to read the source is needed, and the right to create where the copy goes; a name that is taken there is a
    /// conflict. What concerns the destination is [`Failure::Destination`].
    pub async fn copy(
        &self,
        caller: &Caller,
        source: &ItemRef,
        destination: &Destination,
    ) -> Result<Vec<Skip>, Failure> {
        let (source, destination, now) = (source.clone(), destination.clone(), self.house.clock.now());
        let go = move |tx: &mut Tx<'_>, standing: &Standing| {
            copying::copy(tx, Errand { standing, now }, &source, &destination)
        };
        self.house.write_as(caller, go).await
    }
}
