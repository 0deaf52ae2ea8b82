//! `ServerInfo`.

use crate::protocol::{Answer, Call, Dates, Element, Guest, Operation, Trouble};
use holdall_asmx_derive::Request;

/// Tells the server's version, time and features. No ticket is needed.
#[derive(Request)]
#[op("ServerInfo", group = "Auth", root = "root", public)]
pub(crate) struct ServerInfo;

impl Operation for ServerInfo {
    async fn run(self, _: Guest, call: &Call) -> Result<Answer, Trouble> {
        let now = call.clock.now();
        let root = Element::success()
            .with("VersionNumber", env!("CARGO_PKG_VERSION"))
            .with("Server_date_time", call.dates.local_with_t(now))
            .with("Coordinated_Universal_Time", Dates::utc(now))
            .with("UTC_Offset", call.dates.utc_offset_hours(now))
            .with("Company", call.names.company.clone())
            .with("ServerName", call.names.server.clone())
            .with("LicenseCount", "0")
            .with("SubscriptionEndDate", "")
            .with("WindowsAuthenticationIsOn", "false")
            .with("WorkflowIsOn", "false")
            .with("AnonymousAccessIsOn", "false")
            .with("ComplianceModuleIsOn", "false");
        Ok(root.into())
    }
}
