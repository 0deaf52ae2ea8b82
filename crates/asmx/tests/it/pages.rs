//! Help pages, WSDL and discovery.

use crate::agreement::documented;
use crate::call::{Answer, send};
use crate::world::World;
use axum::body::Body;
use axum::extract::Request;
use std::path::Path;
use std::{env, fs};

async fn get(world: &World, address: &str) -> Answer {
    send(
        &world.router,
        Request::get(address)
            .header("host", "documents.example.org:8080")
            .body(Body::empty())
            .unwrap(),
    )
    .await
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

#[tokio::test]
async fn the_help_page_lists_every_operation_with_a_form_of_its_own() {
    let world = World::new().await;
    let answer = get(&world, "/srv.asmx").await;
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    assert!(
        answer.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    let index = text(&answer);
    for operation in documented() {
        assert!(
            index.contains(&format!("href=\"/srv.asmx?op={}\"", operation.name)),
            "{}",
            operation.name
        );
        assert!(
            index.contains(&format!("<h2>{}</h2>", operation.group)),
            "{}",
            operation.group
        );
        let page = text(&get(&world, &format!("/srv.asmx?op={}", operation.name.to_lowercase())).await);
        assert!(
            page.contains(&format!("action=\"/srv.asmx/{}\"", operation.name)),
            "{}",
            operation.name
        );
        for parameter in &operation.parameters {
            assert!(
                page.contains(&format!(" name=\"{}\"", parameter.name)),
                "{}: {}",
                operation.name,
                parameter.name
            );
        }
    }
}

#[tokio::test]
async fn unknown_queries_show_the_list() {
    let world = World::new().await;
    let list = text(&get(&world, "/srv.asmx").await);
    for query in ["?op=Nope", "?op=<script>", "?x", "?"] {
        assert_eq!(
            text(
                &get(
                    &world,
                    &format!("/srv.asmx{}", query.replace('<', "%3C").replace('>', "%3E"))
                )
                .await
            ),
            list,
            "{query}"
        );
    }
    let style = get(&world, "/srv.asmx?style").await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn the_wsdl_has_four_bindings_at_the_callers_address() {
    let world = World::new().await;
    let answer = get(&world, "/srv.asmx?WSDL").await;
    assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
    let wsdl = text(&answer);
    for port in ["srvSoap", "srvSoap12", "srvHttpGet", "srvHttpPost"] {
        assert!(
            wsdl.contains(&format!("<wsdl:port name=\"{port}\" binding=\"tns:{port}\">")),
            "{port}"
        );
        assert!(wsdl.contains(&format!("<wsdl:binding name=\"{port}\"")), "{port}");
    }
    assert_eq!(
        wsdl.matches("location=\"http://documents.example.org:8080/srv.asmx\"")
            .count(),
        4
    );
    assert!(wsdl.contains("<wsdl:service name=\"srv\">"));
    assert!(!wsdl.contains("schemas.xmlsoap.org/soap/encoding"));
    assert!(!wsdl.contains("name=\"authenticationTicket\""));
    let count = documented().len();
    assert_eq!(wsdl.matches("style=\"document\"").count(), 2 * count);
    assert_eq!(wsdl.matches("<wsdl:documentation>").count(), 3 * count);
}

#[tokio::test]
async fn a_wild_host_is_not_echoed() {
    let world = World::new().await;
    let request = Request::get("/srv.asmx?disco")
        .header("host", "a\"><script>")
        .body(Body::empty())
        .unwrap();
    let disco = text(&send(&world.router, request).await);
    assert!(
        disco.contains("ref=\"http://localhost/srv.asmx?wsdl\""),
        "{disco}"
    );
}

#[tokio::test]
async fn head_shows_pages_but_never_runs_an_operation() {
    let world = World::new().await;
    let head = |address: &str| Request::head(address.to_owned()).body(Body::empty()).unwrap();
    assert_eq!(send(&world.router, head("/srv.asmx")).await.status, 200);
    let answer = send(&world.router, head("/srv.asmx/ServerInfo")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.headers["allow"].to_str().unwrap()),
        (405, "GET, POST")
    );
}

/// `HOLDALL_GOLDEN=update` records it. Generated clients depend on every line.
#[tokio::test]
async fn the_wsdl_is_the_recorded_one() {
    let world = World::new().await;
    let wsdl = text(&get(&world, "/srv.asmx?wsdl").await);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/srv.wsdl");
    if env::var("HOLDALL_GOLDEN").is_ok_and(|value| value == "update") {
        fs::write(&path, &wsdl).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == wsdl,
        "the WSDL differs from {}",
        path.display()
    );
}
