//! Rules of folders bind everybody, wherever documents and folders come and go.

use crate::ground::{Ground, item, path};
use holdall_model::{FolderId, Right};
use holdall_services::{Caller, DocumentOptions, Failure, Grantee, NewDocument, Rule, RulesChange, Thing};

fn change(allows: &[(Rule, bool)]) -> RulesChange {
    RulesChange {
        allows: allows.to_vec(),
        file_types: None,
    }
}

fn types(types: &[&str]) -> RulesChange {
    RulesChange {
        allows: Vec::new(),
        file_types: Some(types.iter().map(|kind| (*kind).to_owned()).collect()),
    }
}

async fn set(ground: &Ground, text: &str, change: RulesChange, tree: bool) {
    let folders = &ground.services.folders;
    folders
        .set_rules(&ground.owner, &item(text), change, tree)
        .await
        .unwrap();
}

async fn allows(ground: &Ground, text: &str, rule: Rule) -> bool {
    let rules = ground.services.folders.rules(&ground.owner, &item(text)).await;
    rules.unwrap().allows(rule)
}

fn forbids<T>(result: &Result<T, Failure>, rule: Rule) -> bool {
    matches!(result, Err(Failure::ForbiddenByRule(found)) if *found == rule)
}

const ALL: [Rule; 7] = [
    Rule::Checkins,
    Rule::Checkouts,
    Rule::DocumentDeletes,
    Rule::FolderDeletes,
    Rule::NewDocuments,
    Rule::NewFolders,
    Rule::ClassifiedDocuments,
];

#[tokio::test]
async fn a_new_library_allows_all_but_classified_documents_and_each_rule_is_set_alone() {
    let ground = Ground::new().await;
    let rules = ground
        .services
        .folders
        .rules(&ground.owner, &item("/Lib"))
        .await
        .unwrap();
    for rule in ALL {
        assert_eq!(rules.allows(rule), rule != Rule::ClassifiedDocuments, "{rule:?}");
    }
    assert_eq!(rules.file_types().count(), 0);
    for rule in ALL {
        let before = allows(&ground, "/Lib", rule).await;
        set(&ground, "/Lib", change(&[(rule, before), (rule, !before)]), false).await;
        for other in ALL {
            let expected = (other != Rule::ClassifiedDocuments) != (other == rule);
            assert_eq!(
                allows(&ground, "/Lib", other).await,
                expected,
                "{rule:?} {other:?}"
            );
        }
        set(&ground, "/Lib", change(&[(rule, before)]), false).await;
    }
}

#[tokio::test]
async fn new_folders_copy_the_rules_and_a_tree_gets_only_what_is_named() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    set(&ground, "/Lib/A", change(&[(Rule::Checkouts, false)]), false).await;
    set(&ground, "/Lib/A", types(&["*.PDF", ".docx", "pdf"]), false).await;
    let below = ground.folder("/Lib/A/B/C").await;
    assert!(!below.rules.allows(Rule::Checkouts) && below.rules.allows(Rule::Checkins));
    assert_eq!(below.rules.file_types().collect::<Vec<_>>(), ["pdf", "docx"]);
    set(&ground, "/Lib", change(&[(Rule::Checkins, false)]), true).await;
    for text in ["/Lib", "/Lib/A", "/Lib/A/B", "/Lib/A/B/C"] {
        assert!(!allows(&ground, text, Rule::Checkins).await, "{text}");
        assert_eq!(
            allows(&ground, text, Rule::Checkouts).await,
            text == "/Lib",
            "{text}"
        );
    }
    set(&ground, "/Lib", types(&["*"]), true).await;
    let rules = ground
        .services
        .folders
        .rules(&ground.owner, &item("/Lib/A/B/C"))
        .await;
    assert!(rules.unwrap().allows_name("x.exe"));
}

#[tokio::test]
async fn setting_rules_needs_full_control_and_sight() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    ground.folder("/Lib/Hidden").await;
    let member = ground.member("kim").await;
    ground.grant("/Lib/A", Grantee::Members, Right::Change).await;
    ground
        .grant("/Lib/Hidden", Grantee::Members, Right::NoAccess)
        .await;
    let folders = &ground.services.folders;
    let attempt = async |caller: &Caller, text: &str| {
        folders
            .set_rules(caller, &item(text), change(&[(Rule::Checkins, false)]), false)
            .await
    };
    assert!(matches!(attempt(&member, "/Lib/A").await, Err(Failure::Denied)));
    for text in ["/Lib/Hidden", "/Lib/Nothing"] {
        let hidden = Failure::NotFound(Thing::Folder);
        let found = attempt(&member, text).await.unwrap_err();
        assert_eq!(found.to_string(), hidden.to_string(), "{text}");
        let found = folders.rules(&member, &item(text)).await.unwrap_err();
        assert_eq!(found.to_string(), hidden.to_string(), "{text}");
    }
    assert!(folders.rules(&member, &item("/Lib/A")).await.is_ok());
    ground.grant("/Lib/A", Grantee::Members, Right::FullControl).await;
    attempt(&member, "/Lib/A").await.unwrap();
}

#[tokio::test]
async fn what_is_no_extension_is_refused() {
    let ground = Ground::new().await;
    for bad in ["a.b", "a/b", "p?f", &"x".repeat(3_000)] {
        let set = ground
            .services
            .folders
            .set_rules(&ground.owner, &item("/Lib"), types(&[bad]), false)
            .await;
        assert!(
            matches!(set, Err(Failure::Invalid { field: "rules", .. })),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn storing_keeps_to_the_rules_one_by_one_and_in_batches() {
    let ground = Ground::new().await;
    ground.put("/Lib/old.txt", "one").await;
    set(&ground, "/Lib", types(&["txt"]), false).await;
    let refused = ground
        .put_with("/Lib/new.exe", "x", DocumentOptions::default())
        .await;
    assert!(matches!(refused, Err(Failure::FileTypeNotAllowed { allowed }) if allowed == "txt"));
    ground.put("/Lib/New.TXT", "x").await;
    let closed = [
        (Rule::NewDocuments, false),
        (Rule::Checkins, false),
        (Rule::Checkouts, true),
    ];
    set(&ground, "/Lib", change(&closed), false).await;
    let put = async |text: &str| ground.put_with(text, "two", DocumentOptions::default()).await;
    assert!(forbids(&put("/Lib/other.txt").await, Rule::NewDocuments));
    assert!(forbids(&put("/Lib/old.txt").await, Rule::Checkins));
    let folder = ground
        .services
        .folders
        .exists(&ground.owner, &item("/Lib"))
        .await
        .unwrap();
    let outcomes = store_both(&ground, folder).await;
    assert!(forbids(&outcomes.0, Rule::NewDocuments) && forbids(&outcomes.1, Rule::Checkins));
    set(
        &ground,
        "/Lib",
        change(&[(Rule::NewDocuments, true), (Rule::Checkouts, false)]),
        false,
    )
    .await;
    let keep_lock = DocumentOptions {
        keep_lock: true,
        ..DocumentOptions::default()
    };
    let locked = ground.put_with("/Lib/other.txt", "two", keep_lock).await;
    assert!(forbids(&locked, Rule::Checkouts));
}

/// A new document and a version of `old.txt`, in one batch.
async fn store_both(ground: &Ground, folder: FolderId) -> (Result<(), Failure>, Result<(), Failure>) {
    let old = ground
        .services
        .documents
        .document(&ground.owner, &item("/Lib/old.txt"))
        .await;
    let arrival = |existing, name: &str| NewDocument {
        folder,
        existing,
        name: name.to_owned(),
        blob: ground.store_blob(name.as_bytes()),
        options: DocumentOptions::default(),
        even_unchanged: false,
    };
    let arrivals = vec![
        arrival(None, "more.txt"),
        arrival(Some(old.unwrap().id), "old.txt"),
    ];
    let outcomes = ground
        .services
        .documents
        .store_many(&ground.owner, arrivals)
        .await
        .unwrap();
    let mut outcomes = outcomes.into_iter().map(|outcome| outcome.map(|_stored| ()));
    (outcomes.next().unwrap(), outcomes.next().unwrap())
}

#[tokio::test]
async fn locking_making_folders_and_deleting_keep_to_the_rules() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A/B").await;
    ground.put("/Lib/A/a.txt", "one").await;
    let closed = ALL.map(|rule| (rule, false));
    set(&ground, "/Lib/A", change(&closed), false).await;
    let services = &ground.services;
    let lock = services
        .documents
        .lock(&ground.owner, &item("/Lib/A/a.txt"))
        .await;
    assert!(forbids(&lock, Rule::Checkouts));
    let delete = services
        .documents
        .delete(&ground.owner, &item("/Lib/A/a.txt"))
        .await;
    assert!(forbids(&delete, Rule::DocumentDeletes));
    let make = services.folders.create(&ground.owner, &path("/Lib/A/New")).await;
    assert!(forbids(&make, Rule::NewFolders));
    assert!(
        services
            .folders
            .create(&ground.owner, &path("/Lib/A/B"))
            .await
            .is_ok()
    );
    let delete = async |text: &str| services.folders.delete(&ground.owner, &item(text)).await;
    assert!(forbids(&delete("/Lib/A/B").await, Rule::FolderDeletes));
    assert!(forbids(&delete("/Lib/A").await, Rule::DocumentDeletes));
    set(&ground, "/Lib/A", change(&[(Rule::DocumentDeletes, true)]), false).await;
    assert!(forbids(&delete("/Lib/A").await, Rule::FolderDeletes));
    set(&ground, "/Lib/A", change(&[(Rule::FolderDeletes, true)]), false).await;
    delete("/Lib/A").await.unwrap();
}
