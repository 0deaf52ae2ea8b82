//! `<document>` in its long form and its versions (CONTRACT sections 4.2 and 5).

use super::kinds::kind;
use super::{backslashed, flag, hex_crc};
use crate::protocol::{Dates, Element};
use holdall_model::{DocumentKind, VersionNumber};
use holdall_services::{DocumentView, VersionView};

/// The element without its optional children. What Holdall does not have is `0`, empty or `NoMarkings`.
pub(super) fn document(view: &DocumentView, dates: &Dates) -> Element {
    let root = Element::named("document")
        .with_number("DocumentID", &view.id)
        .with("Name", view.name.clone())
        .with("Path", backslashed(&view.folder_path))
        .with("Description", view.description.clone())
        .with("UpdateInstructions", view.update_instructions.clone())
        .with("CreationDate", dates.local(view.created))
        .with("ModificationDate", dates.local(view.modified));
    let root = with_lock(root, view, dates)
        .with_number("Size", &view.raw_len)
        .with("Type", described(view))
        .with("PercentComplete", "0")
        .with("CompletionDate", "")
        .with("Importance", "1");
    let root = with_version(with_retention(root), view, dates);
    with_place(with_workflow(root, view), view)
}

fn described(view: &DocumentView) -> &'static str {
    match view.kind {
        DocumentKind::File => kind(&view.name),
        DocumentKind::Shortcut => "Shortcut",
        DocumentKind::WebAddress => "Internet Shortcut",
    }
}

fn with_lock(root: Element, view: &DocumentView, dates: &Dates) -> Element {
    match &view.lock {
        Some(lock) => root
            .with("CheckoutDate", dates.local(lock.since))
            .with("CheckoutBy", lock.full_name.clone())
            .with("CheckoutByUserName", lock.login.clone()),
        None => root
            .with("CheckoutDate", "")
            .with("CheckoutBy", "")
            .with("CheckoutByUserName", ""),
    }
}

fn with_retention(root: Element) -> Element {
    root.with("RetentionDate", "")
        .with("DispositionDate", "")
        .with("CutoffDate", "")
        .with("RDDefId", "0")
        .with("ExpirationDate", "")
}

fn with_version(root: Element, view: &DocumentView, dates: &Dates) -> Element {
    root.with("RegisterDate", dates.local(view.registered))
        .with("RegisteredBy", view.registered_by_login.clone())
        .with("DocTypeID", "0")
        .with("DocTypeName", "")
        .with_number("VersionNumber", &view.latest_version)
        .with_number(
            "PublishedVersionNumber",
            &view.published_version.map_or(0, |version| version.0),
        )
        .with("PublishingRule", "PublishingNotRequired")
        .with("OwnerName", view.owner_login.clone())
}

fn with_workflow(root: Element, view: &DocumentView) -> Element {
    root.with("WorkflowId", "0")
        .with("WorkflowName", "")
        .with("WorkflowStepNumber", "0")
        .with("WorkflowStepName", "")
        .with("Author", view.author.clone())
        .with("Language", view.language.clone())
        .with("Source", view.source.clone())
        .with("ApprovalStatus", "")
        .with("ClassificationLevel", "NoMarkings")
        .with("ClassificationLevelId", "0")
        .with("DeclassifyOn", "")
}

fn with_place(root: Element, view: &DocumentView) -> Element {
    root.with_number("DomainId", &view.library)
        .with("DomainName", view.library_name.clone())
        .with("DowngradeOn", "")
        .with_number("FolderId", &view.folder)
        .with("Foldername", view.folder_name.clone())
        .with("IsShortcut", flag(view.target.is_some()))
        .with_number("TargetDocumentId", &view.target.map_or(0, |target| target.0))
        .with("LastISOReviewDate", "")
        .with("NextISOReviewDate", "")
        .with_number("OwnerId", &view.owner)
        .with_number("RegisterById", &view.registered_by)
        .with("TemplateID", "0")
        .with_number("VersionCount", &view.version_count)
        .with("UserViewStatus", "0")
}

/// The `DescriptionLog` child, when it is known who wrote the description (CONTRACT section 4.3).
pub(super) fn description_log(view: &DocumentView) -> Option<Element> {
    let described = view.described.as_ref()?;
    Some(
        Element::named("DescriptionLog")
            .with_number("AppliedById", &described.user)
            .with("AppliedBy", described.login.clone())
            .with("DateApplied", Dates::utc_with_milliseconds(described.at)),
    )
}

/// A version's number in three parts, such as 1.0.0.
pub(crate) fn dotted(version: VersionNumber) -> String {
    let (major, minor) = (version.0 / 1_000_000, version.0 / 1_000 % 1_000);
    format!("{major}.{minor}.{}", version.0 % 1_000)
}

/// The `Versions` child, in the order of numbers.
pub(crate) fn versions(views: &[VersionView]) -> Element {
    Element::named("Versions").containing(views.iter().map(version).collect())
}

/// A `Version`.
pub(crate) fn version(view: &VersionView) -> Element {
    let child = |name: &'static str, text: String| match text.as_str() {
        "" => Element::named(name),
        _ => Element::named(name).text(text),
    };
    Element::named("Version")
        .with_number("Number", &view.number)
        .containing(vec![
            child("VersionAuthor", view.author_login.clone()),
            child("VersionAuthorId", view.author.to_string()),
            child("VersionSize", view.raw_len.to_string()),
            child("CheckSum", hex_crc(view.crc32)),
            child("DateCreated", Dates::utc_with_milliseconds(view.created)),
            child(
                "DatePublished",
                view.published
                    .map(Dates::utc_with_milliseconds)
                    .unwrap_or_default(),
            ),
            child("Comment", view.comment.clone()),
            child("ApprovalStatus", String::new()),
            child("ApprovalDate", String::new()),
        ])
}
