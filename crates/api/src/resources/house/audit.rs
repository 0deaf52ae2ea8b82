//! `/api/v1/audit`: who did what.

use crate::input::{PageQuery, QueryOf};
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::resources::deliveries::cut;
use crate::signed::Signed;
use crate::state::Routes;
use crate::{instants, json};
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{AuditEntry, Page};
use holdall_services::Services;
use http::StatusCode;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default().routes(routes!(list))
}

/// What was recorded of who did what, the latest first; for administrators
#[utoipa::path(get, path = "/audit", operation_id = "listAudit", tag = "Server", params(PageQuery),
    responses((status = 200, body = Page<AuditEntry>, description = "A page of deeds."), Refusals))]
async fn list(
    State(services): State<Services>,
    signed: Signed,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Response, Problem> {
    let before = query.position("audit")?.unwrap_or(i64::MAX);
    let most = query.limit.saturating_add(1);
    let deeds = services.settings.deeds(&signed.caller, before, most).await?;
    let items = deeds.into_iter().map(|deed| AuditEntry {
        number: deed.number,
        at: instants::format(deed.at),
        user: deed.user.0,
        login: deed.login,
        action: deed.action,
        subject: deed.subject,
        detail: deed.detail,
    });
    let page = cut(&query, "audit", items.collect(), |deed| deed.number)?;
    Ok(json::answer(StatusCode::OK, &page))
}
