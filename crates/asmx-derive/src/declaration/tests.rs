use super::{Declaration, Group};
use crate::emit;
use syn::{DeriveInput, parse_quote};

fn refusal(input: &DeriveInput) -> String {
    Declaration::read(input)
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn what_is_declared_is_emitted() {
    let input: DeriveInput = parse_quote! {
        /// Does a thing.
        ///
        /// And more of it,
        /// on two lines.
        #[op("DoThing", group = "Things", root = "Response", blank = "handle")]
        struct DoThing {
            /// Where.
            #[wire("Path", alias = "Where", malformed = "no path")]
            path: ItemRef,
        }
    };
    let declaration = Declaration::read(&input).unwrap();
    assert_eq!(declaration.doc, "Does a thing.\nAnd more of it, on two lines.");
    let emitted = emit::request(&declaration).to_string();
    for part in [
        "name : \"DoThing\"",
        "root : \"Response\"",
        "ticket : Some (\"authenticationTicket\")",
        "blank_on_failure : Some (\"handle\")",
        "alias : Some (\"Where\")",
        "Trouble :: Fixed (\"no path\")",
        "type Who = :: holdall_services :: Caller",
    ] {
        assert!(emitted.contains(part), "{part} in {emitted}");
    }
}

#[test]
fn a_public_operation_has_no_ticket() {
    let input: DeriveInput = parse_quote! {
        /// Does a thing.
        #[op("DoThing", group = "Things", public)]
        struct DoThing;
    };
    let emitted = emit::request(&Declaration::read(&input).unwrap()).to_string();
    assert!(
        emitted.contains("ticket : None") && emitted.contains("Guest"),
        "{emitted}"
    );
}

#[test]
fn an_undocumented_operation_does_not_compile() {
    let input: DeriveInput = parse_quote! {
        #[op("DoThing", group = "Things")]
        struct DoThing;
    };
    assert_eq!(
        refusal(&input),
        "`DoThing` needs a doc comment: the help page and the WSDL show it"
    );
}

#[test]
fn an_undocumented_parameter_does_not_compile() {
    let input: DeriveInput = parse_quote! {
        /// Does a thing.
        #[op("DoThing", group = "Things")]
        struct DoThing {
            #[wire("Path")]
            path: String,
        }
    };
    assert_eq!(
        refusal(&input),
        "`path` needs a doc comment: the help page and the WSDL show it"
    );
}

#[test]
fn slips_are_named() {
    let no_group: DeriveInput = parse_quote! {
        /// Does a thing.
        #[op("DoThing")]
        struct DoThing;
    };
    assert_eq!(refusal(&no_group), "an operation needs a group");
    let no_wire: DeriveInput = parse_quote! {
        /// Does a thing.
        #[op("DoThing", group = "Things")]
        struct DoThing {
            /// Where.
            path: String,
        }
    };
    assert_eq!(refusal(&no_wire), "`path` needs #[wire(\"Name\")]");
    let unknown: DeriveInput = parse_quote! {
        /// Does a thing.
        #[op("DoThing", group = "Things", pubic)]
        struct DoThing;
    };
    assert_eq!(refusal(&unknown), "unknown option");
}

#[test]
fn a_group_is_read_by_its_own_declaration() {
    let group: DeriveInput = parse_quote! {
        struct Wishes {
            /// With rules.
            #[wire("WithRules")]
            rules: Wish,
        }
    };
    let emitted = emit::group(&Group::read(&group).unwrap()).to_string();
    assert!(emitted.contains("name : \"WithRules\""), "{emitted}");
    let input: DeriveInput = parse_quote! {
        /// Does a thing.
        #[op("DoThing", group = "Things")]
        struct DoThing {
            #[group]
            wishes: Wishes,
        }
    };
    let emitted = emit::request(&Declaration::read(&input).unwrap()).to_string();
    assert!(
        emitted.contains("wishes : < Wishes as crate :: protocol :: Parameters > :: read (args) ?"),
        "{emitted}"
    );
}
