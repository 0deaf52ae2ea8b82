use super::harvest::{Fate, Harvest};
use super::layout::lay_out;
use super::selection::{Branch, ROOT, Selection};
use super::{Renamed, file_name};
use crate::SkipReason;
use holdall_archive::{EntryKind, Plan};
use holdall_catalog::staging::StagingDocument;
use holdall_model::{
    DocumentId, DocumentKind, FolderId, LibraryId, PackId, Right, ScopeId, Timestamp, UserId,
};

fn document(id: i64, name: &str) -> StagingDocument<'_> {
    StagingDocument {
        folder: FolderId(1),
        id: DocumentId(id),
        name,
        scope: ScopeId(1),
        owner: UserId(100),
        modified: Timestamp(1_700_000_000_000),
        raw_len: 10,
        stored_len: 10,
        crc32: 7,
        method: 0,
        quarantined: false,
        kind: DocumentKind::File,
        version: 1,
        pack: PackId(1),
        pack_offset: 0,
    }
}

/// Adds all documents of a branch, included.
fn fill(selection: &mut Selection, branch: usize, documents: &[StagingDocument<'_>]) {
    let folder = selection.branches[branch].id;
    let mut harvest = Harvest::default();
    for document in documents {
        let document = StagingDocument { folder, ..*document };
        harvest.add(&document, |_folder| Ok(LibraryId(1))).unwrap();
    }
    harvest
        .leaves
        .iter_mut()
        .for_each(|leaf| leaf.fate = Fate::Included);
    selection.take_in(harvest).unwrap();
}

fn branch(id: i64, name: &str, above: usize) -> Branch {
    let mut branch = Branch::new(FolderId(id), name.to_owned(), above);
    branch.kept = true;
    if above == ROOT {
        branch.path = Some(format!("/Lib/{name}"));
    }
    branch
}

/// The archive's paths in plan order, and what was renamed.
fn names(selection: &Selection) -> (Vec<String>, Vec<Renamed>) {
    let layout = lay_out(selection).unwrap();
    let plan = Plan::open(layout.builder.finish().unwrap().bytes).unwrap();
    let written = plan.entries().map(|entry| {
        let entry = entry.unwrap();
        let slash = if entry.kind == EntryKind::Folder { "/" } else { "" };
        format!("{}{slash}", entry.name)
    });
    (written.collect(), layout.renamed)
}

#[test]
fn a_selected_folder_is_the_first_segment_and_a_document_lies_at_the_root() {
    let mut selection = Selection::new();
    let plans = selection.add_branch(branch(1, "Plans", ROOT));
    let inner = selection.add_branch(branch(2, "Old", plans));
    selection.add_branch(branch(3, "Empty", plans));
    selection.loose_paths.push("/Lib/x.txt".to_owned());
    fill(&mut selection, ROOT, &[document(1, "x.txt")]);
    let in_plans = [document(2, "Old plan.txt"), document(3, "z.txt")];
    fill(&mut selection, plans, &in_plans);
    fill(&mut selection, inner, &[document(4, "a.txt")]);
    let (written, renamed) = names(&selection);
    let expected = [
        "Plans/",
        "Plans/Empty/",
        "Plans/Old plan.txt",
        "Plans/Old/",
        "Plans/Old/a.txt",
        "Plans/z.txt",
        "x.txt",
    ];
    assert_eq!(written, expected);
    assert_eq!(renamed, []);
}

#[test]
fn z7_clash_gets_suffix_and_is_reported() {
    let mut selection = Selection::new();
    let first = selection.add_branch(branch(1, "Plans", ROOT));
    let mut second = branch(2, "PLANS", ROOT);
    second.path = Some("/Other/PLANS".to_owned());
    let second = selection.add_branch(second);
    fill(&mut selection, first, &[document(1, "con.txt")]);
    fill(&mut selection, second, &[document(2, "a.txt")]);
    let (written, renamed) = names(&selection);
    assert_eq!(
        written,
        ["PLANS (2)/", "PLANS (2)/a.txt", "Plans/", "Plans/_con.txt"]
    );
    let renamed: Vec<_> = renamed
        .iter()
        .map(|one| (one.path.as_str(), one.name.as_str()))
        .collect();
    assert_eq!(
        renamed,
        [
            ("/Lib/Plans/con.txt", "Plans/_con.txt"),
            ("/Other/PLANS", "PLANS (2)")
        ]
    );
}

#[test]
fn what_is_left_out_takes_no_name() {
    let mut selection = Selection::new();
    let plans = selection.add_branch(branch(1, "Plans", ROOT));
    let hidden = selection.add_branch(branch(2, "a", plans));
    selection.branches.get_mut(hidden).unwrap().kept = false;
    fill(&mut selection, plans, &[document(1, "a"), document(2, "b")]);
    selection.harvests[0].leaves[1].fate = Fate::Skipped(SkipReason::NotReadable);
    assert_eq!(names(&selection).0, ["Plans/", "Plans/a"]);
    assert_eq!(selection.included(), (1, 10));
    let skips = selection.skips();
    assert_eq!(skips.len(), 1);
    assert_eq!(
        (skips[0].path.as_str(), skips[0].document),
        ("/Lib/Plans/b", DocumentId(2))
    );
}

#[test]
fn a_right_decides_a_documents_fate_before_projection() {
    let fates = Right::ALL.map(|right| Fate::of(right, false, false));
    let unread = Fate::Skipped(SkipReason::NotReadable);
    let read = Fate::Included;
    assert_eq!(fates, [Fate::Invisible, unread, read, unread, read, read, read]);
    assert_eq!(
        Fate::of(Right::Read, true, true),
        Fate::Skipped(SkipReason::Offline)
    );
    assert_eq!(
        Fate::of(Right::Read, false, true),
        Fate::Skipped(SkipReason::Quarantined)
    );
    assert_eq!(Fate::of(Right::NoAccess, true, true), Fate::Invisible);
}

#[test]
fn an_archive_is_named_after_what_is_in_it() {
    let mut one = Selection::new();
    one.add_branch(branch(1, "Plans 2024", ROOT));
    assert_eq!(file_name::file_name(None, &one), "Plans 2024.zip");
    assert_eq!(file_name::file_name(Some("  "), &one), "Plans 2024.zip");
    assert_eq!(file_name::file_name(Some("mine.ZIP"), &one), "mine.zip");
    assert_eq!(file_name::file_name(Some("a/b:c"), &one), "a_b_c.zip");
    assert!(file_name::file_name(Some(&"é".repeat(300)), &one).len() <= 255);
    one.add_branch(branch(2, "More", ROOT));
    assert_eq!(file_name::file_name(None, &one), "documents.zip");
}

#[test]
fn paths_in_byte_order_need_no_sorting_whatever_the_case() {
    let mut selection = Selection::new();
    let plans = selection.add_branch(branch(1, "Plans", ROOT));
    let in_plans = [(1, "a.txt"), (2, "B.txt"), (3, "c.txt"), (4, "D.txt")];
    fill(
        &mut selection,
        plans,
        &in_plans.map(|(id, name)| document(id, name)),
    );
    assert_eq!(
        names(&selection).0,
        [
            "Plans/",
            "Plans/B.txt",
            "Plans/D.txt",
            "Plans/a.txt",
            "Plans/c.txt"
        ]
    );
}
