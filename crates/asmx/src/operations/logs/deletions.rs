//! What was deleted.

use super::period::period;
use crate::protocol::{Answer, Call, Element, Operation, Trouble};
use crate::views::backslashed;
use holdall_asmx_derive::Request;
use holdall_services::{BinItem, Caller, DeletionAction, DeletionView, Failure};

/// Lists what was deleted, left to the system's recycle bin, purged and restored, the latest first. For administrators, and
/// below a library for its managers.
///
/// Of more than 10000 entries the latest are listed.
#[derive(Request)]
#[op("GetDeleteLog", group = "Settings", ticket = "AuthenticationTicket")]
pub(crate) struct GetDeleteLog {
    /// The first day or instant to list, such as `2024-01-02` or `2024-01-02T03:04:05`; with a `Z` behind it in UTC. Empty for
    /// all.
    #[wire("StartDate")]
    from: String,
    /// The last day or instant to list, written like the first. Empty for all.
    #[wire("EndDate")]
    until: String,
    /// A path that items had, theirs or that of the folder they lay in; with a `*` behind it everything whose path began like
    /// that. Empty for all.
    #[wire("PathFilter")]
    filter: String,
}

impl Operation for GetDeleteLog {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let period = period(&self.from, &self.until, &call.dates)?;
        let entries = call
            .services
            .logs
            .deletions(&caller, period, &self.filter)
            .await?;
        let entries = entries.iter().map(|view| entry(view, call)).collect();
        let logs = Element::named("logs").containing(entries);
        Ok(Element::success().with("error", "").containing(vec![logs]).into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::Denied).then_some("Insufficient rights.")
    }
}

fn entry(view: &DeletionView, call: &Call) -> Element {
    let (kind, id) = match view.item {
        BinItem::Document(id) => ("DOCUMENT", id.to_string()),
        BinItem::Folder(id) => ("FOLDER", id.to_string()),
    };
    let action = match view.action {
        DeletionAction::Recycled => "RECYCLE",
        DeletionAction::Purged => "PURGE",
        DeletionAction::Emptied => "RECYCLE EMPTIED",
        DeletionAction::Restored => "RESTORE",
    };
    Element::named("LOGITEM")
        .with("TYPE", kind)
        .with("NAME", view.name.clone())
        .with("PATH", backslashed(&view.path))
        .with("DATE", call.dates.local(view.at))
        .with("ID", id)
        .with_number("DOMAINID", &view.library)
        .with("DOMAINNAME", view.library_name.clone())
        .with("ACTION", action)
        .with_number("USERID", &view.user)
        .with("FULLNAME", view.full_name.clone())
}
