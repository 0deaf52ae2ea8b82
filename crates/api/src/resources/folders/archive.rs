//! A folder as an archive, staged and sent in one call.

use super::super::downloads;
use crate::problem::Problem;
use crate::signed::Signed;
use axum::response::Response;
use holdall_api_types::Mode;
use holdall_model::{FolderId, Guid, ItemRef};
use holdall_services::{Caller, OnTrouble, Services, StageOptions};
use http::HeaderMap;
use http::header::ACCEPT;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// How a folder is asked for.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ArchiveQuery {
    /// The archive of the folder, as with `Accept: application/zip`; `?zip` alone will do.
    #[serde(default, deserialize_with = "read_flag")]
    #[param(value_type = Option<bool>, required = false, nullable = false)]
    zip: bool,
    /// What is done about documents that can be listed but not included; `partial` when absent.
    #[param(required = false, nullable = false, inline)]
    mode: Option<Mode>,
}

fn read_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "" | "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(D::Error::custom("true or false")),
    }
}

impl ArchiveQuery {
    /// Whether the archive is asked for, and not the folder's properties.
    pub(super) fn wants_archive(self, headers: &HeaderMap) -> bool {
        self.zip || accepts_zip(headers)
    }

    /// Stages what the caller may read of the folder and answers with it.
    ///
    /// The download made for it is forgotten when the last of its bytes is sent or given up; a repeated call gives the same bytes
    /// under the same entity tag as long as nothing changes, so that ranges go on where the connection broke off.
    pub(super) async fn serve(
        self,
        (services, signed): (&Services, &Signed),
        id: FolderId,
        headers: &HeaderMap,
    ) -> Result<Response, Problem> {
        let on_trouble = match self.mode {
            Some(Mode::Strict) => OnTrouble::Fail,
            Some(Mode::Partial) | None => OnTrouble::Skip,
        };
        let options = StageOptions {
            on_trouble,
            ..StageOptions::default()
        };
        let items = [Ok(ItemRef::Folder(id))];
        let staged = services.staging.stage(&signed.caller, &items, &options).await?;
        let brief = Brief {
            services: services.clone(),
            caller: signed.caller.clone(),
            handle: staged.handle,
        };
        let open = services.downloads.open(&signed.caller, &brief.handle).await?;
        downloads::serve_holding(open, headers, brief).await
    }
}

/// Whether an `Accept` header names the media type itself (RFC 9110 section 12.5.1). Wildcards mean the properties.
fn accepts_zip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).iter();
    let mut ranges = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    ranges.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_zip = parts
            .next()
            .is_some_and(|essence| essence.eq_ignore_ascii_case("application/zip"));
        is_zip && !parts.any(is_zero_weight)
    })
}

fn is_zero_weight(parameter: &str) -> bool {
    let weight = parameter
        .strip_prefix("q=")
        .or_else(|| parameter.strip_prefix("Q="));
    weight.and_then(|weight| weight.parse::<f32>().ok()) == Some(0.0)
}

/// A download that ends with the last who holds it.
struct Brief {
    services: Services,
    caller: Caller,
    handle: Guid,
}

impl Drop for Brief {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (services, caller, handle) = (self.services.clone(), self.caller.clone(), self.handle);
        runtime.spawn(async move {
            if let Err(failure) = services.downloads.forget(&caller, &handle).await {
                tracing::warn!(%failure, "the download of a folder stays until it expires");
            }
        });
    }
}
