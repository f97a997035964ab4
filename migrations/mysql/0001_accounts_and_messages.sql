-- Times are milliseconds since the Unix epoch, UTC. Text is compared byte by byte: names are folded
-- by the server into *_key columns before they come here. There are no foreign keys, and nothing of
-- a message counts itself up, so that a distributed MySQL can shard by conversation.

CREATE TABLE user (
    id            BIGINT         NOT NULL,
    username      VARCHAR(32)    NOT NULL,
    username_key  VARBINARY(512) NOT NULL,
    nickname      VARCHAR(64)    NOT NULL,
    nickname_key  VARBINARY(512) NOT NULL,
    password_hash VARCHAR(255)   NOT NULL,
    created_at    BIGINT         NOT NULL,
    last_seen_at  BIGINT         NULL,
    PRIMARY KEY (id),
    UNIQUE KEY user_username (username_key),
    KEY user_nickname (nickname_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE login (
    id           BIGINT        NOT NULL,
    user_id      BIGINT        NOT NULL,
    generation   BIGINT        NOT NULL,
    refresh_hash VARBINARY(64) NOT NULL,
    device       TEXT          NOT NULL,
    created_at   BIGINT        NOT NULL,
    last_used_at BIGINT        NOT NULL,
    PRIMARY KEY (id),
    KEY login_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Every column but the id has a default, because the writer states only what it changes.
-- kind: 1 private, 2 group. history: 1 from joining on, 2 everything.
-- pair_key: 'smaller:larger' user id of a private one.
CREATE TABLE conversation (
    id            BIGINT      NOT NULL,
    kind          SMALLINT    NOT NULL DEFAULT 1,
    name          VARCHAR(64) NOT NULL DEFAULT '',
    pair_key      VARCHAR(40) NULL,
    is_open       SMALLINT    NOT NULL DEFAULT 0,
    history       SMALLINT    NOT NULL DEFAULT 1,
    member_count  INT         NOT NULL DEFAULT 0,
    last_seq      BIGINT      NOT NULL DEFAULT 0,
    rev           BIGINT      NOT NULL DEFAULT 0,
    members_rev   BIGINT      NOT NULL DEFAULT 0,
    version       BIGINT      NOT NULL DEFAULT 0,
    last_activity BIGINT      NOT NULL DEFAULT 0,
    created_at    BIGINT      NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY conversation_pair (pair_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One member's own entry for a conversation. Whoever changes a row holds its conversation's lock.
-- role: 1 owner, 2 admin, 3 member. cleared_seq: the history up to here is hidden from the member.
CREATE TABLE message_session (
    user_id         BIGINT   NOT NULL,
    conversation_id BIGINT   NOT NULL,
    role            SMALLINT NOT NULL DEFAULT 3,
    read_seq        BIGINT   NOT NULL DEFAULT 0,
    delivered_seq   BIGINT   NOT NULL DEFAULT 0,
    joined_seq      BIGINT   NOT NULL DEFAULT 0,
    joined_at       BIGINT   NOT NULL DEFAULT 0,
    cleared_seq     BIGINT   NOT NULL DEFAULT 0,
    archived_seq    BIGINT   NOT NULL DEFAULT 0,
    pinned          SMALLINT NOT NULL DEFAULT 0,
    marked_unread   SMALLINT NOT NULL DEFAULT 0,
    muted_until     BIGINT   NULL,
    version         BIGINT   NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation_id),
    KEY message_session_conversation (conversation_id, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- message_type: 1 text, 2 image, 3 file, 4 schedule, 5 system.
CREATE TABLE message (
    conversation_id BIGINT      NOT NULL,
    seq             BIGINT      NOT NULL,
    sender_id       BIGINT      NOT NULL,
    client_id       VARCHAR(64) NOT NULL,
    message_type    SMALLINT    NOT NULL,
    content         TEXT        NOT NULL,
    reply_to_seq    BIGINT      NULL,
    created_at      BIGINT      NOT NULL,
    edited_at       BIGINT      NULL,
    recalled        SMALLINT    NOT NULL DEFAULT 0,
    rev             BIGINT      NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, seq),
    UNIQUE KEY message_client (conversation_id, sender_id, client_id),
    KEY message_rev (conversation_id, rev)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
