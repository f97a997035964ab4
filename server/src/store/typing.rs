//! Who is to see that someone types.

use app::protocol::{ConversationId, Seq, UserId};

use super::lease::on_pool;
use super::{Result, Store};

/// A conversation, as far as its typing lines go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypingAudience {
    /// The newest position of the conversation.
    pub last_seq: Seq,
    /// The other members; of a conversation that has more than the limit, so many of them.
    pub others: Vec<UserId>,
}

impl Store {
    /// The other members of a conversation, at most `limit`, none where nobody may write; absent
    /// unless the user is a member.
    pub async fn typing_audience(
        &self,
        user: UserId,
        id: ConversationId,
        limit: u32,
    ) -> Result<Option<TypingAudience>> {
        let rows: Vec<(i64, Option<i64>)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.last_seq, o.user_id FROM message_session s \
                 JOIN conversation c ON c.id = s.conversation_id \
                 LEFT JOIN message_session o \
                 ON o.conversation_id = c.id AND o.user_id <> s.user_id AND c.closed = 0 \
                 WHERE s.user_id = ? AND s.conversation_id = ? LIMIT ?",
            )
            .bind(user.get())
            .bind(id.get())
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await?
        });
        let Some((last_seq, _)) = rows.first() else { return Ok(None) };
        let last_seq = Seq::new(*last_seq);
        let others = rows.into_iter().filter_map(|(_, other)| other).map(UserId::new).collect();
        Ok(Some(TypingAudience { last_seq, others }))
    }
}
