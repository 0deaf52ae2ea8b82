//! Version numbers as parameters: none is below 1000000, which is 1.0.0 (CONTRACT section 5).

use super::values::FromArg;
use super::{Args, Kind, Trouble, Value};
use holdall_model::VersionNumber;

/// A version, or 0 for the one that the operation takes then.
#[derive(Clone, Copy)]
pub(crate) struct VersionOrNone(pub(crate) Option<VersionNumber>);

/// A version.
pub(crate) struct ExactVersion(pub(crate) VersionNumber);

/// What is wrong with any other number.
const INVALID: Trouble = Trouble::Fixed("Invalid version number.");

impl FromArg for VersionOrNone {
    const KIND: Kind = Kind::Int;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        match i64::read(args, value, name)? {
            0 => Ok(Self(None)),
            number if number < VersionNumber::FIRST.0 => Err(INVALID),
            number => Ok(Self(Some(VersionNumber(number)))),
        }
    }
}

impl FromArg for ExactVersion {
    const KIND: Kind = Kind::Int;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        VersionOrNone::read(args, value, name)?.0.map(Self).ok_or(INVALID)
    }
}
