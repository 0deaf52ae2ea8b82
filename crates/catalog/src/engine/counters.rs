//! Numbers handed out once: ids, and the epoch of the access lists.

use crate::{CatalogError, Tx};

/// A source of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Users, from 100; the ones below are built in.
    Users,
    /// Groups, from 100; the ones below are built in.
    Groups,
    /// Libraries, from 1.
    Libraries,
    /// Access lists, from 1.
    Scopes,
    /// Folders, from 1.
    Folders,
    /// Documents, from 1.
    Documents,
    /// Blobs, from 1.
    Blobs,
    /// Packs, from 1.
    Packs,
    /// Signed links, from 1.
    Links,
    /// Chunked uploads, from 1.
    Uploads,
    /// Downloads, from 1.
    Downloads,
    /// Records of deletions, from 1.
    Deletions,
    /// Audit records, from 1.
    Audit,
    /// Notes of who viewed a document, from 1.
    Viewings,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Libraries => "libraries",
            Self::Scopes => "scopes",
            Self::Folders => "folders",
            Self::Documents => "documents",
            Self::Blobs => "blobs",
            Self::Packs => "packs",
            Self::Links => "links",
            Self::Uploads => "uploads",
            Self::Downloads => "downloads",
            Self::Deletions => "deletions",
            Self::Audit => "audit",
            Self::Viewings => "viewings",
        }
    }
}

const TAKE: &str = "UPDATE counters SET value = value + $1 WHERE name = $2 RETURNING value - $1";
const BUMP: &str = "UPDATE counters SET value = value + 1 WHERE name = 'authz_epoch' RETURNING value";
const EPOCH: &str = "SELECT value FROM counters WHERE name = 'authz_epoch'";

const PROBE: &str = "UPDATE counters SET value = value WHERE name = 'uploads'";

pub(crate) const STATEMENTS: &[&str] = &[TAKE, BUMP, EPOCH, PROBE];

impl Tx<'_> {
    /// The first of `count` ids in a row that nobody else gets. A rolled back transaction gives them back.
    pub fn next_ids(&mut self, counter: Counter, count: u64) -> Result<i64, CatalogError> {
        self.query_one(TAKE, &[count.into(), counter.name().into()], |row| row.integer(0))?
            .ok_or_else(|| CatalogError::inconsistent("a counter is missing"))
    }

    /// Writes what is there already, to see whether that works.
    pub fn probe(&mut self) -> Result<(), CatalogError> {
        self.execute(PROBE, &[]).map(|_one| ())
    }

    /// Declares every right computed so far outdated, once this transaction commits; gives the new epoch.
    pub fn bump_authz_epoch(&mut self) -> Result<i64, CatalogError> {
        let epoch = self.query_one(BUMP, &[], |row| row.integer(0))?;
        self.authz_epoch = epoch;
        epoch.ok_or_else(|| CatalogError::inconsistent("a counter is missing"))
    }

    /// The epoch of the access lists that this transaction sees.
    pub fn authz_epoch(&mut self) -> Result<i64, CatalogError> {
        self.query_one(EPOCH, &[], |row| row.integer(0))?
            .ok_or_else(|| CatalogError::inconsistent("a counter is missing"))
    }
}
