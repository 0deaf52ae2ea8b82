//! Recording content that is stored already, one document or many at once.

mod history;

use crate::ground::{Ground, item, path};
use holdall_model::{DocumentId, FolderId, Right, Timestamp, VersionNumber};
use holdall_services::{Conflict, DocumentOptions, Failure, Grantee, NewDocument, StoredOf, Thing};

const SECOND: VersionNumber = VersionNumber(2_000_000);

fn arrival(
    ground: &Ground,
    (folder, existing): (FolderId, Option<DocumentId>),
    name: &str,
    text: &str,
) -> NewDocument {
    let options = DocumentOptions {
        modified: Some(Timestamp(5)),
        ..DocumentOptions::default()
    };
    NewDocument {
        folder,
        existing,
        name: name.to_owned(),
        blob: ground.store_blob(text.as_bytes()),
        options,
        even_unchanged: false,
    }
}

#[tokio::test]
async fn many_documents_are_created_versioned_or_left_as_they_are() {
    let ground = Ground::new().await;
    let folder = ground.folder("/Lib/A").await.id;
    let old = ground.put("/Lib/A/old.txt", "old").await.document;
    let same = ground.put("/Lib/A/same.txt", "same").await.document;
    let arrivals = vec![
        arrival(&ground, (folder, None), "new: 1.txt", "one"),
        arrival(&ground, (folder, Some(old)), "old.txt", "changed"),
        arrival(&ground, (folder, Some(same)), "same.txt", "same"),
        arrival(&ground, (folder, None), "new 2.txt", "one"),
    ];
    let outcomes = ground
        .services
        .documents
        .store_many(&ground.owner, arrivals)
        .await
        .unwrap();
    assert!(matches!(outcomes[0], Ok(StoredOf::Created(stored)) if stored.version == VersionNumber::FIRST));
    assert!(matches!(outcomes[1], Ok(StoredOf::Versioned(stored)) if stored.version == SECOND));
    assert!(matches!(outcomes[2], Ok(StoredOf::Unchanged(document)) if document == same));
    assert!(matches!(outcomes[3], Ok(StoredOf::Created(_))));
    for (text, content) in [
        ("new_ 1.txt", "one"),
        ("new 2.txt", "one"),
        ("old.txt", "changed"),
        ("same.txt", "same"),
    ] {
        assert_eq!(
            ground.text(&format!("/Lib/A/{text}"), None).await.unwrap(),
            content,
            "{text}"
        );
    }
    let view = ground
        .services
        .documents
        .document(&ground.owner, &item("/Lib/A/same.txt"))
        .await
        .unwrap();
    assert_eq!((view.version_count, view.modified), (1, Timestamp(5)));
}

#[tokio::test]
async fn among_many_documents_those_that_may_not_be_stored_fail_alone() {
    let ground = Ground::new().await;
    let open = ground.folder("/Lib/A").await.id;
    let closed = ground.folder("/Lib/B").await.id;
    let hidden = ground.folder("/Lib/C").await.id;
    let gone = ground.folder("/Lib/D/E").await.id;
    let foreign = ground.put("/Lib/B/foreign.txt", "foreign").await.document;
    let locked = ground.put("/Lib/A/locked.txt", "locked").await.document;
    ground
        .services
        .documents
        .lock(&ground.owner, &item("/Lib/A/locked.txt"))
        .await
        .unwrap();
    ground
        .services
        .folders
        .delete(&ground.owner, &item("/Lib/D"))
        .await
        .unwrap();
    ground.grant("/Lib/A", Grantee::Members, Right::Change).await;
    ground.grant("/Lib/C", Grantee::Members, Right::NoAccess).await;
    let member = ground.member("kim").await;
    let arrivals = vec![
        arrival(&ground, (closed, None), "a", "x"),
        arrival(&ground, (closed, Some(foreign)), "foreign.txt", "x"),
        arrival(&ground, (hidden, None), "a", "x"),
        arrival(&ground, (gone, None), "a", "x"),
        arrival(&ground, (open, Some(locked)), "locked.txt", "x"),
        arrival(&ground, (open, Some(DocumentId(9_999))), "a", "x"),
        arrival(&ground, (open, None), "~", "x"),
        arrival(&ground, (open, None), "fine", "x"),
    ];
    let outcomes = ground
        .services
        .documents
        .store_many(&member, arrivals)
        .await
        .unwrap();
    assert!(matches!(outcomes[0], Err(Failure::Denied)));
    assert!(matches!(outcomes[1], Err(Failure::Denied)));
    assert!(matches!(outcomes[2], Err(Failure::NotFound(Thing::Folder))));
    assert!(matches!(outcomes[3], Err(Failure::NotFound(Thing::Folder))));
    assert!(matches!(outcomes[4], Err(Failure::Conflict(Conflict::Locked))));
    assert!(matches!(outcomes[5], Err(Failure::NotFound(Thing::Document))));
    assert!(matches!(outcomes[6], Err(Failure::Invalid { field: "name", .. })));
    assert!(matches!(outcomes[7], Ok(StoredOf::Created(_))));
}

#[tokio::test]
async fn a_taken_name_among_many_stores_none_of_them() {
    let ground = Ground::new().await;
    let folder = ground.folder("/Lib/A").await.id;
    ground.put("/Lib/A/old.txt", "old").await;
    let arrivals = vec![
        arrival(&ground, (folder, None), "rolled back", "x"),
        arrival(&ground, (folder, None), "OLD.txt", "x"),
    ];
    let failure = ground
        .services
        .documents
        .store_many(&ground.owner, arrivals)
        .await
        .unwrap_err();
    assert!(
        matches!(failure, Failure::Conflict(Conflict::Exists(Thing::Document))),
        "{failure:?}"
    );
    assert!(ground.text("/Lib/A/rolled back", None).await.is_err());
}

#[tokio::test]
async fn stored_content_becomes_a_document() {
    let ground = Ground::new().await;
    let (target, blob) = (path("/Lib/single.txt"), ground.store_blob(b"single"));
    let documents = &ground.services.documents;
    documents
        .store(&ground.owner, &target, blob, DocumentOptions::default())
        .await
        .unwrap();
    assert_eq!(ground.text("/Lib/single.txt", None).await.unwrap(), "single");
}
