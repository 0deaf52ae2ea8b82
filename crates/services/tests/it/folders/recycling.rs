//! Deleted items: who finds them where, how they come back, and how they end.

use crate::ground::{Ground, item};
use holdall_model::{ItemRef, Right};
use holdall_services::{
    BinItem, BinItemView, Caller, Conflict, DeletionAction, Failure, GeneralSettings, Grantee, LogPeriod,
    StageOptions, Thing,
};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

async fn bin(ground: &Ground, caller: &Caller) -> Vec<BinItemView> {
    ground.services.recycle_bin.content(caller).await.unwrap()
}

async fn restore(ground: &Ground, caller: &Caller, what: BinItem, into: Option<&str>) -> Result<(), Failure> {
    let into: Option<ItemRef> = into.map(item);
    ground
        .services
        .recycle_bin
        .restore(caller, what, into.as_ref())
        .await
}

async fn deleted_folder(ground: &Ground, text: &str) -> BinItem {
    let found = ground
        .services
        .folders
        .folder(&ground.owner, &item(text))
        .await
        .unwrap();
    ground
        .services
        .folders
        .delete(&ground.owner, &item(text))
        .await
        .unwrap();
    BinItem::Folder(found.id)
}

async fn deleted_document(ground: &Ground, text: &str) -> BinItem {
    let found = ground
        .services
        .documents
        .document(&ground.owner, &item(text))
        .await
        .unwrap();
    ground
        .services
        .documents
        .delete(&ground.owner, &item(text))
        .await
        .unwrap();
    BinItem::Document(found.id)
}

#[tokio::test]
async fn a_bin_shows_its_user_what_was_deleted_from_where() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A/B").await;
    ground.put("/Lib/A/B/x.txt", "four").await;
    ground.put("/Lib/y.txt", "y").await;
    let document = deleted_document(&ground, "/Lib/y.txt").await;
    ground.clock.advance(DAY);
    let folder = deleted_folder(&ground, "/Lib/A").await;
    let found = bin(&ground, &ground.owner).await;
    let brief: Vec<(BinItem, &str, u64)> = found
        .iter()
        .map(|view| (view.item, view.original_path.as_str(), view.raw_len))
        .collect();
    assert_eq!(brief, [(folder, "/Lib/A", 4), (document, "/Lib/y.txt", 1)]);
    let first = found.first().unwrap();
    assert_eq!(
        (first.deleted_by_login.as_str(), first.in_system_bin),
        ("owner", false)
    );
    let member = ground.member("kim").await;
    assert_eq!(bin(&ground, &member).await, []);
    assert_eq!(bin(&ground, &ground.administrator).await, []);
}

#[tokio::test]
async fn what_is_restored_is_as_it_was_with_lists_versions_and_all_below() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    ground.folder("/Lib/A/B").await;
    for content in ["one", "two"] {
        ground.put("/Lib/A/B/x.txt", content).await;
    }
    ground.grant("/Lib/A/B", Grantee::Members, Right::NoAccess).await;
    let folder = deleted_folder(&ground, "/Lib/A").await;
    restore(&ground, &ground.owner, folder, None).await.unwrap();
    let versions = ground
        .services
        .documents
        .versions(&ground.owner, &item("/Lib/A/B/x.txt"))
        .await;
    assert_eq!(versions.unwrap().len(), 2);
    assert!(ground.text_as(&member, "/Lib/A/B/x.txt", None).await.is_err());
    assert_eq!(bin(&ground, &ground.owner).await, []);
    let again = restore(&ground, &ground.owner, folder, None).await;
    assert!(matches!(again, Err(Failure::NotFound(Thing::Folder))));
}

#[tokio::test]
async fn l8_what_is_restored_elsewhere_inherits_there_and_asks_for_the_right_to_create() {
    let ground = Ground::new().await;
    let member = ground.member("kim").await;
    ground.folder("/Lib/Closed").await;
    ground.put("/Lib/x.txt", "x").await;
    ground.grant("/Lib/Closed", Grantee::Members, Right::List).await;
    let document = deleted_document(&ground, "/Lib/x.txt").await;
    let target = restore(&ground, &ground.owner, document, Some("/Lib/Nope"))
        .await
        .unwrap_err();
    assert!(
        matches!(target, Failure::Destination(inner) if matches!(*inner, Failure::NotFound(Thing::Folder)))
    );
    restore(&ground, &ground.owner, document, Some("/Lib/Closed"))
        .await
        .unwrap();
    assert!(ground.text_as(&member, "/Lib/Closed/x.txt", None).await.is_err());
    ground
        .grant("/Lib/Closed/x.txt", Grantee::Members, Right::FullControl)
        .await;
    ground
        .services
        .documents
        .delete(&member, &item("/Lib/Closed/x.txt"))
        .await
        .unwrap();
    let denied = restore(&ground, &member, document, None).await.unwrap_err();
    assert!(matches!(denied, Failure::Destination(inner) if matches!(*inner, Failure::Denied)));
}

#[tokio::test]
async fn a_lost_folder_and_a_taken_name_keep_items_in_the_bin() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    ground.put("/Lib/A/x.txt", "x").await;
    let document = deleted_document(&ground, "/Lib/A/x.txt").await;
    ground.put("/Lib/A/X.txt", "new").await;
    let taken = restore(&ground, &ground.owner, document, None).await;
    assert!(matches!(
        taken,
        Err(Failure::Conflict(Conflict::Exists(Thing::Document)))
    ));
    deleted_folder(&ground, "/Lib/A").await;
    let lost = restore(&ground, &ground.owner, document, None).await.unwrap_err();
    assert!(matches!(lost, Failure::Destination(inner) if matches!(*inner, Failure::NotFound(Thing::Item))));
    assert_eq!(bin(&ground, &ground.owner).await.len(), 2);
}

#[tokio::test]
async fn an_emptied_bin_is_the_systems_and_only_administrators_bring_back_from_there() {
    let ground = Ground::new().await;
    ground.put("/Lib/x.txt", "x").await;
    let document = deleted_document(&ground, "/Lib/x.txt").await;
    ground.services.recycle_bin.empty(&ground.owner).await.unwrap();
    assert_eq!(bin(&ground, &ground.owner).await, []);
    let gone = restore(&ground, &ground.owner, document, None).await;
    assert!(matches!(gone, Err(Failure::NotFound(Thing::Document))));
    let system = bin(&ground, &ground.administrator).await;
    assert!(system.iter().all(|view| view.in_system_bin) && system.len() == 1);
    let unseen = restore(&ground, &ground.administrator, document, None)
        .await
        .unwrap_err();
    // An administrator has no right in a library by that alone.
    assert!(matches!(unseen, Failure::Destination(_)));
    ground
        .services
        .libraries
        .add_member(&ground.owner, "Lib", "admin")
        .await
        .unwrap();
    ground.grant("/Lib", Grantee::Members, Right::AddRead).await;
    restore(&ground, &ground.administrator, document, None)
        .await
        .unwrap();
    assert_eq!(ground.text("/Lib/x.txt", None).await.unwrap(), "x");
}

#[tokio::test]
async fn what_is_purged_is_gone_and_only_administrators_purge() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A/B").await;
    ground.put("/Lib/A/B/x.txt", "x").await;
    let folder = deleted_folder(&ground, "/Lib/A").await;
    let purge = async |caller: &Caller| ground.services.recycle_bin.purge(caller, folder).await;
    assert!(matches!(
        purge(&ground.owner).await,
        Err(Failure::AdministratorOnly)
    ));
    purge(&ground.administrator).await.unwrap();
    let again = purge(&ground.administrator).await;
    assert!(matches!(again, Err(Failure::NotFound(Thing::Folder))));
    assert_eq!(bin(&ground, &ground.owner).await, []);
    let gone = restore(&ground, &ground.owner, folder, None).await;
    assert!(matches!(gone, Err(Failure::NotFound(Thing::Folder))));
}

#[tokio::test]
async fn l7_a_staged_download_outlives_its_purged_documents_and_any_change_of_lists() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    ground.put("/Lib/A/x.txt", "content").await;
    let staged = ground
        .services
        .staging
        .stage(&ground.owner, &[Ok(item("/Lib/A"))], &StageOptions::default())
        .await
        .unwrap();
    let chunk = async || {
        let downloads = &ground.services.downloads;
        downloads
            .chunk(&ground.owner, &staged.handle, 0, 1 << 20)
            .await
            .unwrap()
    };
    let before = chunk().await;
    let folder = deleted_folder(&ground, "/Lib/A").await;
    ground
        .services
        .recycle_bin
        .purge(&ground.administrator, folder)
        .await
        .unwrap();
    ground.grant("/Lib", Grantee::Members, Right::List).await;
    for _ in 0..3 {
        ground.clock.advance(Duration::from_hours(6));
        ground.services.upkeep.expire().await.unwrap();
        assert_eq!(chunk().await.bytes, before.bytes);
    }
}

async fn age_after(ground: &Ground, recycled_move_days: u64, recycled_purge_months: u64) {
    let settings = GeneralSettings {
        recycled_move_days,
        recycled_purge_months,
        ..GeneralSettings::default()
    };
    let set = ground
        .services
        .settings
        .set_general(&ground.administrator, settings)
        .await;
    set.unwrap();
}

#[tokio::test]
async fn upkeep_moves_and_purges_what_lies_too_long_and_nothing_earlier() {
    let ground = Ground::new().await;
    for name in ["x", "y"] {
        ground.put(&format!("/Lib/{name}"), name).await;
    }
    deleted_document(&ground, "/Lib/x").await;
    let counts = async || {
        let expired = ground.services.upkeep.expire().await.unwrap();
        (expired.recycled, expired.purged)
    };
    ground.clock.advance(400 * DAY);
    assert_eq!(counts().await, (0, 0));
    age_after(&ground, 10, 1).await;
    deleted_document(&ground, "/Lib/y").await;
    assert_eq!(counts().await, (1, 0));
    ground.clock.advance(10 * DAY);
    assert_eq!(counts().await, (1, 0));
    ground.clock.advance(21 * DAY);
    assert_eq!(counts().await, (0, 1));
    assert_eq!(bin(&ground, &ground.administrator).await.len(), 1);
    ground.clock.advance(10 * DAY);
    assert_eq!(counts().await, (0, 1));
    assert_eq!(bin(&ground, &ground.administrator).await, []);
}

#[tokio::test]
async fn the_log_of_deletions_tells_what_happened_to_whom_it_concerns() {
    let ground = Ground::new().await;
    ground.folder("/Lib/A").await;
    ground.put("/Lib/A/x.txt", "x").await;
    let document = deleted_document(&ground, "/Lib/A/x.txt").await;
    restore(&ground, &ground.owner, document, None).await.unwrap();
    deleted_folder(&ground, "/Lib/A").await;
    let log = async |caller: &Caller, filter: &str| {
        let entries = ground
            .services
            .logs
            .deletions(caller, LogPeriod::default(), filter)
            .await?;
        Ok::<_, Failure>(
            entries
                .into_iter()
                .map(|entry| (entry.action, entry.path))
                .collect::<Vec<_>>(),
        )
    };
    let (recycled, restored) = (DeletionAction::Recycled, DeletionAction::Restored);
    let (folder, inside) = ("/Lib/A".to_owned(), "/Lib/A/x.txt".to_owned());
    let all = [
        (recycled, folder.clone()),
        (restored, inside.clone()),
        (recycled, inside.clone()),
    ];
    assert_eq!(log(&ground.administrator, "").await.unwrap(), all);
    assert_eq!(log(&ground.owner, "\\lib\\*").await.unwrap(), all);
    assert_eq!(log(&ground.owner, "/LIB/A*").await.unwrap(), all);
    assert_eq!(log(&ground.owner, "/Lib").await.unwrap(), all[..1]);
    assert_eq!(log(&ground.owner, "/Lib/A/*").await.unwrap(), all[1..]);
    assert_eq!(log(&ground.owner, "/Lib/B*").await.unwrap(), []);
    assert!(matches!(log(&ground.owner, "").await, Err(Failure::Denied)));
    let member = ground.member("kim").await;
    assert!(matches!(log(&member, "/Lib/*").await, Err(Failure::Denied)));
}
