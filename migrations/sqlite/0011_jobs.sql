-- The same table as in ../mysql/0011_jobs.sql, where the comments stand.

CREATE TABLE job (
    id          INTEGER NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    unique_key  TEXT    NULL,
    state       INTEGER NOT NULL DEFAULT 1,
    run_at      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    owner       INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    payload     TEXT    NOT NULL,
    last_error  TEXT    NULL
) STRICT;
CREATE UNIQUE INDEX job_key ON job (unique_key);
CREATE INDEX job_due ON job (state, run_at);
