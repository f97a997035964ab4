-- The same column and tables as in ../mysql/0012_followers.sql, where the comments stand.

ALTER TABLE conversation ADD COLUMN rev_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX conversation_activity ON conversation (last_activity);
CREATE INDEX conversation_rev_at ON conversation (rev_at);

CREATE TABLE follower_shard (
    follower    TEXT    NOT NULL,
    shard       INTEGER NOT NULL,
    owner       INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    wanted_by   INTEGER NOT NULL DEFAULT 0,
    looked_to   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (follower, shard)
) STRICT, WITHOUT ROWID;

CREATE TABLE follower_cursor (
    follower        TEXT    NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    rev             INTEGER NOT NULL,
    PRIMARY KEY (follower, conversation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stored_count (
    name  TEXT    NOT NULL,
    shard INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (name, shard)
) STRICT, WITHOUT ROWID;
