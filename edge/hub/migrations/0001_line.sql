-- +goose Up

-- One schema for SQLite and PostgreSQL; times are Unix ms.
CREATE TABLE devices (
    device      TEXT PRIMARY KEY, -- from the public half of the key
    key         BLOB NOT NULL,    -- Ed25519, 32 bytes
    recipient   TEXT NOT NULL,    -- age, for what goes down on a stick
    village     TEXT NOT NULL,
    version     TEXT NOT NULL,    -- of the program, as last told
    enrolled_ms BIGINT NOT NULL,
    seen_ms     BIGINT NOT NULL,  -- the last contact that was in order
    revoked_ms  BIGINT            -- NULL: holds
);

CREATE TABLE invitations (
    code_hash  BLOB PRIMARY KEY, -- SHA-256 of the one-time code
    village    TEXT NOT NULL,
    made_ms    BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    device     TEXT              -- that used it; NULL: nobody yet
);

-- How far the record of each epoch has come: complete through that seq.
CREATE TABLE epochs (
    device  TEXT NOT NULL REFERENCES devices (device),
    epoch   TEXT NOT NULL,
    through BIGINT NOT NULL,
    head    BLOB NOT NULL,   -- hash of the chain there
    safe    BIGINT NOT NULL, -- through which it is in a verified backup
    forked  BIGINT,          -- seq at which another record of the same epoch was found; NULL: none
    PRIMARY KEY (device, epoch)
);

CREATE TABLE events (
    device      TEXT NOT NULL,
    epoch       TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    kind        TEXT NOT NULL,   -- rejected: a line that can never be read; body is then its raw bytes, in base64
    body        TEXT NOT NULL,   -- canonical bytes
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (device, epoch, seq)
);

-- Lines whose id is taken by other bytes: evidence, never counted.
CREATE TABLE quarantine (
    device   TEXT NOT NULL,
    epoch    TEXT NOT NULL,
    seq      BIGINT NOT NULL,
    hash     BLOB NOT NULL, -- SHA-256 of the line, so that a repeat adds nothing
    body     TEXT NOT NULL,
    found_ms BIGINT NOT NULL,
    PRIMARY KEY (device, epoch, seq, hash)
);

-- What farmers said, with their consent.
CREATE TABLE words (
    device TEXT NOT NULL,
    epoch  TEXT NOT NULL,
    seq    BIGINT NOT NULL,
    answer TEXT NOT NULL,
    salt   BLOB NOT NULL,
    words  TEXT NOT NULL,
    PRIMARY KEY (device, epoch, seq)
);

CREATE TABLE withdrawn (
    device TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (device, answer)
);

-- What the clocks of a box and of the hub said at one moment: wall times of that start of the machine are set right by it.
CREATE TABLE anchors (
    device  TEXT NOT NULL,
    epoch   TEXT NOT NULL,
    boot    BIGINT NOT NULL,
    mono_ms BIGINT NOT NULL, -- of the box, since that start
    wall_ms BIGINT NOT NULL, -- of the box
    hub_ms  BIGINT NOT NULL,
    PRIMARY KEY (device, epoch, boot)
);
