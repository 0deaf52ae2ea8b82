//! Every rule of the house, each a file with a function from the tree to its breaches.

mod arrows;
mod compatibility;
mod dependencies;
mod links;
mod lints;
mod marks;
mod shape;
mod sizes;
mod words;

use crate::tree::Tree;
use std::fmt;

/// One place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    rule: &'static str,
    place: String,
    what: String,
}

impl Breach {
    fn new(rule: &'static str, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            rule,
            place: place.into(),
            what: what.into(),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}: {}", self.rule, self.place, self.what)
    }
}

type Rule = fn(&Tree) -> Vec<Breach>;

/// The rules that need nothing but the text.
const RULES: [Rule; 8] = [
    compatibility::check,
    dependencies::check,
    links::check,
    lints::check,
    marks::check,
    shape::check,
    sizes::check,
    words::check,
];

/// How many rules there are.
pub(crate) fn count() -> usize {
    RULES.len() + 1
}

/// Everything that breaks a rule, rule by rule.
pub(crate) fn breaches(tree: &Tree) -> anyhow::Result<Vec<Breach>> {
    let mut breaches = arrows::check(tree.root())?;
    breaches.extend(RULES.iter().flat_map(|rule| rule(tree)));
    Ok(breaches)
}
