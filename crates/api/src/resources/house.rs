//! The house as a whole: what it can do, how it is set, and who did what.

mod audit;
mod capabilities;
mod settings;

use crate::state::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(capabilities::routes())
        .merge(settings::routes())
        .merge(audit::routes())
}
