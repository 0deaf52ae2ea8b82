//! Answers that are given again.

use holdall_catalog::CatalogOptions;
use holdall_services::{Begun, KeyedCall};
use holdall_testkit::House;
use std::fs;
use std::time::Duration;

const CALL: KeyedCall<'static> = KeyedCall {
    key: "0b5e",
    route: "/downloads",
    body: b"{}",
};

#[tokio::test]
async fn a_call_is_begun_once_and_its_answer_kept_for_a_day() {
    for house in House::on_every_engine().await {
        let (answers, kim) = (house.services.answers.clone(), house.user("kim").await);
        let Begun::Fresh(running) = answers.begin(&kim, CALL).await.unwrap() else {
            panic!("{}: begun before", house.engine);
        };
        assert!(matches!(answers.begin(&kim, CALL).await.unwrap(), Begun::Running));
        let other = KeyedCall { body: b"[]", ..CALL };
        assert!(matches!(
            answers.begin(&kim, other).await.unwrap(),
            Begun::Mismatch
        ));
        running.finish(201, b"an answer").await.unwrap();
        house.clock.advance(Duration::from_hours(23));
        let again = answers.begin(&kim, CALL).await.unwrap();
        assert!(matches!(again, Begun::Done(201, ref answer) if answer == b"an answer"));
        house.clock.advance(Duration::from_hours(1));
        assert!(matches!(
            answers.begin(&kim, CALL).await.unwrap(),
            Begun::Fresh(_)
        ));
        // A node that died in the middle holds the key for ten minutes.
        assert!(matches!(answers.begin(&kim, CALL).await.unwrap(), Begun::Running));
        house.clock.advance(Duration::from_mins(10));
        assert!(matches!(
            answers.begin(&kim, CALL).await.unwrap(),
            Begun::Fresh(_)
        ));
    }
}

#[tokio::test]
async fn l10_kept_answers_cannot_be_read_in_the_catalog() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    let Begun::Fresh(running) = house.services.answers.begin(&kim, CALL).await.unwrap() else {
        panic!("begun before");
    };
    running.finish(201, b"the secret handle").await.unwrap();
    let CatalogOptions::Sqlite { path } = house.database().options() else {
        panic!("not on SQLite");
    };
    for ending in ["", "-wal"] {
        let bytes = fs::read(format!("{}{ending}", path.display())).unwrap_or_default();
        assert!(
            !bytes.windows(13).any(|part| part == b"secret handle"),
            "catalog.sqlite{ending}"
        );
    }
}
