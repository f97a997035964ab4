-- mentions: 'all' where a message names everyone by @all, then, as before, the ids of those whom it names one
-- by one. What named everyone so far held all their ids: up to 499 of them a message.
UPDATE message SET mentions = 'all'
    WHERE (conversation_id, seq) IN (SELECT conversation_id, seq FROM mention WHERE user_id = 0);
