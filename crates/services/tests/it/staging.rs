//! Staging: what goes into an archive, what is left out and said, what is not said.

use crate::archives::{fetch, files_below, noise, stage, stage_as, text, unzip};
use holdall_model::Right;
use holdall_services::{Caller, Failure, GeneralSettings, OnTrouble, SkipReason, StageOptions};
use holdall_testkit::{House, item, user};

/// A library `Lib` with `/Lib/Plans/{a.txt, b.bin}` and `/Lib/Plans/Old/c.txt`.
async fn furnished() -> House {
    let house = House::new().await;
    furnish(&house).await;
    house
}

async fn furnish(house: &House) {
    let admin = &house.administrator;
    house.library("Lib", &[]).await;
    house.folder(admin, "/Lib/Plans/Old").await;
    house.document(admin, "/Lib/Plans/a.txt", &text(3_000_000)).await;
    house
        .document(admin, "/Lib/Plans/b.bin", &noise(200_000, 1))
        .await;
    house.document(admin, "/Lib/Plans/Old/c.txt", b"").await;
}

#[tokio::test]
async fn an_archive_holds_what_was_stored_and_says_its_length() {
    for house in House::on_every_engine().await {
        furnish(&house).await;
        let staged = stage(&house, &["/Lib/Plans"]).await;
        let bytes = fetch(&house, &house.administrator, &staged.handle).await.unwrap();
        assert_eq!(
            staged.content_len,
            u64::try_from(bytes.len()).unwrap(),
            "{}",
            house.engine
        );
        let entries = unzip(&bytes);
        let names: Vec<_> = entries.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "Plans/",
                "Plans/Old/",
                "Plans/Old/c.txt",
                "Plans/a.txt",
                "Plans/b.bin"
            ]
        );
        assert_eq!(entries["Plans/a.txt"], text(3_000_000));
        assert_eq!(entries["Plans/b.bin"], noise(200_000, 1));
        assert_eq!((staged.entries, staged.documents), (5, 3));
        assert_eq!(staged.file_name, "Plans.zip");
        assert!(bytes.len() < 1_500_000, "text is deflated");
    }
}

#[tokio::test]
async fn l2_equal_selections_give_equal_archives_however_they_are_said() {
    let house = furnished().await;
    let plans = house
        .services
        .folders
        .folder(&house.administrator, &item("/Lib/Plans"))
        .await
        .unwrap();
    let short = format!("~F{}", plans.id);
    let once = stage(&house, &["/Lib/Plans"]).await;
    for said in [
        vec!["/lib/PLANS/", "\\Lib\\Plans"],
        vec![short.as_str(), "/Lib/Plans"],
        vec![
            "/Lib/Plans/Old",
            "/Lib/Plans/a.txt",
            "/Lib/Plans",
            "/Lib/Plans/Old/c.txt",
        ],
        vec!["/Lib/Plans", "/Lib/Nothing", "~X", "~D999999", ""],
    ] {
        let again = stage(&house, &said).await;
        assert_eq!(
            (&again.etag, again.content_len),
            (&once.etag, once.content_len),
            "{said:?}"
        );
        assert_ne!(again.handle, once.handle);
    }
    assert_eq!(
        files_below(&house, "blobs/objects/plans").len(),
        1,
        "equal plans are one file"
    );
    let both = stage(&house, &["/Lib/Plans/Old", "/Lib/Plans/a.txt"]).await;
    assert_ne!(both.etag, once.etag);
    assert_eq!(
        both.etag,
        stage(&house, &["/Lib/Plans/a.txt", "/Lib/Plans/Old"]).await.etag
    );
}

#[tokio::test]
async fn l5_what_is_hidden_is_as_good_as_absent() {
    let house = furnished().await;
    let kim = member(&house).await;
    let before = stage_as(&house, &kim, &["/Lib/Plans"], OnTrouble::Fail)
        .await
        .unwrap();
    house
        .document(&house.administrator, "/Lib/Plans/hidden.txt", b"hidden")
        .await;
    house
        .grant(
            &house.administrator,
            "/Lib/Plans/hidden.txt",
            &[(user("kim"), Right::NoAccess)],
        )
        .await;
    for mode in [OnTrouble::Fail, OnTrouble::Skip] {
        let staged = stage_as(&house, &kim, &["/Lib/Plans", "/Lib/Plans/hidden.txt"], mode)
            .await
            .unwrap();
        assert_eq!((&staged.etag, &staged.skips), (&before.etag, &vec![]));
    }
}

#[tokio::test]
async fn l5_what_is_listed_but_not_read_is_named() {
    let house = furnished().await;
    let kim = member(&house).await;
    house
        .document(&house.administrator, "/Lib/Plans/Old/secret.txt", b"secret")
        .await;
    house
        .grant(
            &house.administrator,
            "/Lib/Plans/Old",
            &[(user("kim"), Right::Add)],
        )
        .await;
    let Err(Failure::Incomplete(skips)) = stage_as(&house, &kim, &["/Lib/Plans"], OnTrouble::Fail).await
    else {
        panic!("strict staging must fail")
    };
    let said: Vec<_> = skips
        .iter()
        .map(|skip| (skip.path.as_str(), skip.reason))
        .collect();
    let unread = SkipReason::NotReadable;
    assert_eq!(
        said,
        [
            ("/Lib/Plans/Old/c.txt", unread),
            ("/Lib/Plans/Old/secret.txt", unread)
        ]
    );
    let partial = stage_as(&house, &kim, &["/Lib/Plans"], OnTrouble::Skip)
        .await
        .unwrap();
    assert_eq!(partial.skips, skips);
    let entries = unzip(&fetch(&house, &kim, &partial.handle).await.unwrap());
    let names: Vec<_> = entries.keys().map(String::as_str).collect();
    assert_eq!(names, ["Plans/", "Plans/Old/", "Plans/a.txt", "Plans/b.bin"]);
    let total = partial.documents + u64::try_from(partial.skips.len()).unwrap();
    assert_eq!(total, 4, "visible = included + named");
}

async fn member(house: &House) -> Caller {
    let kim = house.user("kim").await;
    house
        .services
        .libraries
        .add_member(&house.administrator, "Lib", "kim")
        .await
        .unwrap();
    kim
}

#[tokio::test]
async fn nothing_is_no_archive() {
    let house = furnished().await;
    let kim = house.user("kim").await;
    let admin = &house.administrator;
    for items in [vec![], vec!["/Lib/Nothing", "~D7777", "~F-1", "~"], vec!["/"]] {
        let staged = stage_as(&house, admin, &items, OnTrouble::Skip).await;
        assert!(matches!(staged, Err(Failure::NothingSelected)), "{items:?}");
    }
    let stranger = stage_as(&house, &kim, &["/Lib/Plans", "~D1", "~F1"], OnTrouble::Skip).await;
    assert!(matches!(stranger, Err(Failure::NothingSelected)));
    house.folder(admin, "/Lib/Empty/Inner").await;
    let empty = stage(&house, &["/Lib/Empty"]).await;
    assert_eq!((empty.documents, empty.entries), (0, 2));
    let entries = unzip(&fetch(&house, admin, &empty.handle).await.unwrap());
    assert_eq!(entries.keys().collect::<Vec<_>>(), ["Empty/", "Empty/Inner/"]);
    house
        .services
        .libraries
        .add_member(admin, "Lib", "kim")
        .await
        .unwrap();
    house
        .grant(admin, "/Lib/Plans", &[(user("kim"), Right::List)])
        .await;
    let unreadable = stage_as(&house, &kim, &["/Lib/Plans"], OnTrouble::Skip).await;
    assert!(matches!(unreadable, Err(Failure::Incomplete(skips)) if skips.len() == 3));
}

#[tokio::test]
async fn a_readable_document_below_an_unlisted_folder_is_included_with_its_path() {
    let house = furnished().await;
    let kim = house.user("kim").await;
    let admin = &house.administrator;
    house
        .services
        .libraries
        .add_member(admin, "Lib", "kim")
        .await
        .unwrap();
    house.folder(admin, "/Lib/Plans/Closed/Shut").await;
    house.document(admin, "/Lib/Plans/Closed/open.txt", b"open").await;
    house
        .grant(admin, "/Lib/Plans/Closed", &[(user("kim"), Right::NoAccess)])
        .await;
    let closed = stage_as(&house, &kim, &["/Lib/Plans"], OnTrouble::Fail)
        .await
        .unwrap();
    let entries = unzip(&fetch(&house, &kim, &closed.handle).await.unwrap());
    assert!(!entries.keys().any(|name| name.contains("Closed")));
    house
        .grant(admin, "/Lib/Plans/Closed/open.txt", &[(user("kim"), Right::Read)])
        .await;
    let open = stage_as(&house, &kim, &["/Lib/Plans"], OnTrouble::Fail)
        .await
        .unwrap();
    let entries = unzip(&fetch(&house, &kim, &open.handle).await.unwrap());
    assert_eq!(entries["Plans/Closed/open.txt"], b"open");
    assert!(entries.contains_key("Plans/Closed/") && !entries.contains_key("Plans/Closed/Shut/"));
}

#[tokio::test]
async fn limits_are_said_in_numbers_and_zero_is_none() {
    let house = furnished().await;
    for (count, len, admitted) in [
        (2, 0, false),
        (0, 3_199_999, false),
        (3, 3_200_000, true),
        (0, 0, true),
    ] {
        let limits = GeneralSettings {
            staging_max_count: count,
            staging_max_len: len,
            ..GeneralSettings::default()
        };
        house
            .services
            .settings
            .set_general(&house.administrator, limits)
            .await
            .unwrap();
        match stage_as(&house, &house.administrator, &["/Lib"], OnTrouble::Skip).await {
            Ok(staged) => assert!(admitted && staged.documents == 3),
            Err(Failure::OverStagingLimits {
                count: 3,
                raw_len: 3_200_000,
                max_count,
                max_len,
            }) => {
                assert_eq!((max_count, max_len, admitted), (count, len, false));
            }
            Err(failure) => panic!("{failure:?}"),
        }
    }
}

#[tokio::test]
async fn staging_can_be_switched_off() {
    let house = furnished().await;
    let disabled = GeneralSettings {
        staging_enabled: false,
        ..GeneralSettings::default()
    };
    house
        .services
        .settings
        .set_general(&house.administrator, disabled)
        .await
        .unwrap();
    let staged = stage_as(&house, &house.administrator, &["/Lib"], OnTrouble::Skip).await;
    assert!(matches!(staged, Err(Failure::StagingDisabled)));
}

#[tokio::test]
async fn s19_a_user_may_have_a_hundred_downloads() {
    let house = furnished().await;
    let mut last = None;
    for _ in 0..100 {
        last = Some(stage(&house, &["/Lib/Plans"]).await.handle);
    }
    let over = stage_as(&house, &house.administrator, &["/Lib/Plans"], OnTrouble::Fail).await;
    assert!(
        matches!(over, Err(Failure::QuotaReached { most: 100, .. })),
        "{over:?}"
    );
    house
        .services
        .downloads
        .forget(&house.administrator, &last.unwrap())
        .await
        .unwrap();
    stage(&house, &["/Lib/Plans"]).await;
}

#[tokio::test]
async fn recycled_documents_are_not_there_and_archived_ones_are_offline() {
    let house = furnished().await;
    let admin = &house.administrator;
    let document = house
        .services
        .documents
        .document(admin, &item("/Lib/Plans/a.txt"))
        .await
        .unwrap();
    house
        .services
        .documents
        .delete(admin, &item("/Lib/Plans/a.txt"))
        .await
        .unwrap();
    house
        .services
        .folders
        .delete(admin, &item("/Lib/Plans/Old"))
        .await
        .unwrap();
    let staged = stage(&house, &["/Lib/Plans", &format!("~D{}", document.id)]).await;
    assert_eq!((staged.documents, staged.entries), (1, 2));
    house
        .services
        .libraries
        .set_archived(admin, "Lib", true)
        .await
        .unwrap();
    let staged = stage_as(&house, admin, &["/Lib/Plans"], OnTrouble::Skip).await;
    let Err(Failure::Incomplete(skips)) = staged else {
        panic!("{staged:?}")
    };
    assert_eq!(skips[0].reason, SkipReason::Offline);
}

#[tokio::test]
async fn a_preview_says_the_same_and_leaves_nothing() {
    let house = furnished().await;
    let items = [Ok(item("/Lib"))];
    let options = StageOptions {
        name: Some("All of it".to_owned()),
        ..StageOptions::default()
    };
    let preview = house
        .services
        .staging
        .preview(&house.administrator, &items, &options)
        .await
        .unwrap();
    assert_eq!(preview.file_name, "All of it.zip");
    assert_eq!(files_below(&house, "blobs/objects/plans").len(), 0);
    let staged = house
        .services
        .staging
        .stage(&house.administrator, &items, &options)
        .await
        .unwrap();
    assert_eq!(staged.into_preview(), preview);
}

#[tokio::test]
async fn z7_renames_are_reported() {
    let house = furnished().await;
    let admin = &house.administrator;
    house.folder(admin, "/Lib/Other/Plans").await;
    house.folder(admin, "/Lib/Plans/b.bin").await;
    house.document(admin, "/Lib/Other/Plans/con.txt", b"x").await;
    let staged = stage(&house, &["/Lib/Plans", "/Lib/Other/Plans"]).await;
    let renamed: Vec<_> = staged
        .renamed
        .iter()
        .map(|one| (one.path.as_str(), one.name.as_str()))
        .collect();
    assert_eq!(
        renamed,
        [
            ("/Lib/Other/Plans", "Plans (2)"),
            ("/Lib/Other/Plans/con.txt", "Plans (2)/_con.txt"),
            ("/Lib/Plans/b.bin", "Plans/b (2).bin"),
        ]
    );
    unzip(&fetch(&house, admin, &staged.handle).await.unwrap());
}
