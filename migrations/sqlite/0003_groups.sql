-- The same column as in ../mysql/0003_groups.sql, where the comments stand.

ALTER TABLE conversation ADD COLUMN name_key BLOB NOT NULL DEFAULT x'';
CREATE INDEX conversation_open ON conversation (is_open, name_key);
