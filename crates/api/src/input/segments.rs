//! The variable segments of an address. What could name nothing names nothing: it is answered as what is not there.

use crate::problem::Problem;
use axum::extract::{FromRequestParts, Path};
use holdall_model::{DocumentId, FolderId, VersionNumber};
use holdall_services::{Failure, Thing};
use http::request::Parts;
use serde::de::DeserializeOwned;

/// `{id}` of a folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FolderAt(pub FolderId);

/// `{id}` of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocumentAt(pub DocumentId);

/// `{id}` and `{number}` of a version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VersionAt(pub DocumentId, pub VersionNumber);

/// Segments that are names, decoded.
#[derive(Clone, Debug)]
pub(crate) struct Named<T>(pub T);

impl<S: Send + Sync> FromRequestParts<S> for FolderAt {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id: Option<String> = segments(parts, state).await;
        let id = id.as_deref().and_then(positive).map(FolderId);
        id.map(Self).ok_or_else(|| missing(Thing::Folder))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DocumentAt {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id: Option<String> = segments(parts, state).await;
        let id = id.as_deref().and_then(positive).map(DocumentId);
        id.map(Self).ok_or_else(|| missing(Thing::Document))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for VersionAt {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let both: Option<(String, String)> = segments(parts, state).await;
        let (id, number) = both.unwrap_or_default();
        let id = positive(&id).ok_or_else(|| missing(Thing::Document))?;
        // A number that no version has; the document is looked for first.
        let number = positive(&number).unwrap_or(i64::MAX);
        Ok(Self(DocumentId(id), VersionNumber(number)))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        segments(parts, state)
            .await
            .map(Self)
            .ok_or_else(Problem::no_route)
    }
}

async fn segments<S: Send + Sync, T: DeserializeOwned + Send>(parts: &mut Parts, state: &S) -> Option<T> {
    let read = Path::<T>::from_request_parts(parts, state).await;
    read.ok().map(|Path(segments)| segments)
}

/// Digits only: one id has one address.
pub(crate) fn positive(text: &str) -> Option<i64> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    canonical.then(|| text.parse().ok()).flatten()
}

fn missing(thing: Thing) -> Problem {
    Failure::NotFound(thing).into()
}
