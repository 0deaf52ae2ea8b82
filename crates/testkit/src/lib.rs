//! A furnished house for tests: real services over stores in a temporary folder, with a clock that stands still.

use holdall_blobs::{BlobOptions, Blobs};
use holdall_catalog::Catalog;
use holdall_catalog::testing::{self, Guard};
use holdall_model::{ItemPath, ItemRef, LibraryId, ManualClock, Right, Timestamp};
use holdall_services::{
    Caller, DocumentOptions, FolderView, Grant, Grantee, GroupName, NewLibrary, NewUser, ServiceOptions,
    Services, Stored,
};
use std::fmt::Debug;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// When a house opens: 2026-01-01 00:00:00 UTC.
pub const OPENING: Timestamp = Timestamp(1_767_225_600_000);

/// The password of [`House::user_with_password`]'s users.
pub const PASSWORD: &str = "correct horse battery";

/// A house with an administrator and nothing else. Its data goes when it does.
#[derive(Debug)]
pub struct House {
    /// What is tested.
    pub services: Services,
    /// Stands still until it is told to move.
    pub clock: Arc<ManualClock>,
    /// An ordinary account in the group of administrators, login name `admin`, without a password.
    pub administrator: Caller,
    /// The name of the database engine.
    pub engine: &'static str,
    only_own_libraries: bool,
    database: Guard,
    directory: TempDir,
}

impl House {
    /// A new house on SQLite.
    pub async fn new() -> Self {
        Self::on("SQLite", testing::sqlite()).await
    }

    /// A new house on SQLite whose users learn only of libraries that are theirs or open.
    pub async fn of_only_own_libraries() -> Self {
        Self::furnished("SQLite", testing::sqlite(), true).await
    }

    /// A new house on each engine: SQLite always, PostgreSQL when the tests are given a server.
    pub async fn on_every_engine() -> Vec<Self> {
        let mut houses = Vec::new();
        for (engine, database) in testing::databases() {
            houses.push(Self::on(engine, database).await);
        }
        houses
    }

    async fn on(engine: &'static str, database: Guard) -> Self {
        Self::furnished(engine, database, false).await
    }

    async fn furnished(engine: &'static str, database: Guard, only_own_libraries: bool) -> Self {
        let directory = must("temporary folder", tempfile::tempdir());
        let clock = Arc::new(ManualClock::at(OPENING));
        let services = open(&database, directory.path(), &clock, only_own_libraries).await;
        let administrator = administrator(&services).await;
        Self {
            services,
            clock,
            administrator,
            engine,
            only_own_libraries,
            database,
            directory,
        }
    }

    /// The same house after a restart.
    pub async fn reopen(self) -> Self {
        let Self {
            services,
            clock,
            administrator,
            engine,
            only_own_libraries,
            database,
            directory,
        } = self;
        drop(services);
        let services = open(&database, directory.path(), &clock, only_own_libraries).await;
        Self {
            services,
            clock,
            administrator,
            engine,
            only_own_libraries,
            database,
            directory,
        }
    }

    /// The folder with everything but the database.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What to open the database with again.
    pub fn database(&self) -> &Guard {
        &self.database
    }

    /// A new user without a password.
    pub async fn user(&self, login: &str) -> Caller {
        self.user_of(NewUser {
            login: login.to_owned(),
            ..NewUser::default()
        })
        .await
    }

    /// A new user with [`PASSWORD`], which takes its time to hash.
    pub async fn user_with_password(&self, login: &str) -> Caller {
        self.user_of(NewUser::named(login, PASSWORD)).await
    }

    /// A new user of any kind.
    pub async fn user_of(&self, user: NewUser) -> Caller {
        let login = user.login.clone();
        must("new user", self.services.people.create_local(user).await);
        must("enabled user", self.services.sessions.operator(&login).await)
    }

    /// A new library with its members; the administrator owns the root folder, and members may read.
    pub async fn library(&self, name: &str, members: &[&Caller]) -> LibraryId {
        let library = self
            .services
            .libraries
            .create(&self.administrator, NewLibrary::named(name))
            .await;
        for member in members {
            let added = self
                .services
                .libraries
                .add_member(&self.administrator, name, member.login())
                .await;
            must("new member", added);
        }
        must("new library", library)
    }

    /// A new library with a manager, who may do everything in it.
    pub async fn library_of(&self, name: &str, manager: &Caller) -> LibraryId {
        let library = self.library(name, &[manager]).await;
        let appointed = self
            .services
            .libraries
            .add_manager(&self.administrator, name, manager.login())
            .await;
        must("manager", appointed);
        library
    }

    /// A new global group with its members.
    pub async fn group(&self, name: &str, members: &[&Caller]) {
        let group = GroupName {
            library: None,
            name: name.to_owned(),
        };
        let people = &self.services.people;
        must(
            "new group",
            people.create_group(&self.administrator, &group).await,
        );
        for member in members {
            let added = people
                .add_group_member(&self.administrator, &group, member.login())
                .await;
            must("new group member", added);
        }
    }

    /// A folder, made with those above it when absent.
    pub async fn folder(&self, caller: &Caller, folder: &str) -> FolderView {
        must(
            "folder",
            self.services.folders.create(caller, &path(folder)).await,
        )
    }

    /// A document, or its next version.
    pub async fn document(&self, caller: &Caller, document: &str, content: &[u8]) -> Stored {
        let content = Cursor::new(content.to_vec());
        let stored = self
            .services
            .uploads
            .put(caller, &path(document), content, DocumentOptions::default())
            .await;
        must("document", stored)
    }

    /// Sets an access list.
    pub async fn grant(&self, caller: &Caller, at: &str, grants: &[(Grantee, Right)]) {
        let grants = grants
            .iter()
            .map(|(who, right)| Grant {
                who: who.clone(),
                right: *right,
            })
            .collect();
        let set = self
            .services
            .access
            .set_access_list(caller, &item(at), grants, false)
            .await;
        must("access list", set);
    }
}

/// A user as access lists name one.
pub fn user(login: &str) -> Grantee {
    Grantee::User {
        library: None,
        login: login.to_owned(),
    }
}

/// A global group as access lists name one.
pub fn group(name: &str) -> Grantee {
    Grantee::Group {
        library: None,
        name: name.to_owned(),
    }
}

/// A path or a short id.
pub fn item(text: &str) -> ItemRef {
    must("path or a short id", ItemRef::parse(text))
}

/// A path.
pub fn path(text: &str) -> ItemPath {
    ItemPath::parse(text)
}

async fn open(
    database: &Guard,
    directory: &Path,
    clock: &Arc<ManualClock>,
    only_own_libraries: bool,
) -> Services {
    let catalog = must("catalog", Catalog::open(database.options()));
    let blobs = must(
        "blob store",
        Blobs::open(&directory.join("blobs"), BlobOptions::default()),
    );
    let options = ServiceOptions {
        only_own_libraries,
        ..ServiceOptions::new(directory.to_owned())
    };
    let clock = Arc::clone(clock);
    must("services", Services::open(catalog, blobs, clock, options).await)
}

async fn administrator(services: &Services) -> Caller {
    let built_in = must(
        "built-in administrator",
        services.sessions.operator("sysadmin").await,
    );
    let user = NewUser {
        login: "admin".to_owned(),
        ..NewUser::default()
    };
    must("administrator", services.people.create_local(user).await);
    let group = GroupName {
        library: None,
        name: "Administrators".to_owned(),
    };
    must(
        "administrator",
        services.people.add_group_member(&built_in, &group, "admin").await,
    );
    must("administrator", services.sessions.operator("admin").await)
}

#[expect(clippy::panic, reason = "a test whose house cannot be furnished must fail")]
fn must<T, E: Debug>(what: &str, outcome: Result<T, E>) -> T {
    match outcome {
        Ok(done) => done,
        Err(why) => panic!("no {what}: {why:?}"),
    }
}
