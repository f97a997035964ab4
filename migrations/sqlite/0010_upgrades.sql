-- The same table as in ../mysql/0010_upgrades.sql, where the comments stand.

CREATE TABLE upgrade (
    name TEXT NOT NULL,
    PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;
