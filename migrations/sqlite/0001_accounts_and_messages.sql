-- The same tables as in ../mysql/0001_accounts_and_messages.sql, where the comments stand.

CREATE TABLE user (
    id            INTEGER NOT NULL PRIMARY KEY,
    username      TEXT    NOT NULL,
    username_key  BLOB    NOT NULL,
    nickname      TEXT    NOT NULL,
    nickname_key  BLOB    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    last_seen_at  INTEGER NULL
) STRICT;
CREATE UNIQUE INDEX user_username ON user (username_key);
CREATE INDEX user_nickname ON user (nickname_key);

CREATE TABLE login (
    id           INTEGER NOT NULL PRIMARY KEY,
    user_id      INTEGER NOT NULL,
    generation   INTEGER NOT NULL,
    refresh_hash BLOB    NOT NULL,
    device       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX login_user ON login (user_id);

CREATE TABLE conversation (
    id            INTEGER NOT NULL PRIMARY KEY,
    kind          INTEGER NOT NULL DEFAULT 1,
    name          TEXT    NOT NULL DEFAULT '',
    pair_key      TEXT    NULL,
    is_open       INTEGER NOT NULL DEFAULT 0,
    history       INTEGER NOT NULL DEFAULT 1,
    member_count  INTEGER NOT NULL DEFAULT 0,
    last_seq      INTEGER NOT NULL DEFAULT 0,
    rev           INTEGER NOT NULL DEFAULT 0,
    members_rev   INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 0,
    last_activity INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX conversation_pair ON conversation (pair_key);

CREATE TABLE message_session (
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    role            INTEGER NOT NULL DEFAULT 3,
    read_seq        INTEGER NOT NULL DEFAULT 0,
    delivered_seq   INTEGER NOT NULL DEFAULT 0,
    joined_seq      INTEGER NOT NULL DEFAULT 0,
    joined_at       INTEGER NOT NULL DEFAULT 0,
    cleared_seq     INTEGER NOT NULL DEFAULT 0,
    archived_seq    INTEGER NOT NULL DEFAULT 0,
    pinned          INTEGER NOT NULL DEFAULT 0,
    marked_unread   INTEGER NOT NULL DEFAULT 0,
    muted_until     INTEGER NULL,
    version         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_session_conversation ON message_session (conversation_id, user_id);

CREATE TABLE message (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    sender_id       INTEGER NOT NULL,
    client_id       TEXT    NOT NULL,
    message_type    INTEGER NOT NULL,
    content         TEXT    NOT NULL,
    reply_to_seq    INTEGER NULL,
    created_at      INTEGER NOT NULL,
    edited_at       INTEGER NULL,
    recalled        INTEGER NOT NULL DEFAULT 0,
    rev             INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX message_client ON message (conversation_id, sender_id, client_id);
CREATE INDEX message_rev ON message (conversation_id, rev);
