//! L9: no input causes a panic or a status above the documented ones, and the next good request succeeds.

use crate::agreement::{Documented, documented};
use crate::call::{Transport, call};
use crate::strangers::arguments;
use crate::world::World;

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

#[tokio::test]
async fn l9_no_value_of_any_parameter_does_harm() {
    let world = World::new().await;
    for operation in documented() {
        let takes_passwords = [
            "AuthenticateUser",
            "AuthenticateUser1",
            "RenewTicket",
            "CreateTicketforUser",
        ];
        if takes_passwords.contains(&operation.name.as_str()) {
            continue;
        }
        for parameter in &operation.parameters {
            attack_parameter(&world, &operation, &parameter.name).await;
            world.must("FolderExists", "ada", &[("Path", "/Lib/Plans")]).await;
        }
    }
}

async fn attack_parameter(world: &World, operation: &Documented, parameter: &str) {
    let mut others = arguments(operation);
    others.retain(|(name, _)| name != parameter);
    for value in values() {
        attack(world, (&operation.name, parameter), &value, &others).await;
    }
}

/// One value for one parameter on every transport; `others` are the good values of the other parameters.
async fn attack(
    world: &World,
    (operation, parameter): (&str, &str),
    value: &str,
    others: &[(String, String)],
) {
    for transport in Transport::ALL {
        let mut arguments = others.to_vec();
        let mut ticket = world.tickets["kim"].clone();
        if parameter.eq_ignore_ascii_case("AuthenticationTicket") {
            value.clone_into(&mut ticket);
        } else {
            arguments.push((parameter.to_owned(), value.to_owned()));
        }
        let answer = call(&world.router, transport, operation, Some(&ticket), &arguments).await;
        let body = String::from_utf8_lossy(&answer.body);
        let is_harmless = answer.status == 200 && !body.contains("SystemError");
        assert!(
            is_harmless,
            "{operation} {parameter} {transport:?} {value:?}: {} {body}",
            answer.status
        );
    }
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
