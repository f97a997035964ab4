-- What people upload. Its bytes lie in the store of bytes under files/{id}, a small picture of it under thumbnails/{id}.
-- state: 1 incomplete, 2 whole, 3 gone: nobody may have it, its bytes are to be deleted, then the row.
-- purpose: 1 file, 2 photo, 3 voice.
-- size: the announced length until it is whole, then the bytes that are kept. received: those of the upload that are safe.
-- waveform: peaks of a voice message, 0 to 100. color: the mean colour of a picture, 0xrrggbb.
-- digest: SHA-256 of the bytes that are kept.
-- expires_at: when it goes because nothing came of it; NULL: a message holds it.
-- owner: the process that writes its bytes, until lease_until by the database's clock.
CREATE TABLE file (
    id             BIGINT       NOT NULL,
    owner_id       BIGINT       NOT NULL,
    state          SMALLINT     NOT NULL DEFAULT 1,
    purpose        SMALLINT     NOT NULL,
    name           VARCHAR(255) NOT NULL,
    size           BIGINT       NOT NULL,
    received       BIGINT       NOT NULL DEFAULT 0,
    mime           VARCHAR(127) NOT NULL DEFAULT '',
    width          INT          NULL,
    height         INT          NULL,
    duration_ms    BIGINT       NULL,
    waveform       VARBINARY(64) NULL,
    animated       SMALLINT     NOT NULL DEFAULT 0,
    color          INT          NULL,
    thumbnail_mime VARCHAR(32)  NULL,
    digest         VARBINARY(32) NULL,
    created_at     BIGINT       NOT NULL,
    expires_at     BIGINT       NULL,
    owner          BIGINT       NOT NULL DEFAULT 0,
    lease_until    BIGINT       NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    KEY file_owner (owner_id, state, size),
    KEY file_expiry (state, expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a message holds, in its order. A file may be in several messages, since forwarding shares it.
-- kind: 1 image, 2 video, 3 voice, 4 file.
CREATE TABLE message_file (
    conversation_id BIGINT   NOT NULL,
    seq             BIGINT   NOT NULL,
    position        SMALLINT NOT NULL,
    file_id         BIGINT   NOT NULL,
    kind            SMALLINT NOT NULL,
    PRIMARY KEY (conversation_id, seq, position),
    KEY message_file_file (file_id),
    KEY message_file_kind (conversation_id, kind, seq)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Pictures of people and groups, named by the SHA-256 of their bytes in hex. state and expires_at as of files;
-- one that nobody has any more expires.
ALTER TABLE user ADD COLUMN avatar VARCHAR(64) NULL;
ALTER TABLE conversation ADD COLUMN avatar VARCHAR(64) NULL;
CREATE TABLE avatar (
    hash       VARCHAR(64) NOT NULL,
    state      SMALLINT    NOT NULL DEFAULT 1,
    created_at BIGINT      NOT NULL,
    expires_at BIGINT      NULL,
    PRIMARY KEY (hash),
    KEY avatar_expiry (state, expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
