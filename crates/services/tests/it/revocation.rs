//! Who may have the bytes of a download: its owner, as long as all of its documents may be read.

use crate::archives::{fetch, stage_as, text};
use crate::downloads::{furnished, is_gone, stage_for};
use holdall_model::{Guid, Right};
use holdall_services::{Failure, OnTrouble};
use holdall_testkit::{House, item, user};
use http_body_util::BodyExt as _;
use std::time::Duration;

#[tokio::test]
async fn i24_a_lost_right_ends_the_whole_download() {
    for house in House::on_every_engine().await {
        let kim = house.user("kim").await;
        let admin = house.administrator.clone();
        house.library("Lib", &[&kim]).await;
        house.document(&admin, "/Lib/a.txt", &text(1000)).await;
        house.document(&admin, "/Lib/b.txt", &text(2000)).await;
        let staged = stage_as(&house, &kim, &["/Lib"], OnTrouble::Fail).await.unwrap();
        fetch(&house, &kim, &staged.handle).await.unwrap();
        house
            .grant(&admin, "/Lib/a.txt", &[(user("kim"), Right::Change)])
            .await;
        fetch(&house, &kim, &staged.handle).await.unwrap();
        house
            .grant(&admin, "/Lib/a.txt", &[(user("kim"), Right::NoAccess)])
            .await;
        for _ in 0..2 {
            let chunk = house.services.downloads.chunk(&kim, &staged.handle, 0, 10).await;
            assert!(
                matches!(chunk, Err(Failure::DownloadRevoked { documents: 1 })),
                "{} {chunk:?}",
                house.engine
            );
        }
        house
            .grant(&admin, "/Lib/a.txt", &[(user("kim"), Right::Read)])
            .await;
        let open = house.services.downloads.open(&kim, &staged.handle).await;
        assert!(
            matches!(open, Err(Failure::DownloadRevoked { .. })),
            "an ended download stays ended"
        );
        let house = house.reopen().await;
        let open = house.services.downloads.open(&kim, &staged.handle).await;
        assert!(matches!(open, Err(Failure::DownloadRevoked { documents: 1 })));
    }
}

#[tokio::test]
async fn i24_a_deleted_document_stays_in_the_download_unless_its_list_denies() {
    let (house, kim) = furnished().await;
    let admin = &house.administrator;
    let staged = stage_for(&house, &kim).await;
    house
        .services
        .documents
        .delete(admin, &item("/Lib/Plans/b.bin"))
        .await
        .unwrap();
    house.grant(admin, "/Lib", &[(user("kim"), Right::Read)]).await;
    fetch(&house, &kim, &staged.handle).await.unwrap();
    house
        .grant(admin, "/Lib/Plans", &[(user("kim"), Right::NoAccess)])
        .await;
    assert!(matches!(
        fetch(&house, &kim, &staged.handle).await,
        Err(Failure::DownloadRevoked { .. })
    ));
}

#[tokio::test]
async fn i26_a_running_stream_ends_within_five_seconds() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    let mut body = open.read(0..open.content_len()).unwrap();
    body.frame().await.unwrap().unwrap();
    house
        .grant(
            &house.administrator,
            "/Lib/Plans/a.txt",
            &[(user("kim"), Right::NoAccess)],
        )
        .await;
    house.clock.advance(Duration::from_secs(5));
    let next = body.frame().await.unwrap();
    assert!(matches!(next, Err(Failure::DownloadRevoked { documents: 1 })));
    assert!(body.frame().await.is_none(), "nothing comes after an error");
}

#[tokio::test]
async fn i26_a_running_stream_ends_when_its_download_is_forgotten() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let open = house.services.downloads.open(&kim, &staged.handle).await.unwrap();
    let mut body = open.read(0..open.content_len()).unwrap();
    body.frame().await.unwrap().unwrap();
    house
        .services
        .downloads
        .forget(&kim, &staged.handle)
        .await
        .unwrap();
    house.clock.advance(Duration::from_secs(5));
    assert!(matches!(
        body.frame().await.unwrap(),
        Err(Failure::NoSuchDownload)
    ));
}

#[tokio::test]
async fn i15_a_handle_opens_its_owners_download_only() {
    let (house, kim) = furnished().await;
    let other = house.user("other").await;
    house
        .services
        .libraries
        .add_member(&house.administrator, "Lib", "other")
        .await
        .unwrap();
    let staged = stage_for(&house, &kim).await;
    for stranger in [&other, &house.administrator] {
        assert!(is_gone(&house, stranger, &staged.handle).await);
        house
            .services
            .downloads
            .forget(stranger, &staged.handle)
            .await
            .unwrap();
    }
    fetch(&house, &kim, &staged.handle).await.unwrap();
    let unknown = Guid::from_bytes([7; 16]);
    assert!(is_gone(&house, &kim, &unknown).await);
    house.services.downloads.forget(&kim, &unknown).await.unwrap();
    house
        .services
        .downloads
        .forget(&kim, &staged.handle)
        .await
        .unwrap();
    assert!(is_gone(&house, &kim, &staged.handle).await);
    house
        .services
        .downloads
        .forget(&kim, &staged.handle)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_disabled_user_is_kept_out_and_finds_the_download_again_later() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let people = &house.services.people;
    people
        .set_enabled(&house.administrator, "kim", false)
        .await
        .unwrap();
    let open = house.services.downloads.open(&kim, &staged.handle).await;
    assert!(matches!(open, Err(Failure::SessionExpired)));
    people
        .set_enabled(&house.administrator, "kim", true)
        .await
        .unwrap();
    fetch(&house, &kim, &staged.handle).await.unwrap();
}
