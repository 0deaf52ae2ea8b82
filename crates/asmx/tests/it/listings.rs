//! Listings that are too long for one piece.

use crate::call::{Transport, call, plain};
use crate::world::{World, attribute};
use holdall_model::{ItemPath, ItemRef};
use holdall_services::{DocumentOptions, Grant, Grantee};
use std::io::Cursor;

const FOLDERS: usize = 1_250;
const DOCUMENTS: usize = 250;

/// A house where `/Lib/Long` holds that many folders and documents.
async fn crowded() -> World {
    let world = World::new().await;
    let ada = world.services.sessions.operator("ada").await.unwrap();
    let path = |name: String| ItemPath::parse(&format!("/Lib/Long/{name}"));
    for number in 0..FOLDERS {
        let path = path(format!("folder {number:04} & more"));
        world.services.folders.create(&ada, &path).await.unwrap();
    }
    for number in 0..DOCUMENTS {
        let path = path(format!("document {number:04}.txt"));
        let content = Cursor::new(number.to_string().into_bytes());
        let put = world
            .services
            .uploads
            .put(&ada, &path, content, DocumentOptions::default());
        put.await.unwrap();
    }
    world
}

/// The answer of every transport, which must be one and the same.
async fn answer(world: &World, operation: &str, parameter: &str) -> String {
    let arguments = [
        (parameter.to_owned(), "/Lib/Long".to_owned()),
        ("PageNumber".to_owned(), "-1".to_owned()),
        ("withSecurity".to_owned(), "1".to_owned()),
    ];
    let mut answers = Vec::new();
    for transport in Transport::ALL {
        let ticket = world.tickets.get("ada").map(String::as_str);
        let answer = call(&world.router, transport, operation, ticket, &arguments).await;
        assert!(
            !answer.headers.contains_key("content-length"),
            "{operation} {transport:?}"
        );
        answers.push(String::from_utf8(plain(transport, operation, &answer)).unwrap());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{operation}");
    answers.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn long_listings_are_whole_and_the_same_on_every_transport() {
    let world = crowded().await;
    for (operation, parameter, folder, document) in [
        ("GetFoldersAndDocuments1", "Path", "<f ", "<d "),
        ("GetFoldersAndDocumentsByPage", "Path", "<f ", "<d "),
        ("GetFoldersAndDocuments2", "Path", "<folder ", "<document "),
        ("GetFoldersAndDocuments", "Path", "<folder ", "<document "),
    ] {
        let text = answer(&world, operation, parameter).await;
        assert_eq!(text.matches(folder).count(), FOLDERS, "{operation}");
        assert_eq!(text.matches(document).count(), DOCUMENTS, "{operation}");
        let expected = folder
            .starts_with("<f ")
            .then(|| (FOLDERS + DOCUMENTS).to_string());
        assert_eq!(attribute(&text, "itemcount"), expected, "{operation}");
        let (first, last) = ("folder 0000 &amp; more\"", "document 0249.txt\"");
        assert!(text.find(first) < text.find(last), "{operation}");
        assert!(text.contains(" & ") == text.contains("&amp;amp;"), "{operation}");
        assert!(
            text.ends_with("</response>") || text.ends_with("</root>"),
            "{operation}"
        );
    }
    let lists = answer(&world, "GetFoldersAndDocuments", "Path").await;
    assert_eq!(lists.matches("<AccessList ").count(), FOLDERS + DOCUMENTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capped_listing_tells_how_many_there_are() {
    let world = crowded().await;
    let capped = world.must("GetFolders2", "ada", &[("Path", "/Lib/Long")]).await;
    assert_eq!(capped.matches("<f ").count(), 1_000);
    assert_eq!(attribute(&capped, "itemcount").as_deref(), Some("1250"));
    let counted = world
        .must("GetSubFoldersCount", "ada", &[("Path", "/Lib/Long")])
        .await;
    assert_eq!(attribute(&counted, "SubFolderCount").as_deref(), Some("1250"));
}

#[tokio::test]
async fn a_listing_whose_right_is_lost_is_cut_short() {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    let world = crowded().await;
    let ada = world.services.sessions.operator("ada").await.unwrap();
    let open = |who| {
        vec![Grant {
            who,
            right: holdall_model::Right::Read,
        }]
    };
    let folder = ItemRef::parse("/Lib/Long").unwrap();
    let access = &world.services.access;
    access
        .set_access_list(&ada, &folder, open(Grantee::Members), false)
        .await
        .unwrap();
    let arguments = [
        ("AuthenticationTicket".to_owned(), world.tickets["kim"].clone()),
        ("Path".to_owned(), "/Lib/Long".to_owned()),
    ];
    let request = crate::call::request(Transport::Get, "GetFoldersAndDocuments", &arguments);
    let response = world.router.clone().oneshot(request).await.unwrap();
    access
        .set_access_list(&ada, &folder, Vec::new(), false)
        .await
        .unwrap();
    assert!(response.into_body().collect().await.is_err());
}
