//! What the two engines say differently, each thing named once.

use sqlx::Database;
use sqlx::error::DatabaseError;

/// An engine's way of saying things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    MySql,
}

impl Dialect {
    /// The dialect of a driver.
    pub(super) fn of<D: Database>() -> Self {
        if D::NAME == sqlx::Sqlite::NAME { Self::Sqlite } else { Self::MySql }
    }

    /// Begins a transaction that writes. SQLite takes its write lock at once: one that reads
    /// first and asks for the lock later fails without waiting when another was faster.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::MySql => "BEGIN",
        }
    }

    /// The database's clock, as milliseconds since the Unix epoch.
    pub(super) const fn now(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            Self::MySql => "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)",
        }
    }

    /// At the end of a SELECT: locks its rows until the commit. SQLite's writer is alone anyway.
    pub(super) const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " FOR UPDATE",
        }
    }

    /// At the end of a SELECT: nobody changes its rows until the commit, and others may do the same
    /// beside.
    pub(super) const fn for_share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " LOCK IN SHARE MODE",
        }
    }

    /// As [`Self::for_update`], but fails at once where another holds such a lock.
    pub(super) const fn for_update_now(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " FOR UPDATE NOWAIT",
        }
    }

    /// At the end of an INSERT: a row that breaks a unique key is left out. `column` is any column
    /// of the table. (`INSERT IGNORE` would swallow every other mistake as well.)
    pub(super) fn or_nothing(self, column: &str) -> String {
        match self {
            Self::Sqlite => " ON CONFLICT DO NOTHING".into(),
            Self::MySql => format!(" ON DUPLICATE KEY UPDATE {column} = {column}"),
        }
    }

    /// At the end of an INSERT: a row whose `key` is there already has these columns set instead.
    pub(super) fn or_update(self, key: &str, columns: &[&str]) -> String {
        let (head, new) = match self {
            Self::Sqlite => (format!(" ON CONFLICT ({key}) DO UPDATE SET "), excluded as New),
            Self::MySql => (" ON DUPLICATE KEY UPDATE ".to_owned(), values as New),
        };
        let set: Vec<_> =
            columns.iter().map(|column| format!("{column} = {}", new(column))).collect();
        head + &set.join(", ")
    }

    /// At the end of an INSERT: a row whose `key` is there already has this column increased instead.
    pub(super) fn or_add(self, key: &str, column: &str) -> String {
        match self {
            Self::Sqlite => {
                format!(
                    " ON CONFLICT ({key}) DO UPDATE SET {column} = {column} + excluded.{column}"
                )
            }
            Self::MySql => {
                format!(" ON DUPLICATE KEY UPDATE {column} = {column} + VALUES({column})")
            }
        }
    }

    /// Whether the unique key that was broken is the table's primary one.
    pub(super) fn is_primary_key(self, error: &dyn DatabaseError) -> bool {
        match self {
            // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID
            Self::Sqlite => matches!(error.code().as_deref(), Some("1555" | "2579")),
            Self::MySql => error.message().ends_with("PRIMARY'"),
        }
    }
}

type New = fn(&str) -> String;

fn excluded(column: &str) -> String {
    format!("excluded.{column}")
}

fn values(column: &str) -> String {
    format!("VALUES({column})")
}
