//! Shortcuts and web addresses: what follows them, and what archives hold for them.

use crate::archives::{fetch, stage, stage_as, unzip};
use crate::ground::{Ground, item as of, path as at};
use holdall_model::{DocumentKind, Right};
use holdall_services::{Caller, Conflict, DocumentOptions, Failure, OnTrouble, SkipReason, Thing};
use holdall_testkit::{House, item, path, user};

async fn shortcut(house: &House, name: &str, target: &str) {
    house
        .services
        .documents
        .create_shortcut(&house.administrator, &path(name), &item(target))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_archive_holds_the_target_under_its_name() {
    for house in House::on_every_engine().await {
        let admin = &house.administrator;
        house.library("Lib", &[]).await;
        house.folder(admin, "/Lib/Plans/Old").await;
        house.folder(admin, "/Lib/Other").await;
        house.document(admin, "/Lib/Other/Zebra.txt", b"target").await;
        for name in ["b.txt", "zz.txt"] {
            house.document(admin, &format!("/Lib/Plans/{name}"), b"own").await;
        }
        shortcut(&house, "/Lib/Plans/a.lnk", "/Lib/Other/Zebra.txt").await;
        shortcut(&house, "/Lib/Plans/again.lnk", "/Lib/Plans/a.lnk").await;
        shortcut(&house, "/Lib/Plans/Old/b.lnk", "/Lib/Plans/b.txt").await;
        house
            .services
            .uploads
            .put_address(admin, &path("/Lib/Plans/Home"), "https://example.org/")
            .await
            .unwrap();
        let staged = stage(&house, &["/Lib/Plans", "/Lib/Other/Zebra.txt"]).await;
        let entries = unzip(&fetch(&house, admin, &staged.handle).await.unwrap());
        let expected = [
            "Plans/",
            "Plans/Home.url",
            "Plans/Old/",
            "Plans/Old/b.txt",
            "Plans/Zebra (2).txt",
            "Plans/Zebra.txt",
            "Plans/b.txt",
            "Plans/zz.txt",
            "Zebra.txt",
        ];
        assert_eq!(entries.keys().collect::<Vec<_>>(), expected, "{}", house.engine);
        assert_eq!(entries["Plans/Zebra.txt"], b"target");
        assert_eq!(
            entries["Plans/Home.url"],
            b"[InternetShortcut]\r\nURL=https://example.org/\r\n"
        );
        assert_eq!(staged.documents, 7);
    }
}

/// A house where kim may read `/Lib/Links`, with shortcuts to what is hidden from kim, to what kim may list, and to nothing.
async fn of_hidden_things() -> (House, Caller) {
    let house = House::new().await;
    let admin = &house.administrator;
    let kim = house.user("kim").await;
    house.library("Lib", &[&kim]).await;
    for name in ["Hidden/h.txt", "Shown/s.txt", "Links/gone.txt"] {
        let folder = name.split_once('/').unwrap().0;
        house.folder(admin, &format!("/Lib/{folder}")).await;
        house.document(admin, &format!("/Lib/{name}"), b"secret").await;
        let link = name.rsplit_once('/').unwrap().1.replace("txt", "lnk");
        let (link, target) = (format!("/Lib/Links/{link}"), format!("/Lib/{name}"));
        house.folder(admin, "/Lib/Links").await;
        shortcut(&house, &link, &target).await;
    }
    for (folder, right) in [
        ("Links", Right::Change),
        ("Hidden", Right::NoAccess),
        ("Shown", Right::List),
    ] {
        house
            .grant(admin, &format!("/Lib/{folder}"), &[(user("kim"), right)])
            .await;
    }
    let gone = item("/Lib/Links/gone.txt");
    house.services.documents.delete(admin, &gone).await.unwrap();
    (house, kim)
}

#[tokio::test]
async fn l8_a_shortcut_gives_nobody_more_than_the_target_does() {
    let (house, kim) = of_hidden_things().await;
    let documents = &house.services.documents;
    house
        .document(&house.administrator, "/Lib/Links/own.txt", b"x")
        .await;
    let staged = stage_as(&house, &kim, &["/Lib/Links"], OnTrouble::Skip)
        .await
        .unwrap();
    let skips: Vec<_> = staged
        .skips
        .iter()
        .map(|skip| (skip.path.as_str(), skip.reason))
        .collect();
    let expected = [
        ("/Lib/Links/gone.lnk", SkipReason::TargetMissing),
        ("/Lib/Links/h.lnk", SkipReason::TargetMissing),
        ("/Lib/Links/s.lnk", SkipReason::NotReadable),
    ];
    assert_eq!(skips, expected);
    assert_eq!(staged.documents, 1);
    for name in ["gone.lnk", "h.lnk"] {
        let link = item(&format!("/Lib/Links/{name}"));
        let content = documents.content(&kim, &link, None).await;
        assert!(
            matches!(content, Err(Failure::NotFound(Thing::Document))),
            "{name}"
        );
    }
    let content = documents.content(&kim, &item("/Lib/Links/s.lnk"), None).await;
    assert!(matches!(content, Err(Failure::Denied)));
    let hidden = documents
        .create_shortcut(&kim, &path("/Lib/Links/n.lnk"), &item("/Lib/Hidden/h.txt"))
        .await;
    assert!(matches!(hidden, Err(Failure::NotFound(Thing::Document))));
}

#[tokio::test]
async fn i24_a_download_ends_when_the_target_is_denied_and_not_because_it_comes_twice() {
    let house = House::new().await;
    let admin = &house.administrator;
    let kim = house.user("kim").await;
    house.library("Lib", &[&kim]).await;
    house.folder(admin, "/Lib/Links").await;
    house.document(admin, "/Lib/t.txt", b"target").await;
    shortcut(&house, "/Lib/Links/t.lnk", "/Lib/t.txt").await;
    let staged = stage_as(&house, &kim, &["/Lib"], OnTrouble::Fail).await.unwrap();
    house
        .grant(admin, "/Lib/Links", &[(user("kim"), Right::Read)])
        .await;
    let entries = unzip(&fetch(&house, &kim, &staged.handle).await.unwrap());
    assert_eq!(entries["Lib/Links/t.txt"], entries["Lib/t.txt"]);
    let alone = stage_as(&house, &kim, &["/Lib/Links"], OnTrouble::Fail)
        .await
        .unwrap();
    house
        .grant(admin, "/Lib/t.txt", &[(user("kim"), Right::NoAccess)])
        .await;
    for staged in [staged, alone] {
        let fetched = fetch(&house, &kim, &staged.handle).await;
        assert!(matches!(fetched, Err(Failure::DownloadRevoked { documents: 1 })));
    }
}

#[tokio::test]
async fn locks_versions_and_uploads_follow_a_shortcut_and_deleting_does_not() {
    let ground = Ground::new().await;
    let (owner, documents) = (&ground.owner, &ground.services.documents);
    let target = ground.put("/Lib/t.txt", "one").await;
    documents
        .create_shortcut(owner, &at("/Lib/s.lnk"), &of("/Lib/t.txt"))
        .await
        .unwrap();
    documents.lock(owner, &of("/Lib/s.lnk")).await.unwrap();
    assert!(
        documents
            .document(owner, &of("/Lib/t.txt"))
            .await
            .unwrap()
            .lock
            .is_some()
    );
    documents.unlock(owner, &of("/Lib/s.lnk"), false).await.unwrap();
    let second = ground.put("/Lib/s.lnk", "two").await;
    assert_eq!(second.document, target.document);
    assert_eq!(
        documents.versions(owner, &of("/Lib/s.lnk")).await.unwrap().len(),
        2
    );
    assert_eq!(ground.text("/Lib/s.lnk", None).await.unwrap(), "two");
    let view = documents.document(owner, &of("/Lib/s.lnk")).await.unwrap();
    assert_eq!(
        (view.kind, view.target),
        (DocumentKind::Shortcut, Some(target.document))
    );
    assert_eq!((view.raw_len, view.version_count), (0, 0));
    documents.delete(owner, &of("/Lib/s.lnk")).await.unwrap();
    assert_eq!(ground.text("/Lib/t.txt", None).await.unwrap(), "two");
}

#[tokio::test]
async fn a_web_address_takes_the_place_of_web_addresses_only_and_keeps_the_lock() {
    let ground = Ground::new().await;
    let (owner, services) = (&ground.owner, &ground.services);
    ground.put("/Lib/file", "x").await;
    let put = |name: &'static str, address: &'static str| async move {
        services.uploads.put_address(owner, &at(name), address).await
    };
    let over_file = put("/Lib/file", "https://example.org/").await;
    assert!(matches!(
        over_file,
        Err(Failure::Conflict(Conflict::Exists(Thing::Document)))
    ));
    put("/Lib/home", "https://example.org/").await.unwrap();
    services.documents.lock(owner, &of("/Lib/home")).await.unwrap();
    let second = put("/Lib/home", " HTTPS://example.org/new ").await.unwrap();
    assert_eq!(second.version.dotted(), "2.0.0");
    let view = services
        .documents
        .document(owner, &of("/Lib/home"))
        .await
        .unwrap();
    assert!(view.lock.is_some());
    assert_eq!(view.kind, DocumentKind::WebAddress);
    for bad in [
        "javascript:alert(1)",
        "http://",
        "https://a b",
        "https://a\r\nb",
        "file:///etc/passwd",
        "",
    ] {
        assert!(
            matches!(
                put("/Lib/bad", bad).await,
                Err(Failure::Invalid { field: "address", .. })
            ),
            "{bad}"
        );
    }
    ground.put("/Lib/home", "a file now").await;
    let view = services
        .documents
        .document(owner, &of("/Lib/home"))
        .await
        .unwrap();
    assert_eq!((view.kind, view.lock), (DocumentKind::File, None));
}

#[tokio::test]
async fn a_version_number_is_above_all_before_it() {
    let ground = Ground::new().await;
    let numbered = |major, minor| DocumentOptions {
        number: holdall_model::VersionNumber::of_parts(major, minor, 0),
        ..DocumentOptions::default()
    };
    let first = ground.put_with("/Lib/a", "1", numbered(3, 1)).await.unwrap();
    assert_eq!(first.version.dotted(), "3.1.0");
    for (major, minor) in [(3, 1), (3, 0), (1, 999)] {
        let below = ground.put_with("/Lib/a", "2", numbered(major, minor)).await;
        assert!(
            matches!(below, Err(Failure::Invalid { field: "version", .. })),
            "{major}.{minor}"
        );
    }
    let next = ground.put_with("/Lib/a", "2", numbered(3, 2)).await.unwrap();
    assert_eq!(next.version.dotted(), "3.2.0");
    assert_eq!(ground.put("/Lib/a", "3").await.version.dotted(), "4.0.0");
    let long = DocumentOptions {
        version_comment: "x".repeat(65_537),
        ..DocumentOptions::default()
    };
    assert!(ground.put_with("/Lib/a", "4", long).await.is_err());
}
