//! The two engines, and the one macro that runs a body on whichever is there.

use super::dialect::Dialect;

/// One thing for each engine, such as a pool or a connection; one of the two is there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Engine<S, M> {
    /// `SQLite`, embedded.
    Sqlite(S),
    /// `MySQL` or `MariaDB`.
    MySql(M),
}

impl<S, M> Engine<S, M> {
    /// How this engine says what the two say differently.
    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::MySql(_) => Dialect::MySql,
        }
    }
}

/// Runs one body on whichever engine is there: `on_engine!(pools, |pool| …)`, or with the
/// database's type, `on_engine!(pools, |pool, Db| …)`, for `QueryBuilder<Db>`.
macro_rules! on_engine {
    ($engine:expr, |$it:ident| $body:expr) => {
        match $engine {
            $crate::store::engine::Engine::Sqlite($it) => $body,
            $crate::store::engine::Engine::MySql($it) => $body,
        }
    };
    ($engine:expr, |$it:ident, $Db:ident| $body:expr) => {
        match $engine {
            $crate::store::engine::Engine::Sqlite($it) => {
                type $Db = ::sqlx::Sqlite;
                $body
            }
            $crate::store::engine::Engine::MySql($it) => {
                type $Db = ::sqlx::MySql;
                $body
            }
        }
    };
}

pub(super) use on_engine;
