-- piece_at: where the last of an upload's pieces begins, in bytes. One that has few bytes is joined with the next.
ALTER TABLE file ADD COLUMN piece_at BIGINT NOT NULL DEFAULT 0;
-- Uploads that a process left behind: those whose lease has ended without being given back. 1: it was given back, and
-- the file is yet to be made of what came.
CREATE INDEX file_lease ON file (state, lease_until);
