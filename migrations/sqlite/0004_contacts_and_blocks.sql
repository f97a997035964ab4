-- The same tables and columns as in ../mysql/0004_contacts_and_blocks.sql, where the comments stand.

CREATE TABLE contact (
    user_id    INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    alias      TEXT    NULL,
    alias_key  BLOB    NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_of ON contact (contact_id, user_id);

CREATE TABLE block (
    user_id    INTEGER NOT NULL,
    blocked_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_of ON block (blocked_id, user_id);

ALTER TABLE message_session ADD COLUMN shown_read_seq INTEGER NULL;
ALTER TABLE message_session ADD COLUMN shown_delivered_seq INTEGER NULL;
