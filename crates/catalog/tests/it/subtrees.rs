//! Whole sub-subtrees on every engine.

use crate::on_every_engine;
use crate::tree::{content, document, three_folders};
use holdall_catalog::documents::{self, NewPlace};
use holdall_catalog::{access, folders, subtrees};
use holdall_model::{FolderId, LibraryId, ScopeId, Timestamp, UserId};

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
