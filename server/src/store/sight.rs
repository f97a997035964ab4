//! From which position on people see conversations: what joining, clearing and a group's history say
//! together.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::Result;
use super::codes::first_visible;
use super::engine::on_engine;
use super::lease::Lease;
use super::lists::padded;

/// A person in a conversation: (`conversation_id`, `user_id`).
pub(super) type Reader = (i64, i64);

/// The oldest position that each reader can see; absent for whoever is no member.
pub(super) type Sight = HashMap<Reader, i64>;

/// How far back these readers see.
pub(super) async fn sight(lease: &mut Lease, readers: &[Reader]) -> Result<Sight> {
    let mut sight = Sight::with_capacity(readers.len());
    for chunk in padded(readers) {
        let rows: Vec<(i64, i64, i64, i64, i64)> =
            on_engine!(lease.connection()?, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "SELECT s.conversation_id, s.user_id, c.history, s.joined_seq, s.cleared_seq \
                     FROM message_session s JOIN conversation c ON c.id = s.conversation_id WHERE ",
                );
                for (index, (conversation_id, user_id)) in chunk.iter().enumerate() {
                    query.push(if index == 0 { "(" } else { " OR (" });
                    query.push("s.user_id = ").push_bind(*user_id);
                    query.push(" AND s.conversation_id = ").push_bind(*conversation_id).push(")");
                }
                query.build_query_as().fetch_all(connection).await?
            });
        sight.extend(rows.into_iter().map(|(id, user, history, joined_seq, cleared_seq)| {
            ((id, user), first_visible(history, joined_seq, cleared_seq))
        }));
    }
    Ok(sight)
}

/// Whether what stands at a position is theirs to see.
pub(super) fn sees(sight: &Sight, reader: Reader, seq: i64) -> bool {
    sight.get(&reader).is_some_and(|first| *first <= seq)
}
