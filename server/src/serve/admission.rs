//! How many connections there may be, in all and from one address: each takes a file and memory before
//! anything is known of whoever opened it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

use crate::config::{ConnectionLimits, TrustedProxies};
use crate::rate_limits::network;

const OPEN: &str = "kith_connections";
const REFUSED: &str = "kith_connections_refused_total";

/// Says what the connections' metrics mean, to the recorder that is installed.
pub(crate) fn describe_metrics() {
    describe_gauge!(OPEN, Unit::Count, "Connections that are open, sockets among them");
    describe_counter!(REFUSED, Unit::Count, "Connections refused because there were too many");
    // What seldom happens is there all the same, as zero.
    counter!(REFUSED).increment(0);
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Admission(Arc<Inner>);

struct Inner {
    limits: ConnectionLimits,
    /// Whoever comes through one of these is not told apart by address.
    trusted: TrustedProxies,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_network: HashMap<IpAddr, usize>,
}

/// The slot of a connection; free again when it is dropped.
pub(super) struct ConnectionSlot {
    admission: Admission,
    network: Option<IpAddr>,
}

impl Admission {
    pub(crate) fn new(limits: ConnectionLimits, trusted: TrustedProxies) -> Self {
        Self(Arc::new(Inner { limits, trusted, open: Mutex::default() }))
    }

    /// A slot for a connection from this address, if there is one.
    pub(super) fn admit(&self, from: IpAddr) -> Option<ConnectionSlot> {
        let network = (!self.0.trusted.trusts(from)).then(|| network(from));
        let mut open = self.open();
        let of_network = network.map_or(0, |network| open.of(network));
        if is_reached(self.0.limits.all, open.all)
            || is_reached(self.0.limits.per_address, of_network)
        {
            counter!(REFUSED).increment(1);
            return None;
        }
        open.all += 1;
        if let Some(network) = network {
            open.by_network.insert(network, of_network + 1);
        }
        Some(ConnectionSlot { admission: self.clone(), network })
    }

    /// Sets the gauge of the connections.
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float; this is far below 2^52")]
    pub(crate) fn measure(&self) {
        gauge!(OPEN).set(self.open().all as f64);
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn of(&self, network: IpAddr) -> usize {
        self.by_network.get(&network).copied().unwrap_or(0)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut open = self.admission.open();
        open.all -= 1;
        let Some(network) = self.network else { return };
        match open.of(network) {
            0 | 1 => open.by_network.remove(&network),
            others => open.by_network.insert(network, others - 1),
        };
    }
}

fn is_reached(limit: Option<usize>, count: usize) -> bool {
    limit.is_some_and(|limit| count >= limit)
}

#[cfg(test)]
mod tests {
    use super::{Admission, ConnectionLimits, IpAddr, TrustedProxies};

    fn admission(all: usize, per_address: usize) -> Admission {
        let trusted = TrustedProxies::parse("10.0.0.1").expect("a list");
        let limit = |number| (number > 0).then_some(number);
        let limits = ConnectionLimits { all: limit(all), per_address: limit(per_address) };
        Admission::new(limits, trusted)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_place_is_free_again_when_it_is_given_up() {
        let admission = admission(2, 0);
        let first = admission.admit(address("192.0.2.1")).expect("room");
        let _second = admission.admit(address("192.0.2.1")).expect("room");
        assert!(admission.admit(address("192.0.2.2")).is_none());
        drop(first);
        let _third = admission.admit(address("192.0.2.2")).expect("room again");
        assert!(admission.admit(address("192.0.2.1")).is_none());
    }

    #[test]
    fn an_address_has_so_many_and_a_proxy_as_many_as_there_are() {
        let admission = admission(6, 2);
        let admit = |text: &str| admission.admit(address(text));
        let network = [admit("2001:db8::1"), admit("2001:db8::2"), admit("2001:db8::3")];
        assert_eq!(network.iter().flatten().count(), 2, "a /64 is one address");
        let proxied: Vec<_> = (0..5).filter_map(|_| admit("10.0.0.1")).collect();
        assert_eq!(proxied.len(), 4, "all that is left");
        drop((network, proxied));
        assert!(admission.open().by_network.is_empty(), "nothing stays behind");
    }

    #[test]
    fn none_is_no_limit() {
        let admission = admission(0, 0);
        let places: Vec<_> = (0..10_000).map(|_| admission.admit(address("::1"))).collect();
        assert!(places.iter().all(Option::is_some));
    }
}
