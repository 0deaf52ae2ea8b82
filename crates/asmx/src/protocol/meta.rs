//! What is known of an operation without running it. Help page, WSDL and transports read nothing else.

/// An operation's declaration, written by `#[derive(Request)]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meta {
    /// The name on the wire; it matches in any case.
    pub(crate) name: &'static str,
    /// The group under which the help page lists it.
    pub(crate) group: &'static str,
    /// What it does, for readers.
    pub(crate) doc: &'static str,
    /// The documented root element; of no meaning when bytes are answered.
    pub(crate) root: &'static str,
    /// The spelling of the ticket parameter; `None` when the operation needs no ticket.
    pub(crate) ticket: Option<&'static str>,
    /// Whether the answer is a file instead of XML.
    pub(crate) answers_bytes: bool,
    /// Whether parameters are read before the ticket is checked (CONTRACT section 1.5).
    pub(crate) format_first: bool,
    /// An attribute that failures carry too, empty.
    pub(crate) blank_on_failure: Option<&'static str>,
    /// The parameters but the ticket, in wire order: runs of its own and of groups that it shares with others.
    pub(crate) runs: &'static [&'static [Parameter]],
}

/// One parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// The name on the wire; it matches in any case.
    pub(crate) name: &'static str,
    /// A second name that is accepted.
    pub(crate) alias: Option<&'static str>,
    /// The name in domain words, as failures of the services spell it.
    pub(crate) field: &'static str,
    /// What it means, for readers.
    pub(crate) doc: &'static str,
    /// How its text is read.
    pub(crate) kind: Kind,
    /// Whether an absent or empty value is refused.
    pub(crate) required: bool,
}

/// How a parameter's text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A text that is shown nowhere.
    Secret,
    /// `true`, `false`, `1` or `0`.
    Bool,
    /// A whole number, declared with 32 bits, read with 64.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A GUID in any textual form.
    Guid,
    /// Bytes: a file part, or base64.
    Bytes,
    /// An XML document as text, or as an element.
    Xml,
}

impl Meta {
    /// The parameters but the ticket, in wire order.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.runs.iter().copied().flatten()
    }

    /// Whether a request may be as long as an upload.
    pub(crate) fn takes_content(&self) -> bool {
        self.parameters().any(|parameter| parameter.kind == Kind::Bytes)
    }

    /// The root element of a SOAP result: `response` in place of `root`, unless documented names are forced
    /// (CONTRACT section 17 row 1).
    pub(crate) fn soap_root(&self, documented: bool) -> &'static str {
        if self.root == "root" && !documented {
            "response"
        } else {
            self.root
        }
    }

    /// The wire name of the parameter that the services call `field`; else that of the first required one, which is what the
    /// call is about; else `field` itself.
    pub(crate) fn wire_name(&self, field: &'static str) -> &'static str {
        let known = self
            .parameters()
            .find(|parameter| parameter.field == field.replace(' ', "_"));
        let named = known.or_else(|| self.parameters().find(|parameter| parameter.required));
        named.map_or(field, |parameter| parameter.name)
    }
}
