//! What an archive is called when it is saved.

use super::selection::{ROOT, Selection};
use holdall_archive::sanitize_component;

/// The name for an archive of several things.
const SEVERAL: &str = "documents";

/// The given name, or that of the only selected thing, made safe and with `.zip` at its end.
pub(super) fn file_name(given: Option<&str>, selection: &Selection) -> String {
    let given = given.map(str::trim).filter(|name| !name.is_empty());
    let name = given.map_or_else(|| name_of_selection(selection), str::to_owned);
    let stem = match name.len().checked_sub(4).and_then(|at| name.split_at_checked(at)) {
        Some((stem, ending)) if ending.eq_ignore_ascii_case(".zip") => stem,
        _ => name.as_str(),
    };
    let safe = sanitize_component(stem);
    // The whole name stays within 255 bytes.
    let end = safe.floor_char_boundary(251);
    format!("{}.zip", safe.get(..end).unwrap_or_default())
}

fn name_of_selection(selection: &Selection) -> String {
    let Some(root) = selection.branches.get(ROOT) else {
        return SEVERAL.to_owned();
    };
    match (root.below.as_slice(), selection.leaves_of(root)) {
        ([folder], []) => selection.branches.get(*folder).map(|branch| branch.name.clone()),
        ([], [leaf]) => {
            let name = selection.name_of(root, leaf);
            Some(name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned())
        }
        _ => None,
    }
    .filter(|name| !name.is_empty())
    .unwrap_or_else(|| SEVERAL.to_owned())
}
