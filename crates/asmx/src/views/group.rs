//! `<usergroup>` (CONTRACT section 4.6).

use crate::protocol::Element;
use holdall_services::GroupView;

/// The element. Global groups have library 0 and an empty name.
pub(crate) fn user_group(view: GroupView) -> Element {
    let (library, library_name) = match view.library {
        Some((id, name)) => (id.to_string(), name),
        None => ("0".to_owned(), String::new()),
    };
    Element::named("usergroup")
        .with_number("GroupID", &view.id)
        .with("GroupName", view.name)
        .with("DomainID", library)
        .with("DomainName", library_name)
        .with("public", if view.public { "True" } else { "False" })
}

/// The groups in an element of that name.
pub(crate) fn user_groups(name: &'static str, groups: Vec<GroupView>) -> Element {
    Element::named(name).containing(groups.into_iter().map(user_group).collect())
}
