//! The list of operations and the documented one agree, in both directions.

use crate::call::send;
use crate::case::Case;
use crate::world::World;
use axum::body::Body;
use axum::extract::Request;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// An operation as the contract lists it.
#[derive(Deserialize)]
pub(crate) struct Documented {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) returns: String,
    pub(crate) root: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) attributes: Vec<String>,
    pub(crate) errors: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// The documented operations, all of which are served.
pub(crate) fn documented() -> Vec<Documented> {
    serde_json::from_str(include_str!("operations.json")).unwrap()
}

/// Operations by name with their parameters and types, as the WSDL declares them.
pub(crate) async fn declared(world: &World) -> BTreeMap<String, Vec<(String, String)>> {
    let answer = send(
        &world.router,
        Request::get("/srv.asmx?wsdl").body(Body::empty()).unwrap(),
    )
    .await;
    let text = String::from_utf8(answer.body).unwrap();
    let (types, _) = text.split_once("</wsdl:types>").unwrap();
    let elements = types.split("\n      <s:element name=\"").skip(1);
    let requests = elements.filter_map(|element| element.split_once('"'));
    requests
        .filter(|(name, _)| !name.ends_with("Response"))
        .map(|(name, rest)| (name.to_owned(), parameters(rest)))
        .collect()
}

fn parameters(element: &str) -> Vec<(String, String)> {
    let value = |text: &str, name: &str| {
        text.split_once(&format!("{name}=\""))
            .and_then(|(_, rest)| rest.split_once('"'))
            .unwrap()
            .0
            .to_owned()
    };
    element
        .lines()
        .filter(|line| line.contains("<s:element "))
        .map(|line| (value(line, "name"), value(line, "type")))
        .collect()
}

#[tokio::test]
async fn the_wsdl_and_the_contract_name_the_same_parameters() {
    let declared = declared(&World::new().await).await;
    let documented = documented();
    let names: BTreeSet<&String> = documented.iter().map(|operation| &operation.name).collect();
    assert_eq!(declared.keys().collect::<BTreeSet<_>>(), names);
    for operation in &documented {
        let expected: Vec<(String, String)> = operation.parameters.iter().map(expected).collect();
        assert_eq!(declared[&operation.name], expected, "{}", operation.name);
    }
}

/// The ticket has one spelling in the WSDL; what a number is, is an `int` but for the offset.
fn expected(parameter: &Parameter) -> (String, String) {
    let is_ticket = parameter.name.eq_ignore_ascii_case("AuthenticationTicket");
    let name = if is_ticket {
        "AuthenticationTicket"
    } else {
        &parameter.name
    };
    let kind = match (parameter.kind.as_str(), name) {
        (_, "StartOffset") => "s:long",
        ("int", _) => "s:int",
        ("bool", _) => "s:boolean",
        ("bytes", _) => "s:base64Binary",
        _ => "s:string",
    };
    (name.to_owned(), kind.to_owned())
}

/// What no case can bring about: faults of the machine, and kinds of users that do not exist.
fn is_reachable(operation: &str, error: &str) -> bool {
    let is_fault = matches!(error, "SystemError:..." | "~user has been deleted")
        || (operation, error) == ("PurgeRecycleBinItem", "[log]");
    let is_barred = error.starts_with("[902]") && operation != "CreateTicketforUser";
    let is_of_no_user = is_barred || is_of_listing(operation, error);
    let is_of_no_guest = operation != "SetGeneralAppSettings" && error.starts_with("[2730]");
    let is_of_no_guest = is_of_no_guest || error == "Anonymous users cannot create favorites";
    let is_of_no_policy = error == "[2767]";
    !(is_fault || is_of_no_feature(error) || is_of_no_user || is_of_no_guest || is_of_no_policy)
}

/// Nothing completes a document, cuts it off, moves it through a workflow, or demands anything of what is published.
fn is_of_no_feature(error: &str) -> bool {
    [
        "Completed documents cannot be checked out.",
        "~cutoff date applied",
        "~destination has a cutoff date",
        "Insufficient rights. Anonymous users cannot perform this action.",
        "~in workflow",
        "~publishing requirement not met",
    ]
    .contains(&error)
}

/// What may be seen may be listed: these need no more than List, and a folder without List is not found.
fn is_of_listing(operation: &str, error: &str) -> bool {
    let lists = operation.starts_with("GetFolder") || operation == "GetSubFoldersCount";
    lists && error == "~access denied"
}

#[test]
fn every_documented_outcome_has_a_case() {
    let cases = Case::all();
    let mut missing = Vec::new();
    for operation in documented() {
        let own: Vec<&Case> = cases
            .iter()
            .filter(|case| case.operation == operation.name)
            .collect();
        if !own.iter().any(|case| is_success(&operation, case)) {
            missing.push(format!("{} succeeds", operation.name));
        }
        let reachable = operation
            .errors
            .iter()
            .filter(|error| is_reachable(&operation.name, error));
        let unproved = reachable.filter(|error| !own.iter().any(|case| proves(case, error)));
        missing.extend(unproved.map(|error| format!("{}: {error}", operation.name)));
    }
    assert!(missing.is_empty(), "no case for\n{}", missing.join("\n"));
}

fn is_success(operation: &Documented, case: &Case) -> bool {
    let answer = case.expected().unwrap_or_default();
    if operation.returns == "bytes" {
        !answer.trim().is_empty()
    } else {
        answer.contains("success=\"true\"")
    }
}

/// Whether the case claims to show the error, and shows it where its text is documented.
fn proves(case: &Case, error: &str) -> bool {
    let answer = case.expected().unwrap_or_default();
    let claim = if error.is_empty() { "(no bytes)" } else { error };
    let is_shown = error.starts_with('~') || answer.trim().is_empty() || shows(&answer, error);
    case.covers.iter().any(|covered| covered == claim) && is_shown
}

/// Whether the blank behind a code is there does not count (CONTRACT section 1.5), nor what stands for `{words in braces}`.
fn shows(answer: &str, error: &str) -> bool {
    let answer = answer.replace("&quot;", "\"");
    let (answer, error) = (answer.replace("] ", "]"), error.replace("] ", "]"));
    let fixed = error
        .split('{')
        .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    fixed.into_iter().all(|part| answer.contains(part))
}

#[test]
fn every_answer_has_the_documented_root_and_attributes() {
    let documented: BTreeMap<String, Documented> = documented()
        .into_iter()
        .map(|operation| (operation.name.clone(), operation))
        .collect();
    for case in Case::all() {
        let operation = &documented[&case.operation];
        let answer = case.expected().unwrap_or_default();
        if operation.returns == "bytes" {
            continue;
        }
        let named = format!("{}/{}: {answer}", case.operation, case.name);
        let first = answer.lines().next().unwrap_or_default();
        let (root, attributes) = first.strip_prefix('<').unwrap().split_once(' ').unwrap();
        let is_log = operation.name == "Copy" && attributes.contains("error=\"[log]\"");
        let expected = if is_log { "Response" } else { &operation.root };
        assert_eq!(root, expected, "{named}");
        if attributes.starts_with("success=\"true\"") {
            let found: Vec<&str> = attribute_names(attributes);
            let expected: Vec<&str> = operation.attributes.iter().map(String::as_str).collect();
            let optional = |name: &&str| {
                let may_be_absent = ["filehexcrc", "page", "pageSize"].contains(name);
                !may_be_absent || found.contains(name)
            };
            assert_eq!(
                found,
                expected.into_iter().filter(optional).collect::<Vec<_>>(),
                "{named}"
            );
        } else {
            assert!(attributes.starts_with("success=\"false\" error=\""), "{named}");
        }
    }
}

fn attribute_names(attributes: &str) -> Vec<&str> {
    let tag = attributes.split('>').next().unwrap_or_default();
    let pairs = tag.split("\" ");
    pairs
        .filter_map(|pair| pair.split_once("=\""))
        .map(|(name, _)| name)
        .collect()
}

#[tokio::test]
async fn operation_names_differ_by_more_than_case() {
    let declared = declared(&World::new().await).await;
    let lower: BTreeSet<String> = declared.keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(lower.len(), declared.len());
}
