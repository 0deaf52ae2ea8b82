//! What is true of every operation: how a request becomes arguments, and how an answer becomes bytes.

mod args;
mod dates;
mod decode;
mod escape;
mod failure;
mod fault;
mod meta;
mod page;
mod reply;
mod request;
mod values;
mod versions;
mod wsdl;
mod xml;

pub(crate) use args::{Args, Value};
pub(crate) use dates::Dates;
pub(crate) use decode::{Refusal, Soap, SoapCall, decode_charset, multipart, soap, urlencoded};
pub(crate) use escape::push_attribute;
pub(crate) use failure::{LOCKED, Trouble, explain, log, log_entry, reason};
pub(crate) use fault::{Blame, Fault};
pub(crate) use meta::{Kind, Meta, Parameter};
pub(crate) use page::{index, operation_page, style};
pub(crate) use reply::{Answer, Element, File, Sink, Streamed, rest, soap_response};
pub(crate) use request::{Admit, Call, Guest, Names, Operation, Parameters, Request};
pub(crate) use values::{
    AccountStatus, BinRef, Content, DocumentRef, FolderRef, FromArg, Given, GivenXml, GroupHome, HexCrc,
    MaybeFolder, Offset, OldTicket, OptionalXml, OwnTicket, Paths, Secret, Wish,
};
pub(crate) use versions::{ExactVersion, VersionOrNone};
pub(crate) use wsdl::{disco, wsdl};
pub(crate) use xml::{Node, parse as parse_xml};
