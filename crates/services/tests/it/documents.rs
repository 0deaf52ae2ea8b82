//! Looking at documents, storing, versioning, locking, reading and deleting them.

mod links;

mod locks;
mod logs;
mod versions;

use crate::ground::{Ground, item};
use holdall_model::{Right, Timestamp, VersionNumber};
use holdall_services::{Checksums, Conflict, DocumentOptions, Failure, Grantee, Thing};

const SECOND: VersionNumber = VersionNumber(2_000_000);

#[tokio::test]
async fn a_document_shows_what_was_said_of_it() {
    let ground = Ground::new().await;
    let options = DocumentOptions {
        description: Some("a plan".to_owned()),
        keywords: Some("one,two".to_owned()),
        created: Some(Timestamp(1_000)),
        modified: Some(Timestamp(2_000)),
        ..DocumentOptions::default()
    };
    let stored = ground.put_with("/Lib/Plan.PDF", "hello", options).await.unwrap();
    let view = ground
        .services
        .documents
        .document(&ground.owner, &item("\\lib\\plan.pdf"))
        .await
        .unwrap();
    assert_eq!((view.id, view.name.as_str()), (stored.document, "Plan.PDF"));
    assert_eq!(
        (view.description.as_str(), view.keywords.as_str()),
        ("a plan", "one,two")
    );
    assert_eq!(
        (view.created, view.modified),
        (Timestamp(1_000), Timestamp(2_000))
    );
    assert_eq!((view.raw_len, view.crc32), (5, crc32fast::hash(b"hello")));
    assert_eq!(
        (view.media_type, view.folder_name.as_str()),
        ("application/pdf", "Lib")
    );
    assert_eq!(
        (view.latest_version, view.published_version),
        (VersionNumber::FIRST, Some(VersionNumber::FIRST))
    );
    assert_eq!((view.version_count, view.lock.is_none()), (1, true));
    let by_id = format!("~d{}.anything", stored.document);
    assert_eq!(
        ground
            .services
            .documents
            .document(&ground.owner, &item(&by_id))
            .await
            .unwrap(),
        view
    );
}

#[tokio::test]
async fn storing_again_makes_the_next_version_of_the_same_document() {
    let ground = Ground::new().await;
    let first = ground.put("/Lib/a.txt", "one").await;
    let options = DocumentOptions {
        version_comment: "better".to_owned(),
        ..DocumentOptions::default()
    };
    let second = ground.put_with("/Lib/A.TXT", "two two", options).await.unwrap();
    assert_eq!((second.document, second.version), (first.document, SECOND));
    let view = ground
        .services
        .documents
        .document(&ground.owner, &item("/Lib/a.txt"))
        .await
        .unwrap();
    assert_eq!(
        (view.name.as_str(), view.raw_len, view.version_count),
        ("a.txt", 7, 2)
    );
    let versions = ground
        .services
        .documents
        .versions(&ground.owner, &item("/Lib/a.txt"))
        .await
        .unwrap();
    let facts: Vec<_> = versions
        .iter()
        .map(|one| (one.number, one.raw_len, one.comment.as_str()))
        .collect();
    assert_eq!(facts, [(VersionNumber::FIRST, 3, ""), (SECOND, 7, "better")]);
    assert_eq!(versions.first().unwrap().author_login, "owner");
    assert_eq!(
        ground
            .text("/Lib/a.txt", Some(VersionNumber::FIRST))
            .await
            .unwrap(),
        "one"
    );
    assert_eq!(ground.text("/Lib/a.txt", None).await.unwrap(), "two two");
    let missing = ground
        .text("/Lib/a.txt", Some(VersionNumber(3_000_000)))
        .await
        .unwrap_err();
    assert!(matches!(missing, Failure::NotFound(Thing::Version)));
}

#[tokio::test]
async fn an_unpublished_version_is_for_those_who_may_change() {
    let ground = Ground::new().await;
    ground.put("/Lib/a.txt", "public").await;
    let options = DocumentOptions {
        publish: false,
        ..DocumentOptions::default()
    };
    ground.put_with("/Lib/a.txt", "draft", options).await.unwrap();
    let sums = ground
        .services
        .documents
        .exists(&ground.owner, &item("/Lib/a.txt"))
        .await
        .unwrap();
    let expected = Checksums {
        published: Some(crc32fast::hash(b"public")),
        latest: crc32fast::hash(b"draft"),
    };
    assert_eq!(sums, expected);
    let reader = ground.member("kim").await;
    assert_eq!(
        ground.text_as(&reader, "/Lib/a.txt", None).await.unwrap(),
        "public"
    );
    assert_eq!(ground.text("/Lib/a.txt", None).await.unwrap(), "draft");
    assert!(matches!(
        ground.text_as(&reader, "/Lib/a.txt", Some(SECOND)).await,
        Err(Failure::Denied)
    ));
    let view = ground
        .services
        .documents
        .document(&reader, &item("/Lib/a.txt"))
        .await
        .unwrap();
    assert_eq!(
        (view.raw_len, view.latest_version, view.published_version),
        (6, SECOND, Some(VersionNumber::FIRST))
    );
}

#[tokio::test]
async fn storing_needs_a_folder_and_the_right_to_create_or_change() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    let stranger = ground.user("eve").await;
    ground.put("/Lib/theirs.txt", "text").await;
    let put = async |caller, text| {
        ground
            .put_as(caller, text, "new", DocumentOptions::default())
            .await
    };
    assert!(matches!(
        put(&ground.owner, "/Lib/none/a.txt").await,
        Err(Failure::NotFound(Thing::Folder))
    ));
    assert!(matches!(
        put(&ground.owner, "/").await,
        Err(Failure::Required { .. })
    ));
    assert!(matches!(
        put(&ground.owner, "/Lib/~a").await,
        Err(Failure::Invalid { field: "name", .. })
    ));
    assert!(matches!(put(&member, "/Lib/new.txt").await, Err(Failure::Denied)));
    assert!(matches!(
        put(&stranger, "/Lib/new.txt").await,
        Err(Failure::NotFound(Thing::Folder))
    ));
    ground.grant("/Lib", Grantee::Members, Right::Add).await;
    put(&member, "/Lib/new.txt").await.unwrap();
    assert!(matches!(
        put(&member, "/Lib/theirs.txt").await,
        Err(Failure::Denied)
    ));
    let own = put(&member, "/Lib/new.txt").await.unwrap();
    assert_eq!(own.version, SECOND);
}

#[tokio::test]
async fn a_new_document_may_be_demanded() {
    let ground = Ground::new().await;
    let options = || DocumentOptions {
        must_be_new: true,
        ..DocumentOptions::default()
    };
    ground.put_with("/Lib/a.txt", "one", options()).await.unwrap();
    let taken = ground.put_with("/Lib/A.txt", "two", options()).await.unwrap_err();
    assert!(matches!(
        taken,
        Failure::Conflict(Conflict::Exists(Thing::Document))
    ));
}

#[tokio::test]
async fn a_document_and_a_folder_may_share_a_name_and_the_document_is_found_first() {
    let ground = Ground::new().await;
    ground.folder("/Lib/same").await;
    let stored = ground.put("/Lib/same", "text").await;
    let queue = &ground.services.queue;
    queue.add(&ground.owner, &item("/Lib/same")).await.unwrap();
    let queued = queue.list(&ground.owner).await.unwrap();
    assert_eq!(queued.documents.first().unwrap().id, stored.document);
    assert!(queued.folders.is_empty());
}

#[tokio::test]
async fn a_lock_keeps_others_from_versioning_and_deleting() {
    let ground = Ground::new().await;
    ground.put("/Lib/a.txt", "one").await;
    ground.grant("/Lib", Grantee::Members, Right::FullControl).await;
    let member = ground.member("kim").await;
    let documents = &ground.services.documents;
    let target = item("/Lib/a.txt");
    documents.lock(&member, &target).await.unwrap();
    let view = documents.document(&ground.owner, &target).await.unwrap();
    assert_eq!(view.lock.map(|lock| lock.login), Some("kim".to_owned()));
    let put = async |caller, options| ground.put_as(caller, "/Lib/a.txt", "two", options).await;
    let is_locked = |failure| matches!(failure, Failure::Conflict(Conflict::Locked));
    assert!(is_locked(
        put(&ground.owner, DocumentOptions::default()).await.unwrap_err()
    ));
    assert!(is_locked(
        documents.delete(&ground.owner, &target).await.unwrap_err()
    ));
    let keep = DocumentOptions {
        keep_lock: true,
        ..DocumentOptions::default()
    };
    put(&member, keep).await.unwrap();
    assert!(is_locked(
        put(&ground.owner, DocumentOptions::default()).await.unwrap_err()
    ));
    put(&member, DocumentOptions::default()).await.unwrap();
    assert_eq!(documents.document(&member, &target).await.unwrap().lock, None);
    documents.lock(&member, &target).await.unwrap();
    documents.unlock(&ground.owner, &target, true).await.unwrap();
    documents.delete(&ground.owner, &target).await.unwrap();
}

#[tokio::test]
async fn a_recycled_document_is_gone_by_path_and_by_id_and_its_name_is_free() {
    let ground = Ground::new().await;
    let first = ground.put("/Lib/a.txt", "one").await;
    ground
        .services
        .documents
        .delete(&ground.owner, &item("/Lib/a.txt"))
        .await
        .unwrap();
    for text in ["/Lib/a.txt".to_owned(), format!("~D{}", first.document)] {
        let documents = &ground.services.documents;
        let failures = [
            documents.document(&ground.owner, &item(&text)).await.unwrap_err(),
            documents.versions(&ground.owner, &item(&text)).await.unwrap_err(),
            documents.exists(&ground.owner, &item(&text)).await.unwrap_err(),
            documents.delete(&ground.owner, &item(&text)).await.unwrap_err(),
            ground.text(&text, None).await.unwrap_err(),
        ];
        assert!(
            failures
                .iter()
                .all(|failure| matches!(failure, Failure::NotFound(Thing::Document))),
            "{failures:?}"
        );
    }
    let second = ground.put("/Lib/a.txt", "two").await;
    assert_ne!(second.document, first.document);
    assert_eq!(second.version, VersionNumber::FIRST);
}

#[tokio::test]
async fn listing_alone_shows_a_document_but_not_its_content() {
    let ground = Ground::new().await;
    ground.put("/Lib/a.txt", "text").await;
    ground.grant("/Lib", Grantee::Members, Right::List).await;
    let member = ground.member("kim").await;
    ground
        .services
        .documents
        .document(&member, &item("/Lib/a.txt"))
        .await
        .unwrap();
    assert!(matches!(
        ground.text_as(&member, "/Lib/a.txt", None).await,
        Err(Failure::Denied)
    ));
    let versions = ground
        .services
        .documents
        .versions(&member, &item("/Lib/a.txt"))
        .await;
    assert!(matches!(versions, Err(Failure::Denied)));
    let deleted = ground
        .services
        .documents
        .delete(&member, &item("/Lib/a.txt"))
        .await;
    assert!(matches!(deleted, Err(Failure::Denied)));
    let stranger = ground.user("eve").await;
    let hidden = ground
        .services
        .documents
        .document(&stranger, &item("/Lib/a.txt"))
        .await;
    assert!(matches!(hidden, Err(Failure::NotFound(Thing::Document))));
}

#[tokio::test]
async fn an_archived_library_gives_no_content() {
    let ground = Ground::new().await;
    ground.put("/Lib/a.txt", "text").await;
    ground.archive_library().await;
    ground
        .services
        .documents
        .document(&ground.owner, &item("/Lib/a.txt"))
        .await
        .unwrap();
    assert!(matches!(
        ground.text("/Lib/a.txt", None).await,
        Err(Failure::Offline)
    ));
}

#[tokio::test]
async fn content_of_any_length_comes_back_whole() {
    let ground = Ground::new().await;
    for len in [0_usize, 1, 262_144, 262_145, 3_000_000] {
        let bytes: Vec<u8> = (0..len)
            .map(|index| u8::try_from(index * index % 251).unwrap())
            .collect();
        ground.put_bytes("/Lib/big.bin", bytes.clone()).await;
        assert!(
            ground.bytes("/Lib/big.bin").await.unwrap() == bytes,
            "{len} bytes"
        );
    }
}

#[tokio::test]
async fn l4_damaged_content_is_refused_until_it_is_stored_again() {
    let ground = Ground::new().await;
    ground
        .put("/Lib/a.txt", "precious content, stored raw because it is short")
        .await;
    ground.damage_packs();
    assert!(ground.text("/Lib/a.txt", None).await.is_err());
    assert!(ground.text("/Lib/a.txt", None).await.is_err());
    ground
        .put(
            "/Lib/copy.txt",
            "precious content, stored raw because it is short",
        )
        .await;
    let healed = ground.text("/Lib/a.txt", None).await.unwrap();
    assert_eq!(healed, "precious content, stored raw because it is short");
}
