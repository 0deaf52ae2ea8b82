//! L9: no input causes a panic or an answer that is not documented, none makes the server tell what it must not, and the next good
//! request succeeds. What was tried is counted and printed.

use crate::agreement::{Documented, documented};
use crate::call::{Transport, call};
use crate::strangers::arguments;
use crate::world::{PASSWORD, World};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn values() -> Vec<String> {
    let fixed = [
        "",
        " ",
        "\0",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "1e9",
        "0x10",
        "NaN",
        "true\0",
        "..",
        "/../../etc/passwd",
        "~",
        "~D",
        "~D0",
        "~F99999999999999999999",
        "||||",
        "\u{202e}\u{feff}",
        "\u{1f4a9}",
        "']]><!--",
        "<x>&e;</x>",
        "' OR 1=1 --",
        "%00%ff",
        "{00000000-0000-0000-0000-000000000000}",
        "\r\nSet-Cookie: x=y",
        "=?utf-8?B?AA==?=",
    ];
    let long = [
        "a".repeat(5_000),
        "/".repeat(5_000),
        "|~D1".repeat(2_000),
        "<a>".repeat(2_000),
    ];
    fixed.into_iter().map(str::to_owned).chain(long).collect()
}

/// Operations that check a password, and slow down and refuse who fails.
const TAKE_PASSWORDS: [&str; 4] = [
    "AuthenticateUser",
    "AuthenticateUser1",
    "RenewTicket",
    "CreateTicketforUser",
];
/// Failures that are let through without a pause.
const UNHINDERED: usize = 4;
/// What no answer may hold: how the server is built, and names in the library that kim may not see.
const SECRETS: [&str; 12] = [
    "SELECT ",
    "INSERT INTO",
    "UPDATE documents",
    "sqlite",
    ".rs:",
    "panicked",
    PASSWORD,
    "hidden.txt",
    "=\"Hidden\"",
    ">Hidden<",
    "/Lib/Hidden",
    "\\Lib\\Hidden",
];

/// What was tried, and what went wrong.
#[derive(Default)]
struct Tally {
    cases: u64,
    undocumented: Vec<String>,
    leaks: Vec<String>,
}

impl Tally {
    /// One value for one parameter by one transport, as kim; `others` are the good values of the other parameters.
    async fn attack(
        &mut self,
        world: &World,
        transport: Transport,
        (operation, parameter, value): (&Documented, &str, &str),
        others: &[(String, String)],
    ) {
        let mut arguments = others.to_vec();
        let mut ticket = world.tickets["kim"].clone();
        if parameter.eq_ignore_ascii_case("AuthenticationTicket") {
            value.clone_into(&mut ticket);
        } else {
            arguments.push((parameter.to_owned(), value.to_owned()));
        }
        let answer = call(
            &world.router,
            transport,
            &operation.name,
            Some(&ticket),
            &arguments,
        )
        .await;
        let body = String::from_utf8_lossy(&answer.body);
        self.cases += 1;
        let case = || {
            let start: String = body.chars().take(300).collect();
            let name = &operation.name;
            format!(
                "{name} {parameter} {transport:?} {value:?}: {} {start}",
                answer.status
            )
        };
        let says = ["success=\"true\"", "success=\"false\""]
            .iter()
            .any(|success| body.contains(success));
        let is_documented =
            answer.status == 200 && !body.contains("SystemError") && (says || operation.returns == "bytes");
        if !is_documented {
            self.undocumented.push(case());
        }
        if leaks(world, &body, value) {
            self.leaks.push(case());
        }
    }

    /// Every value for one parameter by every transport.
    async fn attack_parameter(&mut self, world: &World, (operation, parameter): (&Documented, &str)) {
        let others = others(operation, parameter);
        for value in values() {
            for transport in Transport::ALL {
                let attack = (operation, parameter, value.as_str());
                self.attack(world, transport, attack, &others).await;
            }
        }
    }

    /// Every value for one parameter of an operation that takes a password, the others being right, in fresh houses.
    async fn attack_login(&mut self, operation: &Documented, parameter: &str) {
        let mut others = others(operation, parameter);
        for (name, value) in &mut others {
            match name.as_str() {
                "UID" => "kim".clone_into(value),
                "PWD" => PASSWORD.clone_into(value),
                _ => {}
            }
        }
        for values in values().chunks(UNHINDERED) {
            let world = World::new().await;
            for (value, transport) in values.iter().zip(Transport::ALL) {
                let attack = (operation, parameter, value.as_str());
                self.attack(&world, transport, attack, &others).await;
            }
            world.must("FolderExists", "ada", &[("Path", "/Lib/Plans")]).await;
        }
    }

    /// Prints the counts and fails unless they are as they should be.
    #[expect(clippy::print_stdout, reason = "the numbers are for whoever reads the output")]
    fn settle(&self, what: &str, least: u64, panics: &AtomicU64) {
        let panics = panics.load(Ordering::SeqCst);
        println!(
            "hostile values, {what}: {} cases, {panics} panics, {} undocumented answers, {} leaks",
            self.cases,
            self.undocumented.len(),
            self.leaks.len()
        );
        assert!(self.cases >= least, "{} cases are too few", self.cases);
        assert_eq!(panics, 0, "panics");
        assert!(self.undocumented.is_empty(), "{:#?}", self.undocumented);
        assert!(self.leaks.is_empty(), "{:#?}", self.leaks);
    }
}

/// Whether an answer to kim tells what it must not. What was asked may come back.
fn leaks(world: &World, body: &str, value: &str) -> bool {
    // A blank or an empty value would take every gap with it.
    let body = if value.len() < 3 {
        body.to_owned()
    } else {
        body.replace(value, "…")
    };
    let place = world.directory().to_string_lossy().into_owned();
    let tickets = ["ada", "eve", "rob"].map(|user| world.tickets[user].as_str());
    let mut secrets = SECRETS.iter().copied().chain(tickets).chain([place.as_str()]);
    secrets.any(|secret| body.contains(secret))
}

/// Counts panics on every thread of this process, which runs one test.
fn count_panics() -> Arc<AtomicU64> {
    let (panics, usual) = (Arc::new(AtomicU64::new(0)), panic::take_hook());
    let count = Arc::clone(&panics);
    panic::set_hook(Box::new(move |panic| {
        count.fetch_add(1, Ordering::SeqCst);
        usual(panic);
    }));
    panics
}

/// The good values of all parameters but one.
fn others(operation: &Documented, parameter: &str) -> Vec<(String, String)> {
    let mut others = arguments(operation);
    others.retain(|(name, _)| name != parameter);
    others
}

#[tokio::test]
async fn l9_no_value_of_any_parameter_does_harm() {
    let (panics, mut tally) = (count_panics(), Tally::default());
    let world = World::new().await;
    let harmless = |operation: &Documented| !TAKE_PASSWORDS.contains(&operation.name.as_str());
    for operation in documented().iter().filter(|operation| harmless(operation)) {
        for parameter in &operation.parameters {
            tally.attack_parameter(&world, (operation, &parameter.name)).await;
            world.must("FolderExists", "ada", &[("Path", "/Lib/Plans")]).await;
        }
    }
    tally.settle("every parameter by every transport", 3_000, &panics);
}

/// In a fresh house before each refusal, and with the right name or password where another parameter is attacked.
#[tokio::test]
async fn l9_no_value_of_a_login_does_harm() {
    let (panics, mut tally) = (count_panics(), Tally::default());
    let logins = |operation: &Documented| TAKE_PASSWORDS.contains(&operation.name.as_str());
    for operation in documented().iter().filter(|operation| logins(operation)) {
        for parameter in &operation.parameters {
            tally.attack_login(operation, &parameter.name).await;
        }
    }
    tally.settle("logins", 250, &panics);
}

#[tokio::test]
async fn l9_no_login_does_harm() {
    let world = World::new().await;
    for value in values().into_iter().take(8) {
        for operation in ["AuthenticateUser", "AuthenticateUser1", "RenewTicket"] {
            let answer = world
                .get(
                    operation,
                    "",
                    &[("UID", &value), ("PWD", &value), ("Lang", &value)],
                )
                .await;
            assert!(
                answer.contains("[900] Authentication failed"),
                "{operation} {value:?}: {answer}"
            );
        }
    }
}
