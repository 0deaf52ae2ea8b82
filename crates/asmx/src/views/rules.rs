//! `<Rules>`, in both directions (CONTRACT section 12).

use crate::protocol::{Element, Node, parse_xml};
use holdall_services::{FolderRules, Rule, RulesChange};

const FILE_TYPES: &str = "AllowableFileTypes";

/// The rules but the list of file types, in the order of answers.
const RULES: [(&str, Rule); 7] = [
    ("Checkins", Rule::Checkins),
    ("Checkouts", Rule::Checkouts),
    ("DocumentDeletes", Rule::DocumentDeletes),
    ("FolderDeletes", Rule::FolderDeletes),
    ("NewDocuments", Rule::NewDocuments),
    ("NewFolders", Rule::NewFolders),
    ("ClassifiedDocuments", Rule::ClassifiedDocuments),
];

/// Names that are part of rules elsewhere and mean nothing here.
const IGNORED: [&str; 2] = ["AutoPromptPropertySetName", "RetentionPeriod"];

/// The eight rules of a folder.
pub(crate) fn rules(rules: &FolderRules) -> Element {
    let rule =
        |name: &'static str, value: String| Element::named("Rule").with("Name", name).with("Value", value);
    let types: Vec<String> = rules.file_types().map(|kind| format!(".{kind}")).collect();
    let types = if types.is_empty() {
        "*".to_owned()
    } else {
        types.join(",")
    };
    let switches = RULES.iter().map(|(name, which)| {
        let value = if rules.allows(*which) {
            "allows"
        } else {
            "disallows"
        };
        rule(name, value.to_owned())
    });
    let mut all = vec![rule(FILE_TYPES, types)];
    all.extend(switches);
    Element::named("Rules").containing(all)
}

/// The rules that a document changes; what is wrong with it otherwise.
pub(crate) fn rules_change(xml: &str) -> Result<RulesChange, String> {
    let root = parse_xml(xml).map_err(|error| error.to_string())?;
    let list = if root.is("Rules") {
        &root
    } else {
        root.child("Rules").ok_or("a Rules element is expected")?
    };
    let mut change = RulesChange::default();
    for node in &list.children {
        take(&mut change, node)?;
    }
    Ok(change)
}

fn take(change: &mut RulesChange, node: &Node) -> Result<(), String> {
    if !node.is("Rule") {
        return Err(format!("{} is no Rule element", node.name));
    }
    let attribute = |name| {
        let value = node.attribute(name).map(str::trim);
        value.ok_or_else(|| format!("a Rule has no {name}"))
    };
    let (name, value) = (attribute("Name")?, attribute("Value")?);
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    if let Some((_, rule)) = RULES.iter().find(|(known, _)| is(known)) {
        change.allows.push((*rule, allows(name, value)?));
    } else if is(FILE_TYPES) {
        change.file_types = Some(value.split(',').map(str::to_owned).collect());
    } else if !IGNORED.iter().any(|known| is(known)) {
        return Err(format!("{name} is no rule"));
    }
    Ok(())
}

fn allows(name: &str, value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "allows" => Ok(true),
        "disallows" => Ok(false),
        _ => Err(format!("{name} is allows or disallows")),
    }
}

#[cfg(test)]
mod tests {
    use super::rules_change;
    use holdall_services::Rule;

    #[test]
    fn names_and_values_in_any_case_and_what_is_not_named_stays() {
        let xml = "<rules><rule name=\"NEWFOLDERS\" value=\"Disallows\"/><Rule Name=\"AllowableFileTypes\" Value=\"BMP,.doc\"/>\
             <Rule Name=\"AUTOPROMPTPROPERTYSETNAME\" Value=\"x\"/></rules>";
        let change = rules_change(xml).unwrap();
        assert_eq!(change.allows, [(Rule::NewFolders, false)]);
        assert_eq!(change.file_types.unwrap(), ["BMP", ".doc"]);
        assert!(
            rules_change("<xmlRules><Rules/></xmlRules>")
                .unwrap()
                .allows
                .is_empty()
        );
    }

    #[test]
    fn what_is_no_rule_is_named() {
        for (xml, problem) in [
            (
                "<Rules><Rule Name=\"NewFolder\" Value=\"allows\"/></Rules>",
                "NewFolder is no rule",
            ),
            (
                "<Rules><Rule Name=\"Checkins\" Value=\"yes\"/></Rules>",
                "Checkins is allows or disallows",
            ),
            ("<Rules><Rule Name=\"Checkins\"/></Rules>", "a Rule has no Value"),
            ("<Rules><Other/></Rules>", "Other is no Rule element"),
            ("<Other/>", "a Rules element is expected"),
        ] {
            assert_eq!(rules_change(xml).unwrap_err(), problem);
        }
        assert!(rules_change("<Rules").is_err());
    }
}
