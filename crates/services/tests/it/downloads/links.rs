//! Links: everything that must end one does, and nobody learns which.

use super::{furnished, stage_for};
use crate::archives::{fetch, read_range};
use holdall_model::{LinkId, Right};
use holdall_services::{Caller, Door, Failure, LinkOptions, MadeLink, OpenDownload, Staged, Visitor};
use holdall_testkit::{House, user};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);
const NONE: Visitor<'static> = Visitor {
    address: None,
    agent: "curl",
    password: None,
    takes: true,
};

fn from(address: &str) -> Visitor<'static> {
    Visitor {
        address: Some(address.parse().unwrap()),
        ..NONE
    }
}

async fn linked(options: LinkOptions) -> (House, Caller, Staged, MadeLink) {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let made = house
        .services
        .links
        .create(&kim, &staged.handle, options)
        .await
        .unwrap();
    (house, kim, staged, made)
}

async fn visit(house: &House, link: &MadeLink, visitor: Visitor<'_>) -> Result<OpenDownload, Failure> {
    house.services.links.visit(&link.token, visitor).await
}

async fn is_dead(house: &House, link: &MadeLink, visitor: Visitor<'_>) -> bool {
    matches!(visit(house, link, visitor).await, Err(Failure::NoSuchLink))
}

#[tokio::test]
async fn a_link_gives_the_bytes_of_its_download() {
    for house in House::on_every_engine().await {
        let admin = house.administrator.clone();
        house.library("Lib", &[]).await;
        house.folder(&admin, "/Lib/Plans").await;
        house.document(&admin, "/Lib/Plans/a.txt", b"content").await;
        let staged = stage_for(&house, &admin).await;
        let links = &house.services.links;
        let link = links
            .create(&admin, &staged.handle, LinkOptions::default())
            .await
            .unwrap();
        assert_eq!(
            (link.view.name.as_str(), link.view.used, link.view.has_password),
            ("Plans.zip", 0, false)
        );
        assert_eq!(link.view.expires, staged.expires, "a day");
        let whole = fetch(&house, &admin, &staged.handle).await.unwrap();
        let open = visit(&house, &link, NONE).await.unwrap();
        assert_eq!(read_range(&open, 0..open.content_len()).await.unwrap(), whole);
        let listed = links.list(&admin, LinkId(i64::MAX), 10).await.unwrap();
        assert_eq!(
            listed.iter().map(|link| link.used).collect::<Vec<_>>(),
            [1],
            "{}",
            house.engine
        );
        assert_eq!(links.of_download(&admin, &staged.handle).await.unwrap(), listed);
        let house = {
            drop(open);
            house.services.logs.settle().await;
            house.reopen().await
        };
        visit(&house, &link, NONE).await.unwrap();
        let before = holdall_model::DownloadId(i64::MAX);
        let receipts = house
            .services
            .downloads
            .receipts(&admin, before, 1)
            .await
            .unwrap();
        assert_eq!(receipts[0].door, Door::Link);
    }
}

#[tokio::test]
async fn a_link_dies_of_its_expiry() {
    let options = LinkOptions {
        lasts: Some(HOUR),
        ..LinkOptions::default()
    };
    let (house, kim, _staged, link) = linked(options).await;
    house.clock.advance(Duration::from_secs(3599));
    visit(&house, &link, NONE).await.unwrap();
    house.clock.advance(Duration::from_secs(1));
    assert!(is_dead(&house, &link, NONE).await);
    assert!(
        house
            .services
            .links
            .list(&kim, LinkId(i64::MAX), 9)
            .await
            .unwrap()
            .is_empty()
    );
    house.services.upkeep.expire().await.unwrap();
    assert!(is_dead(&house, &link, NONE).await);
}

#[tokio::test]
async fn a_link_never_outlives_its_download() {
    let options = LinkOptions {
        lasts: Some(Duration::MAX),
        ..LinkOptions::default()
    };
    let (house, kim, staged, link) = linked(options).await;
    assert_eq!(link.view.expires, staged.ends);
    house
        .services
        .downloads
        .forget(&kim, &staged.handle)
        .await
        .unwrap();
    assert!(is_dead(&house, &link, NONE).await);
    house.services.upkeep.expire().await.unwrap();
    assert!(is_dead(&house, &link, NONE).await);
}

#[tokio::test]
async fn a_link_dies_when_it_is_revoked_by_its_maker() {
    let (house, kim, _staged, link) = linked(LinkOptions::default()).await;
    let links = &house.services.links;
    let stranger = links.revoke(&house.administrator, link.view.id).await;
    assert!(matches!(stranger, Err(Failure::NoSuchLink)));
    visit(&house, &link, NONE).await.unwrap();
    links.revoke(&kim, link.view.id).await.unwrap();
    assert!(is_dead(&house, &link, NONE).await);
    assert!(matches!(
        links.revoke(&kim, link.view.id).await,
        Err(Failure::NoSuchLink)
    ));
}

#[tokio::test]
async fn i24_a_link_dies_with_the_right_of_its_maker() {
    let (house, _kim, _staged, link) = linked(LinkOptions::default()).await;
    let admin = &house.administrator;
    house
        .grant(admin, "/Lib/Plans/a.txt", &[(user("kim"), Right::NoAccess)])
        .await;
    assert!(is_dead(&house, &link, NONE).await);
    house
        .grant(admin, "/Lib/Plans/a.txt", &[(user("kim"), Right::Read)])
        .await;
    assert!(is_dead(&house, &link, NONE).await, "its download has ended");
}

#[tokio::test]
async fn a_link_does_not_hold_while_its_makers_account_is_disabled() {
    let (house, _kim, _staged, link) = linked(LinkOptions::default()).await;
    let people = &house.services.people;
    people
        .set_enabled(&house.administrator, "kim", false)
        .await
        .unwrap();
    assert!(is_dead(&house, &link, NONE).await);
    people
        .set_enabled(&house.administrator, "kim", true)
        .await
        .unwrap();
    visit(&house, &link, NONE).await.unwrap();
}

#[tokio::test]
async fn a_use_is_one_visitor_for_a_day() {
    let options = LinkOptions {
        lasts: Some(Duration::MAX),
        uses: Some(2),
        ..LinkOptions::default()
    };
    let (house, kim, _staged, link) = linked(options).await;
    let (one, other, third) = (from("192.0.2.1"), from("192.0.2.2"), from("192.0.2.3"));
    for _ in 0..5 {
        visit(
            &house,
            &link,
            Visitor {
                takes: false,
                ..third
            },
        )
        .await
        .unwrap();
        visit(&house, &link, one).await.unwrap();
    }
    visit(&house, &link, other).await.unwrap();
    assert!(is_dead(&house, &link, third).await);
    assert!(
        is_dead(&house, &link, Visitor { agent: "wget", ..one }).await,
        "another agent is another visitor"
    );
    visit(&house, &link, one).await.unwrap();
    let listed = house
        .services
        .links
        .list(&kim, LinkId(i64::MAX), 9)
        .await
        .unwrap();
    assert_eq!((listed[0].used, listed[0].uses), (2, Some(2)));
    house.clock.advance(23 * HOUR);
    visit(&house, &link, one).await.unwrap();
    house.clock.advance(HOUR);
    assert!(is_dead(&house, &link, one).await, "a day later it is another use");
}

#[tokio::test]
async fn a_link_is_for_its_networks() {
    let options = LinkOptions {
        addresses: vec!["10.0.0.0/8".to_owned(), "2001:db8::1".to_owned()],
        ..LinkOptions::default()
    };
    let (house, _kim, _staged, link) = linked(options).await;
    for inside in ["10.9.8.7", "::ffff:10.9.8.7", "2001:db8::1"] {
        visit(&house, &link, from(inside)).await.unwrap();
    }
    assert!(is_dead(&house, &link, from("11.0.0.1")).await);
    assert!(is_dead(&house, &link, from("2001:db8::2")).await);
    assert!(is_dead(&house, &link, NONE).await);
}

#[tokio::test(start_paused = true)]
async fn s6_guessing_a_links_password_is_slowed_and_then_refused() {
    let options = LinkOptions {
        password: Some("correct horse".to_owned()),
        ..LinkOptions::default()
    };
    let (house, _kim, _staged, link) = linked(options).await;
    let with = |password| Visitor {
        password,
        ..from("192.0.2.1")
    };
    assert!(link.view.has_password);
    assert!(matches!(
        visit(&house, &link, with(None)).await,
        Err(Failure::PasswordWanted)
    ));
    visit(&house, &link, with(Some("correct horse"))).await.unwrap();
    for _ in 0..10 {
        let wrong = visit(&house, &link, with(Some("battery staple"))).await;
        assert!(matches!(wrong, Err(Failure::PasswordWanted)));
    }
    let refused = visit(&house, &link, with(Some("correct horse"))).await;
    assert!(matches!(refused, Err(Failure::TooManyAttempts { .. })));
}

#[tokio::test]
async fn only_a_downloads_owner_makes_links() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    let links = &house.services.links;
    let stranger = links
        .create(&house.administrator, &staged.handle, LinkOptions::default())
        .await;
    assert!(matches!(stranger, Err(Failure::NoSuchDownload)));
}

/// What a link may not be, by the field that is to blame.
fn out_of_bounds() -> Vec<(&'static str, LinkOptions)> {
    let none = LinkOptions::default;
    let named = |name: &str| LinkOptions {
        name: Some(name.to_owned()),
        ..none()
    };
    let (mut uses, mut password, mut foreign, mut many) = (none(), none(), none(), none());
    uses.uses = Some(0);
    password.password = Some("short".to_owned());
    foreign.addresses = vec!["x".to_owned()];
    many.addresses = vec!["10.0.0.1".to_owned(); 33];
    vec![
        ("uses", uses),
        ("password", password),
        ("addresses", foreign),
        ("addresses", many),
        ("name", named("a/b")),
        ("name", named("..")),
        ("name", named(&"x".repeat(256))),
    ]
}

#[tokio::test]
async fn what_a_link_may_not_be_is_named() {
    let (house, kim) = furnished().await;
    let staged = stage_for(&house, &kim).await;
    for (field, options) in out_of_bounds() {
        let made = house.services.links.create(&kim, &staged.handle, options).await;
        assert!(
            matches!(made, Err(Failure::Invalid { field: named, .. }) if named == field),
            "{field}"
        );
    }
}

#[tokio::test]
async fn l10_a_token_is_in_no_debug_text_and_no_file() {
    let (house, _kim, _staged, link) = linked(LinkOptions::default()).await;
    visit(&house, &link, NONE).await.unwrap();
    assert!(!format!("{link:?} {:?}", house.services).contains(&link.token));
    for file in crate::archives::files_below(&house, ".") {
        let content = std::fs::read(&file).unwrap();
        let token = link.token.as_bytes();
        assert!(
            !content.windows(token.len()).any(|window| window == token),
            "{}",
            file.display()
        );
    }
}
