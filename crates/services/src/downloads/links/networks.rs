//! The networks that a link may be used from.

use crate::Failure;
use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;

/// How many a link may name.
const MOST: usize = 32;

/// Some networks; none means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads networks such as `10.0.0.0/8` and addresses such as `192.0.2.7`.
    pub(super) fn parse(texts: &[String]) -> Result<Self, Failure> {
        if texts.len() > MOST {
            return Err(Failure::invalid("addresses", format!("at most {MOST} networks")));
        }
        let networks: Option<Vec<IpNet>> = texts.iter().map(|text| read(text)).collect();
        networks.map(Self).ok_or_else(|| {
            Failure::invalid(
                "addresses",
                "each must be a network such as 10.0.0.0/8 or an address",
            )
        })
    }

    /// Those of a stored text. One that cannot be read admits nobody.
    pub(super) fn of_text(text: &str) -> Self {
        let nobody = || IpNet::from(IpAddr::from([0_u8; 4]));
        Self(
            text.split_whitespace()
                .map(|text| read(text).unwrap_or_else(nobody))
                .collect(),
        )
    }

    /// Whether somebody from that address may come in.
    pub(super) fn allow(&self, address: Option<IpAddr>) -> bool {
        let Some(address) = address.map(|address| address.to_canonical()) else {
            return self.0.is_empty();
        };
        self.0.is_empty() || self.0.iter().any(|network| network.contains(&address))
    }
}

fn read(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let network = text.parse::<IpNet>().ok();
    network
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
        .map(|network| network.trunc())
}

impl fmt::Display for Networks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.0.iter().map(IpNet::to_string).collect();
        formatter.write_str(&texts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::Networks;

    #[test]
    fn networks_admit_their_addresses() {
        let texts = ["10.1.2.3/8", "192.0.2.7", "2001:db8::/32"].map(str::to_owned);
        let networks = Networks::parse(&texts).unwrap();
        assert_eq!(networks.to_string(), "10.0.0.0/8 192.0.2.7/32 2001:db8::/32");
        assert_eq!(Networks::of_text(&networks.to_string()), networks);
        for (address, allowed) in [
            ("10.255.0.1", true),
            ("::ffff:10.0.0.1", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(
                networks.allow(Some(address.parse().unwrap())),
                allowed,
                "{address}"
            );
        }
        assert!(!networks.allow(None));
        assert!(Networks::default().allow(None));
        assert!(Networks::parse(&["10.0.0.0/33".to_owned()]).is_err());
        assert!(!Networks::of_text("nonsense").allow(Some("10.0.0.1".parse().unwrap())));
    }
}
