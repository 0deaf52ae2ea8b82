//! A furnished house: made once, copied for each case, so that cases cannot disturb each other.

use crate::call::{Transport, call};
use axum::Router;
use holdall_asmx::AsmxOptions;
use holdall_blobs::{BlobOptions, Blobs};
use holdall_catalog::{Catalog, CatalogOptions};
use holdall_model::{Clock, ItemRef, ManualClock, Timestamp};
use holdall_services::{ServiceOptions, Services, TrustedPassword};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// 2026-01-02 03:04:05 UTC.
const START: Timestamp = Timestamp(1_767_323_045_000);

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What a trusted server says.
const TRUSTED_PASSWORD: &str = "a secret of servers";

/// A house of its own, with the tickets of its people.
pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) services: Services,
    pub(crate) tickets: BTreeMap<String, String>,
    clock: Arc<ManualClock>,
    directory: TempDir,
}

struct Template {
    directory: TempDir,
    tickets: BTreeMap<String, String>,
}

static TEMPLATE: OnceCell<Template> = OnceCell::const_new();

impl World {
    /// A fresh copy of the furnished house.
    pub(crate) async fn new() -> Self {
        let template = TEMPLATE.get_or_init(furnish).await;
        let directory = temporary_directory();
        copy(template.directory.path(), directory.path());
        Self::open(directory, template.tickets.clone()).await
    }

    async fn open(directory: TempDir, tickets: BTreeMap<String, String>) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        let (router, services) = open(directory.path(), &clock).await;
        Self {
            router,
            services,
            tickets,
            clock,
            directory,
        }
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, duration: Duration) {
        self.clock.advance(duration);
    }

    /// Where the house keeps its data.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Takes a library offline.
    pub(crate) async fn archive(&self, library: &str) {
        let operator = self.services.sessions.operator("ada").await.unwrap();
        self.services
            .libraries
            .set_archived(&operator, library, true)
            .await
            .unwrap();
    }

    /// Checks a document out.
    pub(crate) async fn lock(&self, document: &str, holder: &str) {
        let holder = self.services.sessions.operator(holder).await.unwrap();
        let document = ItemRef::parse(document).unwrap();
        self.services.documents.lock(&holder, &document).await.unwrap();
    }

    /// The answer's bytes, over GET.
    pub(crate) async fn get(&self, operation: &str, user: &str, arguments: &[(&str, &str)]) -> String {
        let arguments: Vec<(String, String)> = arguments
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let ticket = self.tickets.get(user).map(String::as_str);
        let answer = call(&self.router, Transport::Get, operation, ticket, &arguments).await;
        String::from_utf8_lossy(&answer.body).into_owned()
    }

    /// As [`Self::get`], and it must succeed.
    pub(crate) async fn must(&self, operation: &str, user: &str, arguments: &[(&str, &str)]) -> String {
        let answer = self.get(operation, user, arguments).await;
        assert!(
            answer.contains("success=\"true\""),
            "{operation} {arguments:?}: {answer}"
        );
        answer
    }
}

/// In memory where there is such a place: each of the many houses syncs its files.
fn temporary_directory() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory).unwrap()
    } else {
        TempDir::new().unwrap()
    }
}

async fn open(directory: &Path, clock: &Arc<ManualClock>) -> (Router, Services) {
    let catalog = Catalog::open(CatalogOptions::Sqlite {
        path: directory.join("catalog.sqlite"),
    })
    .unwrap();
    let blobs = Blobs::open(
        &directory.join("blobs"),
        BlobOptions {
            threads: 1,
            ..BlobOptions::default()
        },
    )
    .unwrap();
    let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(clock);
    let service_options = ServiceOptions {
        trusted_password: Some(TrustedPassword::new(TRUSTED_PASSWORD).unwrap()),
        ..ServiceOptions::new(directory.join("uploads"))
    };
    let services = Services::open(catalog, blobs, Arc::clone(&shared), service_options)
        .await
        .unwrap();
    let options = AsmxOptions {
        time_zone: Some("UTC".to_owned()),
        company: "Example".to_owned(),
        clock: shared,
        ..AsmxOptions::default()
    };
    (holdall_asmx::router(services.clone(), options), services)
}

/// The value of an attribute of an answer's first element that has it.
pub(crate) fn attribute(answer: &str, name: &str) -> Option<String> {
    let (_, rest) = answer.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}

async fn furnish() -> Template {
    let directory = temporary_directory();
    fs::create_dir_all(directory.path().join("blobs")).unwrap();
    fs::create_dir_all(directory.path().join("uploads")).unwrap();
    let mut world = World::open(directory, BTreeMap::new()).await;
    world
        .services
        .people
        .create_administrator("ada", PASSWORD)
        .await
        .unwrap();
    world.log_in("ada").await;
    for library in ["Lib", "Other"] {
        let arguments = [
            ("DomainName", library),
            ("Anonymous", "false"),
            ("Hidden", "false"),
        ];
        world.must("CreateDomain", "ada", &arguments).await;
    }
    for user in ["kim", "eve", "rob"] {
        world.add_user(user).await;
    }
    world
        .must(
            "AddUserAsDomainMember",
            "ada",
            &[("DomainName", "Lib"), ("UserName", "kim")],
        )
        .await;
    world
        .must(
            "AddUserAsDomainMember",
            "ada",
            &[("DomainName", "Lib"), ("UserName", "rob")],
        )
        .await;
    world.furnish_library().await;
    let World {
        tickets, directory, ..
    } = world;
    Template { directory, tickets }
}

impl World {
    async fn add_user(&mut self, login: &str) {
        let arguments = [
            ("UserName", login),
            ("FirstName", "First"),
            ("LastName", login),
            ("EmailAddress", "someone@example.org"),
            ("Password", PASSWORD),
            ("ReadOnlyUser", if login == "rob" { "1" } else { "0" }),
            ("AuthenticationSource", "native"),
        ];
        self.must("CreateUser", "ada", &arguments).await;
        self.log_in(login).await;
    }

    async fn log_in(&mut self, login: &str) {
        let answer = self
            .get("AuthenticateUser", "", &[("UID", login), ("PWD", PASSWORD)])
            .await;
        let ticket = attribute(&answer, "ticket").unwrap_or_else(|| panic!("{answer}"));
        self.tickets.insert(login.to_owned(), ticket);
    }

    /// In `/Lib`, kim may change `Plans`, create but not read in `Drop`, list but not read in `Shown`, and see nothing of `Hidden`.
    async fn furnish_library(&self) {
        for folder in ["Plans", "Plans/2024", "Plans/Empty", "Drop", "Shown", "Hidden"] {
            self.must("CreateFolder", "ada", &[("Path", &format!("/Lib/{folder}"))])
                .await;
        }
        for (path, text) in [
            ("Plans/a.txt", "alpha"),
            ("Plans/b & ü.txt", "beta"),
            ("Plans/2024/c.txt", "gamma"),
            ("Plans/empty.txt", ""),
            ("Shown/secret.txt", "secret"),
            ("Hidden/hidden.txt", "hidden"),
        ] {
            let content = base64(text);
            self.must(
                "UploadDocument",
                "ada",
                &[("path", &format!("/Lib/{path}")), ("fileContent", &content)],
            )
            .await;
        }
        for (folder, right) in [("Plans", "5"), ("Drop", "3"), ("Shown", "1"), ("Hidden", "0")] {
            let list = format!("<AccessList><User UserName=\"kim\" Right=\"{right}\"/></AccessList>");
            let arguments = [
                ("Path", &*format!("/Lib/{folder}")),
                ("AccessListXML", &list),
                ("ApplyToTree", "0"),
            ];
            self.must("SetAccessList", "ada", &arguments).await;
        }
    }
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
