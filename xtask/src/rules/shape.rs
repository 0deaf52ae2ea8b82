//! Files and folders are named after what is in them.

use super::Breach;
use crate::tree::{Tree, has_ending};

const RULE: &str = "shape";
/// Names that say nothing about the contents.
const EMPTY_NAMES: [&str; 9] = [
    "util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff", "manager",
];

/// `mod.rs` files and names that say nothing.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    tree.files()
        .filter(|file| has_ending(&file.path, "rs") || has_ending(&file.path, "py"))
        .filter_map(|file| {
            if file.path.ends_with("/mod.rs") {
                return Some(Breach::new(
                    RULE,
                    &*file.path,
                    "a module is foo.rs with foo/, never mod.rs",
                ));
            }
            let mut names = file
                .path
                .split('/')
                .map(|name| name.split('.').next().unwrap_or(name));
            let empty = names.find(|name| EMPTY_NAMES.contains(name))?;
            Some(Breach::new(
                RULE,
                &*file.path,
                format!("`{empty}` does not say what is in it"),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::Tree;

    #[test]
    fn module_files_and_empty_names_are_breaches() {
        let breaches = |path| check(&Tree::of(&[(path, "")])).len();
        assert_eq!(breaches("a/src/folder/mod.rs"), 1);
        assert_eq!(breaches("a/src/utils/dates.rs"), 1);
        assert_eq!(breaches("a/src/helpers.rs"), 1);
        assert_eq!(breaches("a/src/model.rs"), 0);
    }
}
