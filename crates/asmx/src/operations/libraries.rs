//! Libraries and their members (CONTRACT section 10).

mod domains;

pub(crate) use domains::{AddUserAsDomainMember, CreateDomain, GetDomains};
