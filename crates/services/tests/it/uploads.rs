//! Uploads in chunks and at once.

mod archive;
mod unpack;

use crate::ground::{Ground, item, path};
use bytes::Bytes;
use holdall_model::{Guid, VersionNumber};
use holdall_services::{Appended, Caller, Conflict, DocumentOptions, Failure, ReceivedChunk, Thing};
use std::io;
use std::time::Duration;

fn chunk(bytes: &'static [u8], last: bool) -> ReceivedChunk {
    ReceivedChunk {
        bytes: Bytes::from_static(bytes),
        crc32: Some(crc32fast::hash(bytes)),
        last,
    }
}

impl Ground {
    async fn begin(&self, caller: &Caller) -> Guid {
        self.services.uploads.create(caller, None).await.unwrap().handle
    }

    async fn append(&self, handle: &Guid, chunk: ReceivedChunk) -> Result<Appended, Failure> {
        self.services.uploads.append(&self.owner, handle, chunk).await
    }

    async fn finish(&self, handle: &Guid, target: &str) -> Result<holdall_services::Stored, Failure> {
        self.services
            .uploads
            .finish(&self.owner, handle, &path(target), DocumentOptions::default())
            .await
    }
}

#[tokio::test]
async fn chunks_in_order_become_the_document() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    let first = ground.append(&handle, chunk(b"hello ", false)).await.unwrap();
    assert_eq!(
        first,
        Appended {
            received_len: 6,
            crc32_of_all: None
        }
    );
    let last = ground.append(&handle, chunk(b"world", true)).await.unwrap();
    assert_eq!(
        last,
        Appended {
            received_len: 11,
            crc32_of_all: Some(crc32fast::hash(b"hello world"))
        }
    );
    let stored = ground.finish(&handle, "/Lib/a.txt").await.unwrap();
    assert_eq!(stored.version, VersionNumber::FIRST);
    assert_eq!(ground.text("/Lib/a.txt", None).await.unwrap(), "hello world");
    assert!(matches!(
        ground.finish(&handle, "/Lib/b.txt").await,
        Err(Failure::NoSuchUpload)
    ));
    assert!(ground.spools().is_empty());
}

#[tokio::test]
async fn an_empty_document_is_one_empty_last_chunk() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    let last = ground.append(&handle, chunk(b"", true)).await.unwrap();
    assert_eq!(
        last,
        Appended {
            received_len: 0,
            crc32_of_all: Some(0)
        }
    );
    ground.finish(&handle, "/Lib/empty").await.unwrap();
    assert_eq!(ground.text("/Lib/empty", None).await.unwrap(), "");
}

#[tokio::test]
async fn chunk_lengths_are_agreed_on_within_bounds() {
    let ground = Ground::new().await;
    let agreed = async |preferred| {
        ground
            .services
            .uploads
            .create(&ground.owner, preferred)
            .await
            .unwrap()
            .chunk_len
    };
    assert_eq!(agreed(None).await, 262_144);
    assert_eq!(agreed(Some(0)).await, 262_144);
    assert_eq!(agreed(Some(1)).await, 262_144);
    assert_eq!(agreed(Some(-5)).await, 262_144);
    assert_eq!(agreed(Some(1_000_000)).await, 1_000_000);
    assert_eq!(agreed(Some(i64::MAX)).await, 33_554_432);
}

#[tokio::test]
async fn f34_a_chunk_with_another_crc_is_not_appended() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    ground.append(&handle, chunk(b"good ", false)).await.unwrap();
    let bad = ReceivedChunk {
        bytes: Bytes::from_static(b"bent"),
        crc32: Some(1),
        last: true,
    };
    assert!(matches!(
        ground.append(&handle, bad).await,
        Err(Failure::ChunkMismatch)
    ));
    let unchecked = ReceivedChunk {
        bytes: Bytes::from_static(b"end"),
        crc32: None,
        last: true,
    };
    assert_eq!(ground.append(&handle, unchecked).await.unwrap().received_len, 8);
    ground.finish(&handle, "/Lib/a.txt").await.unwrap();
    assert_eq!(ground.text("/Lib/a.txt", None).await.unwrap(), "good end");
}

#[tokio::test]
async fn f34_chunks_after_the_last_and_finishing_before_it_are_conflicts() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    let early = ground.finish(&handle, "/Lib/a.txt").await;
    assert!(matches!(
        early,
        Err(Failure::Conflict(Conflict::UploadUnfinished))
    ));
    ground.append(&handle, chunk(b"all", true)).await.unwrap();
    let late = ground.append(&handle, chunk(b"more", false)).await;
    assert!(matches!(late, Err(Failure::Conflict(Conflict::UploadFinished))));
    ground.finish(&handle, "/Lib/a.txt").await.unwrap();
    assert_eq!(ground.text("/Lib/a.txt", None).await.unwrap(), "all");
}

#[tokio::test]
async fn f34_two_writers_on_one_upload_never_tear_a_chunk() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    let (even, odd) = tokio::join!(
        ground.append(&handle, chunk(b"aaaaaaaa", false)),
        ground.append(&handle, chunk(b"bbbbbbbb", false))
    );
    let mut lens = [even.unwrap().received_len, odd.unwrap().received_len];
    lens.sort_unstable();
    assert_eq!(lens, [8, 16]);
    ground.append(&handle, chunk(b"", true)).await.unwrap();
    ground.finish(&handle, "/Lib/a.txt").await.unwrap();
    let text = ground.text("/Lib/a.txt", None).await.unwrap();
    assert!(text == "aaaaaaaabbbbbbbb" || text == "bbbbbbbbaaaaaaaa", "{text}");
}

#[tokio::test]
async fn f34_a_chunk_whose_sender_left_is_appended_whole_before_the_next() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    tokio::select! {
        biased;
        _ = ground.append(&handle, chunk(b"aaaaaaaa", false)) => panic!("a write cannot be ready at once"),
        () = std::future::ready(()) => {}
    }
    let last = ground.append(&handle, chunk(b"bbbb", true)).await.unwrap();
    assert_eq!(last.received_len, 12);
    ground.finish(&handle, "/Lib/a.txt").await.unwrap();
    assert_eq!(ground.text("/Lib/a.txt", None).await.unwrap(), "aaaaaaaabbbb");
}

#[tokio::test]
async fn f1_after_a_crash_the_upload_goes_on_where_the_reply_left_it() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    ground.append(&handle, chunk(b"durable ", false)).await.unwrap();
    ground.tear_spools(b"torn tail of a chunk that was never acknowledged");
    let ground = ground.restart().await;
    ground.append(&handle, chunk(b"and whole", true)).await.unwrap();
    ground.finish(&handle, "/Lib/a.txt").await.unwrap();
    assert_eq!(
        ground.text("/Lib/a.txt", None).await.unwrap(),
        "durable and whole"
    );
}

#[tokio::test]
async fn f1_a_torn_tail_after_the_last_chunk_is_not_stored() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    ground.append(&handle, chunk(b"complete", true)).await.unwrap();
    ground.tear_spools(b"torn");
    let ground = ground.restart().await;
    ground.finish(&handle, "/Lib/a.txt").await.unwrap();
    assert_eq!(ground.text("/Lib/a.txt", None).await.unwrap(), "complete");
}

#[tokio::test]
async fn a_damaged_spool_is_noticed_and_nothing_is_stored() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    ground.append(&handle, chunk(b"complete", true)).await.unwrap();
    ground.overwrite_spools(b"complefe");
    assert!(matches!(
        ground.finish(&handle, "/Lib/a.txt").await,
        Err(Failure::Internal(_))
    ));
    let missing = ground
        .services
        .documents
        .document(&ground.owner, &item("/Lib/a.txt"))
        .await;
    assert!(matches!(missing, Err(Failure::NotFound(Thing::Document))));
}

#[tokio::test]
async fn somebody_elses_upload_is_as_if_it_were_not_there() {
    let ground = Ground::new().await;
    let other = ground.member("kim").await;
    let handle = ground.begin(&ground.owner).await;
    let unknown = Guid::from_bytes([7; 16]);
    for handle in [&handle, &unknown] {
        let uploads = &ground.services.uploads;
        let appended = uploads.append(&other, handle, chunk(b"x", false)).await;
        assert!(matches!(appended, Err(Failure::NoSuchUpload)));
        let finished = uploads
            .finish(&other, handle, &path("/Lib/a"), DocumentOptions::default())
            .await;
        assert!(matches!(finished, Err(Failure::NoSuchUpload)));
        uploads.drop(&other, handle).await.unwrap();
    }
    ground.append(&handle, chunk(b"still here", true)).await.unwrap();
    ground
        .services
        .uploads
        .drop(&ground.owner, &handle)
        .await
        .unwrap();
    assert!(matches!(
        ground.append(&handle, chunk(b"x", false)).await,
        Err(Failure::NoSuchUpload)
    ));
    assert!(ground.spools().is_empty());
}

#[tokio::test]
async fn a_failed_finish_ends_the_upload() {
    let ground = Ground::new().await;
    let handle = ground.begin(&ground.owner).await;
    ground.append(&handle, chunk(b"x", true)).await.unwrap();
    assert!(matches!(
        ground.finish(&handle, "/Lib/none/a.txt").await,
        Err(Failure::NotFound(Thing::Folder))
    ));
    assert!(matches!(
        ground.finish(&handle, "/Lib/a.txt").await,
        Err(Failure::NoSuchUpload)
    ));
    assert!(ground.spools().is_empty());
}

#[tokio::test]
async fn a_user_has_at_most_100_uploads() {
    let ground = Ground::new().await;
    let first = ground.begin(&ground.owner).await;
    for _ in 1..100 {
        ground.begin(&ground.owner).await;
    }
    let failure = ground
        .services
        .uploads
        .create(&ground.owner, None)
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::QuotaReached { most: 100, .. }));
    let other = ground.member("kim").await;
    ground.begin(&other).await;
    ground.services.uploads.drop(&ground.owner, &first).await.unwrap();
    ground.begin(&ground.owner).await;
    ground.clock.advance(Duration::from_hours(25));
    ground.begin(&ground.owner).await;
}

#[tokio::test]
async fn documents_above_the_limit_are_refused_in_chunks_and_at_once() {
    let ground = Ground::new().await;
    ground.limit_documents(1_048_576).await;
    let long: &'static [u8] = Box::leak(vec![7; 1_048_570].into_boxed_slice());
    let handle = ground.begin(&ground.owner).await;
    ground.append(&handle, chunk(long, false)).await.unwrap();
    let over = ground.append(&handle, chunk(b"1234567", true)).await;
    assert!(matches!(over, Err(Failure::TooLarge { max_len: 1_048_576 })));
    ground.append(&handle, chunk(b"123456", true)).await.unwrap();
    ground.finish(&handle, "/Lib/whole.bin").await.unwrap();
    let at_once = async |len: u64| {
        let content = io::Read::take(io::repeat(1), len);
        ground
            .services
            .uploads
            .put(
                &ground.owner,
                &path("/Lib/b"),
                content,
                DocumentOptions::default(),
            )
            .await
    };
    assert!(matches!(
        at_once(1_048_577).await,
        Err(Failure::TooLarge { max_len: 1_048_576 })
    ));
    at_once(1_048_576).await.unwrap();
}

#[tokio::test]
async fn expired_uploads_and_orphaned_spools_are_removed() {
    let ground = Ground::new().await;
    let old = ground.begin(&ground.owner).await;
    ground.append(&old, chunk(b"old", false)).await.unwrap();
    ground.clock.advance(Duration::from_hours(23));
    ground.append(&old, chunk(b"er", false)).await.unwrap();
    ground.clock.advance(Duration::from_hours(2));
    let young = ground.begin(&ground.owner).await;
    ground.append(&young, chunk(b"young", false)).await.unwrap();
    ground.orphan_spool(999);
    ground.services.upkeep.expire().await.unwrap();
    assert_eq!(ground.spools().len(), 2);
    ground.clock.advance(Duration::from_hours(23));
    assert!(matches!(
        ground.append(&old, chunk(b"x", false)).await,
        Err(Failure::NoSuchUpload)
    ));
    ground.services.upkeep.expire().await.unwrap();
    assert_eq!(ground.spools().len(), 1);
    ground.append(&young, chunk(b"er", true)).await.unwrap();
    ground.finish(&young, "/Lib/a.txt").await.unwrap();
    assert_eq!(ground.text("/Lib/a.txt", None).await.unwrap(), "younger");
}

#[tokio::test]
async fn a_reader_that_fails_stores_nothing() {
    struct Broken;
    impl io::Read for Broken {
        fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let ground = Ground::new().await;
    let put = ground
        .services
        .uploads
        .put(&ground.owner, &path("/Lib/a"), Broken, DocumentOptions::default())
        .await;
    assert!(matches!(put, Err(Failure::Invalid { field: "content", .. })));
    assert!(
        ground
            .services
            .documents
            .document(&ground.owner, &item("/Lib/a"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn equal_content_is_stored_once() {
    let ground = Ground::new().await;
    ground.put("/Lib/a.txt", "the same in both").await;
    let packs = ground.packs();
    ground.put("/Lib/b.txt", "the same in both").await;
    assert_eq!(ground.packs(), packs);
    assert_eq!(ground.text("/Lib/b.txt", None).await.unwrap(), "the same in both");
}
