-- What follows the conversations behind their backs (server/src/background/followers/) finds what it missed by when a
-- conversation was last written to, and when one of its messages last changed: rev_at, set with rev.
ALTER TABLE conversation ADD COLUMN rev_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX conversation_activity ON conversation (last_activity);
CREATE INDEX conversation_rev_at ON conversation (rev_at);

-- The share of a follower's work that is the conversations with id % 64 = shard. Its owner's (one process) until
-- lease_until by the database's clock. wanted_by: who is to have it next. looked_to: every change that was there at
-- this moment, by the database's clock, has been followed.
CREATE TABLE follower_shard (
    follower    VARCHAR(32) NOT NULL,
    shard       SMALLINT    NOT NULL,
    owner       BIGINT      NOT NULL DEFAULT 0,
    lease_until BIGINT      NOT NULL DEFAULT 0,
    wanted_by   BIGINT      NOT NULL DEFAULT 0,
    looked_to   BIGINT      NOT NULL DEFAULT 0,
    PRIMARY KEY (follower, shard)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How far a follower has come in a conversation. No row: not begun.
CREATE TABLE follower_cursor (
    follower        VARCHAR(32) NOT NULL,
    conversation_id BIGINT      NOT NULL,
    seq             BIGINT      NOT NULL,
    rev             BIGINT      NOT NULL,
    PRIMARY KEY (follower, conversation_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the follower "counts" keeps: name: what is counted; one row a shard, whose owner alone writes it.
CREATE TABLE stored_count (
    name  VARCHAR(32) NOT NULL,
    shard SMALLINT    NOT NULL,
    value BIGINT      NOT NULL,
    PRIMARY KEY (name, shard)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
