//! Tickets: who is who, for how long, and for whom not.

mod answers;
mod refusals;
mod trusted;

use holdall_catalog::CatalogOptions;
use holdall_model::Guid;
use holdall_services::{Failure, NewUser, SignedIn};
use holdall_testkit::{House, OPENING, PASSWORD};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

async fn log_in(house: &House, login: &str, password: &str) -> Result<SignedIn, Failure> {
    house.services.sessions.log_in(None, login, password, "").await
}

async fn kim(house: &House) -> Guid {
    house.user_with_password("kim").await;
    log_in(house, "kim", PASSWORD).await.unwrap().ticket
}

async fn is_live(house: &House, ticket: &Guid) -> bool {
    match house.services.sessions.authenticate(ticket).await {
        Ok(caller) => caller.login() == "kim",
        Err(Failure::SessionExpired) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_login_names_its_user() {
    for house in House::on_every_engine().await {
        let user = NewUser {
            first_name: "Kim".to_owned(),
            last_name: "Lee".to_owned(),
            email: "kim@example.org".to_owned(),
            ..NewUser::named("Kim", PASSWORD)
        };
        let user = house.user_of(user).await;
        let signed = log_in(&house, " KIM ", PASSWORD).await.unwrap();
        assert_eq!(signed.profile.user, user.user(), "{}", house.engine);
        assert_eq!(
            (signed.profile.login.as_str(), signed.profile.email.as_str()),
            ("Kim", "kim@example.org")
        );
        assert_eq!(
            (signed.profile.full_name().as_str(), signed.expires),
            ("Kim Lee", OPENING.plus(30 * DAY))
        );
        let caller = house
            .services
            .sessions
            .authenticate(&signed.ticket)
            .await
            .unwrap();
        assert_eq!(
            (caller.user(), caller.login(), caller.full_name()),
            (user.user(), "Kim", "Kim Lee")
        );
    }
}

#[tokio::test]
async fn i28_l10_tickets_and_passwords_are_hashed_at_rest() {
    let house = House::new().await;
    let ticket = kim(&house).await;
    assert!(is_live(&house, &ticket).await);
    let CatalogOptions::Sqlite { path } = house.database().options() else {
        panic!("not SQLite")
    };
    let mut seen = 0;
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        seen += usize::from(holds(b"$argon2id$"));
        let text = ticket.reveal();
        for secret in [
            text.as_bytes(),
            text.replace('-', "").as_bytes(),
            ticket.as_bytes(),
            PASSWORD.as_bytes(),
        ] {
            assert!(!holds(secret));
        }
    }
    assert!(seen > 0, "the files that were read are those of the catalog");
}

#[tokio::test]
async fn s3_use_moves_the_end_of_a_session_up_to_its_cap() {
    for house in House::on_every_engine().await {
        let ticket = kim(&house).await;
        for _ in 0..3 {
            house.clock.advance(29 * DAY);
            assert!(is_live(&house, &ticket).await, "{}", house.engine);
        }
        let (_, expires) = house.services.sessions.peek(&ticket).await.unwrap();
        assert_eq!(expires, OPENING.plus(90 * DAY));
        house.clock.advance(3 * DAY);
        assert!(!is_live(&house, &ticket).await);
    }
}

#[tokio::test]
async fn s3_an_unused_session_ends() {
    let house = House::new().await;
    let ticket = kim(&house).await;
    assert!(is_live(&house, &ticket).await);
    house.clock.advance(30 * DAY);
    assert!(!is_live(&house, &ticket).await);
    assert!(matches!(
        house.services.sessions.log_out(&ticket).await,
        Err(Failure::SessionExpired)
    ));
}

#[tokio::test]
async fn s3_peeking_never_moves_the_end() {
    let house = House::new().await;
    let ticket = kim(&house).await;
    house.clock.advance(20 * DAY);
    for _ in 0..2 {
        let (profile, expires) = house.services.sessions.peek(&ticket).await.unwrap();
        assert_eq!((profile.login.as_str(), expires), ("kim", OPENING.plus(30 * DAY)));
    }
    house.clock.advance(10 * DAY);
    assert!(matches!(
        house.services.sessions.peek(&ticket).await,
        Err(Failure::SessionExpired)
    ));
}

#[tokio::test]
async fn the_end_of_a_session_is_written_down_once_a_minute() {
    let house = House::new().await;
    let ticket = kim(&house).await;
    let mut ends = Vec::new();
    for _ in 0..4 {
        house.clock.advance(Duration::from_secs(25));
        assert!(is_live(&house, &ticket).await);
        ends.push(house.services.sessions.peek(&ticket).await.unwrap().1);
    }
    let first = OPENING.plus(30 * DAY);
    let second = first.plus(Duration::from_secs(75));
    assert_eq!(ends, [first, first, second, second]);
}

#[tokio::test]
async fn s4_a_log_out_takes_effect_at_once_on_a_warm_session() {
    for house in House::on_every_engine().await {
        let ticket = kim(&house).await;
        assert!(is_live(&house, &ticket).await);
        house.services.sessions.log_out(&ticket).await.unwrap();
        assert!(!is_live(&house, &ticket).await, "{}", house.engine);
        assert!(matches!(
            house.services.sessions.peek(&ticket).await,
            Err(Failure::SessionExpired)
        ));
        assert!(matches!(
            house.services.sessions.log_out(&ticket).await,
            Err(Failure::SessionExpired)
        ));
    }
}

#[tokio::test]
async fn s4_what_ends_all_sessions_of_a_user_does_so_at_once() {
    let house = House::new().await;
    let first = kim(&house).await;
    let user = house.services.sessions.operator("kim").await.unwrap();
    let (sessions, people) = (&house.services.sessions, &house.services.people);
    assert!(is_live(&house, &first).await);
    sessions.end_all(user.user()).await.unwrap();
    assert!(!is_live(&house, &first).await);

    let second = log_in(&house, "kim", PASSWORD).await.unwrap().ticket;
    assert!(is_live(&house, &second).await);
    people
        .change_password(&user, "kim", "another horse battery")
        .await
        .unwrap();
    assert!(!is_live(&house, &second).await);
    assert!(matches!(
        log_in(&house, "kim", PASSWORD).await,
        Err(Failure::NotAuthenticated)
    ));

    let third = log_in(&house, "kim", "another horse battery")
        .await
        .unwrap()
        .ticket;
    assert!(is_live(&house, &third).await);
    people
        .set_enabled(&house.administrator, "kim", false)
        .await
        .unwrap();
    assert!(!is_live(&house, &third).await);
    assert!(matches!(
        log_in(&house, "kim", "another horse battery").await,
        Err(Failure::NotAuthenticated)
    ));
    assert!(matches!(
        sessions.operator("kim").await,
        Err(Failure::NotFound(_))
    ));
    people
        .set_enabled(&house.administrator, "kim", true)
        .await
        .unwrap();
    assert!(
        !is_live(&house, &third).await,
        "an ended session does not come back"
    );
}

#[tokio::test]
async fn passwords_are_changed_by_their_owner_and_administrators_only() {
    let house = House::new().await;
    let (kim, lee) = (house.user("kim").await, house.user("lee").await);
    let people = &house.services.people;
    assert!(matches!(
        people.change_password(&lee, "kim", PASSWORD).await,
        Err(Failure::Denied)
    ));
    assert!(matches!(
        people.change_password(&kim, "kim", "short").await,
        Err(Failure::Invalid { .. })
    ));
    assert!(matches!(
        log_in(&house, "kim", PASSWORD).await,
        Err(Failure::NotAuthenticated)
    ));
    people
        .change_password(&house.administrator, "kim", PASSWORD)
        .await
        .unwrap();
    log_in(&house, "kim", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn renewing_replaces_the_own_session_and_no_other() {
    for house in House::on_every_engine().await {
        let old = kim(&house).await;
        house.user_with_password("lee").await;
        let lees = log_in(&house, "lee", PASSWORD).await.unwrap().ticket;
        assert!(is_live(&house, &old).await);
        let sessions = &house.services.sessions;
        let wrong = sessions
            .renew(None, ("kim", "wrong horse battery"), "", Some(old))
            .await;
        assert!(matches!(wrong, Err(Failure::NotAuthenticated)));
        assert!(is_live(&house, &old).await, "a wrong password ends nothing");
        let new = sessions
            .renew(None, ("kim", PASSWORD), "", Some(old))
            .await
            .unwrap()
            .ticket;
        assert!(!is_live(&house, &old).await, "{}", house.engine);
        assert!(is_live(&house, &new).await);
        let other = sessions
            .renew(None, ("kim", PASSWORD), "", Some(lees))
            .await
            .unwrap()
            .ticket;
        assert!(is_live(&house, &other).await);
        assert_eq!(sessions.authenticate(&lees).await.unwrap().login(), "lee");
        let dead = sessions
            .renew(None, ("kim", PASSWORD), "", Some(old))
            .await
            .unwrap()
            .ticket;
        assert!(is_live(&house, &dead).await);
    }
}

#[tokio::test]
async fn sessions_survive_a_restart() {
    let house = House::new().await;
    let ticket = kim(&house).await;
    let house = house.reopen().await;
    assert!(is_live(&house, &ticket).await);
    assert!(!is_live(&house, &Guid::from_bytes([7; 16])).await);
}

#[tokio::test]
async fn the_first_administrator_is_an_ordinary_account() {
    let house = House::new().await;
    let found = house
        .services
        .sessions
        .first_administrator()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.login(), "admin");
    let built_in = house.services.sessions.operator("sysadmin").await.unwrap();
    house
        .services
        .people
        .set_enabled(&built_in, "admin", false)
        .await
        .unwrap();
    assert!(
        house
            .services
            .sessions
            .first_administrator()
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn upkeep_drops_ended_sessions_only() {
    let house = House::new().await;
    let old = kim(&house).await;
    house.clock.advance(29 * DAY);
    let new = log_in(&house, "kim", PASSWORD).await.unwrap().ticket;
    house.clock.advance(2 * DAY);
    house.services.upkeep.expire().await.unwrap();
    assert!(!is_live(&house, &old).await);
    assert!(is_live(&house, &new).await);
}
