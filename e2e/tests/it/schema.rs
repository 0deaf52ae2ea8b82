//! The description of the native API against the server: Schemathesis makes up requests from the one and judges the other. What it
//! leaves out and why is said in its configuration.

use anyhow::ensure;
use holdall_e2e::{House, finish, project, python_tool};
use std::fs;

#[test]
fn the_server_keeps_to_its_description() -> anyhow::Result<()> {
    let house = House::with_administrator("anna")?;
    for (target, files) in [("/Spare/Old", 1), ("/Lib/Handover", 3)] {
        let source = house.scratch(target.trim_start_matches('/'));
        fs::create_dir_all(&source)?;
        for number in 0..files {
            fs::write(source.join(format!("{number}.txt")), "a document")?;
        }
        house.import(&source, target, "anna")?;
    }
    let server = house.serve()?;
    let client = house.sign_in(&server, "anna")?;
    let (settings, python) = (house.scratch("schemathesis.toml"), project()?.join("e2e/python"));
    let template = fs::read_to_string(python.join("schemathesis.toml"))?;
    fs::write(
        &settings,
        template.replace("DOWNLOAD", &client.stage("/Lib/Handover")?),
    )?;
    let mut schemathesis = python_tool("schemathesis")?;
    schemathesis
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", python.join("schema_hooks.py"))
        .current_dir(house.data())
        .arg("--config-file")
        .arg(settings)
        .args(["run", &format!("{}/api/openapi.json", server.url())])
        .args(["--header", &format!("Authorization: Bearer {}", client.ticket())]);
    let finished = finish(&mut schemathesis)?;
    let said = String::from_utf8_lossy(&finished.output);
    ensure!(finished.success, "{said}\n{}", finished.complaints);
    Ok(())
}
