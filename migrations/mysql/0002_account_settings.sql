-- disabled_at: the operator keeps this person out. deleted_at: the person is gone; the row stays for
-- the messages, and username_key so that nobody else takes the name on.
ALTER TABLE user
    ADD COLUMN show_last_seen SMALLINT NOT NULL DEFAULT 1,
    ADD COLUMN disabled_at    BIGINT   NULL,
    ADD COLUMN deleted_at     BIGINT   NULL;

-- How many milliseconds lay between the latest first uses of the login's refresh tokens, the newest
-- first, two bytes each.
ALTER TABLE login ADD COLUMN use_gaps VARBINARY(128) NOT NULL DEFAULT '';

-- Nobody may write any more: a private conversation one of whose two is gone.
ALTER TABLE conversation ADD COLUMN closed SMALLINT NOT NULL DEFAULT 0;
