//! Upgrades of what is stored that SQL cannot do by itself: each is done once, before anything is served, and
//! may be done again where it was cut off.

use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::engine::on_engine;
use super::lease::on_pool;
use super::names::name_key;
use super::transaction::transact;
use super::{Result, Store};

/// The keys of names are made by the fold of `app::protocol::text`.
const FOLDED_NAMES: &str = "folded names";
/// Names in one transaction.
const BATCH_SIZE: i64 = 500;

/// Where names with a key stand.
#[derive(Clone, Copy, Debug)]
enum Names {
    Nicknames,
    Aliases,
    Groups,
}

/// A name with its place: of an alias whose it is (else 0), and of whom.
type Named = (i64, i64, String, Vec<u8>);

impl Names {
    const fn read(self) -> &'static str {
        match self {
            Self::Nicknames => {
                "SELECT 0, id, nickname, nickname_key FROM user \
                 WHERE id > ? ORDER BY id LIMIT ?"
            }
            Self::Aliases => {
                "SELECT user_id, contact_id, alias, alias_key FROM contact WHERE alias IS NOT NULL \
                 AND (user_id > ? OR user_id = ? AND contact_id > ?) \
                 ORDER BY user_id, contact_id LIMIT ?"
            }
            Self::Groups => {
                "SELECT 0, id, name, name_key FROM conversation WHERE name <> '' AND id > ? \
                 ORDER BY id LIMIT ?"
            }
        }
    }

    /// Sets a key, unless the name has changed meanwhile.
    const fn write(self) -> &'static str {
        match self {
            Self::Nicknames => "UPDATE user SET nickname_key = ? WHERE nickname = ? AND id = ?",
            Self::Aliases => {
                "UPDATE contact SET alias_key = ? \
                 WHERE alias = ? AND contact_id = ? AND user_id = ?"
            }
            Self::Groups => "UPDATE conversation SET name_key = ? WHERE name = ? AND id = ?",
        }
    }
}

impl Store {
    /// Does what has not been done yet.
    pub(super) async fn upgrade(&self) -> Result<()> {
        let done: i64 = on_pool!(&self.writers, |connection| {
            sqlx::query_scalar("SELECT COUNT(*) FROM upgrade WHERE name = ?")
                .bind(FOLDED_NAMES)
                .fetch_one(connection)
                .await?
        });
        if done > 0 {
            return Ok(());
        }
        for names in [Names::Nicknames, Names::Aliases, Names::Groups] {
            self.fold_names(names).await?;
        }
        transact!(self, |transaction| {
            on_engine!(transaction.connection()?, |connection, Db| {
                let mut insert = QueryBuilder::<Db>::new("INSERT INTO upgrade (name) VALUES (");
                // Another one that starts beside this may have come first.
                insert
                    .push_bind(FOLDED_NAMES)
                    .push(")")
                    .push(Dialect::of::<Db>().or_nothing("name"));
                insert.build().execute(connection).await?;
            });
            Ok(())
        });
        Ok(())
    }

    async fn fold_names(&self, names: Names) -> Result<()> {
        let (mut owner, mut id) = (0, 0);
        let mut seen = 0;
        loop {
            let rows: Vec<Named> = on_pool!(&self.writers, |connection| {
                let mut query = sqlx::query_as(names.read());
                if matches!(names, Names::Aliases) {
                    query = query.bind(owner).bind(owner);
                }
                query.bind(id).bind(BATCH_SIZE).fetch_all(connection).await?
            });
            let Some((last_owner, last, ..)) = rows.last() else { return Ok(()) };
            (owner, id) = (*last_owner, *last);
            seen += rows.len();
            let old: Vec<_> =
                rows.iter().filter(|(.., name, key)| name_key(name) != *key).collect();
            if !old.is_empty() {
                transact!(self, |transaction| {
                    for (owner, id, name, _) in &old {
                        on_engine!(transaction.connection()?, |connection| {
                            let query = sqlx::query(names.write());
                            let mut query = query.bind(name_key(name)).bind(name).bind(id);
                            if *owner > 0 {
                                query = query.bind(owner);
                            }
                            query.execute(connection).await?;
                        });
                    }
                    Ok(())
                });
            }
            tracing::info!(
                ?names,
                seen,
                changed = old.len(),
                "keys of names are brought up to date"
            );
        }
    }
}
