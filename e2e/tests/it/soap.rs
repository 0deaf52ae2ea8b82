//! SOAP libraries that know only our service description do a whole working life of a library.

use holdall_e2e::{Binding, House, READERS, SoapClient, count_files, import_by_java};
use std::fs;

fn workflow(client: SoapClient, binding: Binding) -> anyhow::Result<()> {
    let house = House::with_administrator("anna")?;
    let server = house.serve()?;
    let archive = client.work(&house, &server, binding)?;
    let extracted = house.scratch("extracted");
    let [reader, ..] = READERS;
    reader.extract(&archive, &extracted)?;
    let drawings = extracted.join("Drawings");
    assert_eq!(fs::read(drawings.join("a.txt"))?, b"alpha two");
    assert_eq!(fs::read(drawings.join("d.txt"))?, b"delta in two chunks");
    assert_eq!(fs::read(drawings.join("in zip/two.txt"))?, b"two");
    assert_eq!(fs::read(drawings.join("Steel/in zip/deep/three.txt"))?, b"");
    assert!(count_files(&extracted)? >= 13);
    Ok(())
}

#[test]
fn zeep_works_by_soap_1_1() -> anyhow::Result<()> {
    workflow(SoapClient::Zeep, Binding::Soap11)
}

#[test]
fn zeep_works_by_soap_1_2() -> anyhow::Result<()> {
    workflow(SoapClient::Zeep, Binding::Soap12)
}

#[test]
fn npm_soap_works_by_soap_1_1() -> anyhow::Result<()> {
    workflow(SoapClient::Node, Binding::Soap11)
}

#[test]
fn npm_soap_works_by_soap_1_2() -> anyhow::Result<()> {
    workflow(SoapClient::Node, Binding::Soap12)
}

#[test]
fn a_mono_proxy_works_by_soap_1_1() -> anyhow::Result<()> {
    workflow(SoapClient::Mono, Binding::Soap11)
}

#[test]
fn a_mono_proxy_works_by_soap_1_2() -> anyhow::Result<()> {
    workflow(SoapClient::Mono, Binding::Soap12)
}

#[test]
fn wsimport_compiles_the_description() -> anyhow::Result<()> {
    let house = House::with_administrator("anna")?;
    let server = house.serve()?;
    assert!(import_by_java(&house, &server)? > 100);
    Ok(())
}
