//! Listings: what lies in a folder, and which versions a document has.

use super::details::versions_of;
use super::{Element, ListedDocument, ListedFolder, ListedVersion, ServerZone, SrvClient, SrvError};
use std::collections::HashSet;

/// An item of a listing.
#[derive(Clone, Debug)]
pub enum Listed {
    /// A folder.
    Folder(ListedFolder),
    /// A document.
    Document(Box<ListedDocument>),
}

impl Listed {
    fn key(&self) -> (bool, i64) {
        match self {
            Self::Folder(folder) => (true, folder.id),
            Self::Document(document) => (false, document.id),
        }
    }
}

/// Who belongs to a library, by name.
#[derive(Clone, Debug, Default)]
pub struct LibraryMembers {
    /// Login names of the users with an entry of their own.
    pub users: Vec<String>,
    /// Names of the global groups whose people are members.
    pub groups: Vec<String>,
    /// Login names of the managers.
    pub managers: Vec<String>,
}

/// The values of an attribute of the elements in a list.
fn named(answer: &Element, list: &str, attribute: &str) -> Vec<String> {
    let lists = answer.children_named(list);
    let names = lists.flat_map(|list| list.children.iter().map(|element| element.value(attribute)));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

impl SrvClient {
    /// `GetFoldersAndDocuments`: everything directly in a folder, with rules, access lists, owners and versions as far as the caller
    /// may see them. Items go to `each` as they come, folders first, each once.
    pub fn list(
        &self,
        folder: &str,
        zone: &ServerZone,
        each: &mut dyn FnMut(Listed),
    ) -> Result<(), SrvError> {
        let parameters = [
            ("Path", folder),
            ("withrules", "true"),
            ("withpropertysets", "false"),
            ("withsecurity", "true"),
            ("withOwner", "true"),
            ("withVersions", "true"),
        ];
        let mut given = HashSet::new();
        let mut unread = 0_u64;
        self.ask_each("GetFoldersAndDocuments", &parameters, &mut |element| {
            match read(&element, zone) {
                Some(item) if given.insert(item.key()) => each(item),
                Some(_) => {}
                None => unread += 1,
            }
            None
        })?;
        if unread > 0 {
            let problem = format!("{unread} items of {folder} have no id or no name");
            return Err(SrvError::malformed("GetFoldersAndDocuments", problem));
        }
        Ok(())
    }

    /// `GetFoldersAndDocumentsByPage`: one page of the short form, names and ids in the attributes of `f` and `d`. Pages count
    /// from 1; the attribute `itemcount` of the answer is the number of all items.
    pub fn page(&self, folder: &str, page: u64) -> Result<Element, SrvError> {
        let page = page.to_string();
        let parameters = [
            ("Path", folder),
            ("FolderFilter", ""),
            ("DocumentFilter", ""),
            ("PageNumber", &page),
        ];
        self.ask("GetFoldersAndDocumentsByPage", &parameters)
    }

    /// `GetFolder`: one folder with rules, access list and owner.
    pub fn folder(&self, folder: &str, zone: &ServerZone) -> Result<ListedFolder, SrvError> {
        let parameters = [
            ("Path", folder),
            ("WithRules", "true"),
            ("withPropertySets", "false"),
            ("withSecurity", "true"),
            ("withOwner", "true"),
        ];
        let answer = self.ask("GetFolder", &parameters)?;
        let found = answer
            .child("folder")
            .and_then(|element| ListedFolder::read(element, zone));
        found.ok_or_else(|| SrvError::malformed("GetFolder", "it holds no folder"))
    }

    /// `GetDomainMembers` and `GetManagers`: who belongs to a library.
    pub fn members(&self, library: &str) -> Result<LibraryMembers, SrvError> {
        let parameters = [("DomainName", library)];
        let members = self.ask("GetDomainMembers", &parameters)?;
        let managers = self.ask("GetManagers", &parameters)?;
        Ok(LibraryMembers {
            users: named(&members, "users", "UserName"),
            groups: named(&members, "usergroups", "GroupName"),
            managers: named(&managers, "users", "UserName"),
        })
    }

    /// `GetDocumentVersions`: the versions of a document that the caller may see, ascending.
    pub fn versions(&self, document: i64, zone: &ServerZone) -> Result<Vec<ListedVersion>, SrvError> {
        let path = format!("~D{document}");
        let answer = self.ask("GetDocumentVersions", &[("Path", &path)])?;
        Ok(versions_of(&answer, zone))
    }
}

fn read(element: &Element, zone: &ServerZone) -> Option<Listed> {
    if element.name.eq_ignore_ascii_case("folder") {
        ListedFolder::read(element, zone).map(Listed::Folder)
    } else if element.name.eq_ignore_ascii_case("document") {
        ListedDocument::read(element, zone).map(|document| Listed::Document(Box::new(document)))
    } else {
        None
    }
}
