//! L8: what a user may not see answers exactly as what is not there, whatever is asked of it.

use crate::agreement::{Documented, documented};
use crate::strangers::arguments;
use crate::world::World;

/// A user, something out of their sight, and something that is not there. Ids as the furnished house has them.
const HIDDEN_AND_MISSING: &[(&str, &str, &str)] = &[
    ("eve", "/Lib/Plans/a.txt", "/Lib/Plans/zz.txt"),
    ("eve", "/Lib/Plans", "/Lib/Plonk"),
    ("eve", "/Lib/Plans/a.txt", "/Nil/Plans/a.txt"),
    ("eve", "~D1", "~D987654"),
    ("eve", "~F3", "~F987654"),
    ("kim", "/Lib/Hidden/hidden.txt", "/Lib/Hidden/absent.txt"),
    ("kim", "/Lib/Hidden", "/Lib/Absent"),
    ("kim", "/Lib/Hidden/hidden.txt", "/Lib/Absent/hidden.txt"),
    ("kim", "~D6", "~D987654"),
    ("kim", "~F8", "~F987654"),
];

/// What points at an item.
fn is_path(parameter: &str) -> bool {
    let name = parameter.to_lowercase();
    let about_items = [
        "path",
        "paths",
        "itempath",
        "folderpath",
        "documentpath",
        "sourcepath",
        "destinationpath",
    ];
    about_items.contains(&name.as_str())
        || name == "targetdocumentpath"
        || name == "parentfolderpath"
        || name == "restorepath"
}

fn with(operation: &Documented, parameter: &str, value: &str) -> Vec<(String, String)> {
    let mut all = arguments(operation);
    for (name, given) in &mut all {
        if name == parameter {
            value.clone_into(given);
        }
    }
    all
}

async fn ask(operation: &Documented, (user, parameter, value): (&str, &str, &str)) -> String {
    let world = World::new().await;
    let all = with(operation, parameter, value);
    let borrowed: Vec<(&str, &str)> = all.iter().map(|(name, value)| (&**name, &**value)).collect();
    let answer = world.get(&operation.name, user, &borrowed).await;
    // The answer may repeat what was asked.
    answer.replace(value, "…").replace(&value.replace('/', "\\"), "…")
}

/// What a parameter of an operation tells of the hidden items, in words for the failing test.
async fn tells(operation: &Documented, parameter: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (user, hidden, missing) in HIDDEN_AND_MISSING {
        let of_hidden = ask(operation, (user, parameter, hidden)).await;
        let of_missing = ask(operation, (user, parameter, missing)).await;
        if of_hidden != of_missing {
            let what = format!("{} {parameter}={hidden} to {user}", operation.name);
            told.push(format!("{what}: {of_hidden}but for {missing} {of_missing}"));
        }
    }
    told
}

/// Without this the loop below would compare what is missing with what is missing.
#[tokio::test]
async fn what_is_hidden_from_others_is_there_for_its_owner() {
    let world = World::new().await;
    for (_, hidden, missing) in HIDDEN_AND_MISSING {
        let is_document = hidden.starts_with("~D") || hidden.contains(".txt");
        let operation = if is_document {
            "DocumentExists"
        } else {
            "FolderExists"
        };
        world.must(operation, "ada", &[("Path", hidden)]).await;
        let answer = world.get(operation, "ada", &[("Path", missing)]).await;
        assert!(answer.contains("success=\"false\""), "{missing}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l8_the_invisible_answers_like_the_missing() {
    let mut told = Vec::new();
    for operation in documented() {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.name);
        for parameter in parameters.filter(|name| is_path(name)) {
            told.extend(tells(&operation, parameter).await);
        }
    }
    assert!(told.is_empty(), "{} tell:\n{}", told.len(), told.join("\n"));
}
