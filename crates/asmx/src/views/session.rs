//! Who holds a ticket.

use crate::protocol::{Dates, Element};
use holdall_model::Timestamp;
use holdall_services::{Profile, SignedIn};

/// The answer to a login.
pub(crate) fn signed_in(session: &SignedIn) -> Element {
    let root = Element::success().with("ticket", session.ticket.reveal());
    with_profile(root, &session.profile, session.expires)
}

/// Adds the user and the end of the session.
pub(crate) fn with_profile(root: Element, profile: &Profile, expires: Timestamp) -> Element {
    root.with_number("userid", &profile.user)
        .with("username", profile.login.clone())
        .with("firstName", profile.first_name.clone())
        .with("lastName", profile.last_name.clone())
        .with("fullname", profile.full_name())
        .with("email", profile.email.clone())
        .with("expireOn", Dates::utc(expires))
        .with("isAuthenticated", "True")
}
