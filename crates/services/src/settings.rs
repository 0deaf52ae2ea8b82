//! What administrators set while the house runs (CONTRACT section 15).

mod deeds;
mod fields;
mod hours;
mod statistics;

pub use hours::{Holiday, WorkHours};
pub use statistics::Statistics;

use crate::access::Standing;
use crate::house::House;
use crate::people::require_administrator;
use crate::{Caller, Failure};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::settings as rows;
use holdall_catalog::{CatalogError, Tx};
use std::sync::Arc;

/// What administrators set. The defaults are those of a new house.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct GeneralSettings {
    /// The longest document in bytes, 1 MiB to 1 PiB; 1 TiB.
    pub document_max_len: u64,
    /// How many seconds an upload may take, 1 to 86,400; 900. Kept for clients that ask.
    pub upload_timeout_seconds: u64,
    /// How long chunks should be in bytes when a client has no wish, 262,144 to 33,554,432; 262,144.
    pub upload_chunk_len: u64,
    /// Whether archives may be staged; yes.
    pub staging_enabled: bool,
    /// The most raw bytes in an archive; zero, the default, is unlimited.
    pub staging_max_len: u64,
    /// The most documents in an archive; zero, the default, is unlimited.
    pub staging_max_count: u64,
    /// Results a page, 1 to 1,000; 20.
    pub search_page_size: u64,
    /// After how many months the system's recycle bin is purged, 0 to 36; zero, the default, is never.
    pub recycled_purge_months: u64,
    /// After how many days a user's recycle bin moves to the system's, 0 to 3,650; zero, the default, is never.
    pub recycled_move_days: u64,
    /// Whether owners may give items away; no.
    pub allow_ownership_transfer: bool,
    /// Kept for clients that ask; no.
    pub web_dav: bool,
    /// Kept for clients that ask; yes.
    pub display_add_ins: bool,
    /// The first year that date fields offer, 1 to 9,999; 1900. Kept for clients that ask.
    pub first_year_offered: u64,
    /// Kept for clients that ask; no.
    pub reroute_redirections: bool,
    /// Kept for clients that ask; yes. Nothing is ever sent.
    pub send_diagnostics: bool,
    /// When people work, Monday first; `None` is a day off. Monday to Friday from 8:00 to 17:00.
    pub work_week: [Option<WorkHours>; 7],
    /// Days off besides; none.
    pub holidays: Vec<Holiday>,
}

impl Default for GeneralSettings {
    fn default() -> Self {
        let (work, off) = (Some(WorkHours::default()), None);
        Self {
            document_max_len: 1 << 40,
            upload_timeout_seconds: 900,
            upload_chunk_len: 262_144,
            staging_enabled: true,
            staging_max_len: 0,
            staging_max_count: 0,
            search_page_size: 20,
            recycled_purge_months: 0,
            recycled_move_days: 0,
            allow_ownership_transfer: false,
            web_dav: false,
            display_add_ins: true,
            first_year_offered: 1900,
            reroute_redirections: false,
            send_diagnostics: true,
            work_week: [work, work, work, work, work, off, off],
            holidays: Vec::new(),
        }
    }
}

/// The settings of the house.
#[derive(Clone, Debug)]
pub struct Settings {
    house: Arc<House>,
}

impl Settings {
    pub(crate) fn new(house: Arc<House>) -> Self {
        Self { house }
    }

    /// The settings in force, for any user.
    pub async fn general(&self, _caller: &Caller) -> Result<GeneralSettings, Failure> {
        self.house.catalog.read(current).await.map_err(Failure::from)
    }

    /// The caller, whose next change happens only if `holds` says so of the settings, looked up in the transaction of that change;
    /// otherwise it is [`Failure::Changed`].
    pub fn provided(
        &self,
        caller: &Caller,
        holds: impl Fn(&GeneralSettings) -> bool + Send + Sync + 'static,
    ) -> Caller {
        caller.provided(move |tx: &mut Tx<'_>, _standing: &Standing| Ok(holds(&current(tx)?)))
    }

    /// Replaces all settings. For administrators; a value out of its bounds is [`Failure::Invalid`] and names them.
    pub async fn set_general(&self, caller: &Caller, settings: GeneralSettings) -> Result<(), Failure> {
        let at = self.house.clock.now();
        let set = move |tx: &mut Tx<'_>, standing: &Standing| {
            require_administrator(standing)?;
            fields::check(&settings)?;
            rows::replace(tx, &fields::texts(&settings))?;
            let deed = Deed {
                at,
                user: standing.user(),
                action: "settings replaced",
                subject: "",
                detail: "",
            };
            audit::record(tx, deed)?;
            Ok(())
        };
        self.house.write_as(caller, set).await
    }
}

/// The settings in force.
pub(crate) fn current(tx: &mut Tx<'_>) -> Result<GeneralSettings, CatalogError> {
    fields::read(&rows::all(tx)?)
}
