//! Which version readers get (CONTRACT section 5).

use super::versions::{note, serving};
use super::{Documents, require_unlocked};
use crate::access::{self, Standing};
use crate::folders::resolve::{DocumentAt, resolve_content};
use crate::{Caller, Failure, Thing};
use holdall_catalog::documents::{self, DocumentRow};
use holdall_catalog::{Tx, versions};
use holdall_model::{ItemRef, Right, UserId, VersionNumber};

impl Documents {
    /// Lets readers get a version, without a number the newest. The right to change is needed, by the owner, a manager of the
    /// library or the author of one of the versions, and nobody else may hold the lock.
    pub async fn publish(
        &self,
        caller: &Caller,
        item: &ItemRef,
        number: Option<VersionNumber>,
    ) -> Result<(), Failure> {
        let item = item.clone();
        let now = self.house.clock.now();
        let publish = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_publishable(tx, standing, &item)?;
            let number = number.unwrap_or(found.row.latest_version);
            let version = versions::version(tx, found.row.id, number)?;
            let version = version.ok_or(Failure::NotFound(Thing::Version))?;
            let row = DocumentRow {
                published_version: number,
                withdrawn: false,
                ..found.row.clone()
            };
            versions::set_published(tx, row.id, number, now)?;
            let row = serving(tx, row, &version)?;
            documents::replace(tx, &[row])?;
            note(
                tx,
                standing,
                (now, &found),
                ("version published", &number.to_string()),
            )
        };
        self.house.write_as(caller, publish).await
    }

    /// Lets no version count as published. Readers keep what they get until a version is published: a draft is never shown to
    /// them by this. For those who may publish; a document without a published version stays as it is.
    pub async fn unpublish(&self, caller: &Caller, item: &ItemRef) -> Result<(), Failure> {
        let item = item.clone();
        let now = self.house.clock.now();
        let withdraw = move |tx: &mut Tx<'_>, standing: &Standing| {
            let found = resolve_publishable(tx, standing, &item)?;
            let Some(number) = found.row.published() else {
                return Ok(());
            };
            let row = DocumentRow {
                withdrawn: true,
                ..found.row.clone()
            };
            documents::replace(tx, &[row])?;
            note(
                tx,
                standing,
                (now, &found),
                ("version unpublished", &number.to_string()),
            )
        };
        self.house.write_as(caller, withdraw).await
    }
}

fn resolve_publishable(tx: &mut Tx<'_>, standing: &Standing, item: &ItemRef) -> Result<DocumentAt, Failure> {
    let found = resolve_content(tx, standing, item)?;
    access::require(found.right, Right::Change)?;
    let (row, user) = (&found.row, standing.user());
    let is_publisher = row.owner == user
        || standing.manages(row.library)
        || user == UserId::BUILT_IN_ADMINISTRATOR
        || versions::has_author(tx, row.id, user)?;
    if !is_publisher {
        return Err(Failure::PublishersOnly);
    }
    require_unlocked(row, user)?;
    Ok(found)
}
