//! Logins that are refused: for whatever cause alike, and ever more slowly.

use super::log_in;
use holdall_services::Failure;
use holdall_testkit::{House, PASSWORD};
use std::time::Duration;

#[tokio::test]
async fn s6_every_cause_of_refusal_reads_the_same() {
    let house = House::new().await;
    house.user_with_password("kim").await;
    house.user_with_password("off").await;
    house.user("none").await;
    house
        .services
        .people
        .set_enabled(&house.administrator, "off", false)
        .await
        .unwrap();
    for (login, password) in [
        ("nobody", PASSWORD),
        ("kim", "wrong horse battery"),
        ("kim", ""),
        ("off", PASSWORD),
        ("none", PASSWORD),
        ("none", ""),
        ("sysadmin", PASSWORD),
        ("sysadmin", ""),
        ("", ""),
    ] {
        let refused = log_in(&house, login, password).await;
        assert!(
            matches!(refused, Err(Failure::NotAuthenticated)),
            "{login}/{password}: {refused:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn s6_ten_failures_refuse_for_a_quarter_of_an_hour() {
    let house = House::new().await;
    house.user_with_password("kim").await;
    for login in ["kim", "nobody"] {
        for attempt in 0..10 {
            let refused = log_in(&house, login, "wrong horse battery").await;
            assert!(
                matches!(refused, Err(Failure::NotAuthenticated)),
                "{login} {attempt}: {refused:?}"
            );
        }
        let refused = log_in(&house, login, PASSWORD).await;
        assert!(
            matches!(refused, Err(Failure::TooManyAttempts { seconds: 900 })),
            "{login}: {refused:?}"
        );
    }
    house.clock.advance(Duration::from_secs(899));
    assert!(matches!(
        log_in(&house, "KIM", PASSWORD).await,
        Err(Failure::TooManyAttempts { seconds: 1 })
    ));
    house.clock.advance(Duration::from_secs(1));
    log_in(&house, "kim", PASSWORD).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn s6_success_starts_the_count_anew() {
    let house = House::new().await;
    house.user_with_password("kim").await;
    for _ in 0..2 {
        for _ in 0..9 {
            assert!(log_in(&house, "kim", "wrong horse battery").await.is_err());
        }
        log_in(&house, "kim", PASSWORD).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn s6_from_the_fifth_failure_on_attempts_are_slower() {
    let house = House::new().await;
    let mut waits = Vec::new();
    for _ in 0..8 {
        let before = tokio::time::Instant::now();
        assert!(log_in(&house, "nobody", PASSWORD).await.is_err());
        waits.push(before.elapsed().as_millis() / 250);
    }
    assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 3]);
}
