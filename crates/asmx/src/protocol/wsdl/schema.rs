//! The types: two elements for each operation.

use super::{Meta, put};
use crate::protocol::Kind;

/// Writes `wsdl:types`.
pub(super) fn push(out: &mut String, operations: &[&Meta]) {
    out.push_str(
        "  <wsdl:types>\n    <s:schema elementFormDefault=\"qualified\" targetNamespace=\"http://tempuri.org/\">\n",
    );
    for meta in operations {
        push_request(out, meta);
        push_response(out, meta);
    }
    out.push_str("    </s:schema>\n  </wsdl:types>\n");
}

fn push_request(out: &mut String, meta: &Meta) {
    let name = meta.name;
    put(
        out,
        format_args!("      <s:element name=\"{name}\"><s:complexType><s:sequence>\n"),
    );
    if meta.ticket.is_some() {
        push_parameter(out, "AuthenticationTicket", Kind::Guid);
    }
    for parameter in meta.parameters() {
        push_parameter(out, parameter.name, parameter.kind);
    }
    out.push_str("      </s:sequence></s:complexType></s:element>\n");
}

/// Texts may be left out, as .asmx has it; numbers and booleans are always sent.
fn push_parameter(out: &mut String, name: &str, kind: Kind) {
    let (kind, least) = match kind {
        Kind::Text | Kind::Secret | Kind::Guid | Kind::Xml => ("string", 0),
        Kind::Bytes => ("base64Binary", 0),
        Kind::Bool => ("boolean", 1),
        Kind::Int => ("int", 1),
        Kind::Long => ("long", 1),
    };
    put(
        out,
        format_args!(
            "        <s:element minOccurs=\"{least}\" maxOccurs=\"1\" name=\"{name}\" type=\"s:{kind}\"/>\n"
        ),
    );
}

fn push_response(out: &mut String, meta: &Meta) {
    let name = meta.name;
    put(
        out,
        format_args!("      <s:element name=\"{name}Response\"><s:complexType><s:sequence>\n"),
    );
    if meta.answers_bytes {
        put(
            out,
            format_args!(
                "        <s:element minOccurs=\"0\" maxOccurs=\"1\" name=\"{name}Result\" type=\"s:base64Binary\"/>\n"
            ),
        );
    } else {
        put(
            out,
            format_args!(
                "        <s:element minOccurs=\"0\" maxOccurs=\"1\" name=\"{name}Result\"><s:complexType mixed=\"true\">\
             <s:sequence><s:any/></s:sequence></s:complexType></s:element>\n"
            ),
        );
    }
    out.push_str("      </s:sequence></s:complexType></s:element>\n");
}
