//! `<User>` (CONTRACT section 4.5).

use super::flag;
use crate::protocol::{Dates, Element};
use holdall_model::Timestamp;
use holdall_services::{Notification, Preferences, UserDetails, UserView};

/// The basic form.
pub(crate) fn user(view: &UserView) -> Element {
    identity(Element::named("User"), view)
}

/// The detailed form.
pub(crate) fn user_details(details: &UserDetails, dates: &Dates) -> Element {
    identity(Element::named("User").with("exists", "true"), &details.user)
        .with("Domain", details.library.clone())
        .with("LastLogonDate", ever(details.last_logon, dates))
        .with("LastPasswordChangeDate", ever(details.password_changed, dates))
        .with("AuthenticationAuthority", details.authentication_source.clone())
        .with("ReadOnlyUser", flag(details.read_only))
        .containing(vec![preferences(&details.preferences)])
}

/// The users in their detailed form.
pub(crate) fn users(found: &[UserDetails], dates: &Dates) -> Element {
    Element::named("users").containing(found.iter().map(|details| user_details(details, dates)).collect())
}

/// As [`users`], in operations about libraries, which capitalise who checks the passwords.
pub(crate) fn library_users(mut found: Vec<UserDetails>, dates: &Dates) -> Element {
    for details in &mut found {
        if details.authentication_source == "native" {
            "Native".clone_into(&mut details.authentication_source);
        }
    }
    users(&found, dates)
}

fn identity(element: Element, view: &UserView) -> Element {
    element
        .with_number("UserID", &view.id)
        .with("FirstName", view.first_name.clone())
        .with("LastName", view.last_name.clone())
        .with("Email", view.email.clone())
        .with("Enabled", flag(view.enabled))
        .with("UserName", view.login.clone())
}

/// Strict readers break on an empty date (CONTRACT section 1.4).
fn ever(instant: Option<Timestamp>, dates: &Dates) -> String {
    instant.map_or_else(
        || "1980-01-01 00:00:00".to_owned(),
        |instant| dates.local(instant),
    )
}

/// What a user prefers, as attributes and as elements (CONTRACT section 17 row 24).
fn preferences(preferences: &Preferences) -> Element {
    let (notification, notification_id) = match preferences.notification {
        Notification::Never => ("NONE", "0"),
        Notification::AtOnce => ("INSTANT", "1"),
        Notification::Daily => ("DAILY REPORT", "2"),
    };
    let email = if preferences.plain_text_email {
        "TEXT"
    } else {
        "HTML"
    };
    let values = [
        ("Language", preferences.language.as_str()),
        ("DefaultPortal", preferences.default_portal.as_str()),
        ("ShowArchives", flag(preferences.show_archived)),
        ("ShowHiddens", flag(preferences.show_hidden)),
        ("NotificationType", notification),
        ("NotificationTypeId", notification_id),
        ("EmailType", email),
        ("AttachDocumentToEmail", flag(preferences.attach_documents)),
    ];
    let with_attributes =
        |element: Element, (name, value): &(&'static str, &str)| element.with(name, (*value).to_owned());
    let child = |(name, value): &(&'static str, &str)| match *value {
        "" => Element::named(name),
        value => Element::named(name).text(value),
    };
    values
        .iter()
        .fold(Element::named("Preferences"), with_attributes)
        .containing(values.iter().map(child).collect())
}
