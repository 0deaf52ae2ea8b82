//! Nothing is left half done: no placeholders, no tests switched off.

use super::Breach;
use crate::tree::Tree;

const RULE: &str = "marks";

/// Each in two pieces, so that this file does not hold what it looks for.
const MARKS: [(&str, &str); 6] = [
    ("todo", "!("),
    ("unimplemented", "!("),
    ("FIX", "ME"),
    ("#[ign", "ore"),
    ("dbg", "!("),
    ("assert!(", "true)"),
];

/// Every line with a mark of unfinished work.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let marks: Vec<String> = MARKS.iter().map(|(start, end)| format!("{start}{end}")).collect();
    let mut breaches = Vec::new();
    for file in tree.sources() {
        for (line, number) in file.text.lines().zip(1..) {
            if let Some(mark) = marks.iter().find(|&mark| line.contains(mark)) {
                breaches.push(Breach::new(
                    RULE,
                    format!("{}:{number}", file.path),
                    format!("`{mark}`"),
                ));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::{MARKS, check};
    use crate::tree::Tree;

    #[test]
    fn every_mark_is_found_where_it_stands() {
        for (start, end) in MARKS {
            let text = format!("fn main() {{}}\n    {start}{end}\n");
            let breaches = check(&Tree::of(&[("a/src/lib.rs", &text)]));
            assert_eq!(breaches.len(), 1, "{start}{end}");
            assert_eq!(breaches[0].place, "a/src/lib.rs:2");
        }
        assert_eq!(check(&Tree::of(&[("a/src/lib.rs", "fn todo() {}")])).len(), 0);
    }
}
