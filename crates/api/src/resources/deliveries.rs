//! How far downloads have come: lists, status, receipts and events.

use super::downloads::open;
use crate::input::{Cursor, PageQuery, QueryOf};
use crate::lines::{self, Parts};
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use crate::{instants, json};
use axum::extract::{Path, State};
use axum::response::Response;
use holdall_api_types::{
    Delivered, DeliveredBy, DeliveryState, DownloadStatus, ListedDownload, Page, Receipt, ReceiptLine,
};
use holdall_model::DownloadId;
use holdall_services::{DeliveryStatus, Door, Failure, ManifestEntry, OpenDownload, ReceiptLines, Services};
use http::StatusCode;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .routes(routes!(list))
        .routes(routes!(status))
        .routes(routes!(receipt))
        .routes(routes!(receipts))
}

/// The caller's live downloads, the latest first
#[utoipa::path(get, path = "/downloads", operation_id = "listDownloads", tag = "Downloads",
    params(PageQuery),
    responses((status = 200, body = Page<ListedDownload>, description = "A page of downloads."), Refusals))]
async fn list(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Response, Problem> {
    let (before, most) = place(&query, "downloads")?;
    let listed = services.downloads.list(&signed.caller, before, most).await?;
    let items = listed.into_iter().map(|download| ListedDownload {
        number: download.number.0,
        name: download.file_name,
        length: download.content_len,
        entries: download.entries,
        created: instants::format(download.created),
        expires: instants::format(download.expires),
        ends: instants::format(download.ends),
        sent: download.sent_len,
        delivered_documents: download.delivered,
    });
    let page = cut(&query, "downloads", items.collect(), |download| download.number)?;
    Ok(json::answer(StatusCode::OK, &page))
}

/// How much of a download was sent; asking lets it last longer
#[utoipa::path(get, path = "/downloads/{id}/status", operation_id = "showDownloadStatus", tag = "Downloads",
    params(("id" = String, Path, description = "The download's id.")),
    responses((status = 200, body = DownloadStatus, description = "The status."), Refusals, Refused<404>, Refused<410>))]
async fn status(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let open = open(&services, &signed, &id).await?;
    let status = describe(&open, &open.status().await?);
    Ok(json::answer(StatusCode::OK, &status))
}

/// What was sent of each document: a JSON object a line, in the order of the archive
#[utoipa::path(get, path = "/downloads/{id}/receipt", operation_id = "readReceipt", tag = "Downloads",
    params(("id" = String, Path, description = "The download's id.")),
    responses(
        (status = 200, body = ReceiptLine, content_type = "application/jsonl", description = "The lines."),
        Refusals, Refused<404>, Refused<410>,
    ))]
async fn receipt(
    State(services): State<Services>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let receipt = open(&services, &signed, &id).await?.receipt().await?;
    Ok(lines::answer(Vec::new(), receipt))
}

impl Parts for ReceiptLines {
    async fn next_part(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let part = self.next().await?;
        part.map(|part| write_part(self, part.entries())).transpose()
    }
}

/// What was sent of the caller's downloads, also of those that have ended: kept for 400 days, the latest first
#[utoipa::path(get, path = "/receipts", operation_id = "listReceipts", tag = "Downloads",
    params(PageQuery),
    responses((status = 200, body = Page<Receipt>, description = "A page of receipts."), Refusals))]
async fn receipts(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Response, Problem> {
    let (before, most) = place(&query, "receipts")?;
    let receipts = services.downloads.receipts(&signed.caller, before, most).await?;
    let items = receipts.into_iter().map(|receipt| Receipt {
        number: receipt.number.0,
        name: receipt.file_name,
        length: receipt.content_len,
        documents: receipt.documents,
        delivered_documents: receipt.delivered,
        created: instants::format(receipt.created),
        first_byte: Some(instants::format(receipt.first)),
        finished: receipt.finished.map(instants::format),
        by: Some(match receipt.door {
            Door::Session => DeliveredBy::Session,
            Door::Link => DeliveredBy::Link,
            Door::Chunks => DeliveredBy::Chunks,
        }),
    });
    let page = cut(&query, "receipts", items.collect(), |receipt| receipt.number)?;
    Ok(json::answer(StatusCode::OK, &page))
}

/// Where a page starts, and how much to ask for: one more than it holds, to see whether there is another page.
fn place(query: &PageQuery, listing: &str) -> Result<(DownloadId, u64), Problem> {
    let before = query.position(listing)?.unwrap_or(i64::MAX);
    Ok((DownloadId(before), query.limit.saturating_add(1)))
}

/// The page of a listing that was asked for one item more than fits.
pub(super) fn cut<T>(
    query: &PageQuery,
    listing: &str,
    mut items: Vec<T>,
    number: impl Fn(&T) -> i64,
) -> Result<Page<T>, Problem> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next = match items.last() {
        Some(last) if has_more => Some(Cursor::text(listing, number(last))?),
        _ => None,
    };
    Ok(Page { items, next })
}

/// The status in wire words.
pub(super) fn describe(open: &OpenDownload, status: &DeliveryStatus) -> DownloadStatus {
    DownloadStatus {
        number: open.number().0,
        name: open.file_name().to_owned(),
        length: open.content_len(),
        entries: open.entries(),
        documents: open.documents(),
        created: instants::format(open.modified()),
        expires: instants::format(open.expires()),
        ends: instants::format(open.ends()),
        sent: status.sent_len,
        covered: status.covered_len,
        delivered_documents: status.delivered,
        complete: status.is_complete,
        state: match (status.is_complete, status.sent_len) {
            (true, _) => DeliveryState::Delivered,
            (false, 0) => DeliveryState::Ready,
            (false, _) => DeliveryState::Moving,
        },
    }
}

fn write_part<'p>(
    receipt: &ReceiptLines,
    entries: impl Iterator<Item = Result<ManifestEntry<'p>, Failure>>,
) -> Result<Vec<u8>, Failure> {
    let mut buffer = Vec::new();
    let at = receipt.last().map(instants::format);
    for entry in entries {
        let entry = entry?;
        let Some(document) = entry.document else {
            continue;
        };
        let delivered = match receipt.judge(&entry) {
            holdall_services::Delivered::None => Delivered::None,
            holdall_services::Delivered::Part => Delivered::Part,
            holdall_services::Delivered::Whole => Delivered::Whole,
        };
        let line = ReceiptLine {
            path: entry.path.to_owned(),
            document: document.id.0,
            version: document.version.map(|version| version.0),
            length: entry.raw_len,
            delivered,
            at: at.clone().filter(|_at| delivered != Delivered::None),
        };
        serde_json::to_writer(&mut buffer, &line).map_err(Failure::internal)?;
        buffer.push(b'\n');
    }
    Ok(buffer)
}
