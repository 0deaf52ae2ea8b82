//! Counts and sums over the whole house, and the media types it knows.

use holdall_services::{Failure, Statistics, media_types};
use holdall_testkit::{House, item};
use std::time::Duration;

#[tokio::test]
async fn everything_is_counted_once_with_all_versions() {
    for house in House::on_every_engine().await {
        let (kim, admin) = (house.user("kim").await, &house.administrator);
        house.user("lee").await;
        house
            .services
            .people
            .set_enabled(admin, "lee", false)
            .await
            .unwrap();
        let settings = &house.services.settings;
        let empty = settings.statistics(admin).await.unwrap();
        assert_eq!((empty.documents, empty.raw_len), (0, 0), "{}", house.engine);
        house.library("Lib", &[]).await;
        for (document, content) in [("a.txt", "12345"), ("b.txt", "12345"), ("c.txt", "")] {
            house
                .document(admin, &format!("/Lib/{document}"), content.as_bytes())
                .await;
            house.clock.advance(Duration::from_hours(31 * 24));
        }
        house.document(admin, "/Lib/a.txt", b"1234567").await;
        let documents = &house.services.documents;
        documents.lock(admin, &item("/Lib/a.txt")).await.unwrap();
        documents.delete(admin, &item("/Lib/b.txt")).await.unwrap();
        let expected = Statistics {
            enabled_users: 2,
            disabled_users: 1,
            documents: 3,
            raw_len: 17,
            locked_documents: 1,
            registered: [0, 1, 2],
        };
        assert_eq!(
            settings.statistics(admin).await.unwrap(),
            expected,
            "{}",
            house.engine
        );
        assert!(matches!(settings.statistics(&kim).await, Err(Failure::Denied)));
    }
}

#[test]
fn media_types_are_sorted_and_each_extension_comes_once() {
    let types = media_types();
    assert!(types.windows(2).all(|pair| pair[0].extension < pair[1].extension));
    let of = |extension: &str| {
        let found = types.iter().find(|found| found.extension == extension);
        found.map(|found| found.media_type)
    };
    assert_eq!(of("pdf"), Some("application/pdf"));
    assert_eq!(of("txt"), Some("text/plain"));
    assert!(types.iter().all(|found| !found.extension.starts_with('.')));
}
