//! Nothing grows past what can be read in one go.

use super::Breach;
use crate::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

const RULE: &str = "sizes";
/// Lines of a Rust file.
const FILE_LINES: usize = 400;
/// Lines of ARCHITECTURE.md.
const ARCHITECTURE_LINES: usize = 200;
/// Modules in a source folder: `foo.rs` and `foo/` are one; `lib.rs`, `main.rs` and `tests.rs` are not counted.
const FOLDER_MODULES: usize = 16;

/// Files and folders over their budget.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches: Vec<Breach> = tree
        .sources()
        .map(|file| (file, FILE_LINES))
        .chain(
            tree.file("ARCHITECTURE.md")
                .map(|file| (file, ARCHITECTURE_LINES)),
        )
        .filter_map(|(file, bound)| {
            let lines = file.text.lines().count();
            (lines > bound).then(|| Breach::new(RULE, &*file.path, format!("{lines} lines, at most {bound}")))
        })
        .collect();
    breaches.extend(
        modules(tree)
            .into_iter()
            .filter(|(_, modules)| modules.len() > FOLDER_MODULES)
            .map(|(folder, modules)| {
                Breach::new(
                    RULE,
                    folder,
                    format!("{} modules, at most {FOLDER_MODULES}", modules.len()),
                )
            }),
    );
    breaches
}

/// The modules of each folder that lies in a `src` or a `tests` folder.
fn modules(tree: &Tree) -> BTreeMap<String, BTreeSet<String>> {
    let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in tree.sources() {
        let segments: Vec<&str> = file.path.split('/').collect();
        let Some(top) = segments
            .iter()
            .position(|&segment| segment == "src" || segment == "tests")
        else {
            continue;
        };
        for (depth, segment) in segments.iter().enumerate().skip(top + 1) {
            let module = segment.trim_end_matches(".rs");
            if !["lib", "main", "tests"].contains(&module) {
                let folder = segments.get(..depth).unwrap_or_default().join("/");
                folders.entry(folder).or_default().insert(module.to_owned());
            }
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::Tree;

    #[test]
    fn a_long_file_is_a_breach() {
        let fits = "//\n".repeat(400);
        let long = "//\n".repeat(401);
        assert_eq!(check(&Tree::of(&[("a/src/fits.rs", &fits)])).len(), 0);
        assert_eq!(check(&Tree::of(&[("a/src/long.rs", &long)])).len(), 1);
    }

    #[test]
    fn a_long_architecture_is_a_breach() {
        let long = "-\n".repeat(201);
        assert_eq!(check(&Tree::of(&[("ARCHITECTURE.md", &long)])).len(), 1);
        assert_eq!(check(&Tree::of(&[("README.md", &long)])).len(), 0);
    }

    #[test]
    fn a_crowded_folder_is_a_breach() {
        let mut paths: Vec<String> = (0..16).map(|number| format!("a/src/m{number}.rs")).collect();
        paths.extend(["a/src/lib.rs".to_owned(), "a/src/m1/inner.rs".to_owned()]);
        let tree = |paths: &[String]| Tree::of(&paths.iter().map(|path| (&**path, "")).collect::<Vec<_>>());
        assert_eq!(check(&tree(&paths)).len(), 0);
        paths.push("a/src/more.rs".to_owned());
        assert_eq!(check(&tree(&paths)).len(), 1);
    }
}
