//! Upkeep: what has expired goes, and what is used stays.

use crate::archives::{fetch, files_below, stage};
use holdall_testkit::House;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn expired_downloads_go_and_their_plans_an_hour_later() {
    for house in House::on_every_engine().await {
        let admin = house.administrator.clone();
        house.library("Lib", &[]).await;
        house.document(&admin, "/Lib/a.txt", b"a").await;
        let shared = stage(&house, &["/Lib"]).await;
        house.clock.advance(20 * HOUR);
        let later = stage(&house, &["/Lib"]).await;
        house.clock.advance(5 * HOUR);
        let expired = house.services.upkeep.expire().await.unwrap();
        assert_eq!((expired.downloads, expired.plans), (1, 0), "{}", house.engine);
        assert!(fetch(&house, &admin, &shared.handle).await.is_err());
        fetch(&house, &admin, &later.handle).await.unwrap();
        house.clock.advance(25 * HOUR);
        let expired = house.services.upkeep.expire().await.unwrap();
        assert_eq!(
            (expired.downloads, expired.plans),
            (1, 0),
            "the plan's grace begins"
        );
        house.clock.advance(HOUR);
        let expired = house.services.upkeep.expire().await.unwrap();
        assert_eq!((expired.downloads, expired.plans), (0, 1));
        assert!(files_below(&house, "blobs/objects/plans").is_empty());
    }
}

#[tokio::test]
async fn i7_a_plan_without_a_download_is_used_again_or_goes() {
    let house = House::new().await;
    let admin = house.administrator.clone();
    house.library("Lib", &[]).await;
    house.document(&admin, "/Lib/a.txt", b"a").await;
    let first = stage(&house, &["/Lib"]).await;
    house
        .services
        .downloads
        .forget(&admin, &first.handle)
        .await
        .unwrap();
    house.services.upkeep.expire().await.unwrap();
    house.clock.advance(HOUR);
    let second = stage(&house, &["/Lib"]).await;
    assert_eq!(second.etag, first.etag);
    assert_eq!(house.services.upkeep.expire().await.unwrap().plans, 0);
    fetch(&house, &admin, &second.handle).await.unwrap();
    house
        .services
        .downloads
        .forget(&admin, &second.handle)
        .await
        .unwrap();
    house.services.upkeep.expire().await.unwrap();
    assert_eq!(
        house.services.upkeep.expire().await.unwrap().plans,
        0,
        "its grace began anew"
    );
    house.clock.advance(HOUR);
    assert_eq!(house.services.upkeep.expire().await.unwrap().plans, 1);
}
