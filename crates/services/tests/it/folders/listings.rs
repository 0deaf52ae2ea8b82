//! Listings: whole, in pages and in blocks, and the figures of trees.

use crate::ground::{Ground, item};
use holdall_model::{FolderId, Right};
use holdall_services::{
    Caller, DocumentOptions, Failure, Grantee, Lines, ListingWanted, NameFilter, NewDocument, Thing, TreeStep,
};
use std::time::Duration;

/// Puts documents `0000.txt`, `0001.txt` and so on into a folder.
async fn fill(ground: &Ground, folder: FolderId, count: usize) {
    let blob = ground.store_blob(b"text");
    let arrivals = (0..count).map(|number| NewDocument {
        folder,
        existing: None,
        name: format!("{number:04}.txt"),
        blob,
        options: DocumentOptions::default(),
        even_unchanged: false,
    });
    let stored = ground
        .services
        .documents
        .store_many(&ground.owner, arrivals.collect())
        .await;
    assert!(stored.unwrap().iter().all(Result::is_ok));
}

fn names(lines: &Lines) -> Vec<&str> {
    let folders = lines.folders.iter().map(|line| line.name.as_str());
    folders
        .chain(lines.documents.iter().map(|line| line.name.as_str()))
        .collect()
}

/// All lines, read a few at a time, and the count that goes with them.
async fn read(ground: &Ground, caller: &Caller, wanted: ListingWanted, most: u64) -> (Vec<String>, u64) {
    let folders = &ground.services.folders;
    let listing = folders
        .listing(caller, &item("/Lib/A"), wanted, most)
        .await
        .unwrap();
    let mut all: Vec<String> = names(&listing.first).into_iter().map(str::to_owned).collect();
    let mut count = listing.first.count();
    let mut rest = listing.rest;
    while let Some(more) = rest {
        count = more.count().await.unwrap();
        let (lines, next) = more.next(most).await.unwrap();
        assert!(lines.count() <= most);
        all.extend(names(&lines).into_iter().map(str::to_owned));
        rest = next;
    }
    (all, count)
}

async fn page(
    ground: &Ground,
    caller: &Caller,
    wanted: ListingWanted,
    span: (u64, u64),
) -> (Vec<String>, u64) {
    let page = ground
        .services
        .folders
        .page(caller, &item("/Lib/A"), wanted, span)
        .await
        .unwrap();
    (
        names(&page.lines).into_iter().map(str::to_owned).collect(),
        page.total,
    )
}

#[tokio::test]
async fn blocks_and_pages_give_the_same_lines_in_any_size() {
    let ground = Ground::new().await;
    let folder = ground.folder("/Lib/A").await;
    for name in ["b", "A", "c"] {
        ground.folder(&format!("/Lib/A/{name}")).await;
    }
    fill(&ground, folder.id, 12).await;
    let all = read(&ground, &ground.owner, ListingWanted::all(), 1_000).await;
    assert_eq!((all.0.len(), all.1), (15, 15));
    assert_eq!(all.0.get(..4).unwrap(), ["A", "b", "c", "0000.txt"]);
    for most in [1, 2, 3, 4, 14, 15, 16] {
        assert_eq!(
            read(&ground, &ground.owner, ListingWanted::all(), most).await,
            all,
            "{most}"
        );
        let mut paged = Vec::new();
        for start in (0..15).step_by(usize::try_from(most).unwrap()) {
            let (lines, total) = page(&ground, &ground.owner, ListingWanted::all(), (start, most)).await;
            assert_eq!(total, 15);
            paged.extend(lines);
        }
        assert_eq!(paged, all.0, "{most}");
    }
    assert_eq!(
        page(&ground, &ground.owner, ListingWanted::all(), (15, 5)).await,
        (Vec::new(), 15)
    );
}

#[tokio::test]
async fn l8_what_is_hidden_is_in_no_block_no_page_and_no_count() {
    let ground = Ground::new().await;
    let folder = ground.folder("/Lib/A").await;
    for name in ["a", "b", "c", "d"] {
        ground.folder(&format!("/Lib/A/{name}")).await;
    }
    fill(&ground, folder.id, 1_200).await;
    for name in ["b", "d", "0000.txt", "0003.txt", "1199.txt"] {
        ground
            .grant(&format!("/Lib/A/{name}"), Grantee::Members, Right::NoAccess)
            .await;
    }
    let member = ground.member("kim").await;
    let all = read(&ground, &member, ListingWanted::all(), 5_000).await;
    assert_eq!((all.0.len(), all.1), (1_199, 1_199));
    assert_eq!(
        all.0.get(..5).unwrap(),
        ["a", "c", "0001.txt", "0002.txt", "0004.txt"]
    );
    assert_eq!(read(&ground, &member, ListingWanted::all(), 7).await, all);
    for (start, most) in [(0, 20), (1, 3), (1_180, 20), (1_190, 20)] {
        let (lines, total) = page(&ground, &member, ListingWanted::all(), (start, most)).await;
        let expected = all
            .0
            .iter()
            .skip(usize::try_from(start).unwrap())
            .take(usize::try_from(most).unwrap());
        assert!(lines.iter().eq(expected), "{start}: {lines:?}");
        assert_eq!(total, 1_199);
    }
    let folders = ListingWanted {
        folders: Some(NameFilter::all()),
        ..ListingWanted::default()
    };
    let count = ground
        .services
        .folders
        .count(&member, &item("/Lib/A"), folders)
        .await;
    assert_eq!(count.unwrap(), 2);
}

#[tokio::test]
async fn filters_take_parts_and_masks_in_any_case() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    for name in ["Straße.doc", "plan 2024.XLS", "a%b_c.txt", "axb.txt", "ab_c"] {
        ground.put(&format!("/Lib/A/{name}"), "text").await;
    }
    for (filter, expected) in [
        ("STRASSE", vec!["Straße.doc"]),
        ("*.xls;%B", vec!["a%b_c.txt", "plan 2024.XLS"]),
        ("a?b.*", vec!["axb.txt"]),
        ("b_c", vec!["a%b_c.txt", "ab_c"]),
        (
            "",
            vec!["a%b_c.txt", "ab_c", "axb.txt", "plan 2024.XLS", "Straße.doc"],
        ),
        ("nothing", vec![]),
    ] {
        let wanted = ListingWanted {
            documents: Some(NameFilter::parse("filter", filter).unwrap()),
            ..ListingWanted::default()
        };
        let (found, total) = page(&ground, &ground.owner, wanted.clone(), (0, 20)).await;
        assert_eq!(
            found,
            expected.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(),
            "{filter}"
        );
        assert_eq!(total, u64::try_from(expected.len()).unwrap(), "{filter}");
        assert_eq!(
            read(&ground, &ground.owner, wanted, 1).await,
            (found, total),
            "{filter}"
        );
    }
}

#[tokio::test]
async fn l8_a_right_that_is_lost_ends_a_listing() {
    let ground = Ground::new().await;
    let folder = ground.folder("/Lib/A").await;
    fill(&ground, folder.id, 6).await;
    let member = ground.member("kim").await;
    let folders = &ground.services.folders;
    let begin = async || {
        folders
            .listing(&member, &item("/Lib/A"), ListingWanted::all(), 2)
            .await
            .unwrap()
    };
    let rest = begin().await.rest.unwrap();
    ground
        .grant("/Lib/A/0003.txt", Grantee::Members, Right::NoAccess)
        .await;
    let (lines, rest) = rest.next(2).await.unwrap();
    assert_eq!(names(&lines), ["0002.txt"]);
    ground.grant("/Lib/A", Grantee::Members, Right::NoAccess).await;
    let lost = rest.unwrap().next(2).await;
    assert!(matches!(lost, Err(Failure::NotFound(Thing::Folder))));
}

#[tokio::test]
async fn readable_only_leaves_out_what_may_only_be_listed() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    ground.put("/Lib/A/open.txt", "text").await;
    ground.put("/Lib/A/shown.txt", "text").await;
    ground
        .grant("/Lib/A/open.txt", Grantee::Members, Right::Read)
        .await;
    ground.grant("/Lib/A", Grantee::Members, Right::List).await;
    let member = ground.member("kim").await;
    let wanted = |readable_only| ListingWanted {
        readable_only,
        ..ListingWanted::all()
    };
    assert_eq!(
        read(&ground, &member, wanted(false), 9).await.0,
        ["open.txt", "shown.txt"]
    );
    assert_eq!(read(&ground, &member, wanted(true), 9).await.0, ["open.txt"]);
}

/// The steps of a tree in words.
async fn walk(ground: &Ground, caller: &Caller, text: &str) -> (String, usize) {
    let mut out = String::new();
    let mut pieces = 0;
    let mut next = Some(ground.services.folders.walk(caller, &item(text)).await.unwrap());
    while let Some(walk) = next {
        let (steps, rest) = walk.next().await.unwrap();
        for step in steps {
            match step {
                TreeStep::Enter { name, .. } => out.extend([name.as_str(), "("]),
                TreeStep::Document { name, .. } => out.extend([name.as_str(), " "]),
                TreeStep::Leave => out.push(')'),
            }
        }
        pieces += 1;
        next = rest;
    }
    (out, pieces)
}

#[tokio::test]
async fn a_tree_is_walked_folders_first_and_without_what_is_hidden() {
    let ground = Ground::new().await;
    for name in ["A/b", "A/a/deep", "A/hidden/below", "A/empty"] {
        ground.folder(&format!("/Lib/{name}")).await;
    }
    for name in ["z", "y", "b/in b", "a/deep/in deep", "hidden/below/secret"] {
        ground.put(&format!("/Lib/A/{name}"), "text").await;
    }
    ground
        .grant("/Lib/A/hidden", Grantee::Members, Right::NoAccess)
        .await;
    ground.grant("/Lib/A/y", Grantee::Members, Right::NoAccess).await;
    let member = ground.member("kim").await;
    let (seen, _) = walk(&ground, &member, "/Lib/A").await;
    assert_eq!(seen, "A(a(deep(in deep ))b(in b )empty()z )");
    let (all, _) = walk(&ground, &ground.owner, "/Lib/A").await;
    assert_eq!(
        all,
        "A(a(deep(in deep ))b(in b )empty()hidden(below(secret ))y z )"
    );
    let sum = ground
        .services
        .folders
        .statistics(&member, &item("/Lib/A"))
        .await
        .unwrap();
    assert_eq!((sum.folders, sum.documents, sum.raw_len), (3, 3, 12));
}

#[tokio::test]
async fn a_large_tree_comes_in_pieces() {
    let ground = Ground::new().await;
    for (name, count) in [
        ("A", 1_500),
        ("A/b", 2_000),
        ("A/c", 600),
        ("A/d", 600),
        ("A/e", 1),
    ] {
        let folder = ground.folder(&format!("/Lib/{name}")).await;
        fill(&ground, folder.id, count).await;
    }
    let (all, pieces) = walk(&ground, &ground.owner, "/Lib/A").await;
    assert_eq!(all.matches(".txt").count(), 4_701);
    assert!(pieces >= 5, "{pieces}");
    let documents = |count: usize| {
        (0..count)
            .map(|number| format!("{number:04}.txt "))
            .collect::<Vec<_>>()
            .concat()
    };
    let below: Vec<String> = [("b", 2_000), ("c", 600), ("d", 600), ("e", 1)]
        .iter()
        .map(|(name, count)| format!("{name}({})", documents(*count)))
        .collect();
    assert_eq!(all, format!("A({}{})", below.concat(), documents(1_500)));
}

#[tokio::test]
async fn statistics_count_locks_and_recent_documents() {
    let ground = Ground::new().await;
    ground.put("/Lib/old", "1").await;
    ground.clock.advance(Duration::from_hours(24 * 70));
    ground.put("/Lib/newer", "22").await;
    ground.clock.advance(Duration::from_hours(24 * 40));
    ground.folder("/Lib/A/B").await;
    ground.put("/Lib/A/B/new", "333").await;
    ground
        .services
        .documents
        .lock(&ground.owner, &item("/Lib/A/B/new"))
        .await
        .unwrap();
    let sum = ground
        .services
        .folders
        .statistics(&ground.owner, &item("/Lib"))
        .await
        .unwrap();
    assert_eq!(
        (sum.folders, sum.documents, sum.locked, sum.raw_len),
        (1, 3, 1, 6)
    );
    assert_eq!(sum.registered, [1, 2, 2]);
}

#[tokio::test]
async fn a_folder_is_made_and_found_in_another_by_its_name() {
    let ground = Ground::new().await;
    let folders = &ground.services.folders;
    let parent = ground.folder("/Lib/A").await;
    let made = folders
        .create_in(&ground.owner, &item("/lib/a"), ("x/y", "what for"))
        .await
        .unwrap();
    assert_eq!(
        (made.path.as_str(), made.description.as_str()),
        ("/Lib/A/x_y", "what for")
    );
    let again = folders
        .create_in(&ground.owner, &item("/Lib/A"), ("X_Y", ""))
        .await
        .unwrap();
    assert_eq!(again, made);
    let found = folders.child_exists(&ground.owner, &item("/Lib/A"), "X_Y").await;
    assert_eq!(found.unwrap(), made.id);
    let above = folders.ids_above(&ground.owner, made.id).await.unwrap();
    assert_eq!(above.get(1..).unwrap(), [parent.id, made.id]);
    ground
        .grant("/Lib/A/x_y", Grantee::Members, Right::NoAccess)
        .await;
    let member = ground.member("kim").await;
    for name in ["x_y", "nothing"] {
        let hidden = folders.child_exists(&member, &item("/Lib/A"), name).await;
        assert!(matches!(hidden, Err(Failure::NotFound(Thing::Folder))), "{name}");
        let denied = folders.create_in(&member, &item("/Lib/A"), (name, "")).await;
        assert!(matches!(denied, Err(Failure::Denied)), "{name}");
    }
    for id in [made.id, FolderId(999), FolderId(0), FolderId(-1)] {
        let hidden = folders.ids_above(&member, id).await;
        assert!(matches!(hidden, Err(Failure::NotFound(Thing::Folder))), "{id}");
    }
    let root = folders.create_in(&ground.owner, &item("/"), ("x", "")).await;
    assert!(matches!(root, Err(Failure::Invalid { field: "parent", .. })));
}
