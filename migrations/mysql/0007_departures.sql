-- added_by: who brought a member into a group, by making it or by adding them. NULL where they came by
-- themselves, and in rows of before.
ALTER TABLE message_session ADD COLUMN added_by BIGINT NULL;

-- Who left a group into which someone had brought them: for a day they are not brought back by that one.
-- Older rows of a group go when another of its members leaves.
CREATE TABLE departure (
    conversation_id BIGINT NOT NULL,
    user_id         BIGINT NOT NULL,
    added_by        BIGINT NOT NULL,
    left_at         BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id, added_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
