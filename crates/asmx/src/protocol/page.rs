//! The browsable pages: all operations by group, and each with its parameters, a form and samples to copy.

use super::{Kind, Meta, Parameter};
use askama::Template;

/// The style sheet of the pages; a file of its own, so that no inline style need be allowed.
pub(crate) fn style() -> &'static str {
    include_str!("../../templates/style.css")
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    groups: Vec<Group<'a>>,
}

struct Group<'a> {
    name: &'static str,
    operations: Vec<&'a Meta>,
}

#[derive(Template)]
#[template(path = "operation.html")]
struct OperationPage<'a> {
    meta: &'a Meta,
    fields: Vec<Field<'a>>,
    address: &'a str,
    result: String,
    takes_content: bool,
}

/// A parameter as a row of the form.
struct Field<'a> {
    name: &'a str,
    kind: &'static str,
    input: &'static str,
    placeholder: &'static str,
    need: &'static str,
    alias: &'a str,
    doc: &'a str,
}

/// The page that lists all operations, groups in the order of their first operation.
pub(crate) fn index(operations: &[&Meta]) -> Result<String, askama::Error> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for meta in operations {
        match groups.iter_mut().find(|group| group.name == meta.group) {
            Some(group) => group.operations.push(meta),
            None => groups.push(Group {
                name: meta.group,
                operations: vec![meta],
            }),
        }
    }
    Index { groups }.render()
}

/// The page of one operation of the service at `address`.
pub(crate) fn operation_page(meta: &Meta, address: &str) -> Result<String, askama::Error> {
    let ticket = meta.ticket.map(|name| Field {
        name,
        kind: "GUID",
        input: "password",
        placeholder: "guid",
        need: "required",
        alias: "",
        doc: "The ticket that AuthenticateUser answered.",
    });
    OperationPage {
        meta,
        fields: ticket.into_iter().chain(meta.parameters().map(field)).collect(),
        address,
        result: result(meta),
        takes_content: meta.takes_content(),
    }
    .render()
}

fn result(meta: &Meta) -> String {
    if meta.answers_bytes {
        "base64".to_owned()
    } else {
        format!("<{} xmlns=\"\" success=\"true\" …/>", meta.soap_root(false))
    }
}

fn field(parameter: &Parameter) -> Field<'_> {
    let (kind, input, placeholder) = match parameter.kind {
        Kind::Text => ("text", "text", "string"),
        Kind::Secret => ("text", "password", "string"),
        Kind::Bool => ("true or false", "text", "boolean"),
        Kind::Int => ("whole number", "text", "int"),
        Kind::Long => ("whole number", "text", "long"),
        Kind::Guid => ("GUID", "text", "guid"),
        Kind::Bytes => ("bytes: a file part, or base64", "file", "base64Binary"),
        Kind::Xml => ("XML", "text", "xml"),
    };
    let need = if parameter.required {
        "required"
    } else {
        "optional"
    };
    Field {
        name: parameter.name,
        kind,
        input,
        placeholder,
        need,
        alias: parameter.alias.unwrap_or_default(),
        doc: parameter.doc,
    }
}
