//! Tickets that a trusted server gets for its users.

use holdall_blobs::{BlobOptions, Blobs};
use holdall_catalog::Catalog;
use holdall_catalog::testing;
use holdall_model::{ManualClock, Timestamp};
use holdall_services::{Failure, NewUser, ServiceOptions, Services, TrustedPassword};
use std::sync::Arc;
use tempfile::TempDir;

const SECRET: &str = "a secret of servers";

async fn open(trusted_password: Option<TrustedPassword>) -> (Services, TempDir, testing::Guard) {
    let (directory, database) = (tempfile::tempdir().unwrap(), testing::sqlite());
    let catalog = Catalog::open(database.options()).unwrap();
    let blobs = Blobs::open(&directory.path().join("blobs"), BlobOptions::default()).unwrap();
    let options = ServiceOptions {
        trusted_password,
        ..ServiceOptions::new(directory.path().to_owned())
    };
    let clock = Arc::new(ManualClock::at(Timestamp(1_700_000_000_000)));
    let services = Services::open(catalog, blobs, clock, options).await.unwrap();
    let kim = NewUser {
        login: "kim".to_owned(),
        ..NewUser::default()
    };
    services.people.create_local(kim).await.unwrap();
    services
        .people
        .create_administrator("admin", "correct horse battery")
        .await
        .unwrap();
    (services, directory, database)
}

#[tokio::test]
async fn s5_a_trusted_server_gets_tickets_for_all_but_administrators() {
    let (services, _directory, _database) = open(Some(TrustedPassword::new(SECRET).unwrap())).await;
    let sessions = &services.sessions;
    let ticket = sessions.create_for(None, SECRET, "KIM").await.unwrap();
    let caller = sessions.authenticate(&ticket).await.unwrap();
    assert_eq!(caller.login(), "kim");
    let seen = services.people.details(&caller, None).await.unwrap();
    assert!(seen.last_logon.is_some());
    for administrator in ["admin", "sysadmin"] {
        let refused = sessions.create_for(None, SECRET, administrator).await;
        assert!(
            matches!(refused, Err(Failure::TicketNotAllowed)),
            "{administrator}"
        );
    }
    let unknown = sessions.create_for(None, SECRET, "nobody").await;
    assert!(matches!(unknown, Err(Failure::NotAuthenticated)));
    for wrong in ["", "a secret of Servers"] {
        for login in ["kim", "admin", "nobody"] {
            let refused = sessions.create_for(None, wrong, login).await;
            assert!(matches!(refused, Err(Failure::NotAuthenticated)), "{login}");
        }
    }
    let admin = sessions.operator("admin").await.unwrap();
    services.people.set_enabled(&admin, "kim", false).await.unwrap();
    let disabled = sessions.create_for(None, SECRET, "kim").await;
    assert!(matches!(disabled, Err(Failure::NotAuthenticated)));
}

#[tokio::test]
async fn s5_without_a_trusted_password_nobody_is_trusted() {
    let (services, _directory, _database) = open(None).await;
    for password in ["", SECRET] {
        let refused = services.sessions.create_for(None, password, "kim").await;
        assert!(matches!(refused, Err(Failure::NotAuthenticated)));
    }
}

#[tokio::test(start_paused = true)]
async fn s6_guessing_a_trusted_password_is_refused_for_its_address_only() {
    let (services, _directory, _database) = open(Some(TrustedPassword::new(SECRET).unwrap())).await;
    let sessions = &services.sessions;
    let (stranger, server) = ("192.0.2.1".parse().ok(), "192.0.2.2".parse().ok());
    for _ in 0..10 {
        let wrong = sessions.create_for(stranger, "a wrong secret", "kim").await;
        assert!(matches!(wrong, Err(Failure::NotAuthenticated)));
    }
    let refused = sessions.create_for(stranger, SECRET, "kim").await;
    assert!(matches!(refused, Err(Failure::TooManyAttempts { .. })));
    sessions.create_for(server, SECRET, "kim").await.unwrap();
}
