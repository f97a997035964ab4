-- added_by: who brought a member into a group, by making it or by adding them. NULL where they came by
-- themselves, and in rows of before.
ALTER TABLE message_session ADD COLUMN added_by INTEGER NULL;

-- Who left a group into which someone had brought them: for a day they are not brought back by that one.
-- Older rows of a group go when another of its members leaves.
CREATE TABLE departure (
    conversation_id INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    added_by        INTEGER NOT NULL,
    left_at         INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, user_id, added_by)
) STRICT, WITHOUT ROWID;
