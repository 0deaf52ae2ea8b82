//! Staging one document: its own bytes, not an archive.

use super::Staging;
use crate::access::Standing;
use crate::documents::DocumentView;
use crate::documents::content::{Readable, find};
use crate::sessions::secrets::{digest_of, new_secret};
use crate::{Caller, Failure};
use holdall_catalog::Tx;
use holdall_catalog::downloads::{DownloadKind, NewDownload};
use holdall_model::{Guid, ItemRef, Timestamp, VersionNumber};

/// A document's version that can be fetched in chunks.
#[derive(Clone, Debug)]
pub struct StagedDocument {
    /// Opens it, together with a session of the user who staged it.
    pub handle: Guid,
    /// When it ends unless it is used before.
    pub expires: Timestamp,
    /// The document.
    pub view: DocumentView,
    /// Which version.
    pub version: VersionNumber,
    /// The CRC-32 of its bytes.
    pub crc32: u32,
    /// How many bytes it has.
    pub content_len: u64,
}

impl Staging {
    /// Stages the bytes of one version of a document, without a number of the version that the caller gets. The right to
    /// read is needed; [`Failure::Offline`] if the library is archived. Follows shortcuts.
    pub async fn stage_document(
        &self,
        caller: &Caller,
        item: &ItemRef,
        version: Option<VersionNumber>,
    ) -> Result<StagedDocument, Failure> {
        let item = item.clone();
        let find = move |tx: &mut Tx<'_>, standing: &Standing| {
            let readable = find(tx, standing, &item, version)?;
            Ok((readable, tx.authz_epoch()?))
        };
        let (readable, authz_epoch) = self.house.read_as(caller, find).await?;
        let Readable {
            document: view,
            version,
            content,
        } = readable;
        let handle = new_secret()?;
        let (created, expires, ends) = self.lifetime();
        let download = NewDownload {
            handle: digest_of(&handle),
            user: caller.user(),
            kind: DownloadKind::Document {
                document: view.id,
                version,
                blob: content.blob,
            },
            file_name: view.name.clone(),
            content_len: content.raw_len,
            entry_count: 1,
            document_count: 1,
            authz_epoch,
            created,
            expires,
            ends,
            pack: content.pack,
            pack_offset: content.pack_offset,
        };
        self.remember(download).await?;
        self.house.note_viewing(caller.user(), view.id, version);
        Ok(StagedDocument {
            handle,
            expires,
            view,
            version,
            crc32: content.crc32,
            content_len: content.raw_len,
        })
    }
}
