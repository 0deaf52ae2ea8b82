//! From a handle's digest to an open download: from the shelf, or from the catalog and the content store.

use super::opened::{Content, DocumentContent, Facts, Opened};
use super::plan_file::PlanFile;
use super::{Downloads, plan_etag};
use crate::Failure;
use holdall_archive::Plan;
use holdall_blobs::{Locator, Method};
use holdall_catalog::Tx;
use holdall_catalog::downloads::{self as rows, DownloadContent, DownloadRow, KeptDocument};
use holdall_model::Digest;
use std::sync::Arc;

impl Downloads {
    /// The open download of a handle's digest; not authorised for anybody yet.
    pub(super) async fn find(&self, handle: &Digest) -> Result<Arc<Opened>, Failure> {
        match self.shelf.find(handle) {
            Some(opened) => Ok(opened),
            None => self.load(handle).await,
        }
    }

    async fn load(&self, handle: &Digest) -> Result<Arc<Opened>, Failure> {
        let row = self.row(handle).await?.ok_or(Failure::NoSuchDownload)?;
        let (content, etag) = match row.content {
            DownloadContent::Archive(plan) => (Content::Archive(self.plan(plan).await?), plan_etag(&plan)),
            DownloadContent::Document(kept) => (
                Content::Document(document_content(&kept)),
                plan_etag(&kept.digest),
            ),
        };
        let facts = Facts {
            id: row.id,
            handle: *handle,
            user: row.user,
            file_name: row.file_name,
            content_len: row.content_len,
            entries: row.entry_count,
            documents: row.document_count,
            etag,
            created: row.created,
            ends: row.ends,
            content,
        };
        Ok(self
            .shelf
            .put(Opened::new(facts, row.expires, row.authz_epoch, self.now())))
    }

    /// The row of a handle's digest.
    pub(super) async fn row(&self, handle: &Digest) -> Result<Option<DownloadRow>, Failure> {
        let handle = *handle;
        self.house
            .catalog
            .read(move |tx: &mut Tx<'_>| Ok(rows::by_handle(tx, &handle)?))
            .await
    }

    async fn plan(&self, digest: Digest) -> Result<Arc<Plan<PlanFile>>, Failure> {
        if let Some(plan) = self.shelf.find_plan(&digest) {
            return Ok(plan);
        }
        let blobs = self.house.blobs.clone();
        let open = move || -> Result<Plan<PlanFile>, Failure> {
            Plan::open(PlanFile::open(&blobs, &digest)?).map_err(Failure::internal)
        };
        let plan = Arc::new(
            tokio::task::spawn_blocking(open)
                .await
                .map_err(Failure::internal)??,
        );
        self.shelf.put_plan(digest, &plan);
        Ok(plan)
    }
}

fn document_content(kept: &KeptDocument) -> DocumentContent {
    DocumentContent {
        document: kept.document,
        version: kept.version,
        digest: kept.digest,
        crc32: kept.crc32,
        locator: Locator {
            pack: kept.pack,
            offset: kept.pack_offset,
        },
        method: if kept.method == 0 {
            Method::Stored
        } else {
            Method::Deflated
        },
        stored_len: kept.stored_len,
    }
}
