-- Upgrades of what is stored that SQL cannot do by itself (server/src/store/upgrades.rs); a row each that is
-- done.
CREATE TABLE upgrade (
    name VARCHAR(64) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
