//! `#[derive(Request)]`: a documented struct becomes an operation's declaration. `#[derive(Parameters)]`: one becomes a group of
//! parameters that several operations have.
//!
//! The first writes `impl crate::protocol::Request`: the constant `META`, which drives the help page, the WSDL and every transport, and
//! `decode`, which reads the fields by their wire names. A struct or field without a doc comment does not compile.

mod declaration;
mod docs;
mod emit;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Declares an operation.
///
/// `#[op("Name", group = "Download", root = "Response", ticket = "AuthenticationTicket", public, bytes, format_first,
/// blank = "downloadhandler")]` on the struct: only the name and the group are required. `root` is the documented root element
/// (`response`), `ticket` the ticket parameter (`authenticationTicket`), `public` an operation without a ticket, `bytes` one
/// that answers a file, `format_first` one whose parameters are checked before the ticket, `blank` an attribute that failures
/// carry empty.
///
/// `#[wire("Paths", alias = "…", malformed = "…")]` on every field: the parameter's name, a second name that is accepted, and
/// a fixed error text for values that cannot be read. `#[group]` instead: the field stands for the parameters of its type, which
/// derives `Parameters`.
#[proc_macro_derive(Request, attributes(op, wire, group))]
pub fn request(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    declaration::Declaration::read(&input)
        .map_or_else(syn::Error::into_compile_error, |declaration| {
            emit::request(&declaration)
        })
        .into()
}

/// Declares parameters that several operations have: `#[wire("Name", …)]` on every field, as for `Request`.
#[proc_macro_derive(Parameters, attributes(wire))]
pub fn parameters(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    declaration::Group::read(&input)
        .map_or_else(syn::Error::into_compile_error, |group| emit::group(&group))
        .into()
}
