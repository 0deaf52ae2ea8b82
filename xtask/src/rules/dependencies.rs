//! Every foreign crate is named once, in the workspace manifest, with the reason on its line.

use super::Breach;
use crate::tree::Tree;
use toml::{Table, Value};

const RULE: &str = "dependencies";
const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Lines without a reason, and versions named outside the workspace manifest.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.files().filter(|file| file.path.ends_with("Cargo.toml")) {
        if file.path == "Cargo.toml" {
            breaches.extend(without_reason(&file.text).map(|line| Breach::new(RULE, "Cargo.toml", line)));
        } else if let Ok(manifest) = file.text.parse::<Table>() {
            breaches.extend(own_versions(&manifest).map(|name| {
                Breach::new(
                    RULE,
                    &*file.path,
                    format!("{name} must be inherited: `{name}.workspace = true`"),
                )
            }));
        }
    }
    breaches
}

fn without_reason(text: &str) -> impl Iterator<Item = String> {
    let lines = text
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| line.contains('=') && !line.starts_with('#') && !line.contains("path ="))
        .filter(|line| {
            line.rsplit_once("# ")
                .is_none_or(|(_, reason)| reason.trim().len() < 3)
        })
        .map(|line| format!("`{line}` does not say why"))
}

/// Dependencies that are not inherited; a crate's own, with features for its tests, is fine.
fn own_versions(manifest: &Table) -> impl Iterator<Item = &str> {
    let own_name = manifest
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(Value::as_str);
    let tables = TABLES.iter().filter_map(|table| manifest.get(*table)?.as_table());
    tables.flatten().filter_map(move |(name, value)| {
        let inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
        (!inherited && Some(name.as_str()) != own_name).then_some(name.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::Tree;

    #[test]
    fn a_line_without_a_reason_is_a_breach() {
        let breaches = |line: &str| {
            let text = format!(
                "[workspace.dependencies]\n# Words.\nours = {{ path = \"a\" }}\n{line}\n[profile.dev]\na = 1\n"
            );
            check(&Tree::of(&[("Cargo.toml", &text)])).len()
        };
        assert_eq!(breaches("bytes = \"1\"   # shared slices"), 0);
        assert_eq!(breaches("bytes = \"1\""), 1);
        assert_eq!(breaches("bytes = \"1\" # "), 1);
    }

    #[test]
    fn a_version_in_a_crate_is_a_breach() {
        let breaches = |text| check(&Tree::of(&[("crates/a/Cargo.toml", text)])).len();
        assert_eq!(breaches("[dependencies]\nbytes.workspace = true\n"), 0);
        assert_eq!(breaches("[dependencies]\nbytes = \"1\"\n"), 1);
        assert_eq!(breaches("[dev-dependencies]\nbytes = { version = \"1\" }\n"), 1);
    }
}
