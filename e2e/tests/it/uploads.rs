//! Real tus clients send 20 MiB, are stopped by the way, meet a server that was killed meanwhile, and go on.

use holdall_e2e::{Client, House, READERS, TusClient};
use std::fs;
use std::io::Write as _;
use std::net::TcpStream;

const LEN: usize = 20 << 20;

fn noise() -> Vec<u8> {
    let mut state = 7_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..LEN).map(|_| next()).collect()
}

fn house_with_library() -> anyhow::Result<(House, Client, holdall_e2e::Server)> {
    let house = House::with_administrator("anna")?;
    let server = house.serve()?;
    let client = house.sign_in(&server, "anna")?;
    client.must(
        "CreateDomain",
        &[
            ("DomainName", "Lib"),
            ("Anonymous", "false"),
            ("Hidden", "false"),
            ("WelcomeMessage", ""),
        ],
    )?;
    Ok((house, client, server))
}

/// What the library holds under a name, taken out of an archive of it.
fn content_of(house: &House, client: &Client, name: &str) -> anyhow::Result<Vec<u8>> {
    let (archive, extracted) = (house.scratch("lib.zip"), house.scratch("extracted"));
    client.download(&client.stage("/Lib")?)?.fetch(&archive)?;
    let [reader, ..] = READERS;
    reader.extract(&archive, &extracted)?;
    Ok(fs::read(extracted.join("Lib").join(name))?)
}

fn stopped_killed_and_resumed(by: TusClient) -> anyhow::Result<()> {
    let (house, client, server) = house_with_library()?;
    let source = house.scratch("source.bin");
    fs::write(&source, noise())?;
    let target = ("/Lib", "grüße.bin");
    let stopped = by.upload(&client, &source, target, (9 << 20, None))?;
    let (_, path) = stopped.rsplit_once("/api/v1/uploads/").unwrap_or_default();
    assert!(!path.is_empty(), "{stopped}");
    server.kill()?;
    let server = house.serve()?;
    let client = client.moved(server.url());
    let upload = format!("{}/api/v1/uploads/{path}", server.url());
    assert_eq!(by.upload(&client, &source, target, (0, Some(&upload)))?, "stored");
    assert!(content_of(&house, &client, "grüße.bin")? == noise());
    Ok(())
}

#[test]
fn l1_tus_js_client_goes_on_after_a_kill() -> anyhow::Result<()> {
    stopped_killed_and_resumed(TusClient::Node)
}

#[test]
fn l1_tuspy_goes_on_after_a_kill_with_checksums() -> anyhow::Result<()> {
    stopped_killed_and_resumed(TusClient::Python)
}

/// The head of a request for a part.
fn head(client: &Client, path: &str, (offset, len): (usize, usize)) -> String {
    format!(
        "PATCH /api/v1/uploads/{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\n\
         content-type: application/offset+octet-stream\r\nupload-offset: {offset}\r\ncontent-length: {len}\r\n\r\n",
        client.ticket()
    )
}

#[test]
fn l1_a_kill_amid_a_part_loses_no_part_that_was_answered() -> anyhow::Result<()> {
    let (house, client, server) = house_with_library()?;
    let source = house.scratch("source.bin");
    fs::write(&source, noise())?;
    let target = ("/Lib", "a.bin");
    let by = TusClient::Python;
    let stopped = by.upload(&client, &source, target, (4 << 20, None))?;
    let (_, path) = stopped.rsplit_once("/api/v1/uploads/").unwrap_or_default();
    let answered = 4 << 20;
    let mut line = TcpStream::connect(server.url().trim_start_matches("http://"))?;
    line.write_all(head(&client, path, (answered, LEN - answered)).as_bytes())?;
    line.write_all(&noise()[answered..LEN - (1 << 20)])?;
    server.kill()?;
    let server = house.serve()?;
    let client = client.moved(server.url());
    let upload = format!("{}/api/v1/uploads/{path}", server.url());
    // A client that is stopped at once sends nothing, if at least what was answered is there.
    let still = by.upload(&client, &source, target, (4 << 20, Some(&upload)))?;
    assert_eq!(still, upload);
    assert_eq!(by.upload(&client, &source, target, (0, Some(&upload)))?, "stored");
    assert!(content_of(&house, &client, "a.bin")? == noise());
    Ok(())
}
