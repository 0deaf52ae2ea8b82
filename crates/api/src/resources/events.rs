//! `GET /api/v1/downloads/{id}/events`: how a download moves, told while it moves.

use super::deliveries::describe;
use super::downloads::open;
use crate::openapi::{Refusals, Refused};
use crate::problem::Problem;
use crate::signed::Signed;
use crate::state::{Api, Routes};
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream};
use holdall_api_types::DownloadStatus;
use holdall_services::{Failure, Services};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Interval, MissedTickBehavior};
use utoipa_axum::routes;

/// How often it is looked whether there is news.
const TICK: Duration = Duration::from_millis(500);

/// How often it is looked whether the caller may still know, and what other nodes have sent.
const RECHECK: Duration = Duration::from_secs(3);

/// How many may listen at once.
const MOST_LISTENERS: usize = 256;

static LISTENERS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(MOST_LISTENERS)));

pub(super) fn routes() -> Routes {
    Routes::default().routes(routes!(show))
}

/// How a download moves: events `status` when bytes were sent, at most two a second, and `ended` at the end
///
/// The data of `status` is what `/status` answers. Listening ends with the session, with the right to the download and with the
/// download itself.
#[utoipa::path(get, path = "/downloads/{id}/events", operation_id = "watchDownload", tag = "Downloads",
    params(("id" = String, Path, description = "The download's id.")),
    responses(
        (status = 200, body = DownloadStatus, content_type = "text/event-stream", description = "The events."),
        Refusals, Refused<404>, Refused<410>,
    ))]
async fn show(State(api): State<Api>, signed: Signed, Path(id): Path<String>) -> Result<Response, Problem> {
    open(&api.services, &signed, &id).await?;
    let place = Arc::clone(&LISTENERS).try_acquire_owned();
    let place = place.map_err(|_full| Failure::Busy)?;
    let listener = Listener::new(api.services, signed, id, place);
    let events = Sse::new(listen(listener)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    Ok(events.into_response())
}

/// Somebody who listens.
struct Listener {
    services: Services,
    signed: Signed,
    id: String,
    ticks: Interval,
    checked: Option<Instant>,
    progress: u64,
    told: Option<DownloadStatus>,
    is_over: bool,
    _place: OwnedSemaphorePermit,
}

impl Listener {
    fn new(services: Services, signed: Signed, id: String, place: OwnedSemaphorePermit) -> Self {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            services,
            signed,
            id,
            ticks,
            checked: None,
            progress: 0,
            told: None,
            is_over: false,
            _place: place,
        }
    }

    /// The status if it is another than the one that was told last.
    async fn news(&mut self, now: Instant) -> Result<Option<DownloadStatus>, Problem> {
        if self
            .checked
            .is_none_or(|checked| now.duration_since(checked) >= RECHECK)
        {
            self.services.sessions.authenticate(&self.signed.ticket).await?;
            self.checked = None;
        }
        let open = open(&self.services, &self.signed, &self.id).await?;
        let progress = open.progress();
        if self.checked.is_some() && progress == self.progress {
            return Ok(None);
        }
        if self.checked.is_none() {
            self.checked = Some(now);
        }
        self.progress = progress;
        let status = describe(&open, &open.status().await?);
        let is_same = self.told.as_ref() == Some(&status);
        self.told = Some(status.clone());
        Ok((!is_same).then_some(status))
    }
}

fn listen(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold(listener, |mut listener| async move {
        loop {
            if listener.is_over {
                return None;
            }
            let now = listener.ticks.tick().await;
            let event = match listener.news(now).await {
                Ok(None) => continue,
                Ok(Some(status)) => Event::default().event("status").json_data(&status),
                Err(_gone) => {
                    listener.is_over = true;
                    Ok(Event::default().event("ended").data("{}"))
                }
            };
            return event.ok().map(|event| (Ok(event), listener));
        }
    })
}
