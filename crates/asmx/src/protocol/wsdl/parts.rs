//! Messages, port types and bindings.

use super::{Meta, escaped, put};

/// A way to call: one binding each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Soap,
    Soap12,
    Get,
    Post,
}

impl Way {
    pub(super) const ALL: [Self; 4] = [Self::Soap, Self::Soap12, Self::Get, Self::Post];
    /// Both versions of SOAP share a port type.
    pub(super) const PORT_TYPES: [Self; 3] = [Self::Soap, Self::Get, Self::Post];

    pub(super) fn binding(self) -> &'static str {
        match self {
            Self::Soap => "srvSoap",
            Self::Soap12 => "srvSoap12",
            Self::Get => "srvHttpGet",
            Self::Post => "srvHttpPost",
        }
    }

    fn port_type(self) -> &'static str {
        if self == Self::Soap12 {
            "srvSoap"
        } else {
            self.binding()
        }
    }

    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Soap => "soap",
            Self::Soap12 => "soap12",
            Self::Get | Self::Post => "http",
        }
    }

    /// What stands in the names of the messages.
    fn message(self) -> &'static str {
        match self {
            Self::Soap | Self::Soap12 => "Soap",
            Self::Get => "HttpGet",
            Self::Post => "HttpPost",
        }
    }
}

/// Writes the six messages of an operation.
pub(super) fn push_messages(out: &mut String, meta: &Meta) {
    let name = meta.name;
    put(
        out,
        format_args!(
            "  <wsdl:message name=\"{name}SoapIn\"><wsdl:part name=\"parameters\" element=\"tns:{name}\"/></wsdl:message>\n  \
         <wsdl:message name=\"{name}SoapOut\"><wsdl:part name=\"parameters\" element=\"tns:{name}Response\"/></wsdl:message>\n"
        ),
    );
    for way in ["HttpGet", "HttpPost"] {
        put(out, format_args!("  <wsdl:message name=\"{name}{way}In\">"));
        let ticket = meta.ticket.map(|_| "AuthenticationTicket");
        for parameter in ticket
            .into_iter()
            .chain(meta.parameters().map(|parameter| parameter.name))
        {
            put(
                out,
                format_args!("<wsdl:part name=\"{parameter}\" type=\"s:string\"/>"),
            );
        }
        put(
            out,
            format_args!(
                "</wsdl:message>\n  <wsdl:message name=\"{name}{way}Out\"><wsdl:part name=\"Body\"/></wsdl:message>\n"
            ),
        );
    }
}

/// Writes a port type; its operations carry the documentation.
pub(super) fn push_port_type(out: &mut String, operations: &[&Meta], way: Way) {
    put(
        out,
        format_args!("  <wsdl:portType name=\"{}\">\n", way.port_type()),
    );
    for meta in operations {
        let (name, message) = (meta.name, way.message());
        put(
            out,
            format_args!(
                "    <wsdl:operation name=\"{name}\"><wsdl:documentation>{}</wsdl:documentation>\
             <wsdl:input message=\"tns:{name}{message}In\"/><wsdl:output message=\"tns:{name}{message}Out\"/></wsdl:operation>\n",
                escaped(meta.doc)
            ),
        );
    }
    out.push_str("  </wsdl:portType>\n");
}

/// Writes a binding.
pub(super) fn push_binding(out: &mut String, operations: &[&Meta], way: Way) {
    let prefix = way.prefix();
    put(
        out,
        format_args!(
            "  <wsdl:binding name=\"{}\" type=\"tns:{}\">\n",
            way.binding(),
            way.port_type()
        ),
    );
    match way {
        Way::Soap | Way::Soap12 => {
            put(
                out,
                format_args!("    <{prefix}:binding transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n"),
            );
        }
        Way::Get => out.push_str("    <http:binding verb=\"GET\"/>\n"),
        Way::Post => out.push_str("    <http:binding verb=\"POST\"/>\n"),
    }
    for meta in operations {
        push_bound(out, meta, way);
    }
    out.push_str("  </wsdl:binding>\n");
}

fn push_bound(out: &mut String, meta: &Meta, way: Way) {
    let (name, prefix) = (meta.name, way.prefix());
    let reply = if meta.answers_bytes {
        "application/octet-stream"
    } else {
        "text/xml"
    };
    put(out, format_args!("    <wsdl:operation name=\"{name}\">"));
    match way {
        Way::Soap | Way::Soap12 => put(
            out,
            format_args!(
                "<{prefix}:operation soapAction=\"http://tempuri.org/{name}\" style=\"document\"/>\
             <wsdl:input><{prefix}:body use=\"literal\"/></wsdl:input><wsdl:output><{prefix}:body use=\"literal\"/></wsdl:output>"
            ),
        ),
        Way::Get => put(
            out,
            format_args!(
                "<http:operation location=\"/{name}\"/><wsdl:input><http:urlEncoded/></wsdl:input>\
             <wsdl:output><mime:content part=\"Body\" type=\"{reply}\"/></wsdl:output>"
            ),
        ),
        Way::Post => put(
            out,
            format_args!(
                "<http:operation location=\"/{name}\"/>\
             <wsdl:input><mime:content type=\"application/x-www-form-urlencoded\"/></wsdl:input>\
             <wsdl:output><mime:content part=\"Body\" type=\"{reply}\"/></wsdl:output>"
            ),
        ),
    }
    out.push_str("</wsdl:operation>\n");
}
