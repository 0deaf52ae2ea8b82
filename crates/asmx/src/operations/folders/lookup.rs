//! Looking at folders.

use crate::protocol::{Answer, Call, Element, FolderRef, Operation, Trouble, Wish};
use crate::views::Details;
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Failure, Thing};

/// Describes a folder.
#[derive(Request)]
#[op("GetFolder", group = "Tree")]
pub(crate) struct GetFolder {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
    /// Whether the folder comes with its rules.
    #[wire("WithRules")]
    rules: Wish,
    /// Whether the folder comes with its property sets.
    #[wire("withPropertySets")]
    property_sets: Wish,
    /// Whether the folder comes with its access list, where the caller may read it.
    #[wire("withSecurity")]
    security: Wish,
    /// Whether the folder comes with its owner.
    #[wire("withOwner")]
    owner: Wish,
}

impl Operation for GetFolder {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let folder = call.services.folders.folder(&caller, &self.folder.0).await?;
        let Self {
            rules,
            property_sets,
            security,
            owner,
            ..
        } = self;
        let details = Details {
            rules,
            property_sets,
            security,
            owner,
            versions: Wish(false),
        };
        let items = details.items(call, &caller, &[folder], &[]).await?;
        Ok(Element::success().with("error", "").containing(items).into())
    }
}

/// Lists what lies directly in a folder: folders first, then documents, by name.
#[derive(Request)]
#[op("GetFoldersAndDocuments", group = "Tree", root = "root")]
pub(crate) struct GetFoldersAndDocuments {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
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

impl Operation for GetFoldersAndDocuments {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let children = call.services.folders.children(&caller, &self.folder.0).await?;
        let Self {
            rules,
            property_sets,
            security,
            owner,
            versions,
            ..
        } = self;
        let details = Details {
            rules,
            property_sets,
            security,
            owner,
            versions,
        };
        let items = details
            .items(call, &caller, &children.folders, &children.documents)
            .await?;
        Ok(Element::success().containing(items).into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::NotFound(Thing::Folder | Thing::Item)).then_some("Folder not found")
    }
}

/// Tells whether there is a folder that the caller may see.
#[derive(Request)]
#[op("FolderExists", group = "Tree")]
pub(crate) struct FolderExists {
    /// The folder: a path or `~F{id}`.
    #[wire("Path")]
    folder: FolderRef,
}

impl Operation for FolderExists {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.folders.exists(&caller, &self.folder.0).await?;
        Ok(Element::success().with("error", "").into())
    }
}
