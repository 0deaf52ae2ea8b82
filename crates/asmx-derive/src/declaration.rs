//! What the struct and its attributes say.

use crate::docs;
use syn::meta::ParseNestedMeta;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Error, Field, Fields, Ident, LitStr, Result, Token, Type};

/// A whole operation.
pub(crate) struct Declaration {
    pub(crate) ident: Ident,
    pub(crate) doc: String,
    pub(crate) operation: Operation,
    pub(crate) fields: Vec<Member>,
}

/// Parameters that several operations have.
pub(crate) struct Group {
    pub(crate) ident: Ident,
    pub(crate) parameters: Vec<Parameter>,
}

/// A field of an operation.
pub(crate) enum Member {
    /// One parameter.
    Parameter(Box<Parameter>),
    /// The parameters of another struct.
    Group { ident: Ident, kind: Box<Type> },
}

/// The content of `#[op(…)]`.
#[derive(Default)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) group: Option<String>,
    pub(crate) root: Option<String>,
    pub(crate) ticket: Option<String>,
    pub(crate) blank: Option<String>,
    pub(crate) is_public: bool,
    pub(crate) answers_bytes: bool,
    pub(crate) format_first: bool,
}

/// A field with its `#[wire(…)]`.
pub(crate) struct Parameter {
    pub(crate) ident: Ident,
    pub(crate) kind: Type,
    pub(crate) doc: String,
    pub(crate) name: String,
    pub(crate) alias: Option<String>,
    pub(crate) malformed: Option<String>,
}

impl Declaration {
    /// Reads the struct; fails at the place that is wrong.
    pub(crate) fn read(input: &DeriveInput) -> Result<Self> {
        Ok(Self {
            ident: input.ident.clone(),
            doc: docs::required(&input.attrs, &input.ident, &input.ident.to_string())?,
            operation: Operation::read(attribute(&input.attrs, "op", &input.ident)?)?,
            fields: fields(input)?
                .into_iter()
                .map(Member::read)
                .collect::<Result<_>>()?,
        })
    }
}

impl Group {
    /// Reads the struct; fails at the place that is wrong.
    pub(crate) fn read(input: &DeriveInput) -> Result<Self> {
        let parameters = fields(input)?.into_iter().map(Parameter::read);
        Ok(Self {
            ident: input.ident.clone(),
            parameters: parameters.collect::<Result<_>>()?,
        })
    }
}

impl Member {
    fn read(field: &Field) -> Result<Self> {
        let is_group = field.attrs.iter().any(|found| found.path().is_ident("group"));
        match &field.ident {
            Some(ident) if is_group => Ok(Self::Group {
                ident: ident.clone(),
                kind: Box::new(field.ty.clone()),
            }),
            _ => Parameter::read(field).map(Box::new).map(Self::Parameter),
        }
    }
}

fn fields(input: &DeriveInput) -> Result<Vec<&Field>> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.span(), "parameters are the fields of a struct"));
    };
    match &data.fields {
        Fields::Named(named) => Ok(named.named.iter().collect()),
        Fields::Unit => Ok(Vec::new()),
        Fields::Unnamed(_) => Err(Error::new(input.span(), "parameters have names")),
    }
}

impl Operation {
    fn read(attribute: &Attribute) -> Result<Self> {
        let mut operation = Self::default();
        operation.name = named(attribute, |option| operation.set(option))?;
        if operation.group.is_none() {
            return Err(Error::new(attribute.span(), "an operation needs a group"));
        }
        Ok(operation)
    }

    fn set(&mut self, option: &ParseNestedMeta<'_>) -> Result<()> {
        let Some(ident) = option.path.get_ident() else {
            return Err(option.error("unknown option"));
        };
        match ident.to_string().as_str() {
            "public" => self.is_public = true,
            "bytes" => self.answers_bytes = true,
            "format_first" => self.format_first = true,
            "group" => self.group = Some(text(option)?),
            "root" => self.root = Some(text(option)?),
            "ticket" => self.ticket = Some(text(option)?),
            "blank" => self.blank = Some(text(option)?),
            _ => return Err(option.error("unknown option")),
        }
        Ok(())
    }
}

impl Parameter {
    fn read(field: &Field) -> Result<Self> {
        let Some(ident) = field.ident.clone() else {
            return Err(Error::new(field.span(), "parameters have names"));
        };
        let (mut alias, mut malformed) = (None, None);
        let name = named(attribute(&field.attrs, "wire", &ident)?, |option| {
            if option.path.is_ident("alias") {
                alias = Some(text(option)?);
            } else if option.path.is_ident("malformed") {
                malformed = Some(text(option)?);
            } else {
                return Err(option.error("unknown option"));
            }
            Ok(())
        })?;
        let doc = docs::required(&field.attrs, &ident, &ident.to_string())?;
        Ok(Self {
            kind: field.ty.clone(),
            doc,
            name,
            alias,
            malformed,
            ident,
        })
    }
}

fn attribute<'a>(attributes: &'a [Attribute], name: &str, owner: &Ident) -> Result<&'a Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.path().is_ident(name))
        .ok_or_else(|| Error::new(owner.span(), format!("`{owner}` needs #[{name}(\"Name\")]")))
}

/// Reads `("Name", option, option = "…")`, gives each option to `set` and the name back.
fn named(attribute: &Attribute, mut set: impl FnMut(&ParseNestedMeta<'_>) -> Result<()>) -> Result<String> {
    let tokens = attribute.meta.require_list()?.tokens.clone();
    let parse = |input: ParseStream<'_>| {
        let name: LitStr = input.parse()?;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        syn::meta::parser(|option| set(&option)).parse2(input.parse()?)?;
        Ok(name.value())
    };
    parse.parse2(tokens)
}

fn text(option: &ParseNestedMeta<'_>) -> Result<String> {
    Ok(option.value()?.parse::<LitStr>()?.value())
}

#[cfg(test)]
mod tests;
