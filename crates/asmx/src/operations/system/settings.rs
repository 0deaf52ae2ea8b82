//! Reading and replacing the general settings.

use crate::protocol::{Answer, Call, Element, Operation, OptionalXml, Trouble};
use crate::views::{read_settings, setting_name, settings};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Failure};

/// Answers the general settings.
#[derive(Request)]
#[op("GetGeneralAppSettings", group = "Settings")]
pub(crate) struct GetGeneralAppSettings;

impl Operation for GetGeneralAppSettings {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let current = call.services.settings.general(&caller).await?;
        Ok(Element::success().containing(vec![settings(&current)]).into())
    }
}

/// Replaces the general settings as a whole; what the document leaves out gets its default. Only a system administrator may.
#[derive(Request)]
#[op("SetGeneralAppSettings", group = "Settings", root = "root")]
pub(crate) struct SetGeneralAppSettings {
    /// The settings in the form that `GetGeneralAppSettings` answers.
    #[wire("settingsXml")]
    settings: OptionalXml,
}

impl Operation for SetGeneralAppSettings {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let settings = read_settings(&self.settings.0)?;
        match call.services.settings.set_general(&caller, settings).await {
            Err(Failure::Invalid { field, problem }) => Err(Trouble::invalid(setting_name(field), problem)),
            other => Ok(other.map(|()| Element::success().into())?),
        }
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        let text = "[2730]Insufficient rights. Anonymous users cannot perform this action";
        matches!(failure, Failure::AdministratorOnly | Failure::Denied).then_some(text)
    }
}
