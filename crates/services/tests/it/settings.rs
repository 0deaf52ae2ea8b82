//! What administrators set, and what they can see.

mod statistics;

use holdall_services::{Failure, GeneralSettings, Holiday};
use holdall_testkit::House;

fn changed() -> GeneralSettings {
    let holiday = Holiday {
        date: "2026-12-25".to_owned(),
        description: "Christmas Day".to_owned(),
    };
    let mut settings = GeneralSettings {
        document_max_len: 1 << 30,
        staging_max_count: 1000,
        holidays: vec![holiday],
        ..GeneralSettings::default()
    };
    settings.work_week[0] = None;
    settings
}

#[tokio::test]
async fn everybody_reads_and_administrators_replace() {
    for house in House::on_every_engine().await {
        let (kim, settings) = (house.user("kim").await, house.services.settings.clone());
        assert_eq!(settings.general(&kim).await.unwrap(), GeneralSettings::default());
        assert!(matches!(
            settings.set_general(&kim, changed()).await,
            Err(Failure::Denied)
        ));
        settings
            .set_general(&house.administrator, changed())
            .await
            .unwrap();
        assert_eq!(
            settings.general(&kim).await.unwrap(),
            changed(),
            "{}",
            house.engine
        );
        drop(settings);
        let house = house.reopen().await;
        assert_eq!(house.services.settings.general(&kim).await.unwrap(), changed());
        house
            .services
            .settings
            .set_general(&house.administrator, GeneralSettings::default())
            .await
            .unwrap();
        assert_eq!(
            house.services.settings.general(&kim).await.unwrap(),
            GeneralSettings::default()
        );
    }
}

#[tokio::test]
async fn a_value_out_of_bounds_changes_nothing() {
    let house = House::new().await;
    let bad = GeneralSettings {
        upload_chunk_len: 1,
        ..changed()
    };
    let refused = house
        .services
        .settings
        .set_general(&house.administrator, bad)
        .await;
    assert!(matches!(
        refused,
        Err(Failure::Invalid {
            field: "upload_chunk_len",
            ..
        })
    ));
    let settings = house
        .services
        .settings
        .general(&house.administrator)
        .await
        .unwrap();
    assert_eq!(settings, GeneralSettings::default());
}
