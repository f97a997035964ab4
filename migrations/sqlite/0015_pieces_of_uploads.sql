-- The same column and index as in ../mysql/0015_pieces_of_uploads.sql, where the comments stand.

ALTER TABLE file ADD COLUMN piece_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX file_lease ON file (state, lease_until);
