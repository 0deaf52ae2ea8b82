//! Every promise of COMPATIBILITY.md names a test or a golden case that keeps it, and that exists; every operation has a row.

use super::Breach;
use crate::tree::Tree;
use std::collections::{BTreeSet, HashSet};

const RULE: &str = "compatibility";
const PAGE: &str = "COMPATIBILITY.md";

/// Rows without a test, and names of tests that are not there.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let Some(page) = tree.file(PAGE) else {
        return vec![Breach::new(RULE, PAGE, "is missing")];
    };
    let tests = tests(tree);
    let mut breaches = without_row(tree, &page.text);
    for (cells, number) in rows(&page.text) {
        let place = format!("{PAGE}:{number}");
        let named: Vec<&str> = cells
            .last()
            .map(|cell| code_spans(cell).collect())
            .unwrap_or_default();
        if named.is_empty() {
            breaches.push(Breach::new(RULE, &*place, "the row names no test"));
        }
        let dangling = named
            .iter()
            .filter(|name| !tests.contains(**name) && !is_golden(tree, name));
        breaches
            .extend(dangling.map(|name| Breach::new(RULE, &*place, format!("there is no test `{name}`"))));
    }
    breaches
}

/// Operations with golden cases that stand in the first cell of no row.
fn without_row(tree: &Tree, page: &str) -> Vec<Breach> {
    let rows: Vec<(Vec<&str>, usize)> = rows(page).collect();
    let first_cells = rows.iter().filter_map(|(cells, _)| cells.first());
    let listed: HashSet<&str> = first_cells.flat_map(|cell| code_spans(cell)).collect();
    let paths = tree.files().map(|file| file.path.as_str());
    let cases = paths.filter_map(|path| path.strip_prefix("crates/asmx/golden/"));
    let operations: BTreeSet<&str> = cases.filter_map(|case| Some(case.split_once('/')?.0)).collect();
    let missing = operations.into_iter().filter(|name| !listed.contains(name));
    missing
        .map(|name| Breach::new(RULE, PAGE, format!("the operation `{name}` has no row")))
        .collect()
}

/// The body rows of every table: their cells and the line they stand on.
fn rows(text: &str) -> impl Iterator<Item = (Vec<&str>, usize)> {
    let mut in_body = false;
    text.lines().zip(1..).filter_map(move |(line, number)| {
        if !line.starts_with('|') {
            in_body = false;
            return None;
        }
        if line.starts_with("|-") || line.starts_with("| -") {
            in_body = true;
            return None;
        }
        let cells = line.trim_matches('|').split('|').map(str::trim).collect();
        in_body.then_some((cells, number))
    })
}

/// Whether `name` is `Operation/case` with a recorded request.
fn is_golden(tree: &Tree, name: &str) -> bool {
    tree.file(&format!("crates/asmx/golden/{name}.request")).is_some()
}

fn code_spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The names of all functions that carry a test attribute.
fn tests(tree: &Tree) -> HashSet<&str> {
    let mut names = HashSet::new();
    for file in tree.sources() {
        let mut is_test = false;
        for line in file.text.lines().map(str::trim_start) {
            let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            if line.starts_with("#[") {
                is_test |= line.contains("test]") || line.contains("test(");
            } else if let Some(function) = function {
                let name = function
                    .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .next();
                names.extend(name.filter(|_| is_test));
                is_test = false;
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::Tree;

    const TEST: (&str, &str) = (
        "a/src/tests.rs",
        "    #[test]\n    fn l3_any_split() {\n    fn furnish() {\n",
    );

    const CASE: (&str, &str) = ("crates/asmx/golden/LogOut/twice.request", "as kim");

    fn breaches(row: &str) -> usize {
        let all = "| `LogOut` | all | `LogOut/twice` |";
        let page = format!("# Title\n\n| promise | how | test |\n|---|---|---|\n{all}\n{row}\n\nText.\n");
        check(&Tree::of(&[("COMPATIBILITY.md", &page), TEST, CASE])).len()
    }

    #[test]
    fn a_row_that_names_a_living_test_is_fine() {
        assert_eq!(breaches("| any split | splice | `l3_any_split` |"), 0);
        assert_eq!(breaches("| twice | | `LogOut/twice` |"), 0);
    }

    #[test]
    fn an_operation_without_a_row_is_a_breach() {
        let check = |row: &str| {
            let page = format!("| operation | test |\n|---|---|\n{row}\n");
            check(&Tree::of(&[("COMPATIBILITY.md", &page), TEST, CASE])).len()
        };
        assert_eq!(check("| `LogOut`, `LogIn` | `LogOut/twice` |"), 0);
        assert_eq!(check("| `LogIn` | `LogOut/twice` |"), 1);
    }

    #[test]
    fn dangling_and_missing_tests_are_breaches() {
        assert_eq!(breaches("| any split | splice | `l3_gone` |"), 1);
        assert_eq!(breaches("| any split | splice | later |"), 1);
        assert_eq!(breaches("| twice | | `LogOut/thrice` |"), 1);
        assert_eq!(breaches("| any split | splice | `furnish` |"), 1);
        assert_eq!(breaches("| any split | splice | `l3_any_split`, `l3_gone` |"), 1);
        assert_eq!(check(&Tree::of(&[TEST])).len(), 1);
    }
}
