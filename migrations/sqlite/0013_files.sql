-- The same tables and columns as in ../mysql/0013_files.sql, where the comments stand.

CREATE TABLE file (
    id             INTEGER NOT NULL PRIMARY KEY,
    owner_id       INTEGER NOT NULL,
    state          INTEGER NOT NULL DEFAULT 1,
    purpose        INTEGER NOT NULL,
    name           TEXT    NOT NULL,
    size           INTEGER NOT NULL,
    received       INTEGER NOT NULL DEFAULT 0,
    mime           TEXT    NOT NULL DEFAULT '',
    width          INTEGER NULL,
    height         INTEGER NULL,
    duration_ms    INTEGER NULL,
    waveform       BLOB    NULL,
    animated       INTEGER NOT NULL DEFAULT 0,
    color          INTEGER NULL,
    thumbnail_mime TEXT    NULL,
    digest         BLOB    NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NULL,
    owner          INTEGER NOT NULL DEFAULT 0,
    lease_until    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX file_owner ON file (owner_id, state, size);
CREATE INDEX file_expiry ON file (state, expires_at);

CREATE TABLE message_file (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    file_id         INTEGER NOT NULL,
    kind            INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_file_file ON message_file (file_id);
CREATE INDEX message_file_kind ON message_file (conversation_id, kind, seq);

ALTER TABLE user ADD COLUMN avatar TEXT NULL;
ALTER TABLE conversation ADD COLUMN avatar TEXT NULL;
CREATE TABLE avatar (
    hash       TEXT    NOT NULL PRIMARY KEY,
    state      INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX avatar_expiry ON avatar (state, expires_at);
