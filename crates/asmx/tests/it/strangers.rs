//! Who has no ticket gets nothing, whatever is asked.

use crate::agreement::{Documented, documented};
use crate::call::{Transport, call, plain};
use crate::world::World;

const UNKNOWN: &str = "0c5a0000-0000-0000-0000-000000000001";

/// A value of the right form for each parameter, so that only the ticket can be wrong.
pub(crate) fn arguments(operation: &Documented) -> Vec<(String, String)> {
    let value = |kind: &str, name: &str| match (kind, name) {
        ("guid", _) => UNKNOWN,
        ("int" | "bool", _) => "1",
        ("bytes", _) => "AAAA",
        (_, "AccessListXML") => "<AccessList/>",
        (_, "Path" | "path" | "Paths" | "itemPath" | "DocumentPath" | "documentPath") => "/Lib/Plans/a.txt",
        _ => "x",
    };
    let own = operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.name.eq_ignore_ascii_case("AuthenticationTicket"));
    own.map(|parameter| {
        (
            parameter.name.clone(),
            value(&parameter.kind, &parameter.name).to_owned(),
        )
    })
    .collect()
}

fn takes_a_ticket(operation: &Documented) -> bool {
    operation
        .parameters
        .iter()
        .any(|parameter| parameter.name.eq_ignore_ascii_case("AuthenticationTicket"))
}

#[tokio::test]
async fn l8_a_stranger_is_refused_everywhere() {
    let world = World::new().await;
    for operation in documented().iter().filter(|operation| takes_a_ticket(operation)) {
        let is_always_dead = ["isValidTicket", "LogOut"].contains(&operation.name.as_str());
        let malformed = if is_always_dead { "[901]" } else { "[900]" };
        for (ticket, code) in [
            (None, malformed),
            (Some("sid-12"), malformed),
            (Some(""), malformed),
            (Some(UNKNOWN), "[901]"),
        ] {
            must_refuse(&world, operation, ticket, code).await;
        }
    }
}

async fn must_refuse(world: &World, operation: &Documented, ticket: Option<&str>, code: &str) {
    for transport in Transport::ALL {
        let answer = call(
            &world.router,
            transport,
            &operation.name,
            ticket,
            &arguments(operation),
        )
        .await;
        let body = String::from_utf8(plain(transport, &operation.name, &answer)).unwrap();
        let is_refused = if operation.returns == "bytes" {
            body.is_empty()
        } else {
            body.contains("success=\"false\"") && body.contains(code)
        };
        assert!(
            answer.status == 200 && is_refused,
            "{} {transport:?} {ticket:?}: {body}",
            operation.name
        );
    }
}

#[tokio::test]
async fn l8_a_cookie_is_no_ticket_but_for_three_operations() {
    let world = World::new().await;
    let ticket = &world.tickets["kim"];
    for operation in documented()
        .iter()
        .filter(|operation| takes_a_ticket(operation) && operation.returns == "xml")
    {
        let request = crate::call::request(Transport::Form, &operation.name, &arguments(operation));
        let (mut parts, body) = request.into_parts();
        parts
            .headers
            .insert("cookie", format!("ticket={ticket}").parse().unwrap());
        let answer = crate::call::send(&world.router, axum::extract::Request::from_parts(parts, body)).await;
        let is_accepted = String::from_utf8(answer.body)
            .unwrap()
            .contains("success=\"true\"");
        let may = ["isValidTicket", "LogOut"].contains(&operation.name.as_str());
        if may {
            assert!(is_accepted, "{}", operation.name);
        } else {
            assert!(!is_accepted, "{}", operation.name);
        }
    }
}

#[tokio::test]
async fn s7_anothers_handler_is_no_handler() {
    let world = World::new().await;
    let staged = world
        .must(
            "DownloadZipWithHandler",
            "kim",
            &[("Paths", "/Lib/Plans"), ("partialResult", "0")],
        )
        .await;
    let handle = crate::world::attribute(&staged, "downloadhandler").unwrap();
    let arguments = [
        ("DownloadHandler", handle.as_str()),
        ("StartOffset", "0"),
        ("ChunkSize", "1000"),
    ];
    let foreign = world.get("DownloadFileChunk", "eve", &arguments).await;
    let unknown = [
        ("DownloadHandler", UNKNOWN),
        ("StartOffset", "0"),
        ("ChunkSize", "1000"),
    ];
    assert_eq!(foreign, world.get("DownloadFileChunk", "eve", &unknown).await);
    world
        .must("DeleteDownloadHandler", "eve", &[("DownloadHandler", &handle)])
        .await;
    world.must("DownloadFileChunk", "kim", &arguments).await;
}
