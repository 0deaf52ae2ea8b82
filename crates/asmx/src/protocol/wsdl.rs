//! The WSDL and the discovery document, written from the list of operations. Their form is that of .asmx, so that generated
//! clients stay as they are: four bindings, document/literal, XML results as mixed `any`, no SOAP-encoding import.

mod parts;
mod schema;

use super::Meta;
use super::escape::push_attribute;
use std::fmt::Write as _;

const START: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" xmlns:mime="http://schemas.xmlsoap.org/wsdl/mime/" xmlns:tns="http://tempuri.org/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" targetNamespace="http://tempuri.org/">
"#;

/// The WSDL of `operations` at `address`.
pub(crate) fn wsdl(operations: &[&Meta], address: &str) -> String {
    let mut out = String::from(START);
    schema::push(&mut out, operations);
    for meta in operations {
        parts::push_messages(&mut out, meta);
    }
    for way in parts::Way::PORT_TYPES {
        parts::push_port_type(&mut out, operations, way);
    }
    for way in parts::Way::ALL {
        parts::push_binding(&mut out, operations, way);
    }
    push_service(&mut out, &escaped(address));
    out.push_str("</wsdl:definitions>\n");
    out
}

/// The discovery document of the service at `address`.
pub(crate) fn disco(address: &str) -> String {
    let address = escaped(address);
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<discovery xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.xmlsoap.org/disco/">
  <contractRef ref="{address}?wsdl" docRef="{address}" xmlns="http://schemas.xmlsoap.org/disco/scl/"/>
  <soap address="{address}" xmlns:q1="http://tempuri.org/" binding="q1:srvSoap" xmlns="http://schemas.xmlsoap.org/disco/soap/"/>
  <soap address="{address}" xmlns:q2="http://tempuri.org/" binding="q2:srvSoap12" xmlns="http://schemas.xmlsoap.org/disco/soap/"/>
</discovery>
"#
    )
}

fn push_service(out: &mut String, address: &str) {
    out.push_str("  <wsdl:service name=\"srv\">\n");
    for way in parts::Way::ALL {
        let (name, prefix) = (way.binding(), way.prefix());
        put(
            out,
            format_args!(
                "    <wsdl:port name=\"{name}\" binding=\"tns:{name}\"><{prefix}:address location=\"{address}\"/></wsdl:port>\n"
            ),
        );
    }
    out.push_str("  </wsdl:service>\n");
}

/// Writing to a `String` cannot fail.
fn put(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).unwrap_or_default();
}

fn escaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    push_attribute(&mut out, text);
    String::from_utf8(out).unwrap_or_default()
}
