//! Bringing a tree in with its past.

use holdall_model::{DocumentId, DocumentKind, Right, Timestamp, UserId, VersionNumber};
use holdall_services::{
    BroughtDocument, BroughtFolder, BroughtIn, BroughtList, BroughtShortcut, BroughtVersion, Caller, Failure,
    FolderContents, Grant, Grantee, Ground, NotBrought, Rule, RulesChange, StoredOf, VersionView,
};
use holdall_testkit::{House, group, item, path, user};
use std::io::{self, Read};
use std::sync::Arc;
use tokio::task::block_in_place;

/// 1999-12-31 23:59:58 UTC.
const LONG_AGO: Timestamp = Timestamp(946_684_798_000);

/// A house where kim moves a library in, with an account for ada and a group.
struct Moving {
    house: House,
    kim: Caller,
    ada: Caller,
    ground: Ground,
}

impl Moving {
    async fn into(house: House) -> Self {
        let (kim, ada) = (house.user("kim").await, house.user("ada").await);
        house.group("Editors", &[&ada]).await;
        let imports = &house.services.imports;
        let ground = imports.ground(&kim, &path("/Lib/Old")).await.unwrap();
        assert!(ground.empty);
        Self {
            house,
            kim,
            ada,
            ground,
        }
    }

    fn document(&self, key: i64, name: &str) -> BroughtDocument {
        BroughtDocument {
            key,
            folder: self.ground.folder,
            existing: None,
            name: name.to_owned(),
            kind: DocumentKind::File,
            owner: self.ada.user(),
            created: LONG_AGO,
            modified: Timestamp(LONG_AGO.0 + 5_000),
            registered: (self.ada.user(), Timestamp(LONG_AGO.0 + 1_000)),
            description: "of another century".to_owned(),
            update_instructions: "none".to_owned(),
            author: "somebody".to_owned(),
            language: "Latin".to_owned(),
            source: "an attic".to_owned(),
            published: VersionNumber(2_000_000),
            withdrawn: false,
            list: None,
        }
    }

    fn folder(&self, name: &str) -> BroughtFolder {
        BroughtFolder {
            parent: self.ground.folder,
            name: name.to_owned(),
            description: "brought".to_owned(),
            created: LONG_AGO,
            owner: self.ada.user(),
            list: None,
            rules: RulesChange {
                allows: vec![(Rule::Checkouts, false)],
                file_types: None,
            },
        }
    }

    /// A list of five, two of whom are not here.
    fn list(&self) -> Arc<BroughtList> {
        let grants = [
            (Grantee::Members, Right::Read),
            (user("ada"), Right::Change),
            (user("nobody"), Right::Read),
            (group("Editors"), Right::AddRead),
            (group("Others"), Right::Read),
        ];
        let grants = grants.map(|(who, right)| Grant { who, right }).to_vec();
        let by = (self.ada.user(), LONG_AGO);
        let (list, lacking) = self.ground.accounts.list(grants, by, false);
        assert_eq!(lacking, [user("nobody"), group("Others")]);
        Arc::new(list)
    }

    fn bring(&self, versions: Vec<BroughtVersion<&'static str>>) -> Vec<Result<StoredOf, NotBrought>> {
        let mut outcomes = Vec::new();
        block_in_place(|| {
            let history = self.house.services.imports.history(&self.kim);
            history
                .bring(versions.into_iter(), open, |_, brought: BroughtIn| {
                    outcomes.push(brought.outcome);
                })
                .unwrap();
        });
        outcomes
    }

    async fn versions(&self, document: &str) -> Vec<VersionView> {
        let documents = &self.house.services.documents;
        documents.versions(&self.kim, &item(document)).await.unwrap()
    }
}

/// The text itself; `broken` breaks in the middle.
#[expect(clippy::unnecessary_wraps, reason = "what opens a source may fail")]
fn open(version: &BroughtVersion<&'static str>) -> io::Result<Box<dyn Read + Send>> {
    match version.source {
        "broken" => Ok(Box::new(
            (&b"bro"[..]).chain(io::Error::other("the line broke").into_reader()),
        )),
        text => Ok(Box::new(text.as_bytes())),
    }
}

/// Turns an error into a reader that gives it.
trait IntoReader {
    fn into_reader(self) -> Failing;
}

/// Gives an error.
struct Failing(Option<io::Error>);

impl IntoReader for io::Error {
    fn into_reader(self) -> Failing {
        Failing(Some(self))
    }
}

impl Read for Failing {
    fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn version(
    document: &Arc<BroughtDocument>,
    (major, author): (i64, UserId),
    last: bool,
    text: &'static str,
) -> BroughtVersion<&'static str> {
    let created = Timestamp(LONG_AGO.0 + major * 10_000);
    BroughtVersion {
        document: Arc::clone(document),
        number: VersionNumber(major * 1_000_000),
        author,
        comment: format!("comment {major}"),
        created,
        published: (major < 3).then_some(created),
        last,
        source: text,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_keep_their_past_and_readers_get_the_published_one() {
    for house in House::on_every_engine().await {
        let moving = Moving::into(house).await;
        let (ada, kim) = (moving.ada.user(), moving.kim.user());
        let document = Arc::new(moving.document(7, "plan.txt"));
        let brought = vec![
            version(&document, (1, ada), false, "one"),
            version(&document, (2, kim), false, "two"),
            version(&document, (3, ada), true, "three"),
        ];
        let outcomes = moving.bring(brought);
        assert!(matches!(outcomes[0], Ok(StoredOf::Created(_))), "{outcomes:?}");
        assert!(matches!(outcomes[2], Ok(StoredOf::Versioned(_))), "{outcomes:?}");

        let documents = &moving.house.services.documents;
        let view = documents
            .document(&moving.kim, &item("/Lib/Old/plan.txt"))
            .await
            .unwrap();
        assert_eq!((view.owner, view.registered_by), (ada, ada));
        assert_eq!(
            (view.created, view.modified, view.registered.0),
            (LONG_AGO, document.modified, LONG_AGO.0 + 1_000)
        );
        assert_eq!(
            (view.latest_version, view.version_count),
            (VersionNumber(3_000_000), 3)
        );
        assert_eq!(view.published_version, Some(VersionNumber(2_000_000)));
        assert_eq!((view.raw_len, view.crc32), (3, crc32fast::hash(b"two")));
        assert_eq!((&*view.author, &*view.source), ("somebody", "an attic"));
        let versions = moving.versions("/Lib/Old/plan.txt").await;
        let told: Vec<_> = versions
            .iter()
            .map(|version| {
                (
                    version.author,
                    version.comment.as_str(),
                    version.created.0 - LONG_AGO.0,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (ada, "comment 1", 10_000),
                (kim, "comment 2", 20_000),
                (ada, "comment 3", 30_000)
            ]
        );
        assert_eq!(versions[2].published, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_breaks_off_fails_alone_and_comes_later_in_its_place() {
    let moving = Moving::into(House::new().await).await;
    let ada = moving.ada.user();
    let document = Arc::new(moving.document(7, "plan.txt"));
    let outcomes = moving.bring(vec![
        version(&document, (1, ada), false, "one"),
        version(&document, (2, ada), false, "broken"),
        version(&document, (3, ada), true, "three"),
    ]);
    assert!(matches!(&outcomes[1], Err(NotBrought::Unreadable(_))) || outcomes.iter().any(Result::is_err));
    let contents = FolderContents {
        folder: moving.ground.folder,
        names: vec!["plan.txt".to_owned(), "PLAN.TXT".to_owned(), "other".to_owned()],
    };
    let known = block_in_place(|| moving.house.services.imports.known(&[contents])).unwrap();
    let names: Vec<&str> = known[0].iter().map(|known| known.name.as_str()).collect();
    assert_eq!(names, ["plan.txt", "PLAN (2).TXT", "other"]);
    let (id, there) = known[0][0].document.clone().unwrap();
    let numbers: Vec<i64> = there.iter().map(|version| version.number.0).collect();
    assert_eq!(numbers, [1_000_000, 3_000_000]);
    assert_eq!((there[1].raw_len, there[1].crc32), (5, crc32fast::hash(b"three")));
    assert!(known[0][2].document.is_none());

    let again = Arc::new(BroughtDocument {
        existing: Some(id),
        ..moving.document(7, "plan.txt")
    });
    let outcomes = moving.bring(vec![
        version(&again, (2, ada), false, "two"),
        version(&again, (3, ada), true, "three"),
    ]);
    assert!(matches!(outcomes[0], Ok(StoredOf::Versioned(_))), "{outcomes:?}");
    assert!(
        matches!(outcomes[1], Err(NotBrought::Refused(Failure::Conflict(_)))),
        "{outcomes:?}"
    );
    assert_eq!(moving.versions("/Lib/Old/plan.txt").await.len(), 3);
    let documents = &moving.house.services.documents;
    let view = documents
        .document(&moving.kim, &item("/Lib/Old/plan.txt"))
        .await
        .unwrap();
    assert_eq!(view.crc32, crc32fast::hash(b"two"));
    assert_eq!(view.latest_version, VersionNumber(3_000_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_keep_owner_dates_rules_and_the_lists_of_who_is_here() {
    for house in House::on_every_engine().await {
        let moving = Moving::into(house).await;
        let imports = &moving.house.services.imports;
        let own = BroughtFolder {
            list: Some(moving.list()),
            ..moving.folder("a:b")
        };
        let brought = vec![own, moving.folder("plain")];
        let placed = block_in_place(|| imports.place_folders(&moving.kim, brought.clone())).unwrap();
        assert_eq!(placed[0].name, "a_b");
        assert!(placed.iter().all(|place| place.made && place.rules_kept));
        let again = block_in_place(|| imports.place_folders(&moving.kim, brought)).unwrap();
        assert!(again.iter().all(|place| !place.made) && again[0].id == placed[0].id);

        let view = &moving.house.services.folders;
        let view = view.folder(&moving.kim, &item("/Lib/Old/a_b")).await.unwrap();
        assert_eq!((view.owner, view.created), (moving.ada.user(), LONG_AGO));
        assert!(!view.rules.allows(Rule::Checkouts) && view.rules.allows(Rule::NewFolders));
        let access = &moving.house.services.access;
        let list = access
            .access_list(&moving.kim, &item("/Lib/Old/a_b"))
            .await
            .unwrap();
        assert!(!list.inherited && list.applied_at == LONG_AGO && list.applied_by == "ada");
        let named: Vec<_> = list
            .entries
            .iter()
            .filter(|entry| entry.right != Right::NoAccess)
            .collect();
        assert_eq!(named.len(), 3, "{named:?}");
        let list = access
            .access_list(&moving.kim, &item("/Lib/Old/plain"))
            .await
            .unwrap();
        assert!(list.inherited);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l8_only_who_controls_the_target_brings_a_past_in() {
    let moving = Moving::into(House::new().await).await;
    let imports = &moving.house.services.imports;
    let denied = imports.ground(&moving.ada, &path("/Lib/Old")).await;
    assert!(denied.is_err(), "{denied:?}");
    let document = Arc::new(moving.document(1, "a.txt"));
    let outcomes = {
        let mut outcomes = Vec::new();
        block_in_place(|| {
            let history = imports.history(&moving.ada);
            let one = vec![version(&document, (1, moving.ada.user()), true, "one")];
            history
                .bring(one.into_iter(), open, |_, brought| outcomes.push(brought.outcome))
                .unwrap();
        });
        outcomes
    };
    assert!(
        matches!(outcomes[0], Err(NotBrought::Refused(Failure::NotFound(_)))),
        "{outcomes:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn shortcuts_stand_for_what_came_along() {
    let moving = Moving::into(House::new().await).await;
    let document = Arc::new(moving.document(1, "a.txt"));
    let outcomes = moving.bring(vec![version(&document, (2, moving.ada.user()), true, "text")]);
    let Ok(StoredOf::Created(stored)) = &outcomes[0] else {
        panic!("{outcomes:?}");
    };
    let shortcut = BroughtShortcut {
        document: moving.document(2, "s.lnk"),
        target: stored.document,
    };
    let imports = &moving.house.services.imports;
    block_in_place(|| imports.bring_shortcuts(&moving.kim, vec![shortcut])).unwrap();
    let documents = &moving.house.services.documents;
    let view = documents
        .document(&moving.kim, &item("/Lib/Old/s.lnk"))
        .await
        .unwrap();
    assert_eq!(
        (view.kind, view.target),
        (DocumentKind::Shortcut, Some(stored.document))
    );
    assert_ne!(view.id, DocumentId(0));
    assert_eq!((view.version_count, view.owner), (0, moving.ada.user()));
}
