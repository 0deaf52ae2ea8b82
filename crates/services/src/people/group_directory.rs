//! Looking groups up: which there are, and who is in them.

use super::details::details_of;
use super::group_view::GroupView;
use super::{GroupName, NO_LIBRARY, People, UserDetails, find_group};
use crate::access::Standing;
use crate::{Caller, Failure, libraries};
use holdall_catalog::Tx;
use holdall_catalog::people::GroupRow;
use holdall_catalog::people::membership::{self as rows, NamedGroupRow};

impl People {
    /// The global groups by name, for any user; with a library its local ones.
    pub async fn groups(&self, caller: &Caller, library: Option<&str>) -> Result<Vec<GroupView>, Failure> {
        let library = library.map(str::to_owned);
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let library = match &library {
                None => NO_LIBRARY,
                Some(name) => libraries::find(tx, standing, name)?.id,
            };
            let groups = rows::in_library(tx, library)?;
            Ok(groups.into_iter().map(GroupView::from).collect())
        };
        self.house.read_as(caller, list).await
    }

    /// The group of that name, for any user.
    pub async fn group(&self, caller: &Caller, group: &GroupName) -> Result<GroupView, Failure> {
        let group = group.clone();
        let look =
            move |tx: &mut Tx<'_>, standing: &Standing| find(tx, standing, &group).map(GroupView::from);
        self.house.read_as(caller, look).await
    }

    /// Who is in a group, by first, then last name. Nobody is shown of a group that is not public, but to administrators, user
    /// managers and the managers of its library.
    pub async fn group_members(
        &self,
        caller: &Caller,
        group: &GroupName,
    ) -> Result<Vec<UserDetails>, Failure> {
        let group = group.clone();
        let list = move |tx: &mut Tx<'_>, standing: &Standing| {
            let group = find(tx, standing, &group)?.group;
            if !shows_members(&group, standing) {
                return Ok(Vec::new());
            }
            let members = rows::members(tx, group.id)?;
            details_of(tx, &members)
        };
        self.house.read_as(caller, list).await
    }
}

fn shows_members(group: &GroupRow, standing: &Standing) -> bool {
    group.public || standing.is_user_manager() || standing.manages(group.library)
}

fn find(tx: &mut Tx<'_>, standing: &Standing, name: &GroupName) -> Result<NamedGroupRow, Failure> {
    let (library, library_name) = match &name.library {
        None => (NO_LIBRARY, String::new()),
        Some(library) => {
            let library = libraries::find(tx, standing, library)?;
            (library.id, library.name)
        }
    };
    let group = find_group(tx, library, &name.name)?;
    Ok(NamedGroupRow { group, library_name })
}
