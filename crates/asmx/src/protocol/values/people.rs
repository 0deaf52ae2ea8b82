//! What operations about users and groups take.

use super::{FromArg, text};
use crate::protocol::{Args, Kind, Trouble, Value};

/// Where a group belongs: a library, or nowhere when it is global, which older clients write as `*`.
pub(crate) struct GroupHome(pub(crate) Option<String>);

impl FromArg for GroupHome {
    const KIND: Kind = Kind::Text;

    fn read(_: &Args, value: Option<&Value>, _: &'static str) -> Result<Self, Trouble> {
        let text = text(value);
        let name = Some(text.trim()).filter(|name| !name.is_empty() && *name != "*");
        Ok(Self(name.map(str::to_owned)))
    }
}
