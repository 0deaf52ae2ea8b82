//! Requests that are odd, and requests that cannot be understood.

use crate::call::{Answer, send};
use crate::world::World;
use axum::body::Body;
use axum::extract::Request;

async fn post(world: &World, address: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let request = headers
        .iter()
        .fold(Request::post(address), |request, (name, value)| {
            request.header(*name, *value)
        });
    send(&world.router, request.body(body.into()).unwrap()).await
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

const V11: &str = "http://schemas.xmlsoap.org/soap/envelope/";

fn envelope(body: &str) -> String {
    format!("<s:Envelope xmlns:s='{V11}'><s:Body>{body}</s:Body></s:Envelope>")
}

#[tokio::test]
async fn unknown_operations_are_answered_as_asmx_does() {
    let world = World::new().await;
    let answer = send(
        &world.router,
        Request::get("/srv.asmx/Nope").body(Body::empty()).unwrap(),
    )
    .await;
    assert_eq!(
        (answer.status.as_u16(), text(&answer).as_str()),
        (500, "Nope Web Service method name is not valid.")
    );
    assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
    let deep = send(
        &world.router,
        Request::get("/srv.asmx/a/b").body(Body::empty()).unwrap(),
    )
    .await;
    assert!(text(&deep).contains("unexpectedly ending in '/b'"));
    let soap = post(
        &world,
        "/srv.asmx",
        &[("content-type", "text/xml"), ("soapaction", "\"urn:Nope\"")],
        envelope("<Nope/>"),
    )
    .await;
    assert_eq!(soap.status, 500);
    assert!(
        text(&soap).contains("<faultcode>soap:Client</faultcode>"),
        "{}",
        text(&soap)
    );
    assert!(text(&soap).contains("SOAPAction: urn:Nope."), "{}", text(&soap));
}

#[tokio::test]
async fn s12_what_is_no_envelope_is_a_fault_in_the_callers_version() {
    let world = World::new().await;
    let bodies = [
        String::new(),
        "x".to_owned(),
        "<a>".to_owned(),
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".to_owned(),
        "<a/>".to_owned(),
        envelope(""),
        "<x>".repeat(100),
        "\u{0}".to_owned(),
    ];
    for body in bodies {
        let old = post(&world, "/srv.asmx", &[("content-type", "text/xml")], body.clone()).await;
        assert_eq!(old.status, 500, "{body}");
        assert!(
            text(&old).contains("<faultcode>soap:Client</faultcode>"),
            "{body}: {}",
            text(&old)
        );
        let new = post(
            &world,
            "/srv.asmx",
            &[("content-type", "application/soap+xml")],
            body.clone(),
        )
        .await;
        if !body.contains(V11) {
            assert!(
                text(&new).contains("<soap:Value>soap:Sender</soap:Value>"),
                "{body}: {}",
                text(&new)
            );
        }
    }
    let wild = post(
        &world,
        "/srv.asmx",
        &[("content-type", "text/xml")],
        vec![0xff, 0x00, 0x80],
    )
    .await;
    assert!(text(&wild).contains("soap:Client"));
}

#[tokio::test]
async fn other_content_types_are_refused() {
    let world = World::new().await;
    let json = post(&world, "/srv.asmx", &[("content-type", "application/json")], "{}").await;
    assert_eq!(json.status, 415);
    let form = post(
        &world,
        "/srv.asmx/ServerInfo",
        &[("content-type", "application/json")],
        "{}",
    )
    .await;
    assert_eq!(
        (form.status.as_u16(), text(&form).as_str()),
        (500, "Request format is invalid: application/json.")
    );
    let packed = post(
        &world,
        "/srv.asmx/ServerInfo",
        &[("content-encoding", "gzip")],
        "",
    )
    .await;
    assert_eq!(packed.status, 415);
    let odd = post(
        &world,
        "/srv.asmx/ServerInfo",
        &[("content-type", "multipart/form-data")],
        "x",
    )
    .await;
    assert_eq!(odd.status, 500);
}

#[tokio::test]
async fn l9_long_requests_are_refused_unless_they_are_uploads() {
    let world = World::new().await;
    let long = format!("Path={}", "a".repeat(2 << 20));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(
        post(&world, "/srv.asmx/GetFolder", &form, long.clone())
            .await
            .status,
        413
    );
    assert_eq!(
        post(&world, "/srv.asmx/UploadDocument", &form, long).await.status,
        200
    );
    let soap = envelope(&format!(
        "<GetFolder><Path>{}</Path></GetFolder>",
        "a".repeat(2 << 20)
    ));
    let refused = post(&world, "/srv.asmx", &[("content-type", "text/xml")], soap).await;
    assert_eq!(refused.status, 413);
    assert!(text(&refused).contains("soap:Client"));
}

#[tokio::test]
async fn utf_16_envelopes_are_read() {
    let world = World::new().await;
    let bytes: Vec<u8> = envelope("<ServerInfo/>")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let answer = post(
        &world,
        "/srv.asmx",
        &[("content-type", "text/xml; charset=utf-16")],
        bytes,
    )
    .await;
    assert!(
        text(&answer).contains("<ServerInfoResult><response xmlns=\"\" success=\"true\""),
        "{}",
        text(&answer)
    );
}

#[tokio::test]
async fn parameters_in_the_body_alone_count_for_a_post() {
    let world = World::new().await;
    let address = format!(
        "/srv.asmx/FolderExists?authenticationTicket={}",
        world.tickets["kim"]
    );
    let answer = post(
        &world,
        &address,
        &[("content-type", "application/x-www-form-urlencoded")],
        "Path=%2FLib",
    )
    .await;
    assert!(text(&answer).contains("[900]"), "{}", text(&answer));
}

#[tokio::test]
async fn ticketed_answers_are_kept_by_nobody() {
    let world = World::new().await;
    let address = format!(
        "/srv.asmx/FolderExists?Path=/Lib&authenticationTicket={}",
        world.tickets["kim"]
    );
    let answer = send(&world.router, Request::get(address).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}
