use crate::{count, names, put};
use holdall_catalog::{CatalogError, Counter, Value, testing};
use holdall_model::{Digest, Timestamp};
use std::sync::mpsc;

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    ByUs,
    ByCatalog(String),
}

impl From<CatalogError> for Refusal {
    fn from(error: CatalogError) -> Self {
        Self::ByCatalog(format!("{error:?}"))
    }
}

#[test]
fn i2_an_error_keeps_nothing() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let refused = catalog.write_blocking(|tx| {
            put(tx, "a")?;
            Err::<(), Refusal>(Refusal::ByUs)
        });
        assert_eq!(refused, Err(Refusal::ByUs), "{engine}");
        assert!(names(&catalog).is_empty(), "{engine}");
    }
}

#[test]
fn i2_a_failed_statement_fails_its_write_even_when_its_error_is_dropped() {
    for (engine, catalog, _guard) in testing::catalogs() {
        catalog.write_blocking(|tx| put(tx, "a")).unwrap();
        let hidden = catalog.write_blocking(|tx| {
            put(tx, "b")?;
            drop(put(tx, "a"));
            Ok::<(), CatalogError>(())
        });
        assert!(
            matches!(hidden, Err(CatalogError::Conflict)),
            "{engine}: {hidden:?}"
        );
        assert_eq!(names(&catalog), ["a"], "{engine}");
    }
}

#[test]
fn l9_a_panic_in_a_closure_is_an_error_and_the_thread_lives_on() {
    for (engine, catalog, _guard) in testing::catalogs() {
        for _ in 0..8 {
            let read = catalog.read_blocking(|_tx| -> Result<(), CatalogError> { panic!("on purpose") });
            assert!(matches!(read, Err(CatalogError::Engine(_))), "{engine}: {read:?}");
            let write = catalog.write_blocking(|tx| -> Result<(), CatalogError> {
                put(tx, "a")?;
                panic!("on purpose")
            });
            assert!(
                matches!(write, Err(CatalogError::Engine(_))),
                "{engine}: {write:?}"
            );
        }
        catalog.write_blocking(|tx| put(tx, "b")).unwrap();
        assert_eq!(names(&catalog), ["b"], "{engine}");
    }
}

#[test]
fn a_read_sees_one_snapshot() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let (looked, has_looked) = mpsc::channel();
        let (wrote, has_written) = mpsc::channel::<()>();
        let reader = catalog.clone();
        let reader = std::thread::spawn(move || {
            reader.read_blocking(move |tx| {
                let before = count(tx, "SELECT COUNT(*) FROM settings", &[])?;
                looked.send(()).unwrap();
                has_written.recv().unwrap();
                Ok::<_, CatalogError>((before, count(tx, "SELECT COUNT(*) FROM settings", &[])?))
            })
        });
        has_looked.recv().unwrap();
        catalog.write_blocking(|tx| put(tx, "a")).unwrap();
        wrote.send(()).unwrap();
        assert_eq!(reader.join().unwrap().unwrap(), (0, 0), "{engine}");
        assert_eq!(names(&catalog), ["a"], "{engine}");
    }
}

#[test]
fn a_read_cannot_write() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let refused = catalog.read_blocking(|tx| put(tx, "a"));
        assert!(refused.is_err(), "{engine}");
        assert!(names(&catalog).is_empty(), "{engine}");
    }
}

#[test]
fn values_come_back_as_they_went() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let digest = Digest([7; 32]);
        let back = catalog.read_blocking(move |tx| {
            let sql =
                "SELECT CAST($3 AS BIGINT), CAST($1 AS TEXT), CAST($2 AS BIGINT), 1 = 1, CAST($1 AS TEXT)";
            let params = [
                Value::from("ß\u{1F980}"),
                (-1_i64).into(),
                u64::from(u32::MAX).into(),
            ];
            let row = tx.query_one(sql, &params, |row| {
                let texts = (row.text(1)?.to_owned(), row.text(4)?.to_owned());
                Ok((row.crc32(0)?, texts, row.timestamp(2)?, row.boolean(3)?))
            })?;
            let bytes =
                tx.query_each_of("SELECT w.x FROM {wanted} w", &[], &[digest], |row| row.digest(0))?;
            Ok::<_, CatalogError>((row, bytes))
        });
        let texts = ("ß\u{1F980}".to_owned(), "ß\u{1F980}".to_owned());
        let row = Some((u32::MAX, texts, Timestamp(-1), true));
        assert_eq!(back.unwrap(), (row, vec![digest]), "{engine}");
    }
}

#[test]
fn columns_of_another_type_are_inconsistent() {
    for (engine, catalog, _guard) in testing::catalogs() {
        catalog.write_blocking(|tx| put(tx, "a")).unwrap();
        catalog
            .read_blocking(move |tx| {
                let wrong = tx.query_one("SELECT name FROM settings", &[], |row| row.integer(0));
                assert!(
                    matches!(wrong, Err(CatalogError::Inconsistent { .. })),
                    "{engine}: {wrong:?}"
                );
                let wrong = tx.query_one("SELECT COUNT(*) FROM settings", &[], |row| {
                    Ok(row.text(0)?.to_owned())
                });
                assert!(
                    matches!(wrong, Err(CatalogError::Inconsistent { .. })),
                    "{engine}: {wrong:?}"
                );
                let negative = tx.query_one("SELECT -1", &[], |row| row.length(0));
                assert!(
                    matches!(negative, Err(CatalogError::Inconsistent { .. })),
                    "{engine}: {negative:?}"
                );
                let absent = tx.query_one("SELECT name FROM settings", &[], |row| {
                    Ok(row.text(1)?.to_owned())
                });
                assert!(absent.is_err(), "{engine}");
                Ok::<(), CatalogError>(())
            })
            .unwrap();
    }
}

#[test]
fn misfits_of_values_and_placeholders_are_errors() {
    for (engine, catalog, _guard) in testing::catalogs() {
        for params in [
            vec![],
            vec![Value::Integer(1)],
            vec![1_i64.into(), 2_i64.into(), 3_i64.into()],
        ] {
            let wrong = catalog.read_blocking(move |tx| {
                count(
                    tx,
                    "SELECT CAST($1 AS BIGINT) + CAST($2 AS BIGINT) FROM counters",
                    &params,
                )
            });
            assert!(
                matches!(wrong, Err(CatalogError::Inconsistent { .. })),
                "{engine}: {wrong:?}"
            );
        }
        let beyond = catalog.read_blocking(|tx| count(tx, "SELECT CAST($1 AS BIGINT)", &[u64::MAX.into()]));
        assert!(
            matches!(beyond, Err(CatalogError::Inconsistent { .. })),
            "{engine}: {beyond:?}"
        );
        let two = catalog.read_blocking(|tx| count(tx, "SELECT value FROM counters", &[]));
        assert!(
            matches!(two, Err(CatalogError::Inconsistent { .. })),
            "{engine}: {two:?}"
        );
    }
}

#[test]
fn broken_references_are_errors_at_once() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let broken = catalog.write_blocking(|tx| {
            let row = [
                1_i64.into(),
                2_i64.into(),
                3_i64.into(),
                4_i64.into(),
                5_i64.into(),
            ];
            let outcome = tx.execute(
                "INSERT INTO kept_items (user_id, list, kind, item_id, added_at) VALUES ($1, $2, $3, $4, $5)",
                &row,
            );
            assert!(outcome.is_err());
            outcome.map(|_one| ())
        });
        assert!(
            matches!(broken, Err(CatalogError::Inconsistent { .. })),
            "{engine}: {broken:?}"
        );
    }
}

#[test]
fn ids_come_in_blocks_and_a_rollback_gives_them_back() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let mut firsts = Vec::new();
        for (counter, keep) in [
            (Counter::Users, true),
            (Counter::Groups, true),
            (Counter::Documents, true),
            (Counter::Documents, false),
            (Counter::Documents, true),
        ] {
            let taken = catalog.write_blocking(move |tx| {
                let first = tx.next_ids(counter, 10)?;
                keep.then_some(first).ok_or(CatalogError::Busy)
            });
            firsts.push(taken.ok());
        }
        assert_eq!(
            firsts,
            [Some(100), Some(100), Some(1), None, Some(11)],
            "{engine}"
        );
    }
}

#[test]
fn the_epoch_follows_commits_only() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let start = catalog.authz_epoch();
        let seen = catalog.write_blocking(|tx| {
            tx.bump_authz_epoch()?;
            tx.bump_authz_epoch()
        });
        assert_eq!(seen.unwrap(), start + 2, "{engine}");
        assert_eq!(catalog.authz_epoch(), start + 2, "{engine}");
        let undone = catalog.write_blocking(|tx| {
            tx.bump_authz_epoch()?;
            Err::<(), _>(CatalogError::Busy)
        });
        assert!(undone.is_err(), "{engine}");
        assert_eq!(catalog.authz_epoch(), start + 2, "{engine}");
        assert_eq!(
            catalog.read_blocking(|tx| tx.authz_epoch()).unwrap(),
            start + 2,
            "{engine}"
        );
    }
}
