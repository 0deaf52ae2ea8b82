//! The way through a tree, gone piece by piece: each piece in a snapshot of its own, so that memory holds the tree's folders and
//! never its documents.

use super::{Branch, branches};
use crate::access::Standing;
use crate::folders::Folders;
use crate::folders::listing::Sight;
use crate::folders::resolve::resolve_folder;
use crate::house::House;
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_catalog::trees::{self, TreeDocument};
use holdall_model::{DocumentId, FolderId, ItemRef, Timestamp, name_key};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Documents that one piece of a catalog has at most.
const PIECE: u64 = 1_000;
/// Folders whose documents are read together.
const MOST_FOLDERS: usize = 1_000;

/// A step on the way through a tree: into a folder, through the folders in it, over its documents, and out again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeStep {
    /// A folder begins.
    Enter {
        /// Its id.
        id: FolderId,
        /// Its name.
        name: String,
    },
    /// A document of the innermost folder.
    Document {
        /// Its id.
        id: DocumentId,
        /// Its name.
        name: String,
        /// When the content was last modified.
        modified: Timestamp,
        /// The length in bytes of the content that readers get.
        raw_len: u64,
        /// The CRC32 of that content.
        crc32: u32,
    },
    /// The innermost folder ends.
    Leave,
}

/// A way through a tree that was not gone yet. Its folders are those of the moment when it was made.
#[derive(Debug)]
pub struct TreeWalk {
    house: Arc<House>,
    caller: Caller,
    top: FolderId,
    ahead: VecDeque<Ahead>,
}

#[derive(Debug)]
enum Ahead {
    Enter(FolderId, String),
    /// The documents of a folder, behind a name key; how many there are counts for the size of pieces only.
    Fill(FolderId, String, u64),
    Leave,
}

impl Folders {
    /// The way through everything below a folder.
    pub async fn walk(&self, caller: &Caller, item: &ItemRef) -> Result<TreeWalk, Failure> {
        let item = item.clone();
        let plan = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &item)?.place;
            let branches = branches(tx, standing, &place)?;
            let ids: Vec<FolderId> = branches.iter().map(|branch| branch.id).collect();
            let counts = trees::counts(tx, &ids)?;
            Ok((place.row.id, way(branches, &counts)))
        };
        let (top, ahead) = self.house.read_as(caller, plan).await?;
        Ok(TreeWalk {
            house: Arc::clone(&self.house),
            caller: caller.clone(),
            top,
            ahead,
        })
    }
}

impl TreeWalk {
    /// The next steps and the way behind them; `None` when it ends. A folder at the top that the caller no longer sees is not found.
    pub async fn next(mut self) -> Result<(Vec<TreeStep>, Option<Self>), Failure> {
        let top = ItemRef::Folder(self.top);
        let mut ahead = std::mem::take(&mut self.ahead);
        let go = move |tx: &mut Tx<'_>, standing: &Standing| {
            let place = resolve_folder(tx, standing, &top)?.place;
            let mut sight = Sight::new(standing, place.row.library, false);
            let steps = go(tx, &mut sight, &mut ahead)?;
            Ok((steps, ahead))
        };
        let (steps, ahead) = self.house.read_as(&self.caller, go).await?;
        let rest = (!ahead.is_empty()).then_some(Self { ahead, ..self });
        Ok((steps, rest))
    }
}

/// The way through the tree, the top first.
fn way(mut branches: Vec<Branch>, counts: &HashMap<FolderId, u64>) -> VecDeque<Ahead> {
    enum Task {
        Enter(usize),
        Leave(FolderId),
    }
    let mut way = VecDeque::with_capacity(branches.len().saturating_mul(3));
    let mut tasks = vec![Task::Enter(0)];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Enter(number) => {
                let Some(branch) = branches.get_mut(number) else {
                    continue;
                };
                way.push_back(Ahead::Enter(branch.id, std::mem::take(&mut branch.name)));
                tasks.push(Task::Leave(branch.id));
                tasks.extend(branch.below.iter().rev().copied().map(Task::Enter));
            }
            Task::Leave(id) => {
                if let Some(count) = counts.get(&id) {
                    way.push_back(Ahead::Fill(id, String::new(), *count));
                }
                way.push_back(Ahead::Leave);
            }
        }
    }
    way
}

/// Goes some steps; what is left stays ahead.
fn go(tx: &mut Tx<'_>, sight: &mut Sight<'_>, ahead: &mut VecDeque<Ahead>) -> Result<Vec<TreeStep>, Failure> {
    let mut documents = read(tx, sight, ahead)?;
    let mut steps = Vec::new();
    while let Some(next) = ahead.pop_front() {
        match next {
            Ahead::Enter(id, name) => steps.push(TreeStep::Enter { id, name }),
            Ahead::Leave => steps.push(TreeStep::Leave),
            Ahead::Fill(id, after, count) => {
                let Some(found) = documents.remove(&id) else {
                    ahead.push_front(Ahead::Fill(id, after, count));
                    break;
                };
                steps.extend(found.seen.into_iter().map(step));
                if let Some(last) = found.last.filter(|_| found.is_full) {
                    ahead.push_front(Ahead::Fill(id, last, count));
                    break;
                }
            }
        }
    }
    Ok(steps)
}

/// The documents of one folder that were read.
#[derive(Default)]
struct Found {
    seen: Vec<TreeDocument>,
    last: Option<String>,
    /// Whether there may be more.
    is_full: bool,
}

/// Reads the documents of the next folders together, as many as a piece may have, or a part of those of one large folder.
fn read(
    tx: &mut Tx<'_>,
    sight: &mut Sight<'_>,
    ahead: &VecDeque<Ahead>,
) -> Result<HashMap<FolderId, Found>, Failure> {
    let mut fills = ahead.iter().filter_map(|ahead| match ahead {
        Ahead::Fill(id, after, count) => Some((*id, after.as_str(), *count)),
        Ahead::Enter(..) | Ahead::Leave => None,
    });
    let Some((first, after, mut total)) = fills.next() else {
        return Ok(HashMap::new());
    };
    let mut folders = vec![first];
    if total < PIECE && after.is_empty() {
        let more = fills.take(MOST_FOLDERS - 1).take_while(|(.., count)| {
            total = total.saturating_add(*count);
            total < PIECE
        });
        folders.extend(more.map(|(id, ..)| id));
    }
    let rows = trees::documents(tx, &folders, (after, PIECE))?;
    // What came in since the folders were counted may fill a piece: its last folder then goes on with the next one, and those
    // behind it were not reached.
    let is_full = rows.len() >= usize::try_from(PIECE).unwrap_or(usize::MAX);
    let last = rows.last().map(|row| (row.folder, name_key(&row.name)));
    let mut found: HashMap<FolderId, Found> = HashMap::new();
    if is_full && let Some((reached, _)) = &last {
        folders.retain(|folder| folder <= reached);
    }
    found.extend(folders.into_iter().map(|folder| (folder, Found::default())));
    for row in sight.only_seen(tx, rows, |row| (row.scope, row.owner))? {
        found.entry(row.folder).or_default().seen.push(row);
    }
    if let Some((folder, key)) = last {
        let of_last = found.entry(folder).or_default();
        (of_last.last, of_last.is_full) = (Some(key), is_full);
    }
    Ok(found)
}

fn step(document: TreeDocument) -> TreeStep {
    TreeStep::Document {
        id: document.id,
        name: document.name,
        modified: document.modified,
        raw_len: document.raw_len,
        crc32: document.crc32,
    }
}
