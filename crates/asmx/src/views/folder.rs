//! `<folder>` in its long form (CONTRACT section 4.1).

use super::backslashed;
use crate::protocol::{Dates, Element};
use holdall_services::FolderView;

/// The element without its optional children.
pub(super) fn folder(view: &FolderView, dates: &Dates) -> Element {
    Element::named("folder")
        .with_number("FolderID", &view.id)
        .with_number("ParentID", &view.parent)
        .with("Name", view.name.clone())
        .with("Path", backslashed(&view.path))
        .with("Description", view.description.clone())
        .with("CreationDate", dates.local(view.created))
        .with("OwnerName", view.owner_login.clone())
        .with_number("DomainId", &view.library)
        .with("ClassificationLevel", "NoMarkings")
        .with("ClassificationLevelId", "0")
        .with("DeclassifyOn", "")
        .with("DowngradeOn", "")
        .with("RDDefId", "0")
        .with("RetentionDate", "")
        .with("DispositionDate", "")
        .with("CutoffDate", "")
}
