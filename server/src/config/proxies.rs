//! Which proxies are believed when they say whom a request came from.

use std::net::IpAddr;

use ipnet::IpNet;

/// Addresses and blocks of addresses; none unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// `127.0.0.1, 10.0.0.0/8, fd00::/8`; commas and spaces separate.
    ///
    /// # Errors
    /// What it may be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
        let blocks = parts.map(|part| {
            let block = part.parse::<IpNet>();
            block.or_else(|_| part.parse::<IpAddr>().map(|one| one.to_canonical().into())).map_err(
                |_| {
                    format!(
                        "not a list of addresses: {part:?}; give addresses and blocks such as \
                     127.0.0.1, 10.0.0.0/8"
                    )
                },
            )
        });
        Ok(Self(blocks.collect::<Result<_, _>>()?))
    }

    /// Whether the proxy at this address is believed.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|block| block.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::TrustedProxies;

    #[test]
    fn addresses_and_blocks_are_trusted() {
        let trusted = TrustedProxies::parse("127.0.0.1, 10.0.0.0/8 ,fd00::/8 ::1").expect("a list");
        let trusts = |text: &str| trusted.trusts(text.parse().expect("an address"));
        for inside in ["127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3", "fd12::1", "::1"] {
            assert!(trusts(inside), "{inside}");
        }
        for outside in ["127.0.0.2", "11.0.0.1", "fe80::1", "::ffff:11.0.0.1"] {
            assert!(!trusts(outside), "{outside}");
        }
        let nobody = TrustedProxies::parse(" ").expect("an empty list");
        assert!(!nobody.trusts([127, 0, 0, 1].into()));
        for bad in ["localhost", "10.0.0.0/33", "10.0.0", "10.0.0.1:80", "*"] {
            assert!(TrustedProxies::parse(bad).is_err(), "{bad}");
        }
    }
}
