//! What of an archive was not stored (CONTRACT sections 6.4 and 9).

use crate::protocol::{Element, Meta, explain, log_entry};
use holdall_services::{LeftOut, LeftOutReason};

/// `logs` with a `log` element for each entry of an archive that was not stored.
pub(crate) fn left_out(entries: &[LeftOut], meta: &Meta) -> Element {
    let log = |entry: &LeftOut| log_entry(entry.path.clone(), reason(&entry.reason, meta));
    Element::named("logs").containing(entries.iter().map(log).collect())
}

fn reason(reason: &LeftOutReason, meta: &Meta) -> String {
    let text = match reason {
        LeftOutReason::Overlap => "The entry shares bytes with another one.",
        LeftOutReason::Outside => "The path leads outside the folder.",
        LeftOutReason::NoFile => "The entry is a link or a device.",
        LeftOutReason::Encrypted => "The entry is encrypted.",
        LeftOutReason::UnknownMethod => "The compression method is not known.",
        LeftOutReason::Twice => "An entry before it has the same path.",
        LeftOutReason::Ratio => "The entry is more than 200 times as long as it is packed.",
        LeftOutReason::Name(problem) => return format!("Invalid name: {problem}."),
        LeftOutReason::Damaged(problem) => return format!("The entry is damaged: {problem}."),
        LeftOutReason::Refused(failure) => return explain(failure, meta),
    };
    text.to_owned()
}
