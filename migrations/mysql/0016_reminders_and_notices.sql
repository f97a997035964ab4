-- What a person wants to be reminded of. remind_at: when, by the database's clock.
-- state: 1 waiting, 2 being told, 3 due and told, 4 due, and given up to be told. While it is being told it is its owner's
-- (one batch of one process) until lease_until, then anyone's. tries: how often it was begun to be told.
CREATE TABLE reminder (
    id              BIGINT   NOT NULL,
    user_id         BIGINT   NOT NULL,
    conversation_id BIGINT   NOT NULL,
    seq             BIGINT   NOT NULL,
    remind_at       BIGINT   NOT NULL,
    state           SMALLINT NOT NULL DEFAULT 1,
    tries           SMALLINT NOT NULL DEFAULT 0,
    owner           BIGINT   NOT NULL DEFAULT 0,
    lease_until     BIGINT   NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY reminder_of_message (user_id, conversation_id, seq),
    KEY reminder_message (conversation_id, seq),
    KEY reminder_due (state, remind_at),
    KEY reminder_list (user_id, remind_at, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the operator has to say, to one person or (user_id NULL) to everyone, until valid_until. state, owner, lease_until as
-- of reminders.
CREATE TABLE notice (
    id          BIGINT   NOT NULL,
    user_id     BIGINT   NULL,
    content     TEXT     NOT NULL,
    created_at  BIGINT   NOT NULL,
    valid_until BIGINT   NOT NULL,
    state       SMALLINT NOT NULL DEFAULT 1,
    owner       BIGINT   NOT NULL DEFAULT 0,
    lease_until BIGINT   NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    KEY notice_state (state),
    KEY notice_end (valid_until)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who has seen a notice.
CREATE TABLE notice_seen (
    notice_id BIGINT NOT NULL,
    user_id   BIGINT NOT NULL,
    PRIMARY KEY (notice_id, user_id),
    KEY notice_seen_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
