//! The end of accounts, groups and memberships.

use crate::people::{group, named};
use holdall_model::Right;
use holdall_services::{Conflict, Failure, GroupName, Thing};
use holdall_testkit::{House, PASSWORD, group as the_group, item, user};

#[tokio::test]
async fn a_deleted_user_leaves_items_but_no_membership_and_no_entry() {
    for house in House::on_every_engine().await {
        let (kim, lee) = (house.user("kim").await, house.user("lee").await);
        house.library("Lib", &[&kim, &lee]).await;
        let (services, admin) = (&house.services, &house.administrator);
        house.document(admin, "/Lib/a.txt", b"text").await;
        let grants = [(user("kim"), Right::Change), (user("lee"), Right::FullControl)];
        house.grant(admin, "/Lib", &grants).await;
        services
            .access
            .set_owner(admin, &item("/Lib/a.txt"), "kim", false)
            .await
            .unwrap();
        services.people.delete_user(admin, "KIM").await.unwrap();
        let gone = services.people.exists(admin, "kim").await;
        assert!(matches!(gone, Err(Failure::NotFound(Thing::User))));
        let list = services.access.access_list(&lee, &item("/Lib")).await.unwrap();
        let kept: Vec<_> = list.entries.iter().skip(2).map(|grant| &grant.who).collect();
        assert_eq!(kept, [&user("lee")], "{}", house.engine);
        let owner = services.access.owner(&lee, &item("/Lib/a.txt")).await;
        assert!(matches!(owner, Err(Failure::NotFound(Thing::User))));
        assert!(matches!(
            services.folders.folder(&kim, &item("/Lib")).await,
            Err(Failure::NotFound(_))
        ));
        let again = services.people.create_user(admin, named("kim")).await.unwrap();
        assert_ne!(again, kim.user(), "ids do not come back");
    }
}

#[tokio::test]
async fn s4_a_deleted_users_session_ends_at_once() {
    let house = House::new().await;
    house.user_with_password("kim").await;
    let sessions = &house.services.sessions;
    let ticket = sessions.log_in(None, "kim", PASSWORD, "").await.unwrap().ticket;
    sessions.authenticate(&ticket).await.unwrap();
    let people = &house.services.people;
    people.delete_user(&house.administrator, "kim").await.unwrap();
    assert!(matches!(
        sessions.authenticate(&ticket).await,
        Err(Failure::SessionExpired)
    ));
}

#[tokio::test]
async fn users_with_locks_and_the_built_in_administrator_are_not_deleted() {
    let house = House::new().await;
    let kim = house.user("kim").await;
    house.library_of("Lib", &kim).await;
    house.document(&kim, "/Lib/a.txt", b"text").await;
    let (people, admin) = (&house.services.people, &house.administrator);
    let documents = &house.services.documents;
    documents.lock(&kim, &item("/Lib/a.txt")).await.unwrap();
    let locked = people.delete_user(admin, "kim").await;
    assert!(matches!(locked, Err(Failure::Conflict(Conflict::HoldsLocks))));
    documents.unlock(&kim, &item("/Lib/a.txt"), false).await.unwrap();
    for (caller, login) in [(&kim, "kim"), (&kim, "nobody"), (admin, "sysadmin")] {
        let refused = people.delete_user(caller, login).await;
        assert!(matches!(refused, Err(Failure::Denied)), "{login}");
    }
    people.delete_user(admin, "kim").await.unwrap();
}

#[tokio::test]
async fn l8_what_a_group_granted_ends_with_the_membership_and_with_the_group() {
    for house in House::on_every_engine().await {
        let (kim, lee) = (house.user("kim").await, house.user("lee").await);
        house.library("Lib", &[&kim, &lee]).await;
        house.group("Staff", &[&kim, &lee]).await;
        let (services, admin) = (&house.services, &house.administrator);
        house.document(admin, "/Lib/a.txt", b"text").await;
        house
            .grant(admin, "/Lib", &[(the_group("Staff"), Right::Read)])
            .await;
        let (folder, staff) = (item("/Lib"), group(None, "staff"));
        services.folders.folder(&kim, &folder).await.unwrap();
        services
            .people
            .remove_group_member(admin, &staff, "kim")
            .await
            .unwrap();
        assert!(
            services.folders.folder(&kim, &folder).await.is_err(),
            "{}",
            house.engine
        );
        let again = services.people.remove_group_member(admin, &staff, "kim").await;
        assert!(matches!(again, Err(Failure::Conflict(Conflict::NotMember))));
        services.folders.folder(&lee, &folder).await.unwrap();
        services.people.delete_group(admin, &staff).await.unwrap();
        assert!(
            services.folders.folder(&lee, &folder).await.is_err(),
            "{}",
            house.engine
        );
        let list = services.access.access_list(admin, &folder).await.unwrap();
        assert_eq!(list.entries.len(), 2, "anonymous and members only");
        let gone = services.people.group(admin, &staff).await;
        assert!(matches!(gone, Err(Failure::NotFound(Thing::Group))));
    }
}

#[tokio::test]
async fn managers_end_the_groups_of_their_library_and_roles_stay() {
    let house = House::new().await;
    let (mia, kim) = (house.user("mia").await, house.user("kim").await);
    house.library_of("Lib", &mia).await;
    house.group("Staff", &[&kim]).await;
    let (people, admin) = (&house.services.people, &house.administrator);
    let local = group(Some("Lib"), "Editors");
    people.create_group(&mia, &local).await.unwrap();
    people.add_group_member(&mia, &local, "kim").await.unwrap();
    for caller in [&mia, &kim] {
        let refused = people.delete_group(caller, &group(None, "Staff")).await;
        assert!(matches!(refused, Err(Failure::Denied)));
    }
    assert!(matches!(
        people.remove_group_member(&kim, &local, "kim").await,
        Err(Failure::Denied)
    ));
    people.remove_group_member(&mia, &local, "kim").await.unwrap();
    people.delete_group(&mia, &local).await.unwrap();
    for role in ["Administrators", "User Managers"] {
        let refused = people.delete_group(admin, &group(None, role)).await;
        assert!(matches!(refused, Err(Failure::Denied)), "{role}");
    }
    let administrators: GroupName = group(None, "Administrators");
    let refused = people
        .remove_group_member(admin, &administrators, "sysadmin")
        .await;
    assert!(matches!(refused, Err(Failure::Denied)));
}
