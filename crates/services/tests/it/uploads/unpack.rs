//! Unpacking zips, honest and hostile (S14).

use super::archive::{Member, archive, deflated, hostile, stored};
use crate::ground::{Ground, item};
use bytes::Bytes;
use holdall_model::{Guid, Right, Timestamp};
use holdall_services::{Caller, Failure, Grantee, LeftOut, LeftOutReason, OnExisting, ReceivedChunk, Thing};

async fn unpack_as(
    ground: &Ground,
    caller: &Caller,
    bytes: Vec<u8>,
    on_existing: OnExisting,
) -> Result<Vec<LeftOut>, Failure> {
    let uploads = &ground.services.uploads;
    uploads
        .unpack(caller, &item("/Lib/In"), Bytes::from(bytes), on_existing)
        .await
}

async fn unpack(ground: &Ground, members: &[Member], on_existing: OnExisting) -> Vec<(String, String)> {
    let left_out = unpack_as(ground, &ground.owner, archive(members), on_existing)
        .await
        .unwrap();
    let said = left_out
        .into_iter()
        .map(|left| (left.path, format!("{:?}", left.reason)));
    said.collect()
}

async fn prepared() -> Ground {
    let ground = Ground::new().await;
    ground.folder("/Lib/In").await;
    ground
}

#[tokio::test]
async fn a_tree_comes_in_with_its_content_and_times() {
    let ground = prepared().await;
    let big: Vec<u8> = (0..3_000_000_u32)
        .flat_map(u32::to_le_bytes)
        .take(5_000_000)
        .collect();
    let members = [
        stored("a.txt", b"alpha"),
        stored("empty folder/", b""),
        deflated("deep/er/big.bin", &big),
        deflated("deep\\back.txt", b"slashes"),
        deflated("deep/\u{fc}.txt", b""),
    ];
    assert_eq!(unpack(&ground, &members, OnExisting::Refuse).await, []);
    assert_eq!(ground.text("/Lib/In/a.txt", None).await.unwrap(), "alpha");
    assert_eq!(ground.bytes("/Lib/In/deep/er/big.bin").await.unwrap(), big);
    assert_eq!(
        ground.text("/Lib/In/deep/back.txt", None).await.unwrap(),
        "slashes"
    );
    assert_eq!(ground.text("/Lib/In/deep/\u{fc}.txt", None).await.unwrap(), "");
    let folders = &ground.services.folders;
    folders
        .exists(&ground.owner, &item("/Lib/In/empty folder"))
        .await
        .unwrap();
    let view = ground
        .services
        .documents
        .document(&ground.owner, &item("/Lib/In/a.txt"))
        .await
        .unwrap();
    assert_eq!(view.modified, Timestamp(1_709_212_456_000));
}

#[tokio::test]
async fn many_small_documents_are_one_pack() {
    let ground = prepared().await;
    let members: Vec<Member> = (0..500)
        .map(|number| {
            deflated(
                &format!("{}/{number}.txt", number % 7),
                format!("{number}").as_bytes(),
            )
        })
        .collect();
    assert_eq!(unpack(&ground, &members, OnExisting::Refuse).await, []);
    assert_eq!(ground.packs().len(), 1);
    assert_eq!(ground.text("/Lib/In/3/388.txt", None).await.unwrap(), "388");
}

#[tokio::test]
async fn existing_documents_are_refused_versioned_or_compared() {
    let ground = prepared().await;
    ground.put("/Lib/In/a.txt", "alpha").await;
    let members = [stored("A.TXT", b"alpha"), stored("b.txt", b"new")];
    let versions = |name: &'static str| {
        let ground = &ground;
        async move {
            let documents = &ground.services.documents;
            documents
                .versions(&ground.owner, &item(name))
                .await
                .unwrap()
                .len()
        }
    };
    let refused = unpack(&ground, &members, OnExisting::Refuse).await;
    let expected = [(
        "A.TXT".to_owned(),
        "Refused(Conflict(Exists(Document)))".to_owned(),
    )];
    assert_eq!(refused, expected);
    assert_eq!(unpack(&ground, &members, OnExisting::VersionIfChanged).await, []);
    assert_eq!(
        (versions("/Lib/In/a.txt").await, versions("/Lib/In/b.txt").await),
        (1, 1)
    );
    assert_eq!(unpack(&ground, &members, OnExisting::Version).await, []);
    assert_eq!(
        (versions("/Lib/In/a.txt").await, versions("/Lib/In/b.txt").await),
        (2, 2)
    );
}

#[tokio::test]
async fn what_somebody_else_locked_is_left_out() {
    let ground = prepared().await;
    ground.put("/Lib/In/b.txt", "b").await;
    let kim = ground.member("kim").await;
    let everyone = Grantee::Members;
    ground.grant("/Lib/In", everyone, Right::Change).await;
    ground
        .services
        .documents
        .lock(&ground.owner, &item("/Lib/In/b.txt"))
        .await
        .unwrap();
    let locked = unpack_as(
        &ground,
        &kim,
        archive(&[stored("b.txt", b"x")]),
        OnExisting::Version,
    )
    .await
    .unwrap();
    assert!(matches!(
        locked.as_slice(),
        [LeftOut {
            reason: LeftOutReason::Refused(Failure::Conflict(_)),
            ..
        }]
    ));
}

#[tokio::test]
async fn s14_each_hostile_entry_is_left_out_alone() {
    let ground = prepared().await;
    for (number, (member, expected)) in hostile().into_iter().enumerate() {
        let good = format!("good {number}.txt");
        let members = [
            stored(&good, b"good"),
            member,
            stored(&format!("after {number}"), b"x"),
        ];
        let said = unpack(&ground, &members, OnExisting::Refuse).await;
        assert!(
            matches!(said.as_slice(), [(_, reason)] if reason.starts_with(expected)),
            "{number}: {said:?}"
        );
        assert_eq!(
            ground.text(&format!("/Lib/In/{good}"), None).await.unwrap(),
            "good"
        );
    }
    let into = item("/Lib/In");
    let children = ground.services.folders.children(&ground.owner, &into);
    assert_eq!(children.await.unwrap().documents.len(), 2 * hostile().len());
}

#[tokio::test]
async fn s14_shared_bytes_and_repeated_names_are_left_out() {
    let ground = prepared().await;
    let overlapping = [
        stored("one", b"kernel"),
        Member {
            header_at: Some(0),
            ..stored("two", b"kernel")
        },
        stored("three", b"own"),
        stored("THREE", b"again"),
        stored("past the end", b""),
    ];
    let mut members = overlapping.to_vec();
    if let Some(last) = members.last_mut() {
        last.stored_len = 100_000;
        last.raw_len = 100_000;
    }
    let said = unpack(&ground, &members, OnExisting::Refuse).await;
    let said: Vec<_> = said
        .iter()
        .map(|(path, reason)| (path.as_str(), reason.as_str()))
        .collect();
    let expected = [
        ("THREE", "Twice"),
        ("one", "Overlap"),
        ("past the end", "Overlap"),
        ("two", "Overlap"),
    ];
    assert_eq!(said, expected);
    assert_eq!(ground.text("/Lib/In/three", None).await.unwrap(), "own");
}

#[tokio::test]
async fn s14_what_is_no_zip_is_refused_as_a_whole() {
    let ground = prepared().await;
    let whole = archive(&[stored("a", b"a"), stored("b", b"b")]);
    let cut = whole.get(..whole.len() - 5).unwrap().to_vec();
    let mut wrong_directory = whole.clone();
    let at = wrong_directory
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    wrong_directory[at] = b'X';
    for (name, bytes) in [
        ("empty", Vec::new()),
        ("text", b"no zip at all".to_vec()),
        ("cut", cut),
        ("wrong directory", wrong_directory),
    ] {
        let refused = unpack_as(&ground, &ground.owner, bytes, OnExisting::Refuse).await;
        assert!(
            matches!(refused, Err(Failure::NotAnArchive { .. })),
            "{name} {refused:?}"
        );
    }
    let into = item("/Lib/In");
    let children = ground.services.folders.children(&ground.owner, &into);
    assert_eq!(children.await.unwrap().documents, []);
    assert_eq!(unpack(&ground, &[], OnExisting::Refuse).await, []);
}

#[tokio::test]
async fn l8_a_stranger_finds_no_folder() {
    let ground = prepared().await;
    let eve = ground.user("eve").await;
    let refused = unpack_as(&ground, &eve, archive(&[]), OnExisting::Refuse).await;
    assert!(matches!(refused, Err(Failure::NotFound(Thing::Folder))));
}

#[tokio::test]
async fn l8_rights_are_those_of_each_folder() {
    let ground = prepared().await;
    let kim = ground.member("kim").await;
    for folder in ["Open", "Closed", "Hidden"] {
        ground.folder(&format!("/Lib/In/{folder}")).await;
    }
    ground.put("/Lib/In/Hidden/there.txt", "x").await;
    let kims = || Grantee::User {
        library: None,
        login: "kim".to_owned(),
    };
    ground.grant("/Lib/In", kims(), Right::Add).await;
    ground.grant("/Lib/In/Open", kims(), Right::Add).await;
    ground.grant("/Lib/In/Closed", kims(), Right::Read).await;
    ground.grant("/Lib/In/Hidden", kims(), Right::NoAccess).await;
    let names = [
        "Open/a",
        "Open/new/b",
        "Closed/c",
        "Closed/new/d",
        "Hidden/there.txt",
        "Hidden/e",
        "f",
    ];
    let members: Vec<Member> = names.iter().map(|name| stored(name, b"x")).collect();
    let left_out = unpack_as(&ground, &kim, archive(&members), OnExisting::Refuse)
        .await
        .unwrap();
    let said: Vec<_> = left_out
        .iter()
        .map(|left| match &left.reason {
            LeftOutReason::Refused(Failure::Denied) => (left.path.as_str(), "denied"),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("Closed/c", "denied"),
        ("Closed/new/d", "denied"),
        ("Hidden/e", "denied"),
        ("Hidden/there.txt", "denied"),
    ];
    assert_eq!(said, expected);
    assert_eq!(
        ground.text_as(&kim, "/Lib/In/Open/new/b", None).await.unwrap(),
        "x"
    );
}

#[tokio::test]
async fn an_upload_in_chunks_is_unpacked_and_stays() {
    let ground = prepared().await;
    let (owner, uploads) = (&ground.owner, &ground.services.uploads);
    let handle: Guid = uploads.create(owner, None).await.unwrap().handle;
    let into = item("/Lib/In");
    let early = uploads
        .unpack_upload(owner, &handle, (&into, OnExisting::Refuse))
        .await;
    assert!(matches!(early, Err(Failure::Conflict(_))));
    let bytes = Bytes::from(archive(&[deflated("a/b.txt", b"from a spool")]));
    for (part, last) in [(bytes.slice(..20), false), (bytes.slice(20..), true)] {
        let chunk = ReceivedChunk {
            bytes: part,
            crc32: None,
            last,
        };
        uploads.append(owner, &handle, chunk).await.unwrap();
    }
    for _ in 0..2 {
        let left_out = uploads
            .unpack_upload(owner, &handle, (&into, OnExisting::VersionIfChanged))
            .await;
        assert_eq!(left_out.unwrap().len(), 0);
    }
    assert_eq!(
        ground.text("/Lib/In/a/b.txt", None).await.unwrap(),
        "from a spool"
    );
    let kim = ground.member("kim").await;
    let foreign = uploads
        .unpack_upload(&kim, &handle, (&into, OnExisting::Refuse))
        .await;
    assert!(foreign.is_err());
    uploads.drop(owner, &handle).await.unwrap();
    assert_eq!(ground.spools().len(), 0);
}
