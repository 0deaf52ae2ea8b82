//! Which items of one folder the caller sees. A right is computed once for each list, not for each item.

use super::ListingWanted;
use crate::Failure;
use crate::access::{ItemFacts, Standing};
use holdall_catalog::Tx;
use holdall_catalog::folders::FolderRow;
use holdall_catalog::listed::{self, Kind, Span};
use holdall_model::{LibraryId, ScopeId, UserId};
use std::collections::HashMap;

/// An owner whom nobody is: other people's items.
const SOMEBODY: UserId = UserId(0);

/// What one caller sees in one library.
pub(crate) struct Sight<'s> {
    standing: &'s Standing,
    library: LibraryId,
    /// Whether what may be listed but not read is left out.
    readable_only: bool,
    rulings: HashMap<(ScopeId, bool), bool>,
    last: Option<((ScopeId, bool), bool)>,
}

impl<'s> Sight<'s> {
    pub(crate) fn new(standing: &'s Standing, library: LibraryId, readable_only: bool) -> Self {
        Self {
            standing,
            library,
            readable_only,
            rulings: HashMap::new(),
            last: None,
        }
    }

    /// Whether an item under that list, with that owner, is seen.
    pub(crate) fn sees(&mut self, tx: &mut Tx<'_>, scope: ScopeId, owner: UserId) -> Result<bool, Failure> {
        let own = owner == self.standing.user();
        let ground = (scope, own);
        if let Some((_, ruling)) = self.last.filter(|(last, _)| *last == ground) {
            return Ok(ruling);
        }
        let ruling = match self.rulings.get(&ground) {
            Some(ruling) => *ruling,
            None => self.rule(tx, scope, if own { owner } else { SOMEBODY })?,
        };
        self.rulings.insert(ground, ruling);
        self.last = Some((ground, ruling));
        Ok(ruling)
    }

    fn rule(&self, tx: &mut Tx<'_>, scope: ScopeId, owner: UserId) -> Result<bool, Failure> {
        let facts = ItemFacts {
            library: self.library,
            scope,
            owner,
        };
        let right = self.standing.folder_right(tx, &facts)?;
        Ok(right.lists() && (!self.readable_only || right.reads()))
    }

    /// Those of the rows that are seen; `facts` gives list and owner of one.
    pub(crate) fn only_seen<T>(
        &mut self,
        tx: &mut Tx<'_>,
        rows: Vec<T>,
        facts: impl Fn(&T) -> (ScopeId, UserId),
    ) -> Result<Vec<T>, Failure> {
        let mut seen = Vec::with_capacity(rows.len());
        for row in rows {
            let (scope, owner) = facts(&row);
            if self.sees(tx, scope, owner)? {
                seen.push(row);
            }
        }
        Ok(seen)
    }
}

/// How many items of a kind match and are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) count: u64,
    /// Whether none of those that match is hidden.
    pub(super) all: bool,
}

/// Counts the items of a kind in `folder` that are wanted and seen.
pub(super) fn count(
    tx: &mut Tx<'_>,
    sight: &mut Sight<'_>,
    (folder, kind): (&FolderRow, Kind),
    wanted: &ListingWanted,
) -> Result<Seen, Failure> {
    let Some(filter) = wanted.filter(kind) else {
        return Ok(Seen { count: 0, all: true });
    };
    let span = Span {
        folder: folder.id,
        patterns: &filter.patterns,
        after: "",
        offset: 0,
        most: 0,
    };
    let tally = listed::tally(tx, kind, span, folder.scope)?;
    if tally.under_other_lists == 0 && sight.sees(tx, folder.scope, SOMEBODY)? {
        let count = tally.all;
        return Ok(Seen { count, all: true });
    }
    let user = sight.standing.user();
    let mut seen = Seen { count: 0, all: true };
    for ground in listed::grounds(tx, kind, span, user)? {
        let owner = if ground.own { user } else { SOMEBODY };
        if sight.sees(tx, ground.scope, owner)? {
            seen.count += ground.count;
        } else {
            seen.all = false;
        }
    }
    Ok(seen)
}
