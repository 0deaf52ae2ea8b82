//! Access lists (CONTRACT section 11).

mod lists;
mod owners;

pub(crate) use lists::{ApplyInheritedAccessList, GetAccessList, SetAccessList};
pub(crate) use owners::{GetOwner, SetOwner};
