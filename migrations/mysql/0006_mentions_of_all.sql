-- mentions: 'all' where a message names everyone by @all, then, as before, the ids of those whom it names one
-- by one. What named everyone so far held all their ids: up to 499 of them a message.
UPDATE message m JOIN mention n ON n.conversation_id = m.conversation_id AND n.seq = m.seq AND n.user_id = 0
    SET m.mentions = 'all';
