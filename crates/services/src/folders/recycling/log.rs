//! The log of what was deleted (CONTRACT section 16).

use super::{BinItem, DeletionAction};
use crate::access::Standing;
use crate::documents::logs::{MOST_ENTRIES, require_auditor};
use crate::folders::views::Names;
use crate::{Caller, Failure, LogPeriod, Logs};
use holdall_catalog::deletions::{self, Deletion, DeletionsWanted, PathWanted};
use holdall_catalog::{Tx, libraries};
use holdall_model::{ItemPath, LibraryId, Timestamp, UserId, name_key};

/// Something that happened to a deleted item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionView {
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: DeletionAction,
    /// To which item.
    pub item: BinItem,
    /// The name it had.
    pub name: String,
    /// The full path it had, with a leading `/`.
    pub path: String,
    /// The library it belonged to.
    pub library: LibraryId,
    /// What that library was called then.
    pub library_name: String,
    /// Who did it.
    pub user: UserId,
    /// That user's first and last name, or the login name; empty when the account is gone.
    pub full_name: String,
}

impl Logs {
    /// What was deleted, left to the system's bin, purged and restored during a period, the latest first, at most 10,000.
    ///
    /// `filter` is empty for all, or a path that items had: theirs, or that of the folder they lay in; with a `*` behind it
    /// everything whose path begins like that. For administrators, and below a library for its managers.
    pub async fn deletions(
        &self,
        caller: &Caller,
        period: LogPeriod,
        filter: &str,
    ) -> Result<Vec<DeletionView>, Failure> {
        let filter = filter.trim().to_owned();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let wanted = wanted(tx, standing, period, &filter)?;
            let found = deletions::latest(tx, &wanted)?;
            let names = Names::of(tx, found.iter().map(|entry| entry.user))?;
            Ok(found.into_iter().map(|entry| view(entry, &names)).collect())
        };
        self.house.read_as(caller, list).await
    }
}

fn wanted(
    tx: &mut Tx<'_>,
    standing: &Standing,
    period: LogPeriod,
    filter: &str,
) -> Result<DeletionsWanted, Failure> {
    let (stem, is_open) = match filter.strip_suffix('*') {
        Some(stem) => (stem, true),
        None => (filter, filter.is_empty()),
    };
    let path = ItemPath::parse(stem);
    require_auditor(tx, standing, &path, is_open)?;
    // Another library may have had that name before; its log is not for the managers of this one.
    let library = match path.segments().first() {
        Some(first) if !standing.is_administrator() => {
            libraries::by_name(tx, &name_key(first))?.map(|library| library.id)
        }
        _ => None,
    };
    Ok(DeletionsWanted {
        from: period.from.unwrap_or(Timestamp(i64::MIN)),
        until: period.until.unwrap_or(Timestamp(i64::MAX)),
        library,
        path: if is_open {
            PathWanted::Beginning(path)
        } else {
            PathWanted::At(path)
        },
        most: MOST_ENTRIES,
    })
}

fn view(entry: Deletion, names: &Names) -> DeletionView {
    let path = ItemPath::parse(&entry.path);
    DeletionView {
        at: entry.at,
        action: entry.action,
        item: BinItem::of(entry.item),
        name: entry.name,
        library: entry.library,
        library_name: path.segments().first().cloned().unwrap_or_default(),
        path: entry.path,
        user: entry.user,
        full_name: names.called(entry.user),
    }
}
