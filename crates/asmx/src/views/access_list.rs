//! `<AccessList>`, in both directions (CONTRACT section 11.2).

use crate::protocol::{Dates, Element, Node, parse_xml};
use holdall_model::Right;
use holdall_services::{AccessListView, Grant, Grantee};

/// The list in force, with the meaning of each right.
pub(crate) fn access_list(list: AccessListView, dates: &Dates) -> Element {
    let mut entries = list.entries;
    entries.sort_by_key(|grant| rank(&grant.who));
    Element::named("AccessList")
        .with("DateApplied", dates.local(list.applied_at))
        .with("AppliedBy", list.applied_by)
        .with("InheritedSecurity", if list.inherited { "true" } else { "false" })
        .containing(entries.into_iter().map(entry).collect())
}

/// Anonymous, members, groups, users.
fn rank(who: &Grantee) -> u8 {
    match who {
        Grantee::Anonymous => 0,
        Grantee::Members => 1,
        Grantee::Group { .. } => 2,
        Grantee::User { .. } => 3,
    }
}

fn entry(grant: Grant) -> Element {
    let element = match grant.who {
        Grantee::Anonymous => Element::named("Anonymous"),
        Grantee::Members => Element::named("DomainMembers"),
        Grantee::Group { library, name } => Element::named("UserGroup")
            .with("DomainName", library.unwrap_or_default())
            .with("GroupName", name),
        Grantee::User { library, login } => Element::named("User")
            .with("DomainName", library.unwrap_or_default())
            .with("UserName", login),
    };
    element
        .with_number("Right", &grant.right.value())
        .with("Description", description(grant.right))
}

fn description(right: Right) -> &'static str {
    match right {
        Right::NoAccess => "(No Access)",
        Right::List => "(List)",
        Right::Read => "(Read)",
        Right::Add => "(Add)",
        Right::AddRead => "(Add & Read)",
        Right::Change => "(Change)",
        Right::FullControl => "(Full Control)",
    }
}

/// The grants of a list; `None` when it is not well-formed, names an unknown kind, or a right is no number.
pub(crate) fn grants(xml: &str) -> Option<Vec<Grant>> {
    let root = parse_xml(xml).ok()?;
    if !root.is("AccessList") {
        return None;
    }
    root.children.iter().map(grant).collect()
}

fn grant(node: &Node) -> Option<Grant> {
    let library = || {
        let named = node.attribute("DomainName").or_else(|| node.attribute("Domain"));
        named
            .map(str::trim)
            .filter(|name| !name.is_empty() && *name != "*")
            .map(str::to_owned)
    };
    let name = |attribute| {
        node.attribute(attribute)
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
    };
    let who = match node.name.to_ascii_lowercase().as_str() {
        "anonymous" => Grantee::Anonymous,
        "domainmembers" => Grantee::Members,
        "usergroup" => Grantee::Group {
            library: library(),
            name: name("GroupName")?,
        },
        "user" => Grantee::User {
            library: library(),
            login: name("UserName")?,
        },
        _ => return None,
    };
    let right = node.attribute("Right")?.trim().parse().ok()?;
    Some(Grant {
        who,
        right: Right::clamped(right),
    })
}

#[cfg(test)]
mod tests;
