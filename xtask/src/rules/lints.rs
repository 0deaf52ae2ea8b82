//! Every crate takes the workspace's lints; nobody brings milder ones.

use super::Breach;
use crate::tree::{TextFile, Tree};
use toml::Table;

const RULE: &str = "lints";

/// Manifests of crates that do not inherit the lints.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    tree.files()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
        .filter_map(breach)
        .collect()
}

fn breach(file: &TextFile) -> Option<Breach> {
    let Ok(manifest) = file.text.parse::<Table>() else {
        return Some(Breach::new(RULE, &*file.path, "is not TOML"));
    };
    manifest.get("package")?;
    let inherits = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"))
        .and_then(toml::Value::as_bool);
    (inherits != Some(true)).then(|| Breach::new(RULE, &*file.path, "needs [lints] workspace = true"))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::Tree;

    #[test]
    fn a_crate_without_the_lints_is_a_breach() {
        let breaches = |text| check(&Tree::of(&[("crates/a/Cargo.toml", text)])).len();
        assert_eq!(
            breaches("[package]\nname = \"a\"\n[lints]\nworkspace = true\n"),
            0
        );
        assert_eq!(breaches("[package]\nname = \"a\"\n"), 1);
        assert_eq!(
            breaches("[package]\nname = \"a\"\n[lints]\nworkspace = false\n"),
            1
        );
        assert_eq!(breaches("[package\n"), 1);
    }
}
