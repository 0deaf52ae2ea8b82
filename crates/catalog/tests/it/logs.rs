//! Locks, viewings and check-ins of many documents on every engine.

use crate::on_every_engine;
use crate::tree::{content, document, three_folders};
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::checkins::{self, CheckInPeriod, CheckInScope};
use holdall_catalog::documents::DocumentNotes;
use holdall_catalog::versions::{self, NewVersion};
use holdall_catalog::viewings::{self, Viewing};
use holdall_catalog::{CatalogError, Tx, documents, locks};
use holdall_model::{DocumentId, FolderId, Timestamp, UserId, VersionNumber};

const KIM: UserId = UserId(101);
const ROB: UserId = UserId(102);

/// A document in each of `/Lib`, `/Lib/A` and `/Lib/A/B`, each with a version that came in at its number.
fn three_documents(tx: &mut Tx<'_>) -> Result<([FolderId; 3], [DocumentId; 3]), CatalogError> {
    let folders = three_folders(tx)?;
    let first = documents::next_ids(tx, 3)?.0;
    let ids = [0, 1, 2].map(|step| DocumentId(first + step));
    let content = content(tx, 1)?;
    for ((folder, id), at) in folders.into_iter().zip(ids).zip(1..) {
        documents::insert(tx, &[document(folder, id, "a.txt", content)])?;
        let version = NewVersion {
            document: id,
            number: VersionNumber::FIRST,
            blob: content.blob,
            author: KIM,
            comment: String::new(),
            published: true,
        };
        versions::insert(tx, &[version], Timestamp(at))?;
    }
    Ok((folders, ids))
}

#[test]
fn check_ins_are_found_by_place_and_time() {
    on_every_engine(|tx| {
        let ([lib, a, _b], [first, second, third]) = three_documents(tx)?;
        let mut found = |scope: CheckInScope, from, until, most| {
            let period = CheckInPeriod {
                from: Timestamp(from),
                until: Timestamp(until),
                most,
            };
            let found = checkins::latest(tx, &scope, period)?;
            Ok::<_, CatalogError>(found.iter().map(|entry| entry.document).collect::<Vec<_>>())
        };
        let chosen =
            |documents: &[DocumentId], folders: &[FolderId], trees: &[FolderId]| CheckInScope::Chosen {
                documents: documents.to_vec(),
                folders: folders.to_vec(),
                trees: trees.to_vec(),
            };
        assert_eq!(
            found(CheckInScope::All, i64::MIN, i64::MAX, 9)?,
            [third, second, first]
        );
        assert_eq!(found(CheckInScope::All, 2, 2, 9)?, [second]);
        assert_eq!(found(CheckInScope::All, 0, 9, 2)?, [third, second]);
        assert_eq!(found(chosen(&[], &[lib], &[]), 0, 9, 9)?, [first]);
        assert_eq!(found(chosen(&[], &[], &[a]), 0, 9, 9)?, [third, second]);
        assert_eq!(
            found(chosen(&[first, second], &[lib], &[a]), 0, 9, 9)?,
            [third, second, first]
        );
        assert_eq!(found(chosen(&[], &[], &[]), 0, 9, 9)?, []);
        Ok(())
    });
}

#[test]
fn viewings_come_back_latest_first_for_documents_and_users() {
    on_every_engine(|tx| {
        let seen = |document, user, at| Viewing {
            document: DocumentId(document),
            version: VersionNumber::FIRST,
            user,
            at: Timestamp(at),
        };
        let all = [seen(1, KIM, 5), seen(2, KIM, 5), seen(1, ROB, 5), seen(1, KIM, 5)];
        viewings::insert(tx, &all)?;
        viewings::insert(tx, &[seen(1, ROB, 6)])?;
        let of_one = viewings::of_document(tx, DocumentId(1), 3)?;
        assert_eq!(of_one, [seen(1, ROB, 6), seen(1, KIM, 5), seen(1, ROB, 5)]);
        assert_eq!(
            viewings::of_user(tx, KIM, 9)?,
            [seen(1, KIM, 5), seen(2, KIM, 5), seen(1, KIM, 5)]
        );
        viewings::remove_of_documents(tx, &[DocumentId(1)])?;
        assert_eq!(viewings::of_user(tx, KIM, 9)?, [seen(2, KIM, 5)]);
        Ok(())
    });
}

#[test]
fn deeds_come_back_latest_first_below_a_number() {
    on_every_engine(|tx| {
        for (at, action) in (1..).zip(["one", "two", "three"]) {
            let (user, at) = (UserId(999), Timestamp(at));
            let (subject, detail) = ("/Lib", "");
            audit::record(
                tx,
                Deed {
                    at,
                    user,
                    action,
                    subject,
                    detail,
                },
            )?;
        }
        let first = audit::latest(tx, i64::MAX, 2)?;
        let actions: Vec<_> = first.iter().map(|deed| deed.action.as_str()).collect();
        assert_eq!(actions, ["three", "two"]);
        assert_eq!((first[0].at, first[0].login.as_str()), (Timestamp(3), ""));
        let rest = audit::latest(tx, first[1].number, 1)?;
        assert_eq!((rest.len(), rest[0].action.as_str()), (1, "one"));
        Ok(())
    });
}

#[test]
fn only_free_documents_are_locked_together() {
    on_every_engine(|tx| {
        let (_folders, ids) = three_documents(tx)?;
        documents::set_lock(tx, ids[1], Some(ROB), Timestamp(1))?;
        locks::lock_all(tx, &ids, KIM, Timestamp(2))?;
        let held = |tx: &mut Tx<'_>, user| -> Result<Vec<DocumentId>, CatalogError> {
            Ok(locks::locked_by(tx, user)?.iter().map(|row| row.id).collect())
        };
        assert_eq!(held(tx, KIM)?, [ids[0], ids[2]]);
        assert_eq!(held(tx, ROB)?, [ids[1]]);
        locks::unlock_all(tx, &ids[..2])?;
        assert_eq!((held(tx, KIM)?, held(tx, ROB)?), (vec![ids[2]], vec![]));
        assert_eq!(held(tx, UserId(0))?, []);
        Ok(())
    });
}

#[test]
fn versions_are_published_commented_and_removed() {
    on_every_engine(|tx| {
        let (_folders, [id, other, _]) = three_documents(tx)?;
        versions::set_published(tx, id, VersionNumber::FIRST, Timestamp(77))?;
        versions::set_comment(tx, id, VersionNumber::FIRST, "better")?;
        let version = versions::version(tx, id, VersionNumber::FIRST)?.unwrap();
        assert_eq!(
            (version.published, &*version.comment),
            (Some(Timestamp(77)), "better")
        );
        assert!(versions::has_author(tx, id, KIM)? && !versions::has_author(tx, id, ROB)?);
        versions::remove(tx, id, &[VersionNumber::FIRST])?;
        assert!(!versions::has_author(tx, id, KIM)? && versions::has_author(tx, other, KIM)?);
        Ok(())
    });
}

#[test]
fn what_is_noted_about_a_document_comes_back() {
    on_every_engine(|tx| {
        let (_folders, [id, ..]) = three_documents(tx)?;
        let mut row = documents::document(tx, id)?.unwrap();
        row.withdrawn = true;
        row.notes = DocumentNotes {
            update_instructions: "ask".to_owned(),
            author: "someone".to_owned(),
            language: "fr".to_owned(),
            source: "attic".to_owned(),
            described: Some((KIM, Timestamp(9))),
        };
        documents::replace(tx, std::slice::from_ref(&row))?;
        assert_eq!(documents::document(tx, id)?, Some(row));
        Ok(())
    });
}
