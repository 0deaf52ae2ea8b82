//! What operations about users and groups take.

use super::{FromArg, given, text};
use crate::protocol::{Args, Kind, Trouble, Value};

/// Where a group belongs: a library, or nowhere when it is global, which older clients write as `*`.
pub(crate) struct GroupHome(pub(crate) Option<String>);

/// Whether an account may be used: 1, or 0 for not. It has no default, so that a parameter left out disables nobody.
pub(crate) struct AccountStatus(pub(crate) bool);

impl FromArg for AccountStatus {
    const KIND: Kind = Kind::Int;
    const REQUIRED: bool = true;

    fn read(_: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        match given(value, name)?.trim() {
            "0" => Ok(Self(false)),
            "1" => Ok(Self(true)),
            _ => Err(Trouble::invalid(name, "0 or 1 is expected")),
        }
    }
}

impl FromArg for GroupHome {
    const KIND: Kind = Kind::Text;

    fn read(_: &Args, value: Option<&Value>, _: &'static str) -> Result<Self, Trouble> {
        let text = text(value);
        let name = Some(text.trim()).filter(|name| !name.is_empty() && *name != "*");
        Ok(Self(name.map(str::to_owned)))
    }
}
