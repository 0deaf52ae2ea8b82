//! Doc comments as plain text.

use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Lit, Meta, Result};

/// The doc comment of `what`, lines joined by blanks, paragraphs by line feeds. Fails when there is none.
pub(crate) fn required(attributes: &[Attribute], what: &impl Spanned, name: &str) -> Result<String> {
    let text = paragraphs(attributes);
    if text.is_empty() {
        return Err(Error::new(
            what.span(),
            format!("`{name}` needs a doc comment: the help page and the WSDL show it"),
        ));
    }
    Ok(text)
}

fn paragraphs(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for line in attributes.iter().filter_map(line) {
        let line = line.trim();
        if line.is_empty() {
            text.push('\n');
            continue;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push(' ');
        }
        text.push_str(line);
    }
    text.trim().to_owned()
}

fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    if !pair.path.is_ident("doc") {
        return None;
    }
    match &pair.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Some(text.value()),
        _ => None,
    }
}
