//! `<User>` in its basic form (CONTRACT section 4.5).

use super::flag;
use crate::protocol::Element;
use holdall_services::UserView;

/// The element.
pub(crate) fn user(view: &UserView) -> Element {
    Element::named("User")
        .with_number("UserID", &view.id)
        .with("FirstName", view.first_name.clone())
        .with("LastName", view.last_name.clone())
        .with("Email", view.email.clone())
        .with("Enabled", flag(view.enabled))
        .with("UserName", view.login.clone())
}
