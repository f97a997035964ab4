-- When a refresh token was used for the first time before the last one was: for how long an old token stays
-- good depends on both moments. Of logins that stand already it is not known.
ALTER TABLE login ADD COLUMN prior_used_at BIGINT NOT NULL DEFAULT 0;
UPDATE login SET prior_used_at = last_used_at;
