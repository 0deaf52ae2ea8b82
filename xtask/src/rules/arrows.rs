//! Dependencies between our crates run one way only, as ARCHITECTURE.md draws them.

use super::Breach;
use cargo_metadata::{DependencyKind, MetadataCommand};
use std::path::Path;

const RULE: &str = "arrows";

/// A crate and the ones of ours it may use.
const ALLOWED: [(&str, &[&str]); 16] = [
    (
        "holdall",
        &[
            "holdall-api",
            "holdall-api-types",
            "holdall-asmx",
            "holdall-blobs",
            "holdall-catalog",
            "holdall-client",
            "holdall-model",
            "holdall-services",
            "holdall-web",
        ],
    ),
    (
        "holdall-api",
        &["holdall-api-types", "holdall-model", "holdall-services"],
    ),
    ("holdall-api-types", &[]),
    ("holdall-archive", &[]),
    (
        "holdall-asmx",
        &["holdall-asmx-derive", "holdall-model", "holdall-services"],
    ),
    ("holdall-asmx-derive", &[]),
    ("holdall-bench-load", &[]),
    ("holdall-blobs", &["holdall-model"]),
    ("holdall-catalog", &["holdall-model"]),
    ("holdall-client", &["holdall-api-types", "holdall-archive"]),
    ("holdall-e2e", &[]),
    ("holdall-model", &[]),
    (
        "holdall-services",
        &[
            "holdall-archive",
            "holdall-blobs",
            "holdall-catalog",
            "holdall-model",
        ],
    ),
    (
        "holdall-testkit",
        &[
            "holdall-blobs",
            "holdall-catalog",
            "holdall-model",
            "holdall-services",
        ],
    ),
    ("holdall-web", &["holdall-model", "holdall-services"]),
    ("xtask", &[]),
];

/// Crates whose tests may use the furnished house: the middle and everything outside it.
const FURNISHED: [&str; 5] = [
    "holdall",
    "holdall-api",
    "holdall-asmx",
    "holdall-services",
    "holdall-web",
];

/// One dependency between two of our crates.
struct Arrow {
    from: String,
    to: String,
    for_tests: bool,
}

/// Compares what cargo sees with the list.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<Breach>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()?;
    let mut breaches = Vec::new();
    for package in &metadata.packages {
        if !ALLOWED.iter().any(|(known, _)| known == &package.name.as_str()) {
            let place = package.name.to_string();
            breaches.push(Breach::new(
                RULE,
                place,
                "is not in the list of xtask/src/rules/arrows.rs",
            ));
        }
        let ours = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some());
        breaches.extend(ours.filter_map(|dependency| {
            breach(&Arrow {
                from: package.name.to_string(),
                to: dependency.name.clone(),
                for_tests: dependency.kind == DependencyKind::Development,
            })
        }));
    }
    Ok(breaches)
}

fn breach(arrow: &Arrow) -> Option<Breach> {
    let itself = arrow.from == arrow.to;
    let allowed = ALLOWED
        .iter()
        .find(|(from, _)| *from == arrow.from)
        .is_some_and(|(_, to)| to.contains(&&*arrow.to));
    let furnished = arrow.to == "holdall-testkit" && FURNISHED.contains(&&*arrow.from);
    // Tests of an outer crate may build what the furnished house is built of.
    let inner =
        FURNISHED.contains(&&*arrow.from) && ["holdall-blobs", "holdall-catalog"].contains(&&*arrow.to);
    if allowed || (arrow.for_tests && (furnished || inner || itself)) {
        return None;
    }
    let what = format!(
        "must not {} {}",
        if arrow.for_tests { "test with" } else { "use" },
        arrow.to
    );
    Some(Breach::new(RULE, arrow.from.clone(), what))
}

#[cfg(test)]
mod tests {
    use super::{Arrow, breach};

    fn is_breach(from: &str, to: &str, for_tests: bool) -> bool {
        breach(&Arrow {
            from: from.to_owned(),
            to: to.to_owned(),
            for_tests,
        })
        .is_some()
    }

    #[test]
    fn arrows_run_inwards_only() {
        assert!(!is_breach("holdall-asmx", "holdall-services", false));
        assert!(is_breach("holdall-services", "holdall-asmx", false));
        assert!(is_breach("holdall-asmx", "holdall-api", false));
        assert!(is_breach("holdall-asmx", "holdall-catalog", false));
        assert!(is_breach("holdall-blobs", "holdall-catalog", false));
        assert!(is_breach("holdall-archive", "holdall-model", false));
    }

    #[test]
    fn the_furnished_house_is_for_tests_only() {
        assert!(!is_breach("holdall-services", "holdall-testkit", true));
        assert!(is_breach("holdall-services", "holdall-testkit", false));
        assert!(is_breach("holdall-blobs", "holdall-testkit", true));
    }
}
