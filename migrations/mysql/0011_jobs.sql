-- Work that is due at a time, and outlives the process that was asked for it (server/src/background/jobs/). state: 1 waiting,
-- 2 running, 3 dead. A running one is its owner's (one process) until lease_until, which the owner moves on; then it is
-- anyone's. attempts: how often it was begun, which with the owner names one attempt. Both times are the database's.
-- unique_key: there is one job of it at a time; a dead one has none.
CREATE TABLE job (
    id          BIGINT       NOT NULL,
    kind        VARCHAR(64)  NOT NULL,
    unique_key  VARCHAR(191) NULL,
    state       SMALLINT     NOT NULL DEFAULT 1,
    run_at      BIGINT       NOT NULL,
    attempts    BIGINT       NOT NULL DEFAULT 0,
    owner       BIGINT       NOT NULL DEFAULT 0,
    lease_until BIGINT       NOT NULL DEFAULT 0,
    payload     TEXT         NOT NULL,
    last_error  TEXT         NULL,
    PRIMARY KEY (id),
    UNIQUE KEY job_key (unique_key),
    KEY job_due (state, run_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
