//! Guessing passwords: slowed down, then refused for a while; never a lock that strangers could keep up without end.

use crate::Failure;
use crate::sessions::secrets::sha256;
use holdall_catalog::sessions::{self as rows, LoginFailures};
use holdall_catalog::{CatalogError, Tx};
use holdall_model::Timestamp;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// How long a failure counts, and how long a refusal lasts.
const WINDOW: Duration = Duration::from_mins(15);

/// How much later each failure lets the next attempt start, once they are slowed down.
const STEP: Duration = Duration::from_millis(250);

/// How many failures an origin may have.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// From here on attempts are slowed down.
    slow: i64,
    /// From here on they are refused.
    most: i64,
}

const OF_ACCOUNT: Limits = Limits { slow: 5, most: 10 };

/// A whole office may share an address.
const OF_ADDRESS: Limits = Limits { slow: 50, most: 100 };

/// Where an attempt comes from and whom it is for. Origins are kept as digests: people type passwords into login fields.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    account: String,
    address: Option<String>,
}

/// How long an attempt has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delay(Duration);

impl Delay {
    pub(super) async fn wait(self) {
        if !self.0.is_zero() {
            tokio::time::sleep(self.0).await;
        }
    }
}

impl Attempt {
    /// An attempt at the account of that login key, which need not exist.
    pub(super) fn new(login_key: &str, address: Option<IpAddr>) -> Self {
        Self {
            account: account_subject(login_key),
            address: address.map(|address| subject("address", &network(address).to_string())),
        }
    }

    /// How long to wait before the attempt, or [`Failure::TooManyAttempts`].
    pub(super) fn admit(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Delay, Failure> {
        let subjects: Vec<String> = self.subjects().cloned().collect();
        let failures = rows::failures(tx, &subjects, began(now))?;
        let mut delays = failures.iter().map(|failures| {
            let limits = if failures.subject == self.account {
                OF_ACCOUNT
            } else {
                OF_ADDRESS
            };
            delay(failures, limits, now)
        });
        delays.try_fold(Delay(Duration::ZERO), |longest, delay| {
            Ok(Delay(longest.0.max(delay?.0)))
        })
    }

    /// Counts a failure for both origins.
    pub(super) fn note_failure(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), CatalogError> {
        self.subjects()
            .try_for_each(|subject| rows::note_failure(tx, subject, now, began(now)))
    }

    fn subjects(&self) -> impl Iterator<Item = &String> {
        self.address.iter().chain([&self.account])
    }
}

/// Forgets the failures of an account whose owner has logged in.
pub(super) fn forgive(tx: &mut Tx<'_>, login_key: &str) -> Result<(), CatalogError> {
    rows::forget_failures(tx, &account_subject(login_key))
}

/// Drops failures that count no more.
pub(super) fn expire(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), CatalogError> {
    rows::forget_old_failures(tx, began(now)).map(|_forgotten| ())
}

/// When the present window began.
fn began(now: Timestamp) -> Timestamp {
    Timestamp(now.0.saturating_sub(milliseconds(WINDOW)))
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn delay(failures: &LoginFailures, limits: Limits, now: Timestamp) -> Result<Delay, Failure> {
    if failures.failures >= limits.most {
        let left = failures.last.plus(WINDOW).0.saturating_sub(now.0).max(0);
        return Err(Failure::TooManyAttempts {
            seconds: u64::try_from(left).unwrap_or(0).div_ceil(1000),
        });
    }
    let steps = failures
        .failures
        .saturating_sub(limits.slow)
        .saturating_add(1)
        .clamp(0, 6);
    Ok(Delay(STEP.saturating_mul(u32::try_from(steps).unwrap_or(0))))
}

fn account_subject(login_key: &str) -> String {
    subject("account", login_key)
}

fn subject(kind: &str, name: &str) -> String {
    sha256(format!("{kind} {name}").as_bytes()).to_string()
}

/// The network that one customer has: an IPv4 address, the first 64 bits of an IPv6 one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Delay, OF_ACCOUNT, OF_ADDRESS, STEP, WINDOW, delay, expire, network};
    use crate::Failure;
    use holdall_catalog::Tx;
    use holdall_catalog::sessions::LoginFailures;
    use holdall_catalog::testing::catalogs;
    use holdall_model::Timestamp;
    use std::time::Duration;

    fn after(failures: i64) -> Result<Delay, Failure> {
        let failures = LoginFailures {
            subject: String::new(),
            failures,
            last: Timestamp(5_000),
        };
        delay(&failures, OF_ACCOUNT, Timestamp(65_000))
    }

    #[test]
    fn s6_the_fifth_failure_slows_down_and_the_tenth_refuses() {
        for (failures, steps) in [(0, 0), (4, 0), (5, 1), (6, 2), (9, 5)] {
            assert_eq!(after(failures).unwrap(), Delay(STEP * steps), "{failures}");
        }
        let refused = after(10);
        assert!(matches!(refused, Err(Failure::TooManyAttempts { seconds: 840 })));
    }

    #[test]
    fn s6_neighbours_of_an_ipv6_network_count_as_one() {
        let one = network("2001:db8:1:2::1".parse().unwrap());
        assert_eq!(one, network("2001:db8:1:2:ffff::9".parse().unwrap()));
        assert_ne!(one, network("2001:db8:1:3::1".parse().unwrap()));
        assert_eq!(
            network("::ffff:192.0.2.1".parse().unwrap()),
            network("192.0.2.1".parse().unwrap())
        );
    }

    fn from(account: &str, address: &str) -> Attempt {
        Attempt::new(account, Some(address.parse().unwrap()))
    }

    fn refuse_an_address(tx: &mut Tx<'_>, engine: &str) -> Result<(), Failure> {
        for number in 0..OF_ADDRESS.most {
            from(&number.to_string(), "192.0.2.1").note_failure(tx, Timestamp(number))?;
        }
        let now = Timestamp(OF_ADDRESS.most);
        let refused = from("kim", "192.0.2.1").admit(tx, now);
        assert!(
            matches!(refused, Err(Failure::TooManyAttempts { .. })),
            "{engine}"
        );
        assert_eq!(from("kim", "192.0.2.2").admit(tx, now)?, Delay(Duration::ZERO));
        assert_eq!(Attempt::new("kim", None).admit(tx, now)?, Delay(Duration::ZERO));
        let later = now.plus(WINDOW);
        assert_eq!(from("kim", "192.0.2.1").admit(tx, later)?, Delay(Duration::ZERO));
        expire(tx, later)?;
        let left = tx.query("SELECT subject FROM login_failures", &[], |_row| Ok(()))?;
        assert!(left.is_empty(), "{engine}");
        Ok(())
    }

    #[test]
    fn s6_an_address_is_refused_for_all_accounts_and_others_are_not() {
        for (engine, catalog, _guard) in catalogs() {
            let outcome: Result<(), Failure> =
                catalog.write_blocking(move |tx| refuse_an_address(tx, engine));
            outcome.unwrap();
        }
    }
}
