//! Items as JSON shows them.

use crate::instants;
use crate::problem;
use holdall_api_types as wire;
use holdall_model::{DocumentKind, FolderId};
use holdall_services::{Described, DocumentView, FolderView, Parts, PartsWanted, Skip, VersionView};

/// What the services are asked for to show a document.
pub(super) const DIGESTS: PartsWanted = PartsWanted {
    lists: false,
    owners: false,
    versions: false,
    digests: true,
};

/// All items, folders first.
pub(super) fn items(described: Described) -> Vec<wire::Item> {
    let Described {
        folders,
        documents,
        parts,
    } = described;
    let documents = documents
        .iter()
        .map(|view| wire::Item::Document(Box::new(document(view, &parts))));
    let folders = folders.into_iter().map(|view| wire::Item::Folder(folder(view)));
    folders.chain(documents).collect()
}

/// A folder.
pub(super) fn folder(view: FolderView) -> wire::Folder {
    // A full path begins with the library's name.
    let library = view.path.split('/').nth(1).unwrap_or_default().to_owned();
    wire::Folder {
        kind: wire::FolderKind::Folder,
        id: view.id.0,
        name: view.name,
        path: view.path,
        library,
        parent: (view.parent != FolderId(0)).then_some(view.parent.0),
        description: view.description,
        owner: view.owner_login,
        created: instants::format(view.created),
        modified: instants::format(view.modified),
    }
}

/// A document, its digest among `parts`.
pub(super) fn document(view: &DocumentView, parts: &Parts) -> wire::Document {
    let served = view.published_version.unwrap_or(view.latest_version);
    wire::Document {
        kind: wire::DocumentKind::Document,
        form: match view.kind {
            DocumentKind::File => wire::DocumentForm::File,
            DocumentKind::Shortcut => wire::DocumentForm::Shortcut,
            DocumentKind::WebAddress => wire::DocumentForm::Address,
        },
        id: view.id.0,
        name: view.name.clone(),
        path: format!("{}/{}", view.folder_path, view.name),
        folder: view.folder.0,
        library: view.library_name.clone(),
        version: served.0,
        latest_version: view.latest_version.0,
        length: view.raw_len,
        sha256: parts.digests.get(&view.id).map(ToString::to_string),
        crc32: crc32(view.crc32),
        media_type: view.media_type.to_owned(),
        target: view.target.map(|target| target.0),
        description: view.description.clone(),
        owner: view.owner_login.clone(),
        author: view.author.clone(),
        language: view.language.clone(),
        source: view.source.clone(),
        update_instructions: view.update_instructions.clone(),
        created: instants::format(view.created),
        modified: instants::format(view.modified),
        locked_by: view.lock.as_ref().map(|lock| lock.login.clone()),
    }
}

/// A version.
pub(super) fn version(view: VersionView) -> wire::Version {
    wire::Version {
        number: view.number.0,
        length: view.raw_len,
        sha256: view.digest.to_string(),
        crc32: crc32(view.crc32),
        author: view.author_login,
        created: instants::format(view.created),
        comment: view.comment,
        published: view.published.map(instants::format),
    }
}

/// What was left out of a copy.
pub(super) fn skips(skips: &[Skip]) -> Vec<wire::Skip> {
    skips.iter().map(problem::skip).collect()
}

fn crc32(sum: u32) -> String {
    format!("{sum:08x}")
}
