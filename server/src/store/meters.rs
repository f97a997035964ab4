//! What the database's connections measure.

use metrics::{Unit, describe_gauge, gauge};

use super::Store;
use super::lease::Pool;

const CONNECTIONS: &str = "kith_database_connections";

/// Says what the store's metrics mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_gauge!(
        CONNECTIONS,
        Unit::Count,
        "Open connections to the database, by pool (readers, writers, shards) and state (idle, busy)"
    );
    super::writer::describe_metrics();
}

impl Store {
    /// Sets the gauges of the database's connections.
    pub fn measure(&self) {
        measure("readers", &self.readers);
        measure("writers", &self.writers);
        // The same connection as the writers'.
        if !self.has_one_writer() {
            measure("shards", &self.shards);
        }
    }
}

fn measure(name: &'static str, pool: &Pool) {
    let (idle, busy) = pool.usage();
    gauge!(CONNECTIONS, "pool" => name, "state" => "idle").set(idle);
    gauge!(CONNECTIONS, "pool" => name, "state" => "busy").set(busy);
}
