//! Versions that came in, over many documents.

use super::{Logs, MOST_ENTRIES};
use crate::access::Standing;
use crate::folders::paths::Paths;
use crate::folders::resolve::{Place, follow};
use crate::folders::views::Names;
use crate::{Caller, Failure, Thing};
use holdall_catalog::checkins::{self, CheckIn, CheckInPeriod, CheckInScope};
use holdall_catalog::folders::NO_PARENT;
use holdall_catalog::{Tx, documents, folders, libraries};
use holdall_model::{DocumentId, FolderId, ItemPath, LibraryId, Timestamp, UserId, VersionNumber, name_key};

/// From when to when; `None` has no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogPeriod {
    /// The first instant that counts.
    pub from: Option<Timestamp>,
    /// The last instant that counts.
    pub until: Option<Timestamp>,
}

/// A version that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckInView {
    /// The document.
    pub document: DocumentId,
    /// Its present name.
    pub name: String,
    /// Its present full path, with a leading `/`.
    pub path: String,
    /// Its library.
    pub library: LibraryId,
    /// That library's name.
    pub library_name: String,
    /// The version.
    pub version: VersionNumber,
    /// Who stored it.
    pub user: UserId,
    /// That user's first and last name, or the login name; empty when the account is gone.
    pub full_name: String,
    /// When.
    pub at: Timestamp,
}

impl Logs {
    /// The versions that came in during a period, the latest first, at most 10,000. What lies in a recycle bin is left out.
    ///
    /// `filter` is empty for all, or a path: of a document, or of a folder for the documents directly in it; with a `*` behind it
    /// everything whose path begins like that. For administrators, and below a library for its managers.
    pub async fn check_ins(
        &self,
        caller: &Caller,
        period: LogPeriod,
        filter: &str,
    ) -> Result<Vec<CheckInView>, Failure> {
        let filter = filter.trim().to_owned();
        let period = CheckInPeriod {
            from: period.from.unwrap_or(Timestamp(i64::MIN)),
            until: period.until.unwrap_or(Timestamp(i64::MAX)),
            most: MOST_ENTRIES,
        };
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let scope = scope_of(tx, standing, &filter)?;
            let found = checkins::latest(tx, &scope, period)?;
            describe(tx, found)
        };
        self.house.read_as(caller, list).await
    }
}

fn describe(tx: &mut Tx<'_>, found: Vec<CheckIn>) -> Result<Vec<CheckInView>, Failure> {
    let around: Vec<FolderId> = found.iter().map(|entry| entry.folder).collect();
    let paths = Paths::above(tx, &around)?;
    let names = Names::of(tx, found.iter().map(|entry| entry.author))?;
    let views = found.into_iter().filter_map(|entry| {
        let around = paths.of(entry.folder)?;
        Some(CheckInView {
            document: entry.document,
            path: format!("{}/{}", around.path, entry.name),
            name: entry.name,
            library: entry.library,
            library_name: around.library_name,
            version: entry.number,
            user: entry.author,
            full_name: names.called(entry.author),
            at: entry.at,
        })
    });
    Ok(views.collect())
}

/// Which documents a filter means, for who may look at the log of those.
fn scope_of(tx: &mut Tx<'_>, standing: &Standing, filter: &str) -> Result<CheckInScope, Failure> {
    let (stem, is_open) = match filter.strip_suffix('*') {
        Some(stem) => (stem, true),
        None => (filter, false),
    };
    let path = ItemPath::parse(stem);
    require_auditor(tx, standing, &path, is_open)?;
    match path.split_last() {
        None => Ok(CheckInScope::All),
        Some(_) if path.ends_with_separator() || !is_open => {
            let (place, followed) = follow(tx, path.segments())?;
            exact(tx, &path, (place, followed), is_open)
        }
        Some((parents, prefix)) => {
            let (place, followed) = follow(tx, parents.segments())?;
            if followed < parents.segments().len() {
                return Err(Failure::NotFound(Thing::Item));
            }
            let parent = place.map_or(NO_PARENT, |place| place.row.id);
            beginning_with(tx, parent, prefix)
        }
    }
}

/// Administrators may look at everything, managers at what is below the library that the path names.
pub(crate) fn require_auditor(
    tx: &mut Tx<'_>,
    standing: &Standing,
    path: &ItemPath,
    is_open: bool,
) -> Result<(), Failure> {
    if standing.is_administrator() {
        return Ok(());
    }
    let (first, rest) = path.segments().split_first().ok_or(Failure::Denied)?;
    let is_named = !rest.is_empty() || path.ends_with_separator() || !is_open;
    let library = libraries::by_name(tx, &name_key(first))?;
    let is_managed = library.is_some_and(|library| standing.manages(library.id));
    if is_named && is_managed {
        Ok(())
    } else {
        Err(Failure::Denied)
    }
}

/// The document of a path, else the folder, `is_tree` with all below it.
fn exact(
    tx: &mut Tx<'_>,
    path: &ItemPath,
    (place, followed): (Option<Place>, usize),
    is_tree: bool,
) -> Result<CheckInScope, Failure> {
    let missing = path.segments().get(followed..).unwrap_or_default();
    let place = place.ok_or(Failure::NotFound(Thing::Item))?;
    match missing {
        [] if is_tree => Ok(chosen(Vec::new(), Vec::new(), vec![place.row.id])),
        [] => Ok(chosen(Vec::new(), vec![place.row.id], Vec::new())),
        [name] => {
            let document = documents::by_name(tx, place.row.id, &name_key(name))?;
            let document = document.ok_or(Failure::NotFound(Thing::Item))?;
            Ok(chosen(vec![document.id], Vec::new(), Vec::new()))
        }
        _ => Err(Failure::NotFound(Thing::Item)),
    }
}

/// The documents in a folder whose names begin with `prefix`, and all below the folders whose names do.
fn beginning_with(tx: &mut Tx<'_>, parent: FolderId, prefix: &str) -> Result<CheckInScope, Failure> {
    let prefix = name_key(prefix);
    let matches = |name: &str| name_key(name).starts_with(&prefix);
    let documents = documents::in_folder(tx, parent)?;
    let documents = documents
        .iter()
        .filter(|row| matches(&row.name))
        .map(|row| row.id);
    let documents: Vec<DocumentId> = documents.collect();
    let trees = folders::children(tx, parent)?;
    let trees = trees.iter().filter(|row| matches(&row.name)).map(|row| row.id);
    let trees: Vec<FolderId> = trees.collect();
    if documents.is_empty() && trees.is_empty() {
        return Err(Failure::NotFound(Thing::Item));
    }
    Ok(chosen(documents, Vec::new(), trees))
}

fn chosen(documents: Vec<DocumentId>, folders: Vec<FolderId>, trees: Vec<FolderId>) -> CheckInScope {
    CheckInScope::Chosen {
        documents,
        folders,
        trees,
    }
}
