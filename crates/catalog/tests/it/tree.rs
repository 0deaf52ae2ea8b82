//! Folders, documents, versions, uploads and kept items on every engine.

use crate::on_every_engine;
use holdall_catalog::blobs::{self, NewBlob};
use holdall_catalog::documents::{self, Content, DocumentNotes, DocumentRow};
use holdall_catalog::folder_rules::RulesRow;
use holdall_catalog::folders::{self, NO_PARENT, NewFolder, PathStep};
use holdall_catalog::kept::{self, KeptItem, KeptList};
use holdall_catalog::recycled::{self, NewRecycled, RecycledItem};
use holdall_catalog::testing::catalogs;
use holdall_catalog::uploads::{self, NewUpload};
use holdall_catalog::versions::{self, NewVersion};
use holdall_catalog::{CatalogError, Tx, packs, subtrees, user_names};
use holdall_model::{
    BlobId, Digest, DocumentId, DocumentKind, FolderId, LibraryId, PackId, ScopeId, Timestamp, UserId,
    VersionNumber, name_key,
};

const NOW: Timestamp = Timestamp(1_000);
const USER: UserId = UserId(100);

fn folder(parent: FolderId, id: FolderId, name: &str) -> NewFolder {
    NewFolder {
        id,
        parent,
        name: name.to_owned(),
        name_key: name_key(name),
        library: LibraryId(1),
        scope: ScopeId(1),
        owner: USER,
        description: String::new(),
        rules: RulesRow::default(),
    }
}

/// `/Lib/A/B`, each with the id of its depth.
pub(crate) fn three_folders(tx: &mut Tx<'_>) -> Result<[FolderId; 3], CatalogError> {
    let first = folders::next_ids(tx, 3)?;
    let ids = [first, FolderId(first.0 + 1), FolderId(first.0 + 2)];
    let [lib, a, b] = ids;
    folders::insert(
        tx,
        &[
            folder(NO_PARENT, lib, "Lib"),
            folder(lib, a, "A"),
            folder(a, b, "B"),
        ],
        NOW,
    )?;
    Ok(ids)
}

fn blob(byte: u8) -> NewBlob {
    NewBlob {
        digest: Digest([byte; 32]),
        raw_len: 100,
        stored_len: 60,
        crc32: 0xFFFF_FFFF,
        method: 8,
        pack: PackId(i64::MAX - 1),
        pack_offset: u64::from(byte) * 60,
    }
}

pub(crate) fn content(tx: &mut Tx<'_>, byte: u8) -> Result<Content, CatalogError> {
    let new = blob(byte);
    let id = blobs::insert(tx, std::slice::from_ref(&new), NOW)?;
    let NewBlob {
        raw_len,
        stored_len,
        crc32,
        method,
        pack,
        pack_offset,
        ..
    } = new;
    Ok(Content {
        blob: id.first().copied().unwrap_or(BlobId(0)),
        raw_len,
        stored_len,
        crc32,
        method,
        pack,
        pack_offset,
    })
}

pub(crate) fn document(folder: FolderId, id: DocumentId, name: &str, content: Content) -> DocumentRow {
    DocumentRow {
        id,
        folder,
        name: name.to_owned(),
        library: LibraryId(1),
        scope: ScopeId(1),
        own_list: false,
        list_applied_by: UserId(0),
        list_applied: Timestamp(0),
        owner: USER,
        content,
        quarantined: false,
        kind: DocumentKind::File,
        target: None,
        latest_version: VersionNumber::FIRST,
        published_version: VersionNumber::FIRST,
        version_count: 1,
        created: NOW,
        modified: NOW,
        registered_by: USER,
        registered: NOW,
        locked_by: None,
        locked: Timestamp(0),
        description: "dëscription".to_owned(),
        keywords: String::new(),
        withdrawn: false,
        notes: DocumentNotes::default(),
    }
}

#[test]
fn chains_and_steps_lead_to_the_top() {
    on_every_engine(|tx| {
        let [lib, a, b] = three_folders(tx)?;
        let chain = folders::chain(tx, b)?;
        let names: Vec<&str> = chain.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Lib", "A", "B"]);
        assert_eq!(folders::chain(tx, FolderId(999))?, []);
        let steps = folders::steps_above(tx, &[b, a])?;
        assert_eq!(steps.len(), 3);
        assert_eq!(
            steps.get(&b),
            Some(&PathStep {
                parent: a,
                name: "B".to_owned()
            })
        );
        assert_eq!(
            folders::child(tx, lib, &name_key("a"))?.map(|row| row.id),
            Some(a)
        );
        assert_eq!(folders::children(tx, lib)?.len(), 1);
        folders::recycle(tx, a)?;
        let chain = folders::chain(tx, b)?;
        assert_eq!(chain[0].parent, FolderId(-a.0));
        assert_eq!(folders::child(tx, lib, "a")?, None);
        assert_eq!(folders::of_ids(tx, &[a, b, FolderId(999)])?.len(), 2);
        Ok(())
    });
}

#[test]
fn names_sort_by_their_bytes_on_both_engines() {
    on_every_engine(|tx| {
        let [lib, ..] = three_folders(tx)?;
        let first = folders::next_ids(tx, 4)?.0;
        let names = ["a b", "a-b", "Ab", "äb"];
        let new: Vec<NewFolder> = (first..)
            .zip(names)
            .map(|(id, name)| folder(lib, FolderId(id), name))
            .collect();
        folders::insert(tx, &new, NOW)?;
        let sorted: Vec<String> = folders::children(tx, lib)?
            .into_iter()
            .map(|row| row.name)
            .collect();
        assert_eq!(sorted, ["A", "a b", "a-b", "Ab", "äb"]);
        Ok(())
    });
}

#[test]
fn documents_round_trip_are_replaced_and_recycled() {
    on_every_engine(|tx| {
        let [_, a, b] = three_folders(tx)?;
        let first = documents::next_ids(tx, 2)?;
        let second = DocumentId(first.0 + 1);
        let (old, new) = (content(tx, 1)?, content(tx, 2)?);
        let rows = [
            document(b, second, "Zwei.txt", old),
            document(b, first, "eins.txt", old),
        ];
        documents::insert(tx, &rows)?;
        assert_eq!(documents::document(tx, first)?.as_ref(), rows.get(1));
        assert_eq!(documents::by_name(tx, b, "zwei.txt")?.as_ref(), rows.first());
        let listed: Vec<DocumentId> = documents::in_folder(tx, b)?.iter().map(|row| row.id).collect();
        assert_eq!(listed, [first, second]);
        let changed = DocumentRow {
            content: new,
            locked_by: Some(UserId(7)),
            locked: NOW,
            ..rows[0].clone()
        };
        documents::replace(tx, std::slice::from_ref(&changed))?;
        assert_eq!(documents::of_ids(tx, &[second])?, [changed]);
        assert_eq!(subtrees::facts(tx, a, USER)?.foreign_locks, 1);
        let note = NewRecycled {
            item: RecycledItem::Document(second),
            name: "Zwei.txt".to_owned(),
            library: LibraryId(1),
            original_folder: b,
            original_path: "/Lib/A/B/Zwei.txt".to_owned(),
            raw_len: 100,
            deleted_by: USER,
            deleted: NOW,
        };
        recycled::insert(tx, &note)?;
        documents::recycle(tx, second)?;
        let gone = documents::document(tx, second)?.map(|row| (row.folder, row.locked_by));
        assert_eq!(gone, Some((FolderId(-second.0), None)));
        assert_eq!(documents::by_name(tx, b, "zwei.txt")?, None);
        Ok(())
    });
}

#[test]
fn i3_a_version_needs_a_blob() {
    for (engine, catalog, _guard) in catalogs() {
        let insert = |blob| NewVersion {
            document: DocumentId(1),
            number: VersionNumber::FIRST,
            blob,
            author: USER,
            comment: "c".to_owned(),
            published: true,
        };
        let missing = catalog.write_blocking(move |tx| versions::insert(tx, &[insert(BlobId(77))], NOW));
        assert!(missing.is_err(), "{engine}");
        let found: Vec<_> = catalog
            .write_blocking(move |tx| {
                let content = content(tx, 1)?;
                versions::insert(tx, &[insert(content.blob)], NOW)?;
                versions::of_document(tx, DocumentId(1))
            })
            .unwrap();
        assert_eq!(found.len(), 1, "{engine}");
        assert_eq!(
            (found[0].published, found[0].author_login.as_str()),
            (Some(NOW), ""),
            "{engine}"
        );
    }
}

#[test]
fn packs_count_what_their_blobs_are_and_damaged_content_finds_a_new_place() {
    on_every_engine(|tx| {
        let [_, _, b] = three_folders(tx)?;
        let before = packs::next_blob(tx)?;
        let first = content(tx, 1)?;
        assert_eq!(first.blob, before);
        content(tx, 2)?;
        packs::record(tx, &[first.pack], NOW)?;
        packs::record(tx, &[first.pack], NOW)?;
        let counted = tx.query_one(
            "SELECT stored_len, blob_count FROM packs WHERE id = $1",
            &[first.pack.into()],
            |row| Ok((row.length(0)?, row.length(1)?)),
        )?;
        assert_eq!(counted, Some((120, 2)));
        let id = documents::next_ids(tx, 1)?;
        documents::insert(tx, &[document(b, id, "a", first)])?;
        assert!(blobs::quarantine(tx, first.pack, first.pack_offset)?);
        assert_eq!(
            documents::document(tx, id)?.map(|row| row.quarantined),
            Some(true)
        );
        let healed = Content {
            stored_len: 100,
            method: 0,
            pack: PackId(5),
            pack_offset: 9,
            ..first
        };
        documents::restore(tx, &healed)?;
        let row = documents::document(tx, id)?.map(|row| (row.quarantined, row.content));
        assert_eq!(row, Some((false, healed)));
        assert_eq!(
            blobs::blob(tx, first.blob)?.map(|row| (row.quarantined, row.pack)),
            Some((false, PackId(5)))
        );
        Ok(())
    });
}

#[test]
fn an_upload_advances_only_from_where_it_is() {
    on_every_engine(|tx| {
        let new = NewUpload {
            handle: Digest([3; 32]),
            user: USER,
            chunk_len: 262_144,
            created: NOW,
            expires: Timestamp(2_000),
        };
        let id = uploads::insert(tx, &new)?;
        let mut row = uploads::by_handle(tx, &new.handle)?.expect("it was inserted");
        assert_eq!((row.id, row.received_len, row.complete), (id, 0, false));
        row.received_len = 10;
        row.crc32 = u32::MAX;
        assert!(!uploads::advance(tx, &row, 5)?);
        assert!(uploads::advance(tx, &row, 0)?);
        assert_eq!(uploads::by_handle(tx, &new.handle)?, Some(row));
        row.complete = true;
        assert!(uploads::advance(tx, &row, 10)?);
        assert!(!uploads::advance(tx, &row, 10)?);
        assert_eq!(uploads::count(tx, USER, NOW)?, 1);
        assert_eq!(uploads::count(tx, USER, Timestamp(2_000))?, 0);
        assert_eq!(uploads::remove_expired(tx, Timestamp(1_999))?, 0);
        assert_eq!(uploads::ids(tx)?, [id]);
        assert_eq!(uploads::remove_expired(tx, Timestamp(2_000))?, 1);
        assert!(!uploads::remove(tx, id)?);
        Ok(())
    });
}

#[test]
fn a_list_holds_an_item_once_and_joins_what_it_points_at() {
    on_every_engine(|tx| {
        let user = "INSERT INTO users (id, login, login_key, first_name, last_name, email, password_hash, library_id, \
             enabled, read_only, authentication_source, created_at, last_logon_at, password_changed_at) \
             VALUES ($1, 'Kim', 'kim', 'Kim', 'Lee', '', '', 0, 1, 0, '', 0, 0, 0)";
        tx.execute(user, &[USER.into()])?;
        let [_, a, b] = three_folders(tx)?;
        let content = content(tx, 1)?;
        let id = documents::next_ids(tx, 1)?;
        documents::insert(tx, &[document(b, id, "a", content)])?;
        let items = [KeptItem::Folder(b), KeptItem::Folder(a), KeptItem::Document(id)];
        for item in items {
            assert!(kept::add(tx, (USER, KeptList::Queue), item, NOW)?);
            assert!(!kept::add(tx, (USER, KeptList::Queue), item, NOW)?);
        }
        let folders: Vec<FolderId> = kept::folders(tx, (USER, KeptList::Queue))?
            .iter()
            .map(|row| row.id)
            .collect();
        assert_eq!(folders, [a, b]);
        assert_eq!(kept::documents(tx, (USER, KeptList::Queue))?.len(), 1);
        assert!(kept::remove(tx, (USER, KeptList::Queue), KeptItem::Document(id))?);
        assert!(!kept::remove(
            tx,
            (USER, KeptList::Queue),
            KeptItem::Document(id)
        )?);
        assert_eq!(kept::folders(tx, (USER, KeptList::Favorites))?, []);
        let names = user_names::of_ids(tx, &[USER, UserId(5)])?;
        assert_eq!(names.len(), 1);
        assert_eq!(
            names.get(&USER).map(|name| name.full_name.as_str()),
            Some("Kim Lee")
        );
        Ok(())
    });
}

#[test]
fn only_the_last_documents_are_recent_and_each_once() {
    on_every_engine(|tx| {
        let [_, _, b] = three_folders(tx)?;
        let content = content(tx, 1)?;
        let first = documents::next_ids(tx, 3)?;
        let ids = [first, DocumentId(first.0 + 1), DocumentId(first.0 + 2)];
        let shortcut = DocumentRow {
            kind: DocumentKind::Shortcut,
            target: Some(first),
            ..document(b, ids[2], "c", Content::NONE)
        };
        documents::insert(
            tx,
            &[
                document(b, ids[0], "a", content),
                document(b, ids[1], "b", content),
                shortcut,
            ],
        )?;
        assert_eq!(
            documents::document(tx, ids[2])?.and_then(|row| row.target),
            Some(first)
        );
        let seen = |document, at| (USER, document, Timestamp(at));
        kept::see(
            tx,
            &[seen(ids[0], 1), seen(ids[1], 2), (UserId(5), ids[0], NOW)],
            2,
        )?;
        kept::see(tx, &[seen(ids[2], 2), seen(ids[0], 3)], 2)?;
        let recent: Vec<DocumentId> = kept::recent(tx, USER)?.iter().map(|row| row.id).collect();
        assert_eq!(recent, [ids[0], ids[2]]);
        assert_eq!(kept::recent(tx, UserId(5))?.len(), 1);
        Ok(())
    });
}
