//! A library as years of use leave it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use holdall_e2e::{Client, Draw, House, Server, ugly};
use std::fs;

/// An old server with the library `Lib`, which anna manages.
pub(super) struct Old {
    _house: House,
    pub(super) server: Server,
    pub(super) anna: Client,
}

/// The document with the longest past.
const HANDBOOK: &str = "/Lib/Team/handbook.md";
/// May change, may change, may read.
const TEAM: &str = "<AccessList><Anonymous Right=\"0\"/><DomainMembers Right=\"2\"/>\
     <UserGroup DomainName=\"Lib\" GroupName=\"Editors\" Right=\"5\"/>\
     <User UserName=\"ben\" Right=\"5\"/><User UserName=\"carl\" Right=\"5\"/></AccessList>";
/// A list of one document.
const HANDBOOK_LIST: &str = "<AccessList><DomainMembers Right=\"0\"/><User UserName=\"ben\" Right=\"5\"/>\
     <User UserName=\"carl\" Right=\"5\"/></AccessList>";
const RULES: &str = "<Rules><Rule Name=\"AllowableFileTypes\" Value=\"txt,md\"/>\
     <Rule Name=\"FolderDeletes\" Value=\"disallows\"/></Rules>";

impl Old {
    /// Folders in folders, ugly names, versions with comments by several people, a draft, lists, owners, rules, a shortcut, a web
    /// address, a locked document, empty ones and one of more than 8 MiB.
    pub(super) fn furnished() -> anyhow::Result<Self> {
        let house = House::with_users(&["anna", "ben", "carl"])?;
        let source = house.scratch("source");
        ugly(&source.join("Ugly"))?;
        fs::create_dir_all(source.join("Large"))?;
        fs::write(
            source.join("Large/large.bin"),
            Draw::seeded(5).bytes((8 << 20) + 4321),
        )?;
        house.import(&source, "/Lib", "anna")?;
        let server = house.serve()?;
        let sign_in = |user| house.sign_in(&server, user);
        let (anna, ben, carl) = (sign_in("anna")?, sign_in("ben")?, sign_in("carl")?);
        anna.add_member("Lib", "ben")?;
        anna.add_member("Lib", "carl")?;
        folders(&anna)?;
        handbook(&anna, &ben, &carl)?;
        documents(&anna, &ben)?;
        Ok(Self {
            _house: house,
            server,
            anna,
        })
    }
}

fn folders(anna: &Client) -> anyhow::Result<()> {
    anna.must(
        "CreateUserGroup",
        &[("DomainName", "Lib"), ("GroupName", "Editors")],
    )?;
    for (parent, name, description) in [
        ("/Lib", "Team", "What the team <shares> & more"),
        ("/Lib", "Deep", ""),
        ("/Lib/Deep", "er", "two down"),
        ("/Lib/Deep/er", "est", "three down"),
    ] {
        let parameters = [
            ("ParentFolderPath", parent),
            ("NewFolderName", name),
            ("Description", description),
        ];
        anna.must("CreateFolder1", &parameters)?;
    }
    set_list(anna, "/Lib/Team", TEAM)?;
    let rules = [
        ("Path", "/Lib/Deep/er"),
        ("xmlRules", RULES),
        ("ApplyToTree", "0"),
    ];
    anna.must("SetFolderRules", &rules)?;
    upload(anna, "/Lib/Deep/er/secret.txt", "deep down", &[])
}

/// Three versions by three people, with properties, a list and an owner of its own.
fn handbook(anna: &Client, ben: &Client, carl: &Client) -> anyhow::Result<()> {
    let handbook = HANDBOOK;
    upload(
        anna,
        handbook,
        "the first edition",
        &[("VERSIONCOMMENT", "first")],
    )?;
    upload(
        carl,
        handbook,
        "the second edition",
        &[("VERSIONCOMMENT", "second, by Carl")],
    )?;
    let third = [
        ("VERSIONCOMMENT", "third: <b>bold</b> & ünicode"),
        ("MPVERSIONMAJOR", "4"),
        ("MPVERSIONMINOR", "2"),
        ("MPVERSIONREVISION", "1"),
    ];
    upload(ben, handbook, "the third edition", &third)?;
    let properties = [
        ("path", handbook),
        ("newDocumentName", "handbook.md"),
        ("newDescription", "how we work"),
        ("newUpdateInstructions", "ask Ben"),
        ("newDocumentSource", "the wiki"),
        ("newDocumentLanguage", "English"),
        ("newDocumentAuthor", "the team"),
    ];
    anna.must("UpdateDocumentProperties1", &properties)?;
    set_list(anna, handbook, HANDBOOK_LIST)?;
    let owner = [
        ("Path", handbook),
        ("NewOwnerUserName", "carl"),
        ("ApplytoTree", "0"),
    ];
    anna.must("SetOwner", &owner).map(drop)
}

fn documents(anna: &Client, ben: &Client) -> anyhow::Result<()> {
    let dates = [
        ("DESCRIPTION", "of another century"),
        ("CREATIONDATE", "1999-12-31T23:59:58Z"),
        ("MODIFICATIONDATE", "2001-02-03T04:05:06Z"),
    ];
    upload(ben, "/Lib/Team/draft.txt", "published", &dates)?;
    upload(
        ben,
        "/Lib/Team/draft.txt",
        "not yet",
        &[("PUBLISHOPTION", "DontPublish")],
    )?;
    upload(ben, "/Lib/Team/empty.txt", "something", &[])?;
    upload(ben, "/Lib/Team/empty.txt", "", &[("VERSIONCOMMENT", "emptied")])?;
    upload(ben, "/Lib/Team/plan.md", "a plan", &[])?;
    ben.must("Lock", &[("Path", "/Lib/Team/plan.md")])?;
    let shortcut = [
        ("Path", "/Lib/Deep/er/est/handbook.lnk"),
        ("TargetDocumentPath", HANDBOOK),
    ];
    anna.must("CreateDocumentShortcut", &shortcut)?;
    let address = [
        ("Path", "/Lib/Team/home"),
        ("AddressURL", "https://example.org/a?b=c&d=e"),
    ];
    anna.must("CreateURL", &address)?;
    Ok(())
}

fn upload(client: &Client, path: &str, text: &str, options: &[(&str, &str)]) -> anyhow::Result<()> {
    let items = options.iter().map(|(name, value)| {
        let value = quick_xml::escape::escape(*value);
        format!("<item NAME=\"{name}\" VALUE=\"{value}\"/>")
    });
    let options = format!("<xmlparameters>{}</xmlparameters>", items.collect::<String>());
    let content = STANDARD.encode(text);
    let parameters = [
        ("path", path),
        ("fileContent", content.as_str()),
        ("xmlParameters", &options),
    ];
    client.must("UploadDocument4", &parameters).map(drop)
}

fn set_list(client: &Client, path: &str, list: &str) -> anyhow::Result<()> {
    let parameters = [("Path", path), ("AccessListXML", list), ("ApplyToTree", "0")];
    client.must("SetAccessList", &parameters).map(drop)
}
