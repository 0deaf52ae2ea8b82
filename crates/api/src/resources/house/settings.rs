//! `/api/v1/settings`: what administrators set.

use crate::input::{JsonBody, Preconditions, tag_of};
use crate::json;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::Routes;
use axum::extract::State;
use axum::response::Response;
use holdall_api_types::{Settings, SettingsPatch};
use holdall_services::{GeneralSettings, Services};
use http::{HeaderMap, StatusCode};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::default().routes(routes!(show, change))
}

/// The settings in force, for any user
#[utoipa::path(get, path = "/settings", operation_id = "showSettings", tag = "Server",
    responses(
        (status = 200, body = Settings, description = "The settings."),
        (status = 304, description = "The caller has them."),
        Refusals,
    ))]
async fn show(
    State(services): State<Services>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = services.settings.general(&signed.caller).await?;
    Ok(json::tagged(&headers, &shown(&found)))
}

/// Change settings, for administrators; 412 also when somebody else changes them at the same moment
#[utoipa::path(patch, path = "/settings", operation_id = "changeSettings", tag = "Server", params(Preconditions),
    request_body = SettingsPatch,
    responses(
        (status = 200, body = Settings, description = "The settings as they are now."),
        Refusals, Refused<409>, Refused<412>, Refused<413>, Refused<415>,
    ))]
async fn change(
    State(services): State<Services>,
    signed: Signed,
    preconditions: Preconditions,
    JsonBody(patch): JsonBody<SettingsPatch>,
) -> Result<Response, Problem> {
    let found = services.settings.general(&signed.caller).await?;
    let new = patched(found.clone(), &patch);
    let caller = services.settings.provided(&signed.caller, move |now| {
        *now == found && preconditions.hold(Some(&tag_of(&shown(now))))
    });
    services.settings.set_general(&caller, new.clone()).await?;
    Ok(json::changed(StatusCode::OK, &shown(&new), None))
}

fn patched(now: GeneralSettings, patch: &SettingsPatch) -> GeneralSettings {
    GeneralSettings {
        document_max_len: patch.document_max_len.unwrap_or(now.document_max_len),
        upload_timeout_seconds: patch.upload_timeout_seconds.unwrap_or(now.upload_timeout_seconds),
        upload_chunk_len: patch.upload_chunk_len.unwrap_or(now.upload_chunk_len),
        staging_enabled: patch.staging_enabled.unwrap_or(now.staging_enabled),
        staging_max_len: patch.staging_max_len.unwrap_or(now.staging_max_len),
        staging_max_count: patch.staging_max_count.unwrap_or(now.staging_max_count),
        search_page_size: patch.search_page_size.unwrap_or(now.search_page_size),
        recycled_purge_months: patch.recycled_purge_months.unwrap_or(now.recycled_purge_months),
        recycled_move_days: patch.recycled_move_days.unwrap_or(now.recycled_move_days),
        allow_ownership_transfer: patch
            .allow_ownership_transfer
            .unwrap_or(now.allow_ownership_transfer),
        ..now
    }
}

fn shown(settings: &GeneralSettings) -> Settings {
    Settings {
        document_max_len: settings.document_max_len,
        upload_timeout_seconds: settings.upload_timeout_seconds,
        upload_chunk_len: settings.upload_chunk_len,
        staging_enabled: settings.staging_enabled,
        staging_max_len: settings.staging_max_len,
        staging_max_count: settings.staging_max_count,
        search_page_size: settings.search_page_size,
        recycled_purge_months: settings.recycled_purge_months,
        recycled_move_days: settings.recycled_move_days,
        allow_ownership_transfer: settings.allow_ownership_transfer,
    }
}
