//! Pages of what lies in a folder, and changes under a condition.

use holdall_model::{FolderId, Right};
use holdall_services::{
    Caller, Contents, ContentsWanted, Described, Failure, FolderChange, ItemIds, PartsWanted, Position,
};
use holdall_testkit::{House, item, user};

async fn page(house: &House, caller: &Caller, folder: FolderId, after: Option<Position>) -> Contents {
    let wanted = ContentsWanted {
        folders: true,
        documents: true,
        after,
        most: 2,
    };
    house
        .services
        .folders
        .contents(caller, folder, wanted)
        .await
        .unwrap()
}

fn names(contents: &Contents) -> Vec<String> {
    let folders = contents.described.folders.iter().map(|view| view.name.clone());
    let documents = contents.described.documents.iter();
    folders.chain(documents.map(|view| view.name.clone())).collect()
}

async fn all(house: &House, caller: &Caller, folder: FolderId) -> Vec<Vec<String>> {
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = page(house, caller, folder, after).await;
        pages.push(names(&page));
        after = page.next;
        if after.is_none() {
            return pages;
        }
    }
}

#[tokio::test]
async fn l5_pages_tell_nothing_of_what_is_hidden() {
    for house in House::on_every_engine().await {
        let kim = house.user("kim").await;
        house.library("Lib", &[&kim]).await;
        let admin = &house.administrator;
        let folder = house.folder(admin, "/Lib/A").await.id;
        for name in ["b1", "b2", "b3"] {
            house.folder(admin, &format!("/Lib/A/{name}")).await;
        }
        for name in ["a.txt", "m.txt", "z.txt", "zz.txt"] {
            house.document(admin, &format!("/Lib/A/{name}"), b"text").await;
        }
        let whole = [
            vec!["b1", "b2"],
            vec!["b3", "a.txt"],
            vec!["m.txt", "z.txt"],
            vec!["zz.txt"],
        ];
        assert_eq!(all(&house, &kim, folder).await, whole, "{}", house.engine);
        for hidden in ["/Lib/A/b2", "/Lib/A/a.txt", "/Lib/A/zz.txt"] {
            house
                .grant(admin, hidden, &[(user("kim"), Right::NoAccess)])
                .await;
        }
        let seen = [vec!["b1", "b3"], vec!["m.txt", "z.txt"]];
        assert_eq!(all(&house, &kim, folder).await, seen, "{}", house.engine);
    }
}

#[tokio::test]
async fn pages_carry_the_digests_of_what_may_be_read() {
    for house in House::on_every_engine().await {
        let kim = house.user("kim").await;
        house.library("Lib", &[&kim]).await;
        let admin = &house.administrator;
        let folder = house.folder(admin, "/Lib/A").await.id;
        let other = house.folder(admin, "/Lib/B").await.id;
        let open = house.document(admin, "/Lib/A/a.txt", b"hello").await.document;
        let listed = house.document(admin, "/Lib/B/b.txt", b"hello").await.document;
        house.grant(admin, "/Lib/B", &[(user("kim"), Right::List)]).await;
        let digests = page(&house, &kim, folder, None).await.described.parts.digests;
        assert_eq!(
            digests.get(&open).map(ToString::to_string).as_deref(),
            Some("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
            "{}",
            house.engine
        );
        let shown = page(&house, &kim, other, None).await.described;
        assert_eq!(
            shown.documents.first().map(|view| view.id),
            Some(listed),
            "{}",
            house.engine
        );
        assert!(shown.parts.digests.is_empty(), "{}", house.engine);
    }
}

#[tokio::test]
async fn trees_come_in_pages_in_the_order_of_their_paths() {
    for house in House::on_every_engine().await {
        house.library("Lib", &[]).await;
        let admin = &house.administrator;
        for path in ["/Lib/b/c", "/Lib/b/a/x", "/Lib/B2", "/Lib/a"] {
            house.folder(admin, path).await;
        }
        let top = house.services.folders.exists(admin, &item("/Lib")).await.unwrap();
        let (mut found, mut after) = (Vec::new(), Vec::new());
        loop {
            let page = house
                .services
                .folders
                .tree_page(admin, top, (after, 2))
                .await
                .unwrap();
            found.extend(page.folders.into_iter().map(|(depth, view)| (depth, view.path)));
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        let expected = [
            (1, "/Lib/a"),
            (1, "/Lib/b"),
            (2, "/Lib/b/a"),
            (3, "/Lib/b/a/x"),
            (2, "/Lib/b/c"),
            (1, "/Lib/B2"),
        ];
        let expected = expected.map(|(depth, path)| (depth, path.to_owned()));
        assert_eq!(found, expected, "{}", house.engine);
    }
}

fn is_called(name: &'static str) -> impl Fn(&Described) -> bool {
    move |described| described.folders.first().is_some_and(|view| view.name == name)
}

#[tokio::test]
async fn a_change_under_a_condition_happens_only_if_it_holds() {
    for house in House::on_every_engine().await {
        house.library("Lib", &[]).await;
        let admin = &house.administrator;
        let folder = house.folder(admin, "/Lib/A").await.id;
        let folders = &house.services.folders;
        for (wanted, happens) in [("A", true), ("A", false), ("B", true)] {
            let items = ItemIds {
                folders: vec![folder],
                documents: Vec::new(),
            };
            let only = folders.provided(admin, (items, PartsWanted::default()), is_called(wanted));
            let change = FolderChange {
                name: "B".to_owned(),
                description: String::new(),
            };
            let outcome = folders
                .change(&only, &item(&format!("~F{}", folder.0)), change)
                .await;
            assert_eq!(outcome.is_ok(), happens, "{}", house.engine);
            assert!(happens || matches!(outcome, Err(Failure::Changed)));
        }
    }
}
