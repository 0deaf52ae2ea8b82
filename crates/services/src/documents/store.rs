//! Recording stored content as a document or as the next version of one.

use super::record::record_contents;
use super::require_unlocked;
use crate::access::{self, Standing};
use crate::folders::resolve::{FolderAt, facts_of_document, resolve_content, resolve_folder};
use crate::{Conflict, Failure, FolderRules, Rule, Thing};
use holdall_blobs::StoredBlob;
use holdall_catalog::documents::{self, Content, DocumentNotes, DocumentRow};
use holdall_catalog::folders::FolderRow;
use holdall_catalog::versions::{self, NewVersion};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::{
    DocumentId, DocumentKind, ItemPath, ItemRef, Right, Timestamp, UserId, VersionNumber, clean_name,
    name_key,
};

/// What is said about a document when it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentOptions {
    /// Free text; `None` keeps what an earlier version said.
    pub description: Option<String>,
    /// Search words, separated by commas; `None` keeps what an earlier version said.
    pub keywords: Option<String>,
    /// What the author says about this version.
    pub version_comment: String,
    /// The version's number, above all before it; `None` is the next major version.
    pub number: Option<VersionNumber>,
    /// When the content was made; `None` is now, or what an earlier version said.
    pub created: Option<Timestamp>,
    /// When the content was last modified; `None` is now.
    pub modified: Option<Timestamp>,
    /// Whether the caller holds the lock afterwards; otherwise nobody does.
    pub keep_lock: bool,
    /// Whether readers get this version at once.
    pub publish: bool,
    /// Whether a document of that name is a conflict instead of getting a version.
    pub must_be_new: bool,
    /// What the content is. A web address takes the place of web addresses only, and leaves the caller's lock.
    pub kind: DocumentKind,
}

/// The longest description, list of search words and comment, in bytes.
pub(super) const MAX_TEXT_LEN: usize = 65_536;

impl DocumentOptions {
    /// Whether a web address would take the place of something else.
    fn is_misplaced(&self, row: &DocumentRow) -> bool {
        self.kind == DocumentKind::WebAddress && row.kind != DocumentKind::WebAddress
    }

    /// Whether `user` holds the lock after the next version of `row`.
    fn locks(&self, row: &DocumentRow, user: UserId) -> bool {
        let stays = self.kind == DocumentKind::WebAddress && row.locked_by == Some(user);
        self.keep_lock || stays
    }

    /// Fails when a text is too long to keep.
    fn check_lengths(&self) -> Result<(), Failure> {
        let texts = [
            ("description", self.description.as_deref().unwrap_or_default()),
            ("keywords", self.keywords.as_deref().unwrap_or_default()),
            ("version_comment", &self.version_comment),
        ];
        match texts.iter().find(|(_, text)| text.len() > MAX_TEXT_LEN) {
            Some((field, _)) => Err(Failure::invalid(
                field,
                format!("longer than {MAX_TEXT_LEN} bytes"),
            )),
            None => Ok(()),
        }
    }
}

impl Default for DocumentOptions {
    fn default() -> Self {
        Self {
            description: None,
            keywords: None,
            version_comment: String::new(),
            number: None,
            created: None,
            modified: None,
            keep_lock: false,
            publish: true,
            must_be_new: false,
            kind: DocumentKind::File,
        }
    }
}

/// A version that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The document.
    pub document: DocumentId,
    /// The version's number.
    pub version: VersionNumber,
}

/// Who stores, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Storing {
    pub(crate) user: UserId,
    pub(crate) now: Timestamp,
}

/// Where a document is to be stored.
#[derive(Debug)]
pub(crate) struct Target {
    folder: FolderAt,
    name: String,
    existing: Option<(DocumentRow, Right)>,
}

/// Looks the folder and the document of that name up. The folder must exist and be visible. A shortcut stands for its target.
pub(crate) fn resolve_target(
    tx: &mut Tx<'_>,
    standing: &Standing,
    target: &ItemPath,
) -> Result<Target, Failure> {
    let (parents, name) = target.split_last().ok_or(Failure::Required { field: "path" })?;
    resolve_target_in(tx, standing, (&ItemRef::Path(parents), name))
}

/// As [`resolve_target`], by folder and name.
pub(crate) fn resolve_target_in(
    tx: &mut Tx<'_>,
    standing: &Standing,
    (folder, name): (&ItemRef, &str),
) -> Result<Target, Failure> {
    let name = clean_name(name).map_err(|problem| Failure::invalid("name", problem))?;
    let folder = resolve_folder(tx, standing, folder)?;
    let existing = match documents::by_name(tx, folder.place.row.id, &name_key(&name))? {
        Some(row) if row.target.is_some() => {
            let found = resolve_content(tx, standing, &ItemRef::Document(row.id))?;
            return Ok(Target {
                folder: FolderAt {
                    place: found.place,
                    right: folder.right,
                },
                name: found.row.name.clone(),
                existing: Some((found.row, found.right)),
            });
        }
        Some(row) => {
            let right = standing.document_right(tx, &facts_of_document(&row))?;
            Some((row, right))
        }
        None => None,
    };
    Ok(Target {
        folder,
        name,
        existing,
    })
}

impl Target {
    /// Fails when storing here would, as far as that can be told before the content is there.
    pub(crate) fn check(&self, user: UserId, options: &DocumentOptions) -> Result<(), Failure> {
        options.check_lengths()?;
        match &self.existing {
            None => {
                access::require(self.folder.right, Right::Add)?;
                self.require_rules(Rule::NewDocuments, options)
            }
            Some(_) if options.must_be_new => Err(Failure::Conflict(Conflict::Exists(Thing::Document))),
            Some((row, right)) => {
                access::require(*right, Right::Change)?;
                require_unlocked(row, user)?;
                self.require_rules(Rule::Checkins, options)?;
                if options.is_misplaced(row) {
                    return Err(Failure::Conflict(Conflict::Exists(Thing::Document)));
                }
                next_version(row, options).map(|_number| ())
            }
        }
    }

    /// What the folder's rules say of storing here.
    fn require_rules(&self, storing: Rule, options: &DocumentOptions) -> Result<(), Failure> {
        let rules = FolderRules::of(&self.folder.place.row);
        require_storable(&rules, storing, (&self.name, options))
    }
}

/// Fails unless a folder's rules allow storing a document of that name, and locking it if that is wished.
pub(crate) fn require_storable(
    rules: &FolderRules,
    storing: Rule,
    (name, options): (&str, &DocumentOptions),
) -> Result<(), Failure> {
    rules.require(storing)?;
    rules.require_name(name)?;
    if options.keep_lock {
        rules.require(Rule::Checkouts)?;
    }
    Ok(())
}

/// Records content as the document at `target` or its next version.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    storing: Storing,
    target: Target,
    (blob, options): (&StoredBlob, &DocumentOptions),
) -> Result<Stored, Failure> {
    target.check(storing.user, options)?;
    let content = record_contents(tx, std::slice::from_ref(blob), storing.now)?;
    let content = content
        .into_iter()
        .next()
        .ok_or(Failure::NotFound(Thing::Version))?;
    let row = if let Some((row, _)) = target.existing {
        let row = with_version(row, content, options, storing)?;
        documents::replace(tx, std::slice::from_ref(&row))?;
        row
    } else {
        let id = documents::next_ids(tx, 1)?;
        let row = new_row(
            id,
            (&target.folder.place.row, target.name),
            content,
            (options, storing),
        );
        documents::insert(tx, std::slice::from_ref(&row)).map_err(|error| taken(error, Thing::Document))?;
        row
    };
    versions::insert(tx, &[version_of(&row, &content, options, storing)], storing.now)?;
    Ok(Stored {
        document: row.id,
        version: row.latest_version,
    })
}

/// A unique name that was taken meanwhile is a conflict, no defect.
pub(crate) fn taken(error: CatalogError, thing: Thing) -> Failure {
    match error {
        CatalogError::Conflict => Failure::Conflict(Conflict::Exists(thing)),
        other => other.into(),
    }
}

/// The number of the next version: the one asked for, which must be above all others, or the next major one.
pub(crate) fn next_version(row: &DocumentRow, options: &DocumentOptions) -> Result<VersionNumber, Failure> {
    if let Some(number) = options.number {
        let above = number > row.latest_version;
        return above.then_some(number).ok_or_else(|| {
            let (asked, latest) = (number.dotted(), row.latest_version.dotted());
            Failure::invalid(
                "version",
                format!("{asked} is not above the latest version, {latest}"),
            )
        });
    }
    let most = || {
        Failure::invalid(
            "version",
            format!("a document has at most {} versions", VersionNumber::MAX_MAJOR),
        )
    };
    row.latest_version.next_major().ok_or_else(most)
}

/// The row of a document that begins with `content`.
pub(crate) fn new_row(
    id: DocumentId,
    (folder, name): (&FolderRow, String),
    content: Content,
    (options, storing): (&DocumentOptions, Storing),
) -> DocumentRow {
    let Storing { user, now } = storing;
    let number = options.number.unwrap_or(VersionNumber::FIRST);
    DocumentRow {
        id,
        folder: folder.id,
        name,
        library: folder.library,
        scope: folder.scope,
        own_list: false,
        list_applied_by: UserId(0),
        list_applied: Timestamp(0),
        owner: user,
        content,
        quarantined: false,
        kind: options.kind,
        target: None,
        latest_version: number,
        published_version: if options.publish { number } else { VersionNumber(0) },
        version_count: 1,
        created: options.created.unwrap_or(now),
        modified: options.modified.unwrap_or(now),
        registered_by: user,
        registered: now,
        locked_by: options.keep_lock.then_some(user),
        locked: if options.keep_lock { now } else { Timestamp(0) },
        description: options.description.clone().unwrap_or_default(),
        keywords: options.keywords.clone().unwrap_or_default(),
        withdrawn: false,
        notes: DocumentNotes {
            described: described(options, storing),
            ..DocumentNotes::default()
        },
    }
}

/// The row of a document after its next version. Readers get it when it is published or when no version ever was.
pub(crate) fn with_version(
    row: DocumentRow,
    content: Content,
    options: &DocumentOptions,
    storing: Storing,
) -> Result<DocumentRow, Failure> {
    let Storing { user, now } = storing;
    let number = next_version(&row, options)?;
    let served = options.publish || row.published_version.0 == 0;
    let locks = options.locks(&row, user);
    Ok(DocumentRow {
        kind: options.kind,
        content: if served { content } else { row.content },
        quarantined: !served && row.quarantined,
        latest_version: number,
        published_version: if options.publish {
            number
        } else {
            row.published_version
        },
        version_count: row.version_count + 1,
        created: options.created.unwrap_or(row.created),
        modified: options.modified.unwrap_or(now),
        locked_by: locks.then_some(user),
        locked: if locks { now } else { Timestamp(0) },
        description: options.description.clone().unwrap_or(row.description),
        keywords: options.keywords.clone().unwrap_or(row.keywords),
        withdrawn: row.withdrawn && !options.publish,
        notes: DocumentNotes {
            described: described(options, storing).or(row.notes.described),
            ..row.notes
        },
        ..row
    })
}

/// Who writes the description, when there is one.
fn described(options: &DocumentOptions, storing: Storing) -> Option<(UserId, Timestamp)> {
    let is_given = options
        .description
        .as_deref()
        .is_some_and(|text| !text.is_empty());
    is_given.then_some((storing.user, storing.now))
}

/// The newest version of `row`, which holds `content`.
pub(crate) fn version_of(
    row: &DocumentRow,
    content: &Content,
    options: &DocumentOptions,
    storing: Storing,
) -> NewVersion {
    NewVersion {
        document: row.id,
        number: row.latest_version,
        blob: content.blob,
        author: storing.user,
        comment: options.version_comment.clone(),
        published: options.publish,
    }
}
