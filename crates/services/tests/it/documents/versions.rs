//! Versions: what readers get of them, and what may be done with them.

use crate::archives::unzip;
use crate::ground::{Ground, item};
use holdall_model::{Right, VersionNumber};
use holdall_services::{
    Caller, Conflict, DocumentOptions, Failure, Grantee, Keep, NewProperties, StageOptions, Thing,
};
use http_body_util::BodyExt as _;

fn draft() -> DocumentOptions {
    DocumentOptions {
        publish: false,
        ..DocumentOptions::default()
    }
}

const PATH: &str = "/Lib/a.txt";

fn major(number: i64) -> VersionNumber {
    VersionNumber(number * 1_000_000)
}

/// Stores one version for each text, those that begin with `-` as drafts.
async fn stored(ground: &Ground, texts: &[&str]) {
    for text in texts {
        let options = if text.starts_with('-') {
            draft()
        } else {
            DocumentOptions::default()
        };
        ground.put_with(PATH, text, options).await.unwrap();
    }
}

/// What a reader gets: the same by itself and in an archive.
async fn read(ground: &Ground, reader: &Caller) -> String {
    let alone = ground.text_as(reader, PATH, None).await.unwrap();
    let staged = ground
        .services
        .staging
        .stage(reader, &[Ok(item(PATH))], &StageOptions::default())
        .await
        .unwrap();
    let open = ground
        .services
        .downloads
        .open(reader, &staged.handle)
        .await
        .unwrap();
    let archive = open.read(0..open.content_len()).unwrap().collect().await.unwrap();
    let entries = unzip(&archive.to_bytes());
    assert_eq!(entries["a.txt"], alone.as_bytes());
    alone
}

async fn numbers(ground: &Ground) -> Vec<i64> {
    let documents = &ground.services.documents;
    let versions = documents.versions(&ground.owner, &item(PATH)).await.unwrap();
    let view = documents.document(&ground.owner, &item(PATH)).await.unwrap();
    assert_eq!(view.version_count, i64::try_from(versions.len()).unwrap());
    assert_eq!(
        Some(view.latest_version),
        versions.last().map(|version| version.number)
    );
    versions
        .iter()
        .map(|version| version.number.0 / 1_000_000)
        .collect()
}

#[tokio::test]
async fn readers_get_the_published_version_alone_and_in_archives() {
    let ground = Ground::new().await;
    let reader = ground.member("kim").await;
    stored(&ground, &["one", "-two", "three", "-four"]).await;
    let documents = &ground.services.documents;
    assert_eq!(read(&ground, &reader).await, "three");
    documents.publish(&ground.owner, &item(PATH), None).await.unwrap();
    assert_eq!(read(&ground, &reader).await, "-four");
    documents
        .publish(&ground.owner, &item(PATH), Some(major(1)))
        .await
        .unwrap();
    assert_eq!(read(&ground, &reader).await, "one");
    let view = documents.document(&reader, &item(PATH)).await.unwrap();
    assert_eq!((view.published_version, view.raw_len), (Some(major(1)), 3));
    let missing = documents
        .publish(&ground.owner, &item(PATH), Some(major(9)))
        .await;
    assert!(matches!(missing, Err(Failure::NotFound(Thing::Version))));
}

#[tokio::test]
async fn l8_unpublishing_never_shows_readers_a_draft() {
    let ground = Ground::new().await;
    let reader = ground.member("kim").await;
    stored(&ground, &["one", "-two"]).await;
    let documents = &ground.services.documents;
    documents.unpublish(&ground.owner, &item(PATH)).await.unwrap();
    documents.unpublish(&ground.owner, &item(PATH)).await.unwrap();
    assert_eq!(read(&ground, &reader).await, "one");
    let view = documents.document(&reader, &item(PATH)).await.unwrap();
    assert_eq!(view.published_version, None);
    let sums = documents.exists(&reader, &item(PATH)).await.unwrap();
    assert_eq!(sums.published, None);
    stored(&ground, &["-three"]).await;
    assert_eq!(read(&ground, &reader).await, "one");
    documents
        .publish(&ground.owner, &item(PATH), Some(major(2)))
        .await
        .unwrap();
    assert_eq!(read(&ground, &reader).await, "-two");
    let view = documents.document(&reader, &item(PATH)).await.unwrap();
    assert_eq!(view.published_version, Some(major(2)));
}

#[tokio::test]
async fn publishing_is_for_owners_managers_and_authors_who_may_change() {
    let ground = Ground::new().await;
    let (editor, reader) = (ground.member("kim").await, ground.member("rob").await);
    ground.put(PATH, "one").await;
    let documents = &ground.services.documents;
    let refused = documents.publish(&reader, &item(PATH), None).await;
    assert!(matches!(refused, Err(Failure::Denied)));
    ground.grant("/Lib", Grantee::Members, Right::Change).await;
    let refused = documents.publish(&editor, &item(PATH), None).await;
    assert!(matches!(refused, Err(Failure::PublishersOnly)));
    ground.put_as(&editor, PATH, "two", draft()).await.unwrap();
    documents.lock(&ground.owner, &item(PATH)).await.unwrap();
    let locked = documents.publish(&editor, &item(PATH), None).await;
    assert!(matches!(locked, Err(Failure::Conflict(Conflict::Locked))));
    documents.unlock(&ground.owner, &item(PATH), false).await.unwrap();
    documents.publish(&editor, &item(PATH), None).await.unwrap();
    assert_eq!(read(&ground, &reader).await, "two");
}

#[tokio::test]
async fn authors_read_their_drafts_when_they_may_only_read() {
    let ground = Ground::new().await;
    let (author, reader) = (ground.member("kim").await, ground.member("rob").await);
    ground.put(PATH, "one").await;
    ground.grant("/Lib", Grantee::Members, Right::Change).await;
    ground.put_as(&author, PATH, "draft", draft()).await.unwrap();
    ground.grant("/Lib", Grantee::Members, Right::Read).await;
    assert_eq!(ground.text_as(&author, PATH, None).await.unwrap(), "draft");
    assert_eq!(ground.text_as(&reader, PATH, None).await.unwrap(), "one");
    let draft = ground.text_as(&reader, PATH, Some(major(2))).await;
    assert!(matches!(draft, Err(Failure::Denied)));
}

#[tokio::test]
async fn deleting_a_version_leaves_readers_the_last_published_one() {
    let ground = Ground::new().await;
    let reader = ground.member("kim").await;
    stored(&ground, &["one", "two", "-three"]).await;
    let documents = &ground.services.documents;
    let delete = async |number| {
        documents
            .delete_version(&ground.owner, &item(PATH), major(number))
            .await
    };
    assert!(matches!(delete(9).await, Err(Failure::NotFound(Thing::Version))));
    delete(2).await.unwrap();
    assert_eq!(
        (read(&ground, &reader).await.as_str(), numbers(&ground).await),
        ("one", vec![1, 3])
    );
    delete(1).await.unwrap();
    assert_eq!(
        (read(&ground, &reader).await.as_str(), numbers(&ground).await),
        ("-three", vec![3])
    );
    assert!(matches!(
        delete(3).await,
        Err(Failure::Conflict(Conflict::OnlyVersion))
    ));
    let refused = documents.delete_version(&reader, &item(PATH), major(3)).await;
    assert!(matches!(refused, Err(Failure::Denied)));
}

#[tokio::test]
async fn deleting_the_newest_version_makes_the_one_before_the_newest() {
    let ground = Ground::new().await;
    let reader = ground.member("kim").await;
    stored(&ground, &["one", "two"]).await;
    let documents = &ground.services.documents;
    documents
        .delete_version(&ground.owner, &item(PATH), major(2))
        .await
        .unwrap();
    assert_eq!(
        (read(&ground, &reader).await.as_str(), numbers(&ground).await),
        ("one", vec![1])
    );
    assert_eq!(ground.text(PATH, None).await.unwrap(), "one");
}

#[tokio::test]
async fn a_staged_archive_outlives_the_version_it_holds() {
    let ground = Ground::new().await;
    stored(&ground, &["one", "two"]).await;
    let downloads = &ground.services.downloads;
    let staged = ground
        .services
        .staging
        .stage_document(&ground.owner, &item(PATH), Some(major(1)))
        .await
        .unwrap();
    let documents = &ground.services.documents;
    documents
        .delete_version(&ground.owner, &item(PATH), major(1))
        .await
        .unwrap();
    let open = downloads.open(&ground.owner, &staged.handle).await.unwrap();
    let bytes = open.read(0..3).unwrap().collect().await.unwrap().to_bytes();
    assert_eq!(&*bytes, b"one");
}

#[tokio::test]
async fn pruning_keeps_what_is_served_what_is_newest_and_all_work_in_progress() {
    let ground = Ground::new().await;
    let reader = ground.member("kim").await;
    stored(&ground, &["-1", "2", "-3", "4", "5", "-6", "-7"]).await;
    let documents = &ground.services.documents;
    documents
        .publish(&ground.owner, &item(PATH), Some(major(2)))
        .await
        .unwrap();
    let prune = async |published, unpublished| {
        let keep = Keep {
            published,
            unpublished,
        };
        documents
            .prune_versions(&ground.owner, &item(PATH), keep)
            .await
            .unwrap();
        numbers(&ground).await
    };
    assert_eq!(prune(9, 9).await, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(prune(2, 1).await, [2, 3, 4, 5, 6, 7]);
    assert_eq!(prune(0, 0).await, [2, 5, 6, 7]);
    assert_eq!(read(&ground, &reader).await, "2");
    let keep = Keep {
        published: 1,
        unpublished: 0,
    };
    let refused = documents.prune_versions(&reader, &item(PATH), keep).await;
    assert!(matches!(refused, Err(Failure::Denied)));
}

#[tokio::test]
async fn pruning_leaves_a_document_that_never_was_published_alone() {
    let ground = Ground::new().await;
    stored(&ground, &["-1", "-2"]).await;
    let keep = Keep {
        published: 1,
        unpublished: 0,
    };
    let documents = &ground.services.documents;
    documents
        .prune_versions(&ground.owner, &item(PATH), keep)
        .await
        .unwrap();
    assert_eq!(numbers(&ground).await, [1, 2]);
}

#[tokio::test]
async fn only_its_author_comments_a_version() {
    let ground = Ground::new().await;
    let editor = ground.member("kim").await;
    ground.grant("/Lib", Grantee::Members, Right::FullControl).await;
    ground.put(PATH, "one").await;
    let documents = &ground.services.documents;
    let path = item(PATH);
    let comment = async |caller, text| documents.comment_version(caller, &path, major(1), text).await;
    assert!(matches!(comment(&editor, "mine").await, Err(Failure::Denied)));
    comment(&ground.owner, "better").await.unwrap();
    let version = documents.version(&editor, &item(PATH), None).await.unwrap();
    assert_eq!(version.comment, "better");
    let too_long = "x".repeat(65_537);
    assert!(matches!(
        comment(&ground.owner, &too_long).await,
        Err(Failure::Invalid { field: "comment", .. })
    ));
}

#[tokio::test]
async fn verifying_reads_what_is_stored_and_stops_serving_what_is_damaged() {
    let ground = Ground::new().await;
    ground.put_bytes(PATH, vec![7; 3_000_000]).await;
    let documents = &ground.services.documents;
    assert!(documents.verify(&ground.owner, &item(PATH), None).await.unwrap());
    ground.damage_packs();
    let ground = ground.restart().await;
    let documents = &ground.services.documents;
    let is_intact = documents.verify(&ground.owner, &item(PATH), Some(major(1))).await;
    assert!(!is_intact.unwrap());
    assert!(matches!(ground.bytes(PATH).await, Err(Failure::Internal(_))));
    assert!(!documents.verify(&ground.owner, &item(PATH), None).await.unwrap());
}

#[tokio::test]
async fn properties_that_are_not_given_stay_and_a_name_is_the_end_of_the_path() {
    let ground = Ground::new().await;
    ground.put(PATH, "one").await;
    ground.put("/Lib/taken.txt", "two").await;
    let documents = &ground.services.documents;
    let change = async |path, properties| {
        documents
            .change_properties(&ground.owner, &item(path), properties)
            .await
    };
    let all = NewProperties {
        name: Some("b.txt".to_owned()),
        description: Some("about".to_owned()),
        update_instructions: Some("ask".to_owned()),
        source: Some("attic".to_owned()),
        language: Some("fr".to_owned()),
        author: Some("someone".to_owned()),
    };
    change(PATH, all).await.unwrap();
    let cleared = NewProperties {
        name: Some(" ".to_owned()),
        source: Some(String::new()),
        ..NewProperties::default()
    };
    change("/Lib/b.txt", cleared).await.unwrap();
    let view = documents
        .document(&ground.owner, &item("/Lib/b.txt"))
        .await
        .unwrap();
    let texts = [
        &*view.description,
        &view.update_instructions,
        &view.source,
        &view.language,
        &view.author,
    ];
    assert_eq!(texts, ["about", "ask", "", "fr", "someone"]);
    assert_eq!(view.described.unwrap().login, "owner");
    let taken = NewProperties {
        name: Some("TAKEN.txt".to_owned()),
        ..NewProperties::default()
    };
    assert!(matches!(
        change("/Lib/b.txt", taken).await,
        Err(Failure::Conflict(Conflict::Exists(Thing::Document)))
    ));
    assert_eq!(ground.text("/Lib/b.txt", None).await.unwrap(), "one");
}
