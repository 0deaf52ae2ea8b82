//! A file for each noun of the API, each with the routes of it.

mod access;
mod deliveries;
mod documents;
mod downloads;
mod events;
mod folders;
mod house;
mod items;
mod libraries;
mod links;
mod manifest;
mod people;
mod queue;
mod sessions;
mod shown;
mod uploads;

pub(crate) use links::public;

use crate::state::Routes;

/// All routes, relative to `/api/v1`.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(sessions::routes())
        .merge(libraries::routes())
        .merge(items::routes())
        .merge(folders::routes())
        .merge(documents::routes())
        .merge(access::routes())
        .merge(people::routes())
        .merge(downloads::routes())
        .merge(queue::routes())
        .merge(house::routes())
        .merge(deliveries::routes())
        .merge(events::routes())
        .merge(links::routes())
        .merge(manifest::routes())
        .merge(uploads::routes())
}
