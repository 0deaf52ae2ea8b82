//! What every handler can reach.

use crate::ApiOptions;
use axum::extract::FromRef;
use holdall_services::Services;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// The services, and how the API behaves.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub services: Services,
    pub options: Arc<ApiOptions>,
}

/// Some routes with their description.
pub(crate) type Routes = OpenApiRouter<Api>;

impl FromRef<Api> for Services {
    fn from_ref(api: &Api) -> Self {
        api.services.clone()
    }
}

impl FromRef<Api> for Arc<ApiOptions> {
    fn from_ref(api: &Api) -> Self {
        Self::clone(&api.options)
    }
}
