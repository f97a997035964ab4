-- The same columns and tables as in ../mysql/0005_message_changes.sql, where the comments stand.

ALTER TABLE message ADD COLUMN forwarded_from INTEGER NULL;
ALTER TABLE message ADD COLUMN mentions TEXT NULL;

CREATE TABLE reaction (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    emoji           TEXT    NOT NULL,
    rev             INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id, emoji)
) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
    conversation_id INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    sender_id       INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, user_id, seq)
) STRICT, WITHOUT ROWID;
