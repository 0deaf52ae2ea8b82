//! Pages point at what exists, and the project speaks of nothing but itself.

use super::Breach;
use crate::tree::{TextFile, Tree, has_ending};
use std::path::Path;

const RULE: &str = "links";

/// Relative links whose target is not there.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let pages = tree.files().filter(|file| has_ending(&file.path, "md"));
    pages
        .flat_map(|page| dangling(page, |path| tree.root().join(path).exists()))
        .collect()
}

fn dangling(page: &TextFile, exists: impl Fn(&Path) -> bool) -> Vec<Breach> {
    let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
    targets(&page.text)
        .filter(|target| !exists(&folder.join(target)))
        .map(|target| Breach::new(RULE, &*page.path, format!("nothing is at {target}")))
        .collect()
}

/// The relative targets of `[words](target)`, without fragments.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split('#').next()?;
        (!target.is_empty() && !target.contains(':')).then_some(target)
    })
}

#[cfg(test)]
mod tests {
    use super::dangling;
    use crate::tree::TextFile;
    use std::path::Path;

    #[test]
    fn a_link_to_nothing_is_a_breach() {
        let text = "[a](there.md#part) [b](gone.md) [c](#here) [d](https://example.org)".to_owned();
        let page = TextFile {
            path: "docs/page.md".to_owned(),
            text,
        };
        let breaches = dangling(&page, |path| path == Path::new("docs/there.md"));
        assert_eq!(breaches.len(), 1);
        assert_eq!(breaches[0].what, "nothing is at gone.md");
    }
}
