//! What the database's connections measure.

use metrics::{Unit, describe_gauge, gauge};
use sqlx::{Database, Pool};

use super::Store;
use super::engine::on_engine;

const CONNECTIONS: &str = "kith_database_connections";

/// Says what the store's metrics mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_gauge!(
        CONNECTIONS,
        Unit::Count,
        "Open connections to the database, by pool (readers, writers) and state (idle, busy)"
    );
    super::writer::describe_metrics();
}

impl Store {
    /// Sets the gauges of the database's connections.
    pub fn measure(&self) {
        on_engine!(&self.readers, |pool| measure("readers", pool));
        on_engine!(&self.writers, |pool| measure("writers", pool));
    }
}

fn measure<D: Database>(name: &'static str, pool: &Pool<D>) {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    gauge!(CONNECTIONS, "pool" => name, "state" => "idle").set(idle);
    gauge!(CONNECTIONS, "pool" => name, "state" => "busy").set(pool.size().saturating_sub(idle));
}
