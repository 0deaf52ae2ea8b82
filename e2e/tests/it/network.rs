//! The server towards a network that is slow, greedy or listening in.

use anyhow::Context as _;
use holdall_e2e::{Client, House, Server, TusClient, run, tool};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn connect(server: &Server) -> anyhow::Result<TcpStream> {
    let (_, address) = server.url().split_once("://").context("no address")?;
    let stream = TcpStream::connect(address)?;
    // Only so that a server that does not cut fails the test instead of holding it.
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    Ok(stream)
}

/// What comes until the server closes; a connection that is reset has come to its end as well.
fn rest_of(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut piece = vec![0; 1 << 16];
    while let Ok(len @ 1..) = stream.read(&mut piece) {
        bytes.extend_from_slice(piece.get(..len).unwrap_or_default());
    }
    bytes
}

fn numbers(server: &Server) -> anyhow::Result<String> {
    let mut curl = Command::new(tool("curl")?);
    curl.args(["--silent", "--fail"])
        .arg(format!("{}/metrics", server.url()));
    Ok(String::from_utf8(run(&mut curl)?)?)
}

fn house_with_archive() -> anyhow::Result<House> {
    let house = House::with_administrator("anna")?;
    let source = house.scratch("source");
    fs::create_dir(&source)?;
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..60 << 20)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    fs::write(source.join("noise.bin"), noise)?;
    house.import(&source, "/Lib/Noise", "anna")?;
    Ok(house)
}

/// A request for the whole content of an archive, of which nothing is read yet.
fn ask_for_archive(server: &Server, client: &Client) -> anyhow::Result<TcpStream> {
    let handler = client.stage("/Lib/Noise")?;
    let mut stream = connect(server)?;
    let (path, ticket) = (format!("/api/v1/downloads/{handler}/content"), client.ticket());
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {ticket}\r\n\r\n"
    )?;
    Ok(stream)
}

#[test]
fn f18_heads_that_trickle_and_idle_connections_are_cut() -> anyhow::Result<()> {
    let house = House::with_users(&[])?;
    let server = house.serve_with(&["--head-timeout", "1"])?;
    let mut silent = connect(&server)?;
    let mut slow = connect(&server)?;
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-more: ")?;
    let mut idle = connect(&server)?;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")?;
    assert_eq!(rest_of(&mut silent), b"");
    assert!(!rest_of(&mut slow).starts_with(b"HTTP/1.1 200"));
    assert!(rest_of(&mut idle).starts_with(b"HTTP/1.1 200"));
    Ok(())
}

#[test]
fn f18_a_reader_that_takes_nothing_is_cut() -> anyhow::Result<()> {
    let house = house_with_archive()?;
    let server = house.serve_with(&["--stall-timeout", "1"])?;
    let client = house.sign_in(&server, "anna")?;
    let mut stream = ask_for_archive(&server, &client)?;
    while !numbers(&server)?.contains("holdall_connections_stalled_total 1") {}
    assert!(rest_of(&mut stream).len() < 60 << 20);
    Ok(())
}

#[test]
fn f18_long_heads_and_many_connections_are_refused() -> anyhow::Result<()> {
    let house = House::with_users(&[])?;
    let server = house.serve_with(&["--max-head", "8192", "--max-connections", "2"])?;
    let mut long = connect(&server)?;
    write!(
        long,
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "x".repeat(20_000)
    )?;
    assert!(rest_of(&mut long).starts_with(b"HTTP/1.1 431"));
    let mut many = connect(&server)?;
    write!(
        many,
        "GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n",
        "x: y\r\n".repeat(200)
    )?;
    assert!(rest_of(&mut many).starts_with(b"HTTP/1.1 431"));
    drop((long, many));
    let held: Vec<_> = (0..2)
        .map(|_| {
            let mut stream = connect(&server)?;
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")?;
            stream.read_exact(&mut [0; 15])?;
            Ok(stream)
        })
        .collect::<anyhow::Result<_>>()?;
    let mut third = connect(&server)?;
    assert_eq!(rest_of(&mut third), b"");
    drop(held);
    Ok(())
}

#[test]
fn f27_a_stop_lets_running_downloads_end_and_takes_no_new_ones() -> anyhow::Result<()> {
    let house = house_with_archive()?;
    let server = house.serve_with(&["--drain", "60"])?;
    let client = house.sign_in(&server, "anna")?;
    let mut stream = ask_for_archive(&server, &client)?;
    let mut begun = [0; 15];
    stream.read_exact(&mut begun)?;
    assert_eq!(&begun, b"HTTP/1.1 200 OK");
    let stopping = std::thread::spawn(move || server.stop());
    assert!(rest_of(&mut stream).len() > 60 << 20);
    stopping.join().ok().context("the stopping thread died")?
}

#[test]
fn s19_a_user_may_run_so_many_downloads_at_once() -> anyhow::Result<()> {
    let house = house_with_archive()?;
    let server = house.serve_with(&["--max-downloads-per-user", "1"])?;
    let client = house.sign_in(&server, "anna")?;
    let mut first = ask_for_archive(&server, &client)?;
    first.read_exact(&mut [0; 15])?;
    let second = rest_of(&mut ask_for_archive(&server, &client)?);
    let second = String::from_utf8(second)?;
    assert!(second.starts_with("HTTP/1.1 429"), "{second}");
    assert!(second.to_lowercase().contains("retry-after: "), "{second}");
    drop(rest_of(&mut first));
    let third = rest_of(&mut ask_for_archive(&server, &client)?);
    assert!(third.starts_with(b"HTTP/1.1 200"));
    Ok(())
}

/// Writes a certificate for 127.0.0.1 and its key.
fn certify(cert: &Path, key: &Path) -> anyhow::Result<()> {
    let mut openssl = Command::new(tool("openssl")?);
    openssl.args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
    ]);
    openssl.args([
        "-days",
        "2",
        "-subj",
        "/CN=test",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ]);
    openssl.arg("-out").arg(cert).arg("-keyout").arg(key);
    run(&mut openssl).map(drop)
}

fn trusts(cert: &Path, server: &Server) -> anyhow::Result<bool> {
    let mut curl = Command::new(tool("curl")?);
    curl.args(["--silent", "--fail", "--cacert"]).arg(cert);
    curl.arg(format!("{}/healthz", server.url()));
    Ok(run(&mut curl).is_ok_and(|answer| answer == b"ok\n"))
}

#[test]
fn s11_tls_reads_a_new_certificate_by_sighup() -> anyhow::Result<()> {
    let house = House::with_administrator("anna")?;
    let [cert, key, next, next_key] =
        ["cert.pem", "key.pem", "next.pem", "next-key.pem"].map(|name| house.scratch(name));
    certify(&cert, &key)?;
    certify(&next, &next_key)?;
    let cert_in_use = house.scratch("served.pem");
    let key_in_use = house.scratch("served-key.pem");
    fs::copy(&cert, &cert_in_use)?;
    fs::copy(&key, &key_in_use)?;
    let paths = [&cert_in_use, &key_in_use].map(|path| path.display().to_string());
    let server = house.serve_with(&["--tls-cert", &paths[0], "--tls-key", &paths[1]])?;
    assert!(server.url().starts_with("https://"), "{}", server.url());
    assert!(trusts(&cert, &server)? && !trusts(&next, &server)?);
    // What does not go together changes nothing.
    fs::copy(&next, &cert_in_use)?;
    server.hang_up()?;
    assert!(trusts(&cert, &server)?);
    fs::copy(&next_key, &key_in_use)?;
    server.hang_up()?;
    while !trusts(&next, &server)? {}
    server.stop()
}

#[test]
fn s11_bad_certificates_are_named_at_the_start() -> anyhow::Result<()> {
    let house = House::with_users(&[])?;
    let [cert, key, other, empty] =
        ["cert.pem", "key.pem", "other.pem", "empty.pem"].map(|name| house.scratch(name));
    certify(&other, &house.scratch("unused.pem"))?;
    certify(&cert, &key)?;
    fs::write(&empty, "")?;
    for (cert, key, complaint) in [
        (&empty, &key, "empty.pem holds no certificate"),
        (&cert, &empty, "empty.pem holds no private key"),
        (&other, &key, "do not go together"),
        (&house.scratch("none.pem"), &key, "none.pem holds no certificate"),
    ] {
        let paths = [cert, key].map(|path| path.display().to_string());
        let refused = house.refuse_to_serve(&["--tls-cert", &paths[0], "--tls-key", &paths[1]])?;
        assert!(refused.contains(complaint), "{refused}");
    }
    Ok(())
}

#[test]
fn l10_the_log_of_uploads_and_failures_holds_no_secret() -> anyhow::Result<()> {
    let house = House::with_administrator("anna")?;
    let (server, log) = house.serve_logged("trace")?;
    let client = house.sign_in(&server, "anna")?;
    client.must(
        "CreateDomain",
        &[
            ("DomainName", "Secretariat"),
            ("Anonymous", "false"),
            ("Hidden", "false"),
            ("WelcomeMessage", ""),
        ],
    )?;
    let source = house.scratch("source.bin");
    fs::write(&source, vec![b'x'; 5 << 20])?;
    let target = ("/Secretariat", "Zanzibar.bin");
    let stopped = TusClient::Python.upload(&client, &source, target, (4 << 20, None))?;
    let (_, upload) = stopped.rsplit_once('/').context("no upload")?;
    TusClient::Python.upload(&client, &source, target, (0, Some(&stopped)))?;
    let handler = client.stage("/Secretariat")?;
    let ticket = client.ticket().to_owned();
    server.stop()?;
    let log = fs::read_to_string(log)?;
    assert!(log.contains("/api/v1/uploads/{id}"), "{log}");
    for secret in [
        house.password(),
        upload,
        &handler,
        &ticket,
        "Secretariat",
        "Zanzibar",
    ] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None);
    }
    Ok(())
}
