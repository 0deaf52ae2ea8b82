use super::Inbound;
use crate::protocol::Soap;
use axum::body::Body;
use axum::extract::Request;
use http::StatusCode;

fn inbound(headers: &[(&str, &str)]) -> Inbound {
    let request = headers.iter().fold(Request::builder(), |request, (name, value)| {
        request.header(*name, *value)
    });
    Inbound::of(&request.body(Body::empty()).unwrap())
}

#[test]
fn the_content_type_tells_version_charset_and_action() {
    let soap12 = inbound(&[(
        "content-type",
        "Application/SOAP+xml; charset=\"UTF-16\"; action=\"http://tempuri.org/LogOut\"",
    )]);
    assert_eq!(soap12.soap_version().unwrap(), Soap::V12);
    assert_eq!(soap12.charset(), Some("UTF-16"));
    assert_eq!(soap12.action(), Some("http://tempuri.org/LogOut"));
    assert_eq!(inbound(&[]).soap_version().unwrap(), Soap::V11);
    let other = inbound(&[("content-type", "application/json")])
        .soap_version()
        .unwrap_err();
    assert_eq!(other.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[test]
fn s9_the_cookie_does_not_count_across_sites() {
    let cookie = ("cookie", "a=b; ticket=xyz; c=d");
    assert_eq!(inbound(&[cookie]).into_cookie_ticket().as_deref(), Some("xyz"));
    assert_eq!(
        inbound(&[cookie, ("sec-fetch-site", "same-origin")])
            .into_cookie_ticket()
            .as_deref(),
        Some("xyz")
    );
    assert_eq!(
        inbound(&[cookie, ("sec-fetch-site", "cross-site")]).into_cookie_ticket(),
        None
    );
}

#[tokio::test]
async fn l9_bodies_are_bounded_whatever_they_announce() {
    for headers in [
        vec![],
        vec![("content-length", "11")],
        vec![("content-length", "3")],
    ] {
        let fault = inbound(&headers)
            .body(Body::from("12345678901"), 10)
            .await
            .unwrap_err();
        assert_eq!(fault.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
    assert_eq!(
        inbound(&[])
            .body(Body::from("1234567890"), 10)
            .await
            .unwrap()
            .len(),
        10
    );
    assert!(
        inbound(&[("content-encoding", "gzip")])
            .body(Body::empty(), 10)
            .await
            .is_err()
    );
}
