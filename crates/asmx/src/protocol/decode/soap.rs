//! SOAP envelopes, more liberally than .asmx reads them: any prefix, unqualified children, any spelling of the action.

use crate::protocol::xml::{self, Namespace, Node};
use crate::protocol::{Args, Blame, Fault, Value};
use http::StatusCode;

/// A version of SOAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Soap {
    /// 1.1: `text/xml`, the action in a header.
    V11,
    /// 1.2: `application/soap+xml`, the action in the content type or absent.
    V12,
}

impl Soap {
    /// The namespace of the envelope.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::V11 => "http://schemas.xmlsoap.org/soap/envelope/",
            Self::V12 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    /// The content type of answers.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::V11 => "text/xml; charset=utf-8",
            Self::V12 => "application/soap+xml; charset=utf-8",
        }
    }
}

/// A call that was understood.
pub(crate) struct SoapCall {
    /// The version to answer in.
    pub(crate) version: Soap,
    /// The operation as it was spelled.
    pub(crate) operation: String,
    /// Its arguments.
    pub(crate) args: Args,
}

/// A call that was not understood.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The version to answer in.
    pub(crate) version: Soap,
    /// Why.
    pub(crate) fault: Fault,
}

/// Reads an envelope. `announced` is the version that the content type promises, `action` the raw action, and `known` says
/// which names are operations.
pub(crate) fn soap(
    text: &str,
    announced: Soap,
    action: Option<&str>,
    known: impl Fn(&str) -> bool,
) -> Result<SoapCall, Refusal> {
    let root = xml::parse(text).map_err(|error| Refusal {
        version: announced,
        fault: Fault::caller(format!("Server was unable to read request. ---> {error}")),
    })?;
    let version = version(&root).map_err(|fault| Refusal {
        version: announced,
        fault,
    })?;
    let refuse = |fault| Refusal { version, fault };
    refuse_unknown_headers(&root).map_err(refuse)?;
    let body = root.children.into_iter().find(|child| child.is("Body"));
    let body = body.ok_or_else(|| refuse(Fault::caller("The SOAP envelope has no body.")))?;
    let (operation, parameters) = route(body, action, known).map_err(refuse)?;
    let args = arguments(text, parameters);
    Ok(SoapCall {
        version,
        operation,
        args,
    })
}

fn version(root: &Node) -> Result<Soap, Fault> {
    match (root.name.as_str(), root.namespace) {
        ("Envelope", Namespace::Soap11) => Ok(Soap::V11),
        ("Envelope", Namespace::Soap12) => Ok(Soap::V12),
        ("Envelope", Namespace::Other) => Err(Fault {
            blame: Blame::Version,
            text: "Possible SOAP version mismatch: the namespace of the envelope is not known.".to_owned(),
            status: StatusCode::INTERNAL_SERVER_ERROR,
        }),
        _ => Err(Fault::caller(
            "Server was unable to read request. ---> The document is no SOAP envelope.",
        )),
    }
}

/// No header is understood here, so one that must be ends the call.
fn refuse_unknown_headers(root: &Node) -> Result<(), Fault> {
    let headers = root
        .child("Header")
        .map(|header| header.children.as_slice())
        .unwrap_or_default();
    let demanding = headers.iter().find(|header| {
        header
            .attribute("mustUnderstand")
            .is_some_and(|value| matches!(value.trim(), "1" | "true"))
    });
    match demanding {
        None => Ok(()),
        Some(header) => Err(Fault {
            blame: Blame::MustUnderstand,
            text: format!("SOAP header {} was not understood.", header.name),
            status: StatusCode::INTERNAL_SERVER_ERROR,
        }),
    }
}

/// The operation and the elements of its parameters. The body's element decides; an action helps where parameters stand bare.
fn route(
    body: Node,
    action: Option<&str>,
    known: impl Fn(&str) -> bool,
) -> Result<(String, Vec<Node>), Fault> {
    let action = action
        .map(|action| action.trim().trim_matches('"').trim())
        .unwrap_or_default();
    let named = action.rsplit(['/', '#']).next().unwrap_or_default();
    let by_action = Some(named).filter(|name| known(name));
    let by_element = body.children.first().is_some_and(|element| known(&element.name));
    if !by_element {
        let name = by_action.ok_or_else(|| unrecognised(action))?;
        return Ok((name.to_owned(), body.children));
    }
    let element = body
        .children
        .into_iter()
        .next()
        .ok_or_else(|| unrecognised(action))?;
    if by_action.is_some_and(|name| !element.is(name)) {
        let text = "The SOAPAction and the element in the SOAP body name different operations.";
        return Err(Fault::caller(text));
    }
    Ok((element.name, element.children))
}

fn unrecognised(action: &str) -> Fault {
    if action.is_empty() {
        return Fault::caller("The element in the SOAP body names no operation.");
    }
    Fault::caller(format!(
        "Server did not recognize the value of HTTP Header SOAPAction: {action}."
    ))
}

/// Null parameters are absent; a parameter that holds elements is their markup.
fn arguments(text: &str, parameters: Vec<Node>) -> Args {
    let mut args = Args::default();
    let is_null = |node: &Node| {
        node.attribute("nil")
            .is_some_and(|value| matches!(value.trim(), "1" | "true"))
    };
    for node in parameters.into_iter().filter(|node| !is_null(node)) {
        let value = if node.children.is_empty() {
            node.text
        } else {
            text.get(node.inner).unwrap_or_default().to_owned()
        };
        args.push(&node.name, Value::Text(value));
    }
    args
}

#[cfg(test)]
mod tests;
