-- Open groups are found by the beginning of their name.
ALTER TABLE conversation ADD COLUMN name_key VARBINARY(512) NOT NULL DEFAULT '';
CREATE INDEX conversation_open ON conversation (is_open, name_key);
