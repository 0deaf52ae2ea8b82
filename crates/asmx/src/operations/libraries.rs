//! Libraries, which the wire calls domains, and their members (CONTRACT section 10).

mod changes;
mod lookup;
mod members;
mod people;

pub(crate) use changes::{CreateDomain, DeleteDomain, UpdateDomain};
pub(crate) use lookup::{DomainExists, GetDomain, GetDomains, GetMemberDomains};
pub(crate) use members::{
    AddManagerToDomain, AddUserAsDomainMember, AddUserGroupAsDomainMember, RemoveManagerFromDomain,
    RemoveUserFromDomainMembership, RemoveUserGroupFromDomainMembership,
};
pub(crate) use people::{GetDomainMembers, GetDomainUsers, GetManagers};
