//! Access lists (CONTRACT section 11).

mod lists;

pub(crate) use lists::{GetAccessList, SetAccessList};
