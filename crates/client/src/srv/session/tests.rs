use super::{SrvClient, service_address};
use crate::srv::SrvError;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

/// A server that gives one prepared answer after the other, a connection each, and tells what it was asked: operation and form.
fn scripted(answers: &'static [&'static str]) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let serving = thread::spawn(move || answers.iter().map(|answer| serve(&listener, answer)).collect());
    (address, serving)
}

fn serve(listener: &TcpListener, answer: &str) -> String {
    let (stream, _) = listener.accept().unwrap();
    let mut input = BufReader::new(&stream);
    let (mut first, mut line, mut len) = (String::new(), String::new(), 0);
    input.read_line(&mut first).unwrap();
    while line != "\r\n" {
        line.clear();
        input.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            len = value.trim().parse().unwrap();
        }
    }
    let mut form = vec![0; len];
    input.read_exact(&mut form).unwrap();
    // An answer that breaks off announces a byte more than it has.
    let cut = usize::from(answer.ends_with(CUT));
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len() + cut
    );
    (&stream).write_all(head.as_bytes()).unwrap();
    (&stream).write_all(answer.as_bytes()).unwrap();
    let operation = first.split(['/', ' ']).nth(3).unwrap().to_owned();
    format!("{operation} {}", String::from_utf8(form).unwrap())
}

const CUT: &str = "chunklength=\"3\"";
const SIGNED_IN: &str = "<root success=\"true\" ticket=\"one\"/>";
const SIGNED_IN_AGAIN: &str = "<root success=\"true\" ticket=\"two\"/>";
const ENDED: &str = "<response success=\"false\" error=\"[901] Session expired or Invalid ticket\"/>";
const CHUNK: &str = "<response success=\"true\" filelength=\"3\" chunklength=\"3\" lastchunk=\"true\" chunkCRC32=\"352441C2\">YWJj</response>";
const WRONG_CHUNK: &str = "<response success=\"true\" filelength=\"3\" chunklength=\"3\" lastchunk=\"true\" chunkCRC32=\"352441C3\">YWJj</response>";
const CUT_CHUNK: &str = "<response success=\"true\" filelength=\"3\" chunklength=\"3\"";

#[test]
fn a_chunk_that_is_cut_or_damaged_is_fetched_again() {
    let (address, serving) = scripted(&[SIGNED_IN, CUT_CHUNK, WRONG_CHUNK, CHUNK]);
    let client = SrvClient::sign_in(&address, "kim", "pass").unwrap();
    let chunk = client.fetch_chunk("handle", 0, 64).unwrap();
    assert_eq!(
        (&*chunk.bytes, chunk.file_len, chunk.last),
        (&b"abc"[..], 3, true)
    );
    let asked = serving.join().unwrap();
    assert_eq!(asked[0], "AuthenticateUser UID=kim&PWD=pass");
    assert!(asked[1..].iter().all(|call| call
        == "DownloadFileChunk AuthenticationTicket=one&DownloadHandler=handle&StartOffset=0&ChunkSize=64"));
}

#[test]
fn a_session_that_ended_is_renewed_and_the_call_made_again() {
    let (address, serving) = scripted(&[SIGNED_IN, ENDED, SIGNED_IN_AGAIN, CHUNK]);
    let client = SrvClient::sign_in(&address, "kim", "pass").unwrap();
    client.fetch_chunk("handle", 0, 64).unwrap();
    let asked = serving.join().unwrap();
    assert!(asked[2].starts_with("AuthenticateUser"), "{asked:?}");
    assert!(asked[3].contains("AuthenticationTicket=two"), "{asked:?}");
    assert_eq!(client.ticket(), "two");
}

#[test]
fn a_refusal_comes_with_the_servers_words_and_is_not_repeated() {
    let (address, serving) = scripted(&[
        SIGNED_IN,
        "<Response success=\"false\" error=\"[log]\" downloadhandler=\"\"><log><item>/L/a</item><error>Access denied.</error></log></Response>",
    ]);
    let client = SrvClient::sign_in(&address, "kim", "pass").unwrap();
    let refused = client.stage(&["/L"], false).unwrap_err();
    assert_eq!(refused.refusal(), Some("[log] /L/a: Access denied."));
    assert_eq!(serving.join().unwrap().len(), 2);
}

#[test]
fn what_is_no_answer_of_the_protocol_is_said_to_be_none() {
    let (address, _serving) = scripted(&["<html><body>Welcome</body></html>"]);
    let other = SrvClient::sign_in(&address, "kim", "pass").unwrap_err();
    assert!(matches!(other, SrvError::Malformed { .. }), "{other}");
}

#[test]
fn l10_neither_password_nor_ticket_shows_in_debug_output() {
    let (address, _serving) = scripted(&[SIGNED_IN]);
    let client = SrvClient::sign_in(&address, "kim", "a secret phrase").unwrap();
    let shown = format!("{client:?}");
    assert!(shown.contains("kim") && !shown.contains("a secret phrase") && !shown.contains("one"));
}

#[test]
fn the_service_is_found_at_every_spelling_of_an_address() {
    for address in [
        "http://host:8080",
        "http://host:8080/",
        "http://host:8080/srv.asmx",
        " http://host:8080/SRV.asmx/ ",
    ] {
        assert_eq!(
            service_address(address).to_lowercase(),
            "http://host:8080/srv.asmx"
        );
    }
    assert_eq!(
        service_address("https://host/inforouter"),
        "https://host/inforouter/srv.asmx"
    );
}
