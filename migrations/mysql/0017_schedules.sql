-- What a message of type 4 is about. moves: how often it was moved or recalled, which calendars go by. A recalled one
-- stays here without its words, since calendars still have to be told that it is off.
CREATE TABLE schedule (
    conversation_id  BIGINT       NOT NULL,
    seq              BIGINT       NOT NULL,
    title            VARCHAR(200) NOT NULL,
    place            VARCHAR(200) NOT NULL DEFAULT '',
    starts_at        BIGINT       NOT NULL,
    ends_at          BIGINT       NULL,
    all_day          TINYINT      NOT NULL DEFAULT 0,
    zone             VARCHAR(64)  NOT NULL,
    remind_before_ms BIGINT       NULL,
    moves            BIGINT       NOT NULL DEFAULT 0,
    recalled         TINYINT      NOT NULL DEFAULT 0,
    changed_at       BIGINT       NOT NULL,
    rev              BIGINT       NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, seq)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX schedule_start ON schedule (conversation_id, starts_at, seq);

-- answer: 1 yes, 2 no, 3 maybe. rev: the conversation's when it was given, which is the order.
CREATE TABLE schedule_answer (
    conversation_id BIGINT  NOT NULL,
    seq             BIGINT  NOT NULL,
    user_id         BIGINT  NOT NULL,
    answer          TINYINT NOT NULL,
    rev             BIGINT  NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX schedule_answer_order ON schedule_answer (conversation_id, seq, rev);
CREATE INDEX schedule_answer_user ON schedule_answer (user_id, conversation_id, seq);

-- The feeds that calendars subscribe to, one a person, by the SHA-256 of the secret in their address.
CREATE TABLE calendar (
    user_id     BIGINT     NOT NULL,
    secret_hash BINARY(32) NOT NULL,
    created_at  BIGINT     NOT NULL,
    PRIMARY KEY (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX calendar_secret ON calendar (secret_hash);

-- One row, by which calendars tell the appointments of this server from those of others.
CREATE TABLE server_identity (
    only_one TINYINT     NOT NULL,
    id       VARCHAR(64) NOT NULL,
    PRIMARY KEY (only_one)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
