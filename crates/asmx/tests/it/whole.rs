//! Whole archives and chunked walks: the same bytes by every way.

use crate::call::{Transport, call, plain};
use crate::world::{World, attribute};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

async fn staged(world: &World) -> String {
    let arguments = [("Paths", "/Lib/Plans"), ("partialResult", "false")];
    attribute(
        &world.must("DownloadZipWithHandler", "kim", &arguments).await,
        "downloadhandler",
    )
    .unwrap()
}

/// The bytes of a download, asked for `step` at a time.
async fn walk(world: &World, handle: &str, step: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let (offset, step) = (bytes.len().to_string(), step.to_string());
        let arguments = [
            ("DownloadHandler", handle),
            ("StartOffset", &offset),
            ("ChunkSize", &step),
        ];
        let answer = world.must("DownloadFileChunk", "kim", &arguments).await;
        let chunk = answer.split_once("chunkCRC32=\"").unwrap().1;
        let (crc32, rest) = chunk.split_once("\">").unwrap();
        let chunk = STANDARD.decode(rest.split_once('<').unwrap().0).unwrap();
        assert_eq!(crc32, format!("{:08X}", crc32fast::hash(&chunk)));
        assert_eq!(
            attribute(&answer, "chunklength").unwrap(),
            chunk.len().to_string()
        );
        bytes.extend(chunk);
        if attribute(&answer, "lastchunk").unwrap() == "true" {
            assert_eq!(attribute(&answer, "filelength").unwrap(), bytes.len().to_string());
            return bytes;
        }
    }
}

#[tokio::test]
async fn l3_any_chunk_length_gives_the_archive_that_download_zip_gives() {
    let world = World::new().await;
    let handle = staged(&world).await;
    let expected = walk(&world, &handle, 0).await;
    for step in [1_000_000, 100, 37] {
        assert_eq!(walk(&world, &handle, step).await, expected, "{step}");
    }
    let arguments = [("Paths".to_owned(), "/Lib/Plans".to_owned())];
    for transport in Transport::ALL {
        let answer = call(
            &world.router,
            transport,
            "DownloadZip",
            world.tickets.get("kim").map(String::as_str),
            &arguments,
        )
        .await;
        let announced = answer.headers["content-length"]
            .to_str()
            .unwrap()
            .parse::<usize>()
            .unwrap();
        assert_eq!(announced, answer.body.len(), "{transport:?}");
        assert_eq!(
            plain(transport, "DownloadZip", &answer),
            expected,
            "{transport:?}"
        );
    }
}

#[tokio::test]
async fn l3_a_chunk_too_long_to_be_held_is_the_same_bytes() {
    let world = World::new().await;
    let content: Vec<u8> = (0..3_000_000_u32)
        .map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect();
    let arguments = [
        ("path".to_owned(), "/Lib/Plans/long.bin".to_owned()),
        ("fileContent".to_owned(), STANDARD.encode(&content)),
    ];
    let ticket = world.tickets.get("kim").map(String::as_str);
    call(
        &world.router,
        Transport::Multipart,
        "UploadDocument",
        ticket,
        &arguments,
    )
    .await;
    let staged = world
        .must("GetDownloadHandler", "kim", &[("Path", "/Lib/Plans/long.bin")])
        .await;
    let handle = attribute(&staged, "downloadhandler").unwrap();
    for step in [5_000_000, 1_500_000, 1_048_576] {
        assert_eq!(walk(&world, &handle, step).await, content, "{step}");
    }
}

#[tokio::test]
async fn two_hundred_whole_archives_leave_no_handlers_behind() {
    let world = World::new().await;
    for _ in 0..200 {
        let arguments = [("Paths".to_owned(), "/Lib/Plans/a.txt".to_owned())];
        let answer = call(
            &world.router,
            Transport::Get,
            "DownloadZip",
            world.tickets.get("kim").map(String::as_str),
            &arguments,
        )
        .await;
        assert!(answer.body.starts_with(b"PK"));
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_upload_in_chunks_is_the_document() {
    let world = World::new().await;
    let begun = world
        .must("CreateUploadHandler", "kim", &[("PreferedChunkSize", "1")])
        .await;
    assert_eq!(attribute(&begun, "ChunkSize").unwrap(), "262144");
    let handle = attribute(&begun, "UploadHandler").unwrap();
    let content: Vec<u8> = (0..100_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    for (index, chunk) in content.chunks(40_000).enumerate() {
        let last = if index == 2 { "1" } else { "0" };
        let crc32 = format!("{:x}", crc32fast::hash(chunk));
        let chunk = STANDARD.encode(chunk);
        let arguments = [
            ("uploadHandler".to_owned(), handle.clone()),
            ("fileChunk".to_owned(), chunk),
            ("chunkHEXCRC".to_owned(), crc32),
            ("lastChunk".to_owned(), last.to_owned()),
        ];
        let transport = [Transport::Multipart, Transport::Form, Transport::Soap11][index];
        let ticket = world.tickets.get("kim").map(String::as_str);
        let answer = call(&world.router, transport, "UploadFileChunk", ticket, &arguments).await;
        let answer = String::from_utf8(plain(transport, "UploadFileChunk", &answer)).unwrap();
        assert!(answer.contains("tryagain=\"false\""), "{answer}");
        let whole = (index == 2).then(|| format!("{:08X}", crc32fast::hash(&content)));
        assert_eq!(attribute(&answer, "filehexcrc"), whole);
    }
    world
        .must(
            "UploadDocumentWithHandler",
            "kim",
            &[("path", "/Lib/Plans/new.bin"), ("uploadHandler", &handle)],
        )
        .await;
    let arguments = [("Path".to_owned(), "/Lib/Plans/new.bin".to_owned())];
    let answer = call(
        &world.router,
        Transport::Get,
        "DownloadDocument",
        world.tickets.get("kim").map(String::as_str),
        &arguments,
    )
    .await;
    assert_eq!(answer.body, content);
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename=\"new.bin\""
    );
}
