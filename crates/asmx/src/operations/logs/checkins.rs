//! Versions that came in.

use super::period::period;
use crate::protocol::{Answer, Call, Element, Operation, Trouble};
use crate::views::backslashed;
use holdall_asmx_derive::Request;
use holdall_services::{Caller, CheckInView};

/// Lists the versions that came in, the latest first. For administrators, and below a library for its managers.
///
/// Of more than 10000 entries the latest are listed.
#[derive(Request)]
#[op("GetCheckInLog", group = "Settings")]
pub(crate) struct GetCheckInLog {
    /// The first day or instant to list, such as `2024-01-02` or `2024-01-02T03:04:05`; with a `Z` behind it in UTC. Empty for
    /// all.
    #[wire("startDate")]
    from: String,
    /// The last day or instant to list, written like the first. Empty for all.
    #[wire("endDate")]
    until: String,
    /// The path of a document, or of a folder for the documents directly in it; with a `*` behind it everything whose path
    /// begins like that. Empty for all.
    #[wire("pathFilter")]
    filter: String,
}

impl Operation for GetCheckInLog {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let period = period(&self.from, &self.until, &call.dates)?;
        let entries = call
            .services
            .logs
            .check_ins(&caller, period, &self.filter)
            .await?;
        let entry = |view: &CheckInView| {
            Element::named("log")
                .with("TYPE", "DOCUMENT")
                .with("NAME", view.name.clone())
                .with("PATH", backslashed(&view.path))
                .with("DATE", call.dates.local(view.at))
                .with_number("ID", &view.document)
                .with_number("DOMAINID", &view.library)
                .with("DOMAINNAME", view.library_name.clone())
                .with_number("USERID", &view.user)
                .with("FULLNAME", view.full_name.clone())
        };
        let logs = Element::named("logs").containing(entries.iter().map(entry).collect());
        Ok(Element::success().containing(vec![logs]).into())
    }
}
