//! infoRouter's protocol as its clients speak it: the same call by GET, by form, by SOAP 1.1 and by SOAP 1.2.

use crate::Element;
use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::blocking::{Client as Http, RequestBuilder};
use std::fmt::Write as _;
use std::time::Duration;

/// How a call travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Parameters in the query.
    Get,
    /// Parameters in a form.
    Form,
    /// An envelope of SOAP 1.1 with a `SOAPAction`.
    Soap11,
    /// An envelope of SOAP 1.2.
    Soap12,
}

impl Transport {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Get, Self::Form, Self::Soap11, Self::Soap12];
}

/// A signed-in client.
#[derive(Clone, Debug)]
pub struct Client {
    http: Http,
    server: String,
    ticket: String,
}

/// One answer of `DownloadFileChunk`.
#[derive(Debug)]
pub struct Chunk {
    /// The decoded bytes, whose CRC32 was checked.
    pub bytes: Vec<u8>,
    /// The length of the whole file.
    pub file_len: u64,
    /// Whether it is the last chunk.
    pub last: bool,
}

impl Client {
    /// `AuthenticateUser`.
    pub fn sign_in(server: &str, login: &str, password: &str) -> anyhow::Result<Self> {
        let http = Http::builder().timeout(Duration::from_mins(10)).build()?;
        let mut client = Self {
            http,
            server: server.to_owned(),
            ticket: String::new(),
        };
        let parameters = [("UID", login), ("PWD", password)];
        let answer = client.call(Transport::Form, "AuthenticateUser", &parameters)?;
        ensure!(answer.succeeded(), "{login} may not sign in: {answer:?}");
        answer.attribute("ticket")?.clone_into(&mut client.ticket);
        Ok(client)
    }

    /// The ticket, which is also the bearer token of the native API.
    pub fn ticket(&self) -> &str {
        &self.ticket
    }

    /// The server's address.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The same session at another address: the server after a restart.
    #[must_use]
    pub fn moved(&self, server: &str) -> Self {
        Self {
            server: server.to_owned(),
            ..self.clone()
        }
    }

    /// A call whose parameters include the ticket; gives the root element, whatever it says.
    pub fn ask(&self, operation: &str, parameters: &[(&str, &str)]) -> anyhow::Result<Element> {
        self.ask_by(Transport::Form, operation, parameters)
    }

    /// As [`Client::ask`], by the given transport.
    pub fn ask_by(
        &self,
        by: Transport,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> anyhow::Result<Element> {
        let mut all = vec![("AuthenticationTicket", self.ticket.as_str())];
        all.extend_from_slice(parameters);
        self.call(by, operation, &all)
    }

    /// As [`Client::ask`], and fails when the answer is a failure.
    pub fn must(&self, operation: &str, parameters: &[(&str, &str)]) -> anyhow::Result<Element> {
        let answer = self.ask(operation, parameters)?;
        ensure!(answer.succeeded(), "{operation} failed: {answer:?}");
        Ok(answer)
    }

    /// `DownloadZipWithHandler`; gives the answer, whatever it says.
    pub fn try_stage(&self, paths: &str, partial: bool) -> anyhow::Result<Element> {
        let partial = if partial { "true" } else { "false" };
        self.ask(
            "DownloadZipWithHandler",
            &[("Paths", paths), ("partialResult", partial)],
        )
    }

    /// Stages strictly; gives the handler.
    pub fn stage(&self, paths: &str) -> anyhow::Result<String> {
        let answer = self.try_stage(paths, false)?;
        ensure!(answer.succeeded(), "staging {paths} failed: {answer:?}");
        Ok(answer.attribute("downloadhandler")?.to_owned())
    }

    /// `DownloadFileChunk`; checks length and CRC32. `Ok(Err(text))` is the error the server gave.
    pub fn chunk(
        &self,
        by: Transport,
        handler: &str,
        offset: u64,
        len: u64,
    ) -> anyhow::Result<Result<Chunk, String>> {
        let (offset_text, len_text) = (offset.to_string(), len.to_string());
        let parameters = [
            ("DownloadHandler", handler),
            ("StartOffset", &*offset_text),
            ("ChunkSize", &*len_text),
        ];
        let answer = self.ask_by(by, "DownloadFileChunk", &parameters)?;
        if !answer.succeeded() {
            return Ok(Err(answer.attribute("error")?.to_owned()));
        }
        let bytes = STANDARD
            .decode(answer.text.trim())
            .context("a chunk is not base64")?;
        let crc32 = format!("{:08X}", crc32fast::hash(&bytes));
        ensure!(
            answer.attribute("chunkCRC32")? == crc32,
            "the chunk at {offset} has CRC32 {crc32}: {:?}",
            answer.attributes
        );
        ensure!(
            answer.attribute("chunklength")?.parse() == Ok(bytes.len()),
            "chunklength is not the length of the bytes"
        );
        let file_len = answer.attribute("filelength")?.parse()?;
        Ok(Ok(Chunk {
            bytes,
            file_len,
            last: answer.attribute("lastchunk")? == "true",
        }))
    }

    /// A call without the ticket.
    pub fn call(
        &self,
        by: Transport,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> anyhow::Result<Element> {
        let answer = self.request(by, operation, parameters)?.send()?;
        let status = answer.status();
        let text = answer.text()?;
        ensure!(
            status.is_success(),
            "{operation} by {by:?} answered {status}: {text}"
        );
        let root = Element::parse(&text).with_context(|| format!("{operation} by {by:?} answered {text}"))?;
        match by {
            Transport::Get | Transport::Form => Ok(root),
            Transport::Soap11 | Transport::Soap12 => unwrap_envelope(&root, operation),
        }
    }

    fn request(
        &self,
        by: Transport,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> anyhow::Result<RequestBuilder> {
        let (server, http) = (&self.server, &self.http);
        Ok(match by {
            Transport::Get => http
                .get(format!("{server}/srv.asmx/{operation}"))
                .query(parameters),
            Transport::Form => http
                .post(format!("{server}/srv.asmx/{operation}"))
                .form(parameters),
            Transport::Soap11 => http
                .post(format!("{server}/srv.asmx"))
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("SOAPAction", format!("\"http://tempuri.org/{operation}\""))
                .body(envelope(
                    "http://schemas.xmlsoap.org/soap/envelope/",
                    operation,
                    parameters,
                )?),
            Transport::Soap12 => http
                .post(format!("{server}/srv.asmx"))
                .header("Content-Type", "application/soap+xml; charset=utf-8")
                .body(envelope(
                    "http://www.w3.org/2003/05/soap-envelope",
                    operation,
                    parameters,
                )?),
        })
    }
}

fn envelope(namespace: &str, operation: &str, parameters: &[(&str, &str)]) -> anyhow::Result<String> {
    let mut body = String::new();
    for (name, value) in parameters {
        write!(body, "<{name}>{}</{name}>", quick_xml::escape::escape(*value))?;
    }
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"{namespace}\"><s:Body>\
         <{operation} xmlns=\"http://tempuri.org/\">{body}</{operation}></s:Body></s:Envelope>"
    ))
}

/// Envelope / Body / `{Op}Response` / `{Op}Result` / root.
fn unwrap_envelope(envelope: &Element, operation: &str) -> anyhow::Result<Element> {
    let Some(body) = envelope.children.iter().find(|child| child.name == "Body") else {
        bail!("the envelope has no body: {envelope:?}");
    };
    let response = body.only_child()?;
    ensure!(
        response.name == format!("{operation}Response"),
        "the body holds <{}>",
        response.name
    );
    let result = response.only_child()?;
    ensure!(
        result.name == format!("{operation}Result"),
        "the response holds <{}>",
        result.name
    );
    let root = result.only_child()?;
    ensure!(
        root.attributes.get("xmlns").is_some_and(String::is_empty),
        "the root of a result is in no namespace: {:?}",
        root.attributes
    );
    Ok(root.clone())
}
