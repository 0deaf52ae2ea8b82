//! Links that open downloads without a session, who used them, and the key that signs them.

use crate::{CatalogError, Counter, Row, Tx, Value};
use holdall_model::{Digest, DownloadId, LinkId, Timestamp, UserId};

macro_rules! columns {
    () => {
        "l.id, l.download_id, l.user_id, l.name, l.password_hash, l.most_uses, l.used, l.addresses, l.created_at, l.expires_at"
    };
}

const KEEP_KEY: &str = "INSERT INTO server_keys (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const KEY: &str = "SELECT value FROM server_keys WHERE name = $1";
const INSERT: &str = "INSERT INTO links (id, secret_digest, download_id, user_id, name, password_hash, most_uses, used, \
     addresses, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10)";
const COUNT: &str = "SELECT COUNT(*) FROM links WHERE user_id = $1 AND expires_at > $2";
const BY_SECRET: &str = concat!(
    "SELECT ",
    columns!(),
    ", d.handle_digest, COALESCE(u.began_at, 0) FROM links l JOIN downloads d ON d.id = l.download_id \
     LEFT JOIN link_uses u ON u.link_id = l.id AND u.visitor = $2 WHERE l.secret_digest = $1"
);
const OF_USER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM links l JOIN downloads d ON d.id = l.download_id WHERE l.user_id = $1 AND l.expires_at > $2 AND l.id < $3 \
     ORDER BY l.id DESC LIMIT $4"
);
const OF_DOWNLOAD: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM links l WHERE l.download_id = $1 AND l.expires_at > $2 ORDER BY l.id DESC"
);
const USE: &str = "UPDATE links SET used = used + 1 WHERE id = $1 AND (most_uses = 0 OR used < most_uses)";
const NOTE_USE: &str = "INSERT INTO link_uses (link_id, visitor, began_at) VALUES ($1, $2, $3) \
     ON CONFLICT (link_id, visitor) DO UPDATE SET began_at = excluded.began_at";
const REVOKE: &str = "DELETE FROM links WHERE id = $1 AND user_id = $2";
const EXPIRE: &str = "DELETE FROM links WHERE expires_at <= $1 \
     OR NOT EXISTS (SELECT 1 FROM downloads d WHERE d.id = links.download_id)";
const FORGET_USES: &str =
    "DELETE FROM link_uses WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.id = link_uses.link_id)";

pub(crate) const STATEMENTS: &[&str] = &[
    KEEP_KEY,
    KEY,
    INSERT,
    COUNT,
    BY_SECRET,
    OF_USER,
    OF_DOWNLOAD,
    USE,
    NOTE_USE,
    REVOKE,
    EXPIRE,
    FORGET_USES,
];

/// A link to remember.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The SHA-256 of its secret.
    pub secret: Digest,
    /// The download it opens.
    pub download: DownloadId,
    /// Who made it, and whose rights it has.
    pub user: UserId,
    /// The file name in its address.
    pub name: String,
    /// The hash of its password; empty when it has none.
    pub password_hash: String,
    /// How often it may be used; zero is unlimited.
    pub most_uses: u64,
    /// The networks it may be used from, with spaces between them; empty for all.
    pub addresses: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
}

/// A remembered link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// Its id.
    pub id: LinkId,
    /// The download it opens.
    pub download: DownloadId,
    /// Who made it.
    pub user: UserId,
    /// The file name in its address.
    pub name: String,
    /// The hash of its password; empty when it has none.
    pub password_hash: String,
    /// How often it may be used; zero is unlimited.
    pub most_uses: u64,
    /// How often it was used.
    pub used: u64,
    /// The networks it may be used from, with spaces between them; empty for all.
    pub addresses: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
}

/// A link that somebody came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLink {
    /// The link.
    pub link: LinkRow,
    /// The digest of its download's handle.
    pub handle: Digest,
    /// When this visitor began to use it last; zero for a new one.
    pub began: Timestamp,
}

/// The key of that name that all nodes share: `fresh` unless there was one.
pub fn shared_key(tx: &mut Tx<'_>, name: &str, fresh: &[u8]) -> Result<Vec<u8>, CatalogError> {
    tx.execute(KEEP_KEY, &[name.into(), fresh.into()])?;
    tx.query_one(KEY, &[name.into()], |row| Ok(row.bytes(0)?.to_vec()))?
        .ok_or_else(|| CatalogError::inconsistent("a key is missing"))
}

/// Remembers a link.
pub fn insert(tx: &mut Tx<'_>, link: &NewLink) -> Result<LinkId, CatalogError> {
    let id = tx.next_ids(Counter::Links, 1)?;
    let values: [Value<'_>; 10] = [
        id.into(),
        link.secret.into(),
        link.download.into(),
        link.user.into(),
        Value::from(&link.name),
        Value::from(&link.password_hash),
        link.most_uses.into(),
        Value::from(&link.addresses),
        link.created.into(),
        link.expires.into(),
    ];
    tx.execute(INSERT, &values)?;
    Ok(LinkId(id))
}

/// How many links of a user have not expired at `now`.
pub fn count(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<u64, CatalogError> {
    Ok(tx
        .query_one(COUNT, &[user.into(), now.into()], |row| row.length(0))?
        .unwrap_or_default())
}

/// The link of a secret's digest whose download is still there, as a visitor meets it.
pub fn by_secret(
    tx: &mut Tx<'_>,
    secret: &Digest,
    visitor: &Digest,
) -> Result<Option<FoundLink>, CatalogError> {
    tx.query_one(BY_SECRET, &[(*secret).into(), (*visitor).into()], |row| {
        Ok(FoundLink {
            link: read(row)?,
            handle: row.digest(10)?,
            began: row.timestamp(11)?,
        })
    })
}

/// The live links of a user with ids below `before`, the latest first.
pub fn of_user(
    tx: &mut Tx<'_>,
    (user, now): (UserId, Timestamp),
    before: LinkId,
    most: u64,
) -> Result<Vec<LinkRow>, CatalogError> {
    tx.query(
        OF_USER,
        &[user.into(), now.into(), before.0.into(), most.into()],
        read,
    )
}

/// The live links to a download, the latest first.
pub fn of_download(
    tx: &mut Tx<'_>,
    download: DownloadId,
    now: Timestamp,
) -> Result<Vec<LinkRow>, CatalogError> {
    tx.query(OF_DOWNLOAD, &[download.into(), now.into()], read)
}

/// Counts a use by a visitor; `false` when the link has no use left.
pub fn begin_use(
    tx: &mut Tx<'_>,
    link: LinkId,
    visitor: &Digest,
    now: Timestamp,
) -> Result<bool, CatalogError> {
    if tx.execute(USE, &[link.0.into()])? == 0 {
        return Ok(false);
    }
    tx.execute(NOTE_USE, &[link.0.into(), (*visitor).into(), now.into()])?;
    Ok(true)
}

/// Forgets a link of a user; `false` when there is none.
pub fn revoke(tx: &mut Tx<'_>, link: LinkId, user: UserId) -> Result<bool, CatalogError> {
    Ok(tx.execute(REVOKE, &[link.0.into(), user.into()])? > 0)
}

/// Forgets links that have expired at `now` or whose download is gone, and who used them.
pub fn expire(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), CatalogError> {
    tx.execute(EXPIRE, &[now.into()])?;
    tx.execute(FORGET_USES, &[]).map(|_forgotten| ())
}

fn read(row: &Row<'_>) -> Result<LinkRow, CatalogError> {
    Ok(LinkRow {
        id: LinkId(row.integer(0)?),
        download: DownloadId(row.integer(1)?),
        user: UserId(row.integer(2)?),
        name: row.text(3)?.to_owned(),
        password_hash: row.text(4)?.to_owned(),
        most_uses: row.length(5)?,
        used: row.length(6)?,
        addresses: row.text(7)?.to_owned(),
        created: row.timestamp(8)?,
        expires: row.timestamp(9)?,
    })
}
