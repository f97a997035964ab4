-- Whom a person has among their contacts, under which name; alias_key as nickname_key. By contact_id it
-- is found in whose contacts someone is: these may be seen by them.
CREATE TABLE contact (
    user_id    BIGINT         NOT NULL,
    contact_id BIGINT         NOT NULL,
    alias      VARCHAR(64)    NULL,
    alias_key  VARBINARY(512) NULL,
    created_at BIGINT         NOT NULL,
    PRIMARY KEY (user_id, contact_id),
    KEY contact_of (contact_id, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Whom a person blocks. Their private conversation has closed = 2 while there is a row, be it of the one
-- or the other (1 is for ever: one of the two is gone); whoever changes rows here holds the locks of both
-- people, and of the conversation.
CREATE TABLE block (
    user_id    BIGINT NOT NULL,
    blocked_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_id),
    KEY block_of (blocked_id, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- While there is a block, the marks that the other sees: where they stood when it began. Else NULL.
ALTER TABLE message_session
    ADD COLUMN shown_read_seq      BIGINT NULL,
    ADD COLUMN shown_delivered_seq BIGINT NULL;
