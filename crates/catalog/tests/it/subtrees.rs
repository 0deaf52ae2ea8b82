//! Whole sub-subtrees on every engine.

use crate::on_every_engine;
use crate::tree::{content, document, three_folders};
use holdall_catalog::deletions::{self, Deletion, DeletionAction, DeletionsWanted, PathWanted};
use holdall_catalog::documents::{self, NewPlace};
use holdall_catalog::recycled::{self, NewRecycled, RecycledItem};
use holdall_catalog::versions::{self, NewVersion};
use holdall_catalog::{CatalogError, access, folders, purging, staging, subtrees};
use holdall_model::{DocumentId, FolderId, ItemPath, LibraryId, ScopeId, Timestamp, UserId, VersionNumber};

#[test]
fn a_trees_folders_and_documents_change_together() {
    on_every_engine(|tx| {
        let [lib, a, b] = three_folders(tx)?;
        let content = content(tx, 1)?;
        let id = documents::next_ids(tx, 1)?;
        documents::insert(tx, &[document(b, id, "a", content)])?;
        documents::set_lock(tx, id, Some(UserId(7)), Timestamp(5))?;
        let facts = subtrees::facts(tx, a, UserId(7))?;
        assert_eq!(
            (facts.foreign_locks, facts.own_locks, facts.raw_len, facts.depth),
            (0, 1, 100, 2)
        );
        assert_eq!(subtrees::facts(tx, FolderId(999), UserId(7))?.depth, 1);
        subtrees::unlock(tx, a)?;
        assert_eq!(subtrees::facts(tx, a, UserId(7))?.own_locks, 0);
        let below: Vec<FolderId> = subtrees::children_of(tx, &[lib, a])?
            .iter()
            .map(|row| row.id)
            .collect();
        assert_eq!(below, [a, b]);
        subtrees::rehome(tx, a, LibraryId(2))?;
        subtrees::exchange_scope(tx, a, ScopeId(1), ScopeId(9))?;
        access::hand_down(tx, b, ScopeId(8))?;
        let row = folders::folder(tx, a)?.expect("it was inserted");
        assert_eq!((row.library, row.scope), (LibraryId(2), ScopeId(9)));
        let row = documents::document(tx, id)?.expect("it was inserted");
        assert_eq!((row.library, row.scope), (LibraryId(2), ScopeId(8)));
        assert_eq!(subtrees::own_scopes(tx, a)?, []);
        Ok(())
    });
}

#[test]
fn folders_and_documents_find_another_place_and_another_name() {
    on_every_engine(|tx| {
        let [lib, a, b] = three_folders(tx)?;
        let content = content(tx, 1)?;
        let id = documents::next_ids(tx, 1)?;
        documents::insert(tx, &[document(b, id, "a", content)])?;
        let row = folders::folder(tx, b)?.expect("it was inserted");
        folders::relocate(tx, &row, lib, "Bé", Timestamp(7))?;
        folders::describe(tx, a, "AA", "text", Timestamp(8))?;
        let moved = folders::child(tx, lib, "bé")?.expect("it was moved");
        assert_eq!((moved.id, moved.modified), (b, Timestamp(7)));
        let described = folders::child(tx, lib, "aa")?.expect("it was described");
        assert_eq!((described.id, described.description.as_str()), (a, "text"));
        let place = NewPlace {
            folder: a,
            name: "N.txt",
            library: LibraryId(3),
            scope: ScopeId(4),
            keeps_list: false,
        };
        documents::relocate(tx, id, place)?;
        let row = documents::by_name(tx, a, "n.txt")?.expect("it was moved");
        assert_eq!(
            (row.id, row.library, row.scope, row.own_list),
            (id, LibraryId(3), ScopeId(4), false)
        );
        Ok(())
    });
}

fn note(item: RecycledItem, at: i64) -> NewRecycled {
    NewRecycled {
        item,
        name: "A".to_owned(),
        library: LibraryId(1),
        original_folder: FolderId(1),
        original_path: "/Lib/A".to_owned(),
        raw_len: 100,
        deleted_by: UserId(7),
        deleted: Timestamp(at),
    }
}

#[test]
fn bins_hand_on_what_is_oldest() {
    on_every_engine(|tx| {
        let items = [
            RecycledItem::Folder(FolderId(5)),
            RecycledItem::Document(DocumentId(5)),
        ];
        for (item, at) in items.iter().zip([10, 20]) {
            recycled::insert(tx, &note(*item, at))?;
        }
        let user = recycled::of_user(tx, UserId(7))?;
        assert_eq!(
            user.iter().map(|row| row.noted.item).collect::<Vec<_>>(),
            [items[1], items[0]]
        );
        assert_eq!(recycled::oldest(tx, false, Timestamp(9), 10)?, []);
        let due = recycled::oldest(tx, false, Timestamp(20), 1)?;
        assert_eq!(due, [user[1].clone()]);
        recycled::move_to_system(tx, &[items[0]], Timestamp(30))?;
        assert_eq!(recycled::of_system(tx)?.len(), 1);
        assert_eq!(recycled::oldest(tx, true, Timestamp(29), 10)?, []);
        recycled::empty(tx, UserId(7), Timestamp(40))?;
        assert_eq!(recycled::oldest(tx, true, Timestamp(40), 10)?.len(), 2);
        recycled::remove(tx, &items)?;
        assert_eq!(recycled::of_item(tx, items[0])?, None);
        Ok(())
    });
}

#[test]
fn l7_a_purge_condemns_only_content_that_nothing_has_any_more() {
    on_every_engine(|tx| {
        let [_, a, b] = three_folders(tx)?;
        let (shared, only) = (content(tx, 1)?, content(tx, 2)?);
        let first = documents::next_ids(tx, 3)?;
        let ids = [first, DocumentId(first.0 + 1), DocumentId(first.0 + 2)];
        let rows = [
            document(b, ids[0], "x", shared),
            document(b, ids[1], "y", only),
            document(FolderId(900), ids[2], "z", shared),
        ];
        documents::insert(tx, &rows)?;
        let version = |id: DocumentId, blob| NewVersion {
            document: id,
            number: VersionNumber::FIRST,
            blob,
            author: UserId(7),
            comment: String::new(),
            published: true,
        };
        let versions = [
            version(ids[0], shared.blob),
            version(ids[1], only.blob),
            version(ids[2], shared.blob),
        ];
        versions::insert(tx, &versions, Timestamp(1))?;
        purging::purge(tx, &[], &[a], Timestamp(50))?;
        assert_eq!(folders::folder(tx, b)?, None);
        assert_eq!(documents::document(tx, ids[0])?, None);
        assert!(documents::document(tx, ids[2])?.is_some());
        let condemned = tx.query("SELECT id FROM blobs WHERE condemned_at = 50", &[], |row| {
            row.integer(0)
        })?;
        assert_eq!(condemned, [only.blob.0]);
        let mut known = Vec::new();
        staging::for_each_facts(tx, &ids, |facts| {
            known.push(facts.id);
            Ok::<(), CatalogError>(())
        })?;
        known.sort_unstable();
        assert_eq!(known, ids);
        assert_eq!(purging::forget(tx, Timestamp(49))?, 0);
        assert_eq!(purging::forget(tx, Timestamp(50))?, 2);
        Ok(())
    });
}

#[test]
fn the_record_of_deletions_is_found_by_path_and_time() {
    on_every_engine(|tx| {
        let deletion = |path: &str, at: i64| Deletion {
            at: Timestamp(at),
            user: UserId(7),
            action: DeletionAction::Recycled,
            item: RecycledItem::Document(DocumentId(at)),
            name: "x".to_owned(),
            path: path.to_owned(),
            library: LibraryId(1),
        };
        let all = [
            deletion("/Lib/Älpha/x", 1),
            deletion("/Lib/Älpha", 2),
            deletion("/Lib/Beta/x", 3),
        ];
        deletions::record(tx, &all)?;
        let mut found = |path: PathWanted, library: i64, until: i64| {
            let wanted = DeletionsWanted {
                from: Timestamp(1),
                until: Timestamp(until),
                library: (library > 0).then_some(LibraryId(library)),
                path,
                most: 2,
            };
            let found = deletions::latest(tx, &wanted)?;
            Ok::<_, CatalogError>(found.iter().map(|entry| entry.at.0).collect::<Vec<_>>())
        };
        let at = |text: &str| PathWanted::At(ItemPath::parse(text));
        let beginning = |text: &str| PathWanted::Beginning(ItemPath::parse(text));
        assert_eq!(found(beginning(""), 0, 9)?, [3, 2]);
        assert_eq!(found(beginning(""), 2, 9)?, []);
        assert_eq!(found(beginning("/lib/äL"), 1, 9)?, [2, 1]);
        assert_eq!(found(beginning("/lib/älpha/"), 1, 9)?, [1]);
        assert_eq!(found(at("lib\\älpha"), 1, 9)?, [2, 1]);
        assert_eq!(found(at("lib"), 0, 1)?, []);
        assert_eq!(found(at("lib"), 0, 2)?, [2]);
        Ok(())
    });
}
