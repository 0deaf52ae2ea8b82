//! Links: signed addresses that open a download without a session, with the rights of who made them.
//!
//! A link dies with its download, its expiry, its uses, its maker's account or right, and when it is revoked. Whoever comes with
//! one that does not hold, for whatever reason, gets [`Failure::NoSuchLink`] and nothing else.

mod networks;
mod token;

use super::{Door, Downloads, OpenDownload};
use crate::house::House;
use crate::sessions::Sessions;
use crate::sessions::secrets::sha256;
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_catalog::audit::{self, Deed};
use holdall_catalog::links::{self as rows, FoundLink, LinkRow};
use holdall_model::{Digest, DownloadId, Guid, LinkId, Timestamp, UserId};
use networks::Networks;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use token::Key;

/// How long a link lasts when nothing is said: a day.
const LIFETIME: Duration = Duration::from_hours(24);

/// How long the requests of one visitor count as one use.
const USE: Duration = Duration::from_hours(24);

/// How many live links a user may have.
const MOST_LINKS: u64 = 1_000;

/// The longest file name, in bytes.
const MOST_NAME_LEN: usize = 255;

/// The signed links of all users.
#[derive(Clone, Debug)]
pub struct Links {
    house: Arc<House>,
    downloads: Downloads,
    sessions: Sessions,
    key: Arc<Key>,
}

/// How a link should be.
#[derive(Clone, Default)]
pub struct LinkOptions {
    /// How long it lasts, whole seconds; a day without it. Never longer than the download.
    pub lasts: Option<Duration>,
    /// What who uses it must know, 8 to 1,024 characters.
    pub password: Option<String>,
    /// How often it may be used.
    pub uses: Option<u64>,
    /// The networks it may be used from; empty for all.
    pub addresses: Vec<String>,
    /// The file name in its address; that of the download without it.
    pub name: Option<String>,
}

impl fmt::Debug for LinkOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LinkOptions")
            .field("lasts", &self.lasts)
            .field("uses", &self.uses)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}

/// A link as its maker sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// Its id.
    pub id: LinkId,
    /// The number of the download it opens.
    pub download: DownloadId,
    /// The file name in its address.
    pub name: String,
    /// Whether it wants a password.
    pub has_password: bool,
    /// How often it may be used.
    pub uses: Option<u64>,
    /// How often it was used.
    pub used: u64,
    /// The networks it may be used from; empty for all.
    pub addresses: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
}

/// A link that was just made.
pub struct MadeLink {
    /// The secret part of its address. It cannot be had again.
    pub token: String,
    /// The link.
    pub view: LinkView,
}

impl fmt::Debug for MadeLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MadeLink")
            .field("view", &self.view)
            .finish_non_exhaustive()
    }
}

/// Who comes with a link.
#[derive(Clone, Copy)]
pub struct Visitor<'a> {
    /// From where.
    pub address: Option<IpAddr>,
    /// What the client calls itself.
    pub agent: &'a str,
    /// The password, if there was one.
    pub password: Option<&'a str>,
    /// Whether bytes are wanted, which counts as a use, or headers only.
    pub takes: bool,
}

impl fmt::Debug for Visitor<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Visitor")
            .field("address", &self.address)
            .field("takes", &self.takes)
            .finish_non_exhaustive()
    }
}

impl Links {
    /// The links of the house. The key that signs them is made on the first start and shared by all nodes.
    pub(crate) async fn open(
        house: Arc<House>,
        downloads: Downloads,
        sessions: Sessions,
    ) -> Result<Self, Failure> {
        let mut fresh = [0; Key::LEN];
        getrandom::fill(&mut fresh).map_err(Failure::internal)?;
        let key = house
            .catalog
            .write(move |tx: &mut Tx<'_>| rows::shared_key(tx, "links", &fresh))
            .await?;
        Ok(Self {
            house,
            downloads,
            sessions,
            key: Arc::new(Key::new(key)),
        })
    }

    /// Makes a link to a download of the caller. Fails as opening the download does, with [`Failure::Invalid`] for what is out of its
    /// bounds and [`Failure::QuotaReached`] for too many links.
    pub async fn create(
        &self,
        caller: &Caller,
        handle: &Guid,
        options: LinkOptions,
    ) -> Result<MadeLink, Failure> {
        let open = self.downloads.open(caller, handle).await?;
        let now = self.house.clock.now();
        let expires = now.plus(options.lasts.unwrap_or(LIFETIME)).min(open.ends());
        let networks = Networks::parse(&options.addresses)?;
        let name = checked_name(options.name, open.file_name())?;
        let password_hash = match options.password {
            Some(password) => self.house.passwords.hash(password).await?,
            None => String::new(),
        };
        if options.uses == Some(0) {
            return Err(Failure::invalid("uses", "it must be 1 at least"));
        }
        let (token, secret) = self.key.sign(expires)?;
        let link = rows::NewLink {
            secret,
            download: open.number(),
            user: caller.user(),
            name,
            password_hash,
            most_uses: options.uses.unwrap_or(0),
            addresses: networks.to_string(),
            created: now,
            expires,
        };
        let view = self
            .house
            .catalog
            .write(move |tx: &mut Tx<'_>| insert(tx, &link))
            .await?;
        Ok(MadeLink { token, view })
    }

    /// The live links to a download of the caller, the latest first.
    pub async fn of_download(&self, caller: &Caller, handle: &Guid) -> Result<Vec<LinkView>, Failure> {
        let download = self.downloads.open(caller, handle).await?.number();
        let now = self.house.clock.now();
        let list = move |tx: &mut Tx<'_>| rows::of_download(tx, download, now);
        let links = self.house.catalog.read(list).await?;
        Ok(links.into_iter().map(LinkView::of).collect())
    }

    /// The caller's live links with ids below `before`, the latest first.
    pub async fn list(&self, caller: &Caller, before: LinkId, most: u64) -> Result<Vec<LinkView>, Failure> {
        let whose = (caller.user(), self.house.clock.now());
        let list = move |tx: &mut Tx<'_>| rows::of_user(tx, whose, before, most);
        let links = self.house.catalog.read(list).await?;
        Ok(links.into_iter().map(LinkView::of).collect())
    }

    /// Ends a link of the caller at once. [`Failure::NoSuchLink`] when there is none.
    pub async fn revoke(&self, caller: &Caller, link: LinkId) -> Result<(), Failure> {
        let (user, now) = (caller.user(), self.house.clock.now());
        let revoke = move |tx: &mut Tx<'_>| {
            if !rows::revoke(tx, link, user)? {
                return Err(Failure::NoSuchLink);
            }
            note(tx, (user, now), "link revoked", link, "")
        };
        self.house.catalog.write(revoke).await
    }

    /// Opens the download of a link for one request.
    ///
    /// [`Failure::NoSuchLink`] whatever is wrong with it; [`Failure::PasswordWanted`] when the password is missing or wrong, which
    /// is slowed down like logging in. The first request for bytes counts as a use; more of the same address and agent within a day
    /// belong to it.
    pub async fn visit(&self, token: &str, visitor: Visitor<'_>) -> Result<OpenDownload, Failure> {
        let now = self.house.clock.now();
        let secret = self.key.check(token, now).ok_or(Failure::NoSuchLink)?;
        let who = who(&visitor);
        let look = move |tx: &mut Tx<'_>| rows::by_secret(tx, &secret, &who);
        let found = self.house.catalog.read(look).await?.ok_or(Failure::NoSuchLink)?;
        let link = &found.link;
        let may_use = Networks::of_text(&link.addresses).allow(visitor.address);
        let has_use = link.most_uses == 0 || link.used < link.most_uses || is_within_use(&found, now);
        if now >= link.expires || !may_use || !has_use {
            return Err(Failure::NoSuchLink);
        }
        self.prove(link, &visitor).await?;
        let opened = self.downloads.open_of(&found.handle, link.user).await;
        let open = opened.map_err(conceal)?.through(Door::Link);
        if visitor.takes && !is_within_use(&found, now) {
            self.begin_use(&found, who, visitor.address).await?;
        }
        Ok(open)
    }

    async fn prove(&self, link: &LinkRow, visitor: &Visitor<'_>) -> Result<(), Failure> {
        if link.password_hash.is_empty() {
            return Ok(());
        }
        let password = visitor.password.ok_or(Failure::PasswordWanted)?;
        // No login name has a line break.
        let subject = format!("link\n{}", link.id.0);
        let is_right = self
            .sessions
            .prove_secret(&subject, visitor.address, password, &link.password_hash)
            .await?;
        if is_right {
            Ok(())
        } else {
            Err(Failure::PasswordWanted)
        }
    }

    async fn begin_use(
        &self,
        found: &FoundLink,
        who: Digest,
        address: Option<IpAddr>,
    ) -> Result<(), Failure> {
        let (link, user, now) = (found.link.id, found.link.user, self.house.clock.now());
        let address = address.map_or_else(String::new, |address| address.to_canonical().to_string());
        let begin = move |tx: &mut Tx<'_>| {
            if !rows::begin_use(tx, link, &who, now)? {
                return Err(Failure::NoSuchLink);
            }
            note(tx, (user, now), "link used", link, &address)
        };
        self.house.catalog.write(begin).await
    }
}

impl LinkView {
    fn of(row: LinkRow) -> Self {
        Self {
            id: row.id,
            download: row.download,
            name: row.name,
            has_password: !row.password_hash.is_empty(),
            uses: (row.most_uses > 0).then_some(row.most_uses),
            used: row.used,
            addresses: row.addresses.split_whitespace().map(str::to_owned).collect(),
            created: row.created,
            expires: row.expires,
        }
    }
}

fn insert(tx: &mut Tx<'_>, link: &rows::NewLink) -> Result<LinkView, Failure> {
    if rows::count(tx, link.user, link.created)? >= MOST_LINKS {
        return Err(Failure::QuotaReached {
            what: "links",
            most: MOST_LINKS,
        });
    }
    let id = rows::insert(tx, link)?;
    let download = format!("download {}", link.download.0);
    note(tx, (link.user, link.created), "link made", id, &download)?;
    Ok(LinkView::of(LinkRow {
        id,
        download: link.download,
        user: link.user,
        name: link.name.clone(),
        password_hash: link.password_hash.clone(),
        most_uses: link.most_uses,
        used: 0,
        addresses: link.addresses.clone(),
        created: link.created,
        expires: link.expires,
    }))
}

fn note(
    tx: &mut Tx<'_>,
    (user, at): (UserId, Timestamp),
    action: &str,
    link: LinkId,
    detail: &str,
) -> Result<(), Failure> {
    let deed = Deed {
        at,
        user,
        action,
        subject: &format!("link {}", link.0),
        detail,
    };
    audit::record(tx, deed)?;
    Ok(())
}

/// The name in the address: a segment of a path that no system takes for something else.
fn checked_name(name: Option<String>, otherwise: &str) -> Result<String, Failure> {
    let name = name.unwrap_or_else(|| otherwise.to_owned());
    let is_fine = !name.is_empty()
        && name.len() <= MOST_NAME_LEN
        && !matches!(name.as_str(), "." | "..")
        && !name
            .chars()
            .any(|character| character.is_control() || "/\\".contains(character));
    if is_fine {
        return Ok(name);
    }
    let problem = format!("it must be a file name of 1 to {MOST_NAME_LEN} bytes");
    Err(Failure::invalid("name", problem))
}

/// Whether the visitor has begun to use the link and may go on.
fn is_within_use(found: &FoundLink, now: Timestamp) -> bool {
    found.began.0 != 0 && now < found.began.plus(USE)
}

/// What stands for a visitor.
fn who(visitor: &Visitor<'_>) -> Digest {
    let address = visitor.address.map(|address| address.to_canonical());
    sha256(format!("{address:?} {}", visitor.agent).as_bytes())
}

/// A visitor learns nothing of why the download is not there.
fn conceal(failure: Failure) -> Failure {
    match failure {
        Failure::NoSuchDownload
        | Failure::DownloadEnded
        | Failure::DownloadRevoked { .. }
        | Failure::SessionExpired => Failure::NoSuchLink,
        other => other,
    }
}
