use crate::{hold_writer, names, put};
use holdall_catalog::{Catalog, CatalogError, Tx, testing};
use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

type Pending = Pin<Box<dyn Future<Output = Result<(), CatalogError>>>>;

/// Queues a write without waiting for it.
fn queue(
    catalog: &Catalog,
    work: impl FnOnce(&mut Tx<'_>) -> Result<(), CatalogError> + Send + 'static,
) -> Pending {
    let catalog = catalog.clone();
    let mut pending: Pending = Box::pin(async move { catalog.write(work).await });
    assert!(look(&mut pending).is_pending());
    pending
}

fn look(pending: &mut Pending) -> Poll<Result<(), CatalogError>> {
    pending.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn finish(pending: Pending) -> Result<(), CatalogError> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(pending)
}

#[test]
fn i2_writes_of_one_group_fail_alone() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let release = hold_writer(&catalog);
        let writes = vec![
            queue(&catalog, |tx| put(tx, "a")),
            queue(&catalog, |tx| {
                put(tx, "b")?;
                put(tx, "a")
            }),
            queue(&catalog, |tx| {
                put(tx, "c")?;
                Err(CatalogError::Full)
            }),
            queue(&catalog, |tx| {
                put(tx, "d")?;
                panic!("on purpose")
            }),
            queue(&catalog, |tx| {
                tx.bump_authz_epoch()?;
                Err(CatalogError::Busy)
            }),
            queue(&catalog, |tx| put(tx, "e")),
        ];
        let epoch = catalog.authz_epoch();
        drop(release);
        let results: Vec<_> = writes.into_iter().map(finish).collect();
        let [Ok(()), Err(second), Err(third), Err(fourth), Err(fifth), Ok(())] = results.as_slice() else {
            panic!("{engine}: {results:?}");
        };
        assert!(matches!(second, CatalogError::Conflict), "{engine}: {second:?}");
        assert!(matches!(third, CatalogError::Full), "{engine}: {third:?}");
        assert!(matches!(fourth, CatalogError::Engine(_)), "{engine}: {fourth:?}");
        assert!(matches!(fifth, CatalogError::Busy), "{engine}: {fifth:?}");
        assert_eq!(names(&catalog), ["a", "e"], "{engine}");
        assert_eq!(catalog.authz_epoch(), epoch, "{engine}");
    }
}

#[test]
fn l1_no_write_is_answered_before_the_commit_of_its_group() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let (started, running) = mpsc::channel();
        let (release_last, held) = mpsc::channel::<()>();
        let release = hold_writer(&catalog);
        let mut first = queue(&catalog, |tx| put(tx, "a"));
        let last = queue(&catalog, move |tx| {
            started.send(()).unwrap();
            held.recv().unwrap_err();
            put(tx, "b")
        });
        drop(release);
        running.recv().unwrap();
        assert!(look(&mut first).is_pending(), "{engine}");
        assert!(names(&catalog).is_empty(), "{engine}");
        drop(release_last);
        finish(first).unwrap();
        assert!(names(&catalog).contains(&"a".to_owned()), "{engine}");
        finish(last).unwrap();
        assert_eq!(names(&catalog), ["a", "b"], "{engine}");
    }
}

#[test]
fn l9_more_than_the_queue_holds_is_refused() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    let release = hold_writer(&catalog);
    let writes: Vec<_> = (0..4096)
        .map(|number| queue(&catalog, move |tx| put(tx, &number.to_string())))
        .collect();
    let refused = catalog.write_blocking(|tx| put(tx, "one too many"));
    assert!(matches!(refused, Err(CatalogError::Busy)), "{refused:?}");
    drop(release);
    for write in writes {
        finish(write).unwrap();
    }
    assert_eq!(names(&catalog).len(), 4096);
}

#[test]
fn i2_a_full_disk_is_reported_and_keeps_only_what_was_acknowledged() {
    let guard = testing::sqlite();
    let catalog = Catalog::open(guard.options()).unwrap();
    catalog.write_blocking(limit_pages).unwrap();
    let release = hold_writer(&catalog);
    let writes = vec![
        ("a", queue(&catalog, |tx| put(tx, "a"))),
        (
            "big",
            queue(&catalog, |tx| {
                put(tx, &format!("big {}", "x".repeat(4 * 1024 * 1024)))
            }),
        ),
        ("b", queue(&catalog, |tx| put(tx, "b"))),
    ];
    drop(release);
    let (mut kept, mut full) = (Vec::new(), 0);
    for (name, write) in writes {
        match finish(write) {
            Ok(()) => kept.push(name),
            Err(CatalogError::Full) => full += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(full >= 1);
    assert_eq!(names(&catalog), kept);
    catalog.write_blocking(|tx| put(tx, "c")).unwrap();
    assert!(names(&catalog).contains(&"c".to_owned()));
}

/// Lets the database grow by 1 MiB, as if the disk ended there.
fn limit_pages(tx: &mut Tx<'_>) -> Result<(), CatalogError> {
    let pages = tx
        .query_one("PRAGMA page_count", &[], |row| row.integer(0))?
        .unwrap();
    tx.query(&format!("PRAGMA max_page_count = {}", pages + 256), &[], |_row| {
        Ok(())
    })
    .map(|_rows| ())
}

#[test]
fn an_abandoned_write_happens_all_the_same() {
    for (engine, catalog, _guard) in testing::catalogs() {
        let release = hold_writer(&catalog);
        drop(queue(&catalog, |tx| put(tx, "a")));
        let next = queue(&catalog, |tx| put(tx, "b"));
        drop(release);
        finish(next).unwrap();
        assert_eq!(names(&catalog), ["a", "b"], "{engine}");
    }
}
