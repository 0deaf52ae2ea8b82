//! What a listing says, in the words of the house.

use super::Migration;
use holdall_client::srv::{AccessList, AccessTarget, ListedDocument, ListedFolder};
use holdall_model::{
    Clock as _, DocumentId, DocumentKind, FolderId, Right, SystemClock, Timestamp, UserId, VersionNumber,
};
use holdall_services::{BroughtDocument, BroughtFolder, BroughtList, Grant, Grantee, Rule, RulesChange};
use std::sync::Arc;

/// How listings name the type of a web address.
const WEB_ADDRESS: &str = "Internet Shortcut";
/// A major version in numbers.
const MAJOR: i64 = 1_000_000;

impl Migration<'_> {
    /// The account of that login name here, or whoever imports, which is noted.
    pub(super) fn account(&self, login: &str, role: &str) -> UserId {
        self.ground.accounts.user(login).unwrap_or_else(|| {
            let name = if login.is_empty() { "(nobody)" } else { login };
            self.findings.lack(format!(
                "{role} {name} has no account here: {} stands in",
                self.owner.login()
            ));
            self.owner.user()
        })
    }

    /// An item's own list; `None` when it inherits. Where the listing does not tell, the list lets nobody in: an item that was closed
    /// there must not be open here.
    pub(super) fn list(&self, list: Option<&AccessList>, for_document: bool) -> Option<Arc<BroughtList>> {
        let Some(list) = list else {
            self.findings.lack(
                "an access list is not shown to this account: only owner and managers get in here".to_owned(),
            );
            let by = (self.owner.user(), SystemClock.now());
            let (closed, _) = self.ground.accounts.list(Vec::new(), by, for_document);
            return Some(Arc::new(closed));
        };
        if list.inherited {
            return None;
        }
        let grants = list.entries.iter().map(|entry| Grant {
            who: grantee(&entry.who),
            right: Right::clamped(entry.right),
        });
        let applied = instant(list.applied).unwrap_or_else(|| SystemClock.now());
        let by = self.ground.accounts.user(&list.applied_by);
        let by = (by.unwrap_or_else(|| self.owner.user()), applied);
        let (list, lacking) = self.ground.accounts.list(grants.collect(), by, for_document);
        for who in lacking {
            self.findings.lack(match who {
                Grantee::Group {
                    library: Some(library),
                    name,
                } => format!("access lists name the group {name} of {library}, which is not here"),
                Grantee::Group { name, .. } => {
                    format!("access lists name the group {name}, which is not here")
                }
                Grantee::User { login, .. } => format!("access lists name {login}, who has no account here"),
                Grantee::Anonymous | Grantee::Members => continue,
            });
        }
        Some(Arc::new(list))
    }

    pub(super) fn folder(&self, parent: FolderId, listed: &ListedFolder) -> BroughtFolder {
        BroughtFolder {
            parent,
            name: listed.name.clone(),
            description: listed.description.clone(),
            created: instant(listed.created).unwrap_or_else(|| SystemClock.now()),
            owner: self.account(&listed.owner, "owner"),
            list: self.list(listed.access.as_ref(), false),
            rules: rules(&listed.rules),
        }
    }

    pub(super) fn document(
        &self,
        (folder, name, existing): (FolderId, String, Option<DocumentId>),
        listed: &ListedDocument,
    ) -> BroughtDocument {
        let first = listed.versions.first().and_then(|version| version.created);
        let registered = instant(listed.registered.or(first)).unwrap_or_else(|| SystemClock.now());
        BroughtDocument {
            key: listed.id,
            folder,
            existing,
            name,
            kind: if listed.kind == WEB_ADDRESS {
                DocumentKind::WebAddress
            } else {
                DocumentKind::File
            },
            owner: self.account(&listed.owner, "owner"),
            created: instant(listed.created).unwrap_or(registered),
            modified: instant(listed.modified).unwrap_or(registered),
            registered: (self.account(&listed.registered_by, "author"), registered),
            description: listed.description.clone(),
            update_instructions: listed.update_instructions.clone(),
            author: listed.author.clone(),
            language: listed.language.clone(),
            source: listed.source.clone(),
            published: VersionNumber(published(listed)),
            withdrawn: listed.published_version == 0,
            list: self.list(listed.access.as_ref(), true),
        }
    }
}

/// The number of the version that readers get: the one that counts as published, else the one that was published last. Some servers
/// write 3 for 3.0.0 in the former, though not in the list of versions.
fn published(listed: &ListedDocument) -> i64 {
    let said = listed.published_version;
    let spellings = [said, said.saturating_mul(MAJOR)];
    let mut numbers = listed.versions.iter().map(|version| version.number);
    if let Some(number) = numbers.find(|number| spellings.contains(number)) {
        return number;
    }
    let published = listed
        .versions
        .iter()
        .filter(|version| version.published.is_some());
    published
        .max_by_key(|version| (version.published, version.number))
        .map_or(0, |version| version.number)
}

pub(super) fn instant(instant: Option<jiff::Timestamp>) -> Option<Timestamp> {
    instant.map(|instant| Timestamp(instant.as_millisecond()))
}

fn grantee(who: &AccessTarget) -> Grantee {
    let named = |library: &String| Some(library.clone()).filter(|library| !library.is_empty());
    match who {
        AccessTarget::Anonymous => Grantee::Anonymous,
        AccessTarget::Members => Grantee::Members,
        AccessTarget::Group { library, name } => Grantee::Group {
            library: named(library),
            name: name.clone(),
        },
        AccessTarget::User { login } => Grantee::User {
            library: None,
            login: login.clone(),
        },
    }
}

fn rules(listed: &[(String, String)]) -> RulesChange {
    let mut change = RulesChange::default();
    for (name, value) in listed {
        let rule = match name.to_ascii_lowercase().as_str() {
            "allowablefiletypes" => {
                change.file_types = Some(value.split(',').map(str::to_owned).collect());
                continue;
            }
            "checkins" => Rule::Checkins,
            "checkouts" => Rule::Checkouts,
            "documentdeletes" => Rule::DocumentDeletes,
            "folderdeletes" => Rule::FolderDeletes,
            "newdocuments" => Rule::NewDocuments,
            "newfolders" => Rule::NewFolders,
            "classifieddocuments" => Rule::ClassifiedDocuments,
            _ => continue,
        };
        change.allows.push((rule, value.eq_ignore_ascii_case("allows")));
    }
    change
}

#[cfg(test)]
mod tests {
    use super::rules;
    use holdall_services::Rule;

    #[test]
    fn rules_are_read_as_listings_spell_them() {
        let listed = [
            ("AllowableFileTypes", "PDF,.docx"),
            ("Checkins", "disallows"),
            ("NewFolders", "allows"),
            ("RetentionPeriod", "7"),
        ];
        let listed: Vec<(String, String)> = listed
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let change = rules(&listed);
        assert_eq!(change.allows, [(Rule::Checkins, false), (Rule::NewFolders, true)]);
        assert_eq!(change.file_types.unwrap(), ["PDF", ".docx"]);
    }
}
