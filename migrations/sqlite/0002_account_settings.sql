-- The same columns as in ../mysql/0002_account_settings.sql, where the comments stand.

ALTER TABLE user ADD COLUMN show_last_seen INTEGER NOT NULL DEFAULT 1;
ALTER TABLE user ADD COLUMN disabled_at INTEGER NULL;
ALTER TABLE user ADD COLUMN deleted_at INTEGER NULL;

ALTER TABLE login ADD COLUMN use_gaps BLOB NOT NULL DEFAULT x'';

ALTER TABLE conversation ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
