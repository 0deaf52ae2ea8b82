//! A house with one library, `Lib`, managed by the user `owner`, for the tests of what lies in libraries.

use holdall_blobs::{BlobOptions, Blobs, StoredBlob};
use holdall_catalog::{Catalog, CatalogOptions};
use holdall_model::{Clock, ItemPath, ItemRef, ManualClock, Right, Timestamp, VersionNumber};
use holdall_services::{
    Caller, DocumentOptions, Failure, FolderView, GeneralSettings, Grant, Grantee, NewUser, ServiceOptions,
    Services, Stored,
};
use http_body_util::BodyExt as _;
use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) struct Ground {
    pub(crate) services: Services,
    pub(crate) owner: Caller,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) administrator: Caller,
    blobs: Blobs,
    directory: TempDir,
}

pub(crate) fn item(text: &str) -> ItemRef {
    ItemRef::parse(text).unwrap()
}

pub(crate) fn path(text: &str) -> ItemPath {
    ItemPath::parse(text)
}

impl Ground {
    pub(crate) async fn new() -> Self {
        Self::open(
            tempfile::tempdir().unwrap(),
            Arc::new(ManualClock::at(Timestamp(1_700_000_000_000))),
        )
        .await
    }

    async fn open(directory: TempDir, clock: Arc<ManualClock>) -> Self {
        let sqlite = CatalogOptions::Sqlite {
            path: directory.path().join("catalog.sqlite"),
        };
        let catalog = Catalog::open(sqlite).unwrap();
        let blobs = Blobs::open(&directory.path().join("blobs"), BlobOptions::default()).unwrap();
        let options = ServiceOptions::new(directory.path().to_owned());
        let time: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let services = Services::open(catalog, blobs.clone(), time, options)
            .await
            .unwrap();
        let first = services.sessions.first_administrator().await.unwrap();
        let administrator = match first {
            Some(administrator) => administrator,
            None => Self::furnish(&services).await,
        };
        let owner = services.sessions.operator("owner").await.unwrap();
        services.libraries.ensure("Lib", &owner).await.unwrap();
        Self {
            services,
            owner,
            clock,
            administrator,
            blobs,
            directory,
        }
    }

    async fn furnish(services: &Services) -> Caller {
        services
            .people
            .create_administrator("admin", "correct horse battery")
            .await
            .unwrap();
        let administrator = services.sessions.operator("admin").await.unwrap();
        services
            .people
            .create_user(
                &administrator,
                NewUser {
                    login: "owner".to_owned(),
                    ..NewUser::default()
                },
            )
            .await
            .unwrap();
        administrator
    }

    /// Lets go of everything and opens the same directory again, as after a crash between two calls.
    pub(crate) async fn restart(self) -> Self {
        let Self {
            services,
            clock,
            directory,
            blobs,
            ..
        } = self;
        services.logs.settle().await;
        drop((services, blobs));
        Self::open(directory, clock).await
    }

    pub(crate) async fn user(&self, login: &str) -> Caller {
        let user = NewUser {
            login: login.to_owned(),
            ..NewUser::default()
        };
        self.services
            .people
            .create_user(&self.administrator, user)
            .await
            .unwrap();
        self.services.sessions.operator(login).await.unwrap()
    }

    pub(crate) async fn member(&self, login: &str) -> Caller {
        let caller = self.user(login).await;
        self.services
            .libraries
            .add_member(&self.owner, "Lib", login)
            .await
            .unwrap();
        caller
    }

    pub(crate) async fn grant(&self, text: &str, who: Grantee, right: Right) {
        let grants = vec![Grant { who, right }];
        self.services
            .access
            .set_access_list(&self.owner, &item(text), grants, false)
            .await
            .unwrap();
    }

    pub(crate) async fn archive_library(&self) {
        self.services
            .libraries
            .set_archived(&self.administrator, "Lib", true)
            .await
            .unwrap();
    }

    pub(crate) async fn limit_documents(&self, document_max_len: u64) {
        let settings = GeneralSettings {
            document_max_len,
            ..GeneralSettings::default()
        };
        self.services
            .settings
            .set_general(&self.administrator, settings)
            .await
            .unwrap();
    }

    pub(crate) async fn folder(&self, text: &str) -> FolderView {
        self.services
            .folders
            .create(&self.owner, &path(text))
            .await
            .unwrap()
    }

    pub(crate) async fn put(&self, text: &str, content: &str) -> Stored {
        self.put_with(text, content, DocumentOptions::default())
            .await
            .unwrap()
    }

    pub(crate) async fn put_bytes(&self, text: &str, content: Vec<u8>) -> Stored {
        let options = DocumentOptions::default();
        self.services
            .uploads
            .put(&self.owner, &path(text), Cursor::new(content), options)
            .await
            .unwrap()
    }

    pub(crate) async fn put_with(
        &self,
        text: &str,
        content: &str,
        options: DocumentOptions,
    ) -> Result<Stored, Failure> {
        self.put_as(&self.owner, text, content, options).await
    }

    pub(crate) async fn put_as(
        &self,
        caller: &Caller,
        text: &str,
        content: &str,
        options: DocumentOptions,
    ) -> Result<Stored, Failure> {
        let content = Cursor::new(content.as_bytes().to_vec());
        self.services
            .uploads
            .put(caller, &path(text), content, options)
            .await
    }

    /// Content in the blob store that the catalog does not know.
    pub(crate) fn store_blob(&self, content: &[u8]) -> StoredBlob {
        self.blobs.put(content, &|_digest| None).unwrap().blob
    }

    pub(crate) async fn bytes(&self, text: &str) -> Result<Vec<u8>, Failure> {
        self.bytes_as(&self.owner, text, None).await
    }

    pub(crate) async fn text(&self, text: &str, version: Option<VersionNumber>) -> Result<String, Failure> {
        self.text_as(&self.owner, text, version).await
    }

    pub(crate) async fn text_as(
        &self,
        caller: &Caller,
        text: &str,
        version: Option<VersionNumber>,
    ) -> Result<String, Failure> {
        let bytes = self.bytes_as(caller, text, version).await?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    async fn bytes_as(
        &self,
        caller: &Caller,
        text: &str,
        version: Option<VersionNumber>,
    ) -> Result<Vec<u8>, Failure> {
        let content = self
            .services
            .documents
            .content(caller, &item(text), version)
            .await?;
        let bytes = content.body.collect().await?.to_bytes().to_vec();
        assert_eq!(
            (content.raw_len, content.crc32),
            (len(&bytes), crc32fast::hash(&bytes))
        );
        Ok(bytes)
    }

    /// The files of unfinished uploads.
    pub(crate) fn spools(&self) -> Vec<PathBuf> {
        files(&self.directory.path().join("uploads"))
    }

    /// Appends to every spool what a crash in the middle of a chunk leaves behind.
    pub(crate) fn tear_spools(&self, tail: &[u8]) {
        for spool in self.spools() {
            let torn = [fs::read(&spool).unwrap(), tail.to_vec()].concat();
            fs::write(spool, torn).unwrap();
        }
    }

    pub(crate) fn overwrite_spools(&self, content: &[u8]) {
        for spool in self.spools() {
            fs::write(spool, content).unwrap();
        }
    }

    pub(crate) fn orphan_spool(&self, number: u64) {
        fs::write(
            self.directory.path().join(format!("uploads/{number}.part")),
            "orphan",
        )
        .unwrap();
    }

    pub(crate) fn packs(&self) -> Vec<PathBuf> {
        let packs = self.directory.path().join("blobs/packs");
        let mut found: Vec<PathBuf> = files(&packs).iter().flat_map(|below| files(below)).collect();
        found.sort();
        found
    }

    /// Changes the first byte of every pack.
    pub(crate) fn damage_packs(&self) {
        for pack in self.packs() {
            let mut bytes = fs::read(&pack).unwrap();
            if let Some(first) = bytes.first_mut() {
                *first ^= 0x40;
            }
            let mut permissions = fs::metadata(&pack).unwrap().permissions();
            permissions.set_mode(0o600);
            fs::set_permissions(&pack, permissions).unwrap();
            fs::write(&pack, bytes).unwrap();
        }
    }
}

fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default()
}
