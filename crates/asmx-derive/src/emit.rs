//! The declaration as `impl crate::protocol::Request`.

use crate::declaration::{Declaration, Group, Member, Operation, Parameter};
use proc_macro2::TokenStream;
use quote::quote;

/// The whole implementation.
pub(crate) fn request(declaration: &Declaration) -> TokenStream {
    let ident = &declaration.ident;
    let meta = meta(declaration);
    let fields = declaration.fields.iter().map(member);
    let who = if declaration.operation.is_public {
        quote!(crate::protocol::Guest)
    } else {
        quote!(::holdall_services::Caller)
    };
    quote! {
        impl crate::protocol::Request for #ident {
            type Who = #who;
            const META: crate::protocol::Meta = #meta;
            fn decode(args: &crate::protocol::Args) -> ::core::result::Result<Self, crate::protocol::Trouble> {
                let _ = args;
                Ok(Self { #(#fields),* })
            }
        }
    }
}

/// The implementation for a group of parameters.
pub(crate) fn group(group: &Group) -> TokenStream {
    let Group { ident, parameters } = group;
    let (declared, fields) = (parameters.iter().map(parameter), parameters.iter().map(field));
    quote! {
        impl crate::protocol::Parameters for #ident {
            const PARAMETERS: &'static [crate::protocol::Parameter] = &[#(#declared),*];
            fn read(args: &crate::protocol::Args) -> ::core::result::Result<Self, crate::protocol::Trouble> {
                Ok(Self { #(#fields),* })
            }
        }
    }
}

fn meta(declaration: &Declaration) -> TokenStream {
    let Operation {
        name,
        group,
        root,
        answers_bytes,
        format_first,
        blank,
        ..
    } = &declaration.operation;
    let group = group.as_deref().unwrap_or_default();
    let root = root.as_deref().unwrap_or("response");
    let ticket = optional(ticket(&declaration.operation));
    let blank = optional(blank.as_deref());
    let doc = &declaration.doc;
    let runs = runs(&declaration.fields);
    quote! {
        crate::protocol::Meta {
            name: #name,
            group: #group,
            doc: #doc,
            root: #root,
            ticket: #ticket,
            answers_bytes: #answers_bytes,
            format_first: #format_first,
            blank_on_failure: #blank,
            runs: &[#(#runs),*],
        }
    }
}

/// Each parameter by itself, each group as it is.
fn runs(fields: &[Member]) -> impl Iterator<Item = TokenStream> {
    fields.iter().map(|field| match field {
        Member::Parameter(own) => {
            let own = parameter(own);
            quote!(&[#own])
        }
        Member::Group { kind, .. } => quote!(<#kind as crate::protocol::Parameters>::PARAMETERS),
    })
}

fn member(member: &Member) -> TokenStream {
    match member {
        Member::Parameter(own) => field(own),
        Member::Group { ident, kind } => quote!(#ident: <#kind as crate::protocol::Parameters>::read(args)?),
    }
}

fn ticket(operation: &Operation) -> Option<&str> {
    (!operation.is_public).then(|| operation.ticket.as_deref().unwrap_or("authenticationTicket"))
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let Parameter { name, doc, kind, .. } = parameter;
    let field = parameter.ident.to_string();
    let alias = optional(parameter.alias.as_deref());
    quote! {
        crate::protocol::Parameter {
            name: #name,
            alias: #alias,
            field: #field,
            doc: #doc,
            kind: <#kind as crate::protocol::FromArg>::KIND,
            required: <#kind as crate::protocol::FromArg>::REQUIRED,
        }
    }
}

fn field(parameter: &Parameter) -> TokenStream {
    let Parameter {
        ident, kind, name, ..
    } = parameter;
    let alias = optional(parameter.alias.as_deref());
    let read = quote!(<#kind as crate::protocol::FromArg>::read(args, args.find(#name, #alias), #name));
    let fixed = parameter
        .malformed
        .iter()
        .map(|text| quote!(.map_err(|_| crate::protocol::Trouble::Fixed(#text))));
    quote!(#ident: #read #(#fixed)* ?)
}

fn optional(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}
