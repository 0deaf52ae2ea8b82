//! `/api/v1/users` and `/api/v1/groups`.

mod accounts;
mod groups;
mod shown;
mod users;

pub(super) use shown::{group, user};

use crate::state::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(users::routes())
        .merge(accounts::routes())
        .merge(groups::routes())
}
