//! The parameters by which callers wish optional parts. The documentation spells them in several ways, and generated clients
//! hold to that.

use super::Details;
use crate::protocol::Wish;
use holdall_asmx_derive::Parameters;

/// For lists of folders and documents.
#[derive(Parameters)]
pub(crate) struct ItemWishes {
    /// Whether folders come with their rules.
    #[wire("withrules")]
    rules: Wish,
    /// Whether items come with their property sets.
    #[wire("withpropertysets")]
    property_sets: Wish,
    /// Whether items come with their access lists, where the caller may read them.
    #[wire("withsecurity")]
    security: Wish,
    /// Whether items come with their owners.
    #[wire("withOwner")]
    owner: Wish,
    /// Whether documents come with their versions.
    #[wire("withVersions")]
    versions: Wish,
}

impl From<ItemWishes> for Details {
    fn from(wishes: ItemWishes) -> Self {
        let ItemWishes {
            rules,
            property_sets,
            security,
            owner,
            versions,
        } = wishes;
        Self {
            rules,
            property_sets,
            security,
            owner,
            versions,
        }
    }
}

/// For folders.
#[derive(Parameters)]
pub(crate) struct FolderWishes {
    /// Whether folders come with their rules.
    #[wire("WithRules")]
    rules: Wish,
    /// Whether folders come with their property sets.
    #[wire("withPropertySets")]
    property_sets: Wish,
    /// Whether folders come with their access lists, where the caller may read them.
    #[wire("withSecurity")]
    security: Wish,
    /// Whether folders come with their owners.
    #[wire("withOwner")]
    owner: Wish,
}

impl From<FolderWishes> for Details {
    fn from(wishes: FolderWishes) -> Self {
        let FolderWishes {
            rules,
            property_sets,
            security,
            owner,
        } = wishes;
        Self {
            rules,
            property_sets,
            security,
            owner,
            versions: Wish(false),
        }
    }
}

/// For documents.
#[derive(Parameters)]
pub(crate) struct DocumentWishes {
    /// Whether documents come with their property sets.
    #[wire("withPropertySets")]
    property_sets: Wish,
    /// Whether documents come with their access lists, where the caller may read them.
    #[wire("withSecurity")]
    security: Wish,
    /// Whether documents come with their owners.
    #[wire("withOwner")]
    owner: Wish,
    /// Whether documents come with their versions.
    #[wire("withVersions")]
    versions: Wish,
}

impl From<DocumentWishes> for Details {
    fn from(wishes: DocumentWishes) -> Self {
        let DocumentWishes {
            property_sets,
            security,
            owner,
            versions,
        } = wishes;
        Self {
            rules: Wish(false),
            property_sets,
            security,
            owner,
            versions,
        }
    }
}

/// For lists of documents that are the caller's own.
#[derive(Parameters)]
pub(crate) struct ListedDocumentWishes {
    /// Whether documents come with their property sets.
    #[wire("withpropertysets")]
    property_sets: Wish,
    /// Whether documents come with their access lists, where the caller may read them.
    #[wire("withsecurity")]
    security: Wish,
    /// Whether documents come with their owners.
    #[wire("withOwner")]
    owner: Wish,
    /// Whether documents come with their versions.
    #[wire("withVersions")]
    versions: Wish,
}

impl From<ListedDocumentWishes> for Details {
    fn from(wishes: ListedDocumentWishes) -> Self {
        let ListedDocumentWishes {
            property_sets,
            security,
            owner,
            versions,
        } = wishes;
        Self {
            rules: Wish(false),
            property_sets,
            security,
            owner,
            versions,
        }
    }
}
