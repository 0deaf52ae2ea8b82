//! What listings say of folders and documents, in types.

use super::{Element, ServerZone};
use jiff::Timestamp;

/// A folder in a listing.
#[derive(Clone, Debug)]
pub struct ListedFolder {
    /// Its id there.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The owner's login name.
    pub owner: String,
    /// The access list in force, where the caller may see it.
    pub access: Option<AccessList>,
    /// The folder's rules by name, as they are spelt.
    pub rules: Vec<(String, String)>,
}

/// A document in a listing.
#[derive(Clone, Debug)]
pub struct ListedDocument {
    /// Its id there, for `~D{id}`.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// How to update it.
    pub update_instructions: String,
    /// Who wrote it.
    pub author: String,
    /// The language it is in.
    pub language: String,
    /// Where it comes from.
    pub source: String,
    /// When the content was made.
    pub created: Option<Timestamp>,
    /// When the content was last modified.
    pub modified: Option<Timestamp>,
    /// When the first version was uploaded.
    pub registered: Option<Timestamp>,
    /// Who uploaded the first version, by login name.
    pub registered_by: String,
    /// The owner's login name.
    pub owner: String,
    /// Who has it checked out, by login name; empty when nobody does.
    pub checked_out_by: String,
    /// The description of its type, for example `PDF Document`.
    pub kind: String,
    /// The number of the published version; zero when none is.
    pub published_version: i64,
    /// How many versions there are, when the listing says so.
    pub version_count: Option<u64>,
    /// The id of the document it stands for, when it is a shortcut.
    pub target: Option<i64>,
    /// The access list in force, where the caller may see it.
    pub access: Option<AccessList>,
    /// The versions the caller may see, ascending; empty when the listing leaves them out.
    pub versions: Vec<ListedVersion>,
}

/// A version of a document.
#[derive(Clone, Debug)]
pub struct ListedVersion {
    /// Its number.
    pub number: i64,
    /// Who uploaded it, by login name.
    pub author: String,
    /// What was said about it.
    pub comment: String,
    /// When it was uploaded.
    pub created: Option<Timestamp>,
    /// When it was published; `None` when it never was.
    pub published: Option<Timestamp>,
    /// Its length in bytes.
    pub raw_len: Option<u64>,
    /// Its CRC32, where the server tells one.
    pub crc32: Option<u32>,
}

/// An access list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessList {
    /// Whether a folder above has it.
    pub inherited: bool,
    /// Who set it, by login name.
    pub applied_by: String,
    /// When it was set.
    pub applied: Option<Timestamp>,
    /// What it grants.
    pub entries: Vec<AccessEntry>,
}

/// An entry of an access list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessEntry {
    /// Whom it is for.
    pub who: AccessTarget,
    /// The right, 0 to 6.
    pub right: i64,
}

/// Whom an entry of an access list is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AccessTarget {
    /// Everybody, in anonymous libraries.
    Anonymous,
    /// The members of the library.
    Members,
    /// A group; the library is empty for a global one.
    Group {
        /// The library of a local group.
        library: String,
        /// The group's name.
        name: String,
    },
    /// A user by login name.
    User {
        /// The login name.
        login: String,
    },
}

impl ListedFolder {
    /// Reads a `folder` element; `None` without id or name.
    pub fn read(element: &Element, zone: &ServerZone) -> Option<Self> {
        let rules = element.child("Rules").into_iter();
        let rules = rules.flat_map(|rules| rules.children_named("Rule"));
        Some(Self {
            id: element.value("FolderID").parse().ok()?,
            name: name_of(element)?,
            description: element.value("Description").to_owned(),
            created: zone.read(element.value("CreationDate")),
            owner: owner_of(element),
            access: element
                .child("AccessList")
                .map(|list| AccessList::read(list, zone)),
            rules: rules
                .map(|rule| (rule.value("Name").to_owned(), rule.value("Value").to_owned()))
                .collect(),
        })
    }
}

impl ListedDocument {
    /// Reads a `document` element; `None` without id or name.
    pub fn read(element: &Element, zone: &ServerZone) -> Option<Self> {
        let text = |name: &str| element.value(name).to_owned();
        let date = |name: &str| zone.read(element.value(name));
        let is_shortcut = element.value("IsShortcut").eq_ignore_ascii_case("true");
        let target = element.value("TargetDocumentId").parse().unwrap_or(0);
        Some(Self {
            id: element.value("DocumentID").parse().ok()?,
            name: name_of(element)?,
            description: text("Description"),
            update_instructions: text("UpdateInstructions"),
            author: text("Author"),
            language: text("Language"),
            source: text("Source"),
            created: date("CreationDate"),
            modified: date("ModificationDate"),
            registered: date("RegisterDate"),
            registered_by: text("RegisteredBy"),
            owner: owner_of(element),
            checked_out_by: text("CheckoutByUserName"),
            kind: text("Type"),
            published_version: element.value("PublishedVersionNumber").parse().unwrap_or(0),
            version_count: element.value("VersionCount").parse().ok(),
            target: is_shortcut.then_some(target),
            access: element
                .child("AccessList")
                .map(|list| AccessList::read(list, zone)),
            versions: versions_of(element, zone),
        })
    }
}

/// The `Version` elements in the `Versions` of an element, ascending.
pub(super) fn versions_of(element: &Element, zone: &ServerZone) -> Vec<ListedVersion> {
    let lists = element.children_named("Versions");
    let versions = lists.flat_map(|list| list.children_named("Version"));
    let mut versions: Vec<ListedVersion> = versions
        .filter_map(|version| ListedVersion::read(version, zone))
        .collect();
    versions.sort_by_key(|version| version.number);
    versions
}

impl ListedVersion {
    fn read(element: &Element, zone: &ServerZone) -> Option<Self> {
        Some(Self {
            number: element.value("Number").parse().ok()?,
            author: element.child_text("VersionAuthor").to_owned(),
            comment: element
                .child("Comment")
                .map_or_else(String::new, |comment| comment.text.clone()),
            created: zone.read(element.child_text("DateCreated")),
            published: zone.read(element.child_text("DatePublished")),
            raw_len: element.child_text("VersionSize").parse().ok(),
            crc32: read_crc32(element.child_text("CheckSum")),
        })
    }
}

impl AccessList {
    fn read(element: &Element, zone: &ServerZone) -> Self {
        Self {
            inherited: element.value("InheritedSecurity").eq_ignore_ascii_case("true"),
            applied_by: element.value("AppliedBy").to_owned(),
            applied: zone.read(element.value("DateApplied")),
            entries: element.children.iter().filter_map(AccessEntry::read).collect(),
        }
    }
}

impl AccessEntry {
    fn read(element: &Element) -> Option<Self> {
        // Older servers say `Domain`, and `*` for all of them.
        let library = element
            .attribute("DomainName")
            .or_else(|| element.attribute("Domain"))
            .filter(|library| *library != "*")
            .unwrap_or_default();
        let name = element.name.to_ascii_lowercase();
        let who = match name.as_str() {
            "anonymous" => AccessTarget::Anonymous,
            "domainmembers" => AccessTarget::Members,
            "usergroup" => AccessTarget::Group {
                library: library.to_owned(),
                name: element.value("GroupName").to_owned(),
            },
            "user" => AccessTarget::User {
                login: element.value("UserName").to_owned(),
            },
            _ => return None,
        };
        let right = element.value("Right").parse().ok()?;
        Some(Self { who, right })
    }
}

/// A CRC32 in hexadecimal digits, of which leading zeros may be missing.
pub(super) fn read_crc32(text: &str) -> Option<u32> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= 8)
        .then(|| u32::from_str_radix(text, 16).ok())
        .flatten()
}

fn name_of(element: &Element) -> Option<String> {
    element
        .attribute("Name")
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

/// The login name in the `User` child; the attribute is the full name on older servers.
fn owner_of(element: &Element) -> String {
    let user = element.child("User").map(|user| user.value("UserName"));
    user.filter(|login| !login.is_empty())
        .unwrap_or_else(|| element.value("OwnerName"))
        .to_owned()
}
