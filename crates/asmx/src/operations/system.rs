//! Settings of the installation (CONTRACT section 15).

mod settings;
mod statistics;

pub(crate) use settings::{GetGeneralAppSettings, SetGeneralAppSettings};
pub(crate) use statistics::{GetApplicationParameters, GetMimeTypes, GetSystemStatistics};
