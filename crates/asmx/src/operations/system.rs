//! Settings of the installation (CONTRACT section 15).

mod settings;

pub(crate) use settings::{GetGeneralAppSettings, SetGeneralAppSettings};
