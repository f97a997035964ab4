-- The same tables as in ../mysql/0017_schedules.sql, where the comments stand.

CREATE TABLE schedule (
    conversation_id  INTEGER NOT NULL,
    seq              INTEGER NOT NULL,
    title            TEXT    NOT NULL,
    place            TEXT    NOT NULL DEFAULT '',
    starts_at        INTEGER NOT NULL,
    ends_at          INTEGER NULL,
    all_day          INTEGER NOT NULL DEFAULT 0,
    zone             TEXT    NOT NULL,
    remind_before_ms INTEGER NULL,
    moves            INTEGER NOT NULL DEFAULT 0,
    recalled         INTEGER NOT NULL DEFAULT 0,
    changed_at       INTEGER NOT NULL,
    rev              INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_start ON schedule (conversation_id, starts_at, seq);

CREATE TABLE schedule_answer (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    answer          INTEGER NOT NULL,
    rev             INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_answer_order ON schedule_answer (conversation_id, seq, rev);
CREATE INDEX schedule_answer_user ON schedule_answer (user_id, conversation_id, seq);

CREATE TABLE calendar (
    user_id     INTEGER NOT NULL,
    secret_hash BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (user_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX calendar_secret ON calendar (secret_hash);

CREATE TABLE server_identity (
    only_one INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    PRIMARY KEY (only_one)
) STRICT, WITHOUT ROWID;
