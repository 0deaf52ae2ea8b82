//! A SOAP library that knows only our service description.

use crate::Stage;
use holdall_e2e::{READERS, compare, count_files, python, run};

fn workflow(binding: &str) -> anyhow::Result<()> {
    let stage = Stage::of(2 << 20)?;
    let archive = stage.house.scratch("soap.zip");
    let mut command = python("soap_workflow.py")?;
    command.args([
        stage.server.url(),
        binding,
        "anna",
        stage.house.password(),
        "/Lib/Handover",
    ]);
    run(command.arg(&archive))?;
    let extracted = stage.house.scratch("extracted");
    let [reader, ..] = READERS;
    reader.extract(&archive, &extracted)?;
    let source = stage.house.scratch("Handover");
    let difference = compare(&source, &extracted.join("Handover"))?;
    assert!(difference.missing.is_empty(), "{difference:?}");
    assert_eq!(
        count_files(&extracted)?,
        count_files(&source)? + 1,
        "the uploaded document is in it too"
    );
    Ok(())
}

#[test]
fn zeep_works_by_soap_1_1() -> anyhow::Result<()> {
    workflow("srvSoap")
}

#[test]
fn zeep_works_by_soap_1_2() -> anyhow::Result<()> {
    workflow("srvSoap12")
}
