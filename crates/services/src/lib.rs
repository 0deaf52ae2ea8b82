//! What the product does, in no protocol's words. Edges hold [`Services`] and see nothing below it.
//!
//! Each service is a cheap handle over one shared house: the catalog, the blobs, the clock and the caches.

mod access;
mod caller;
mod documents;
mod downloads;
mod failure;
mod folders;
mod house;
mod imports;
mod kept;
mod libraries;
mod people;
mod sessions;
mod settings;
mod staging;
mod upkeep;
mod uploads;

pub use access::{Access, AccessListView, DocumentAction, FolderAction, Grant, Grantee};
pub use caller::Caller;
pub use documents::logs::{CheckInView, LogPeriod, Logs, UserViewing, VersionViewing};
pub use documents::{
    Checksums, ContentBody, ContentFacts, DescribedView, DocumentContent, DocumentOptions, DocumentView,
    Documents, Keep, LockView, MediaType, NewDocument, NewProperties, NotLocked, OpenContent, Stored,
    StoredOf, VersionView, media_types,
};
pub use downloads::{
    Chunk, Delivered, DeliveryStatus, Door, DownloadBody, Downloads, LinkOptions, LinkView, Links,
    ListedDownload, MadeLink, Manifest, ManifestDocument, ManifestEntry, ManifestPart, OpenDownload, Receipt,
    ReceiptLines, SentNote, Visitor,
};
pub use failure::{Conflict, Failure, Skip, SkipReason, Thing};
pub use folders::{
    BinItem, BinItemView, Children, Contents, ContentsWanted, DeletionAction, DeletionView, Described,
    Destination, DocumentLine, FolderChange, FolderLine, FolderRules, FolderView, Folders, ItemIds, Lines,
    Listing, ListingRest, ListingWanted, Moves, NameFilter, Page, Parts, PartsWanted, Position, RecycleBin,
    Rule, RulesChange, TreePage, TreeStatistics, TreeStep, TreeWalk,
};
pub use holdall_catalog::audit::RecordedDeed;
pub use house::ServiceOptions;
pub use imports::{
    Accounts, BroughtDocument, BroughtFolder, BroughtIn, BroughtList, BroughtMembers, BroughtShortcut,
    BroughtVersion, FolderContents, Ground, History, ImportEvent, ImportFile, ImportFolder, ImportSummary,
    ImportTree, Imports, KnownItem, KnownVersion, LeftOut, LeftOutReason, NotBrought, OnExisting, OpenSource,
    PlacedFolder,
};
pub use kept::{Kept, KeptItems, Recent};
pub use libraries::{Libraries, Library, LibraryMembers, NewLibrary};
pub use people::{
    GroupName, GroupView, NewUser, Notification, People, Preferences, ProfileChange, SHORTEST_PASSWORD,
    UserDetails, UserView,
};
pub use sessions::answers::{Answers, Begun, KeyedCall, Running};
pub use sessions::{OwnSession, Profile, Sessions, SignedIn, TrustedPassword};
pub use settings::{GeneralSettings, Holiday, Settings, Statistics, WorkHours};
pub use staging::{
    OnTrouble, Preview, Renamed, StageOptions, Staged, StagedDocument, Staging, StagingLimits,
};
pub use upkeep::{Ailment, Expired, Health, Upkeep};
pub use uploads::{
    Announcement, Appended, Checksum, ChecksumMethod, ReceivedChunk, UploadStarted, UploadState, Uploads,
};

use holdall_blobs::Blobs;
use holdall_catalog::Catalog;
use holdall_model::Clock;
use house::House;
use std::sync::Arc;

/// Everything the product does. Clones share one house.
#[derive(Clone, Debug)]
pub struct Services {
    /// Tickets: who is who.
    pub sessions: Sessions,
    /// Libraries and their members.
    pub libraries: Libraries,
    /// Folders.
    pub folders: Folders,
    /// Where items lie: moving and copying.
    pub moves: Moves,
    /// What was deleted.
    pub recycle_bin: RecycleBin,
    /// Documents and their versions.
    pub documents: Documents,
    /// Users and groups.
    pub people: People,
    /// Access lists.
    pub access: Access,
    /// Each user's basket of items.
    pub queue: Kept,
    /// Each user's favourites.
    pub favorites: Kept,
    /// What each user stored or opened last.
    pub recent: Recent,
    /// Documents on their way in.
    pub uploads: Uploads,
    /// Whole directories on their way in.
    pub imports: Imports,
    /// Archives to be.
    pub staging: Staging,
    /// Archives and documents on their way out.
    pub downloads: Downloads,
    /// Signed links to them.
    pub links: Links,
    /// Answers that are given again.
    pub answers: Answers,
    /// What administrators set.
    pub settings: Settings,
    /// Who viewed documents, and what came in.
    pub logs: Logs,
    /// Whether the house can do its work.
    pub health: Health,
    /// The chores.
    pub upkeep: Upkeep,
}

impl Services {
    /// Opens the house over its stores. A new house gets its built-in administrator, who has no password, and the group of
    /// administrators.
    pub async fn open(
        catalog: Catalog,
        blobs: Blobs,
        clock: Arc<dyn Clock>,
        options: ServiceOptions,
    ) -> Result<Self, Failure> {
        let house = Arc::new(House::new(catalog, blobs, clock, options));
        people::seed(&house).await?;
        let sessions = Sessions::new(Arc::clone(&house));
        let uploads = Uploads::new(Arc::clone(&house));
        let downloads = Downloads::new(Arc::clone(&house));
        let links = Links::open(Arc::clone(&house), downloads.clone(), sessions.clone()).await?;
        Ok(Self {
            libraries: Libraries::new(Arc::clone(&house)),
            folders: Folders::new(Arc::clone(&house)),
            moves: Moves::new(Arc::clone(&house)),
            recycle_bin: RecycleBin::new(Arc::clone(&house)),
            documents: Documents::new(Arc::clone(&house)),
            people: People::new(Arc::clone(&house)),
            access: Access::new(Arc::clone(&house)),
            queue: Kept::queue(Arc::clone(&house)),
            favorites: Kept::favorites(Arc::clone(&house)),
            recent: Recent::new(Arc::clone(&house)),
            imports: Imports::new(Arc::clone(&house)),
            staging: Staging::new(Arc::clone(&house), downloads.clone()),
            answers: Answers::new(Arc::clone(&house)),
            settings: Settings::new(Arc::clone(&house)),
            logs: Logs::new(Arc::clone(&house)),
            health: Health::new(Arc::clone(&house)),
            upkeep: Upkeep::new(house, downloads.clone(), uploads.clone(), sessions.clone()),
            sessions,
            uploads,
            downloads,
            links,
        })
    }
}
