-- forwarded_from: the user whose words these are. mentions: the ids of those whom the message names,
-- with blanks between them, so that a page of history is read without another table. rev above stays
-- the hint that a message may have reactions: putting one on raises it.
ALTER TABLE message
    ADD COLUMN forwarded_from BIGINT NULL,
    ADD COLUMN mentions       TEXT   NULL;

-- rev: the conversation's when it was put on, which is the order.
CREATE TABLE reaction (
    conversation_id BIGINT      NOT NULL,
    seq             BIGINT      NOT NULL,
    user_id         BIGINT      NOT NULL,
    emoji           VARCHAR(64) NOT NULL,
    rev             BIGINT      NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id, emoji)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Where the first unread mention is looked up. user_id 0 stands for everyone but the sender, so that
-- naming all of a wide group is one row.
CREATE TABLE mention (
    conversation_id BIGINT NOT NULL,
    user_id         BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    sender_id       BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id, seq)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
