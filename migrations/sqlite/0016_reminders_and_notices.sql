-- The same tables as in ../mysql/0016_reminders_and_notices.sql, where the comments stand.

CREATE TABLE reminder (
    id              INTEGER NOT NULL PRIMARY KEY,
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    remind_at       INTEGER NOT NULL,
    state           INTEGER NOT NULL DEFAULT 1,
    tries           INTEGER NOT NULL DEFAULT 0,
    owner           INTEGER NOT NULL DEFAULT 0,
    lease_until     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX reminder_of_message ON reminder (user_id, conversation_id, seq);
CREATE INDEX reminder_message ON reminder (conversation_id, seq);
CREATE INDEX reminder_due ON reminder (state, remind_at);
CREATE INDEX reminder_list ON reminder (user_id, remind_at, id);

CREATE TABLE notice (
    id          INTEGER NOT NULL PRIMARY KEY,
    user_id     INTEGER NULL,
    content     TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    state       INTEGER NOT NULL DEFAULT 1,
    owner       INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX notice_state ON notice (state);
CREATE INDEX notice_end ON notice (valid_until);

CREATE TABLE notice_seen (
    notice_id INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    PRIMARY KEY (notice_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_seen_user ON notice_seen (user_id);
