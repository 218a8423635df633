-- +goose Up

-- Who may use the office's pages.
CREATE TABLE users (
    name        TEXT PRIMARY KEY,
    roles       TEXT NOT NULL,   -- separated by spaces
    password    TEXT NOT NULL,   -- argon2id, in the PHC string format
    made_ms     BIGINT NOT NULL,
    one_time_ms BIGINT           -- the password is a one-time one and holds until then; NULL: the user's own
);

-- Who is signed in. The token itself is only in the browser's cookie.
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY, -- SHA-256
    name       TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    made_ms    BIGINT NOT NULL,
    seen_ms    BIGINT NOT NULL
);

CREATE INDEX sessions_by_name ON sessions (name);

-- Who did what: rows are only ever added, each holds the hash of the one before.
CREATE TABLE audit (
    n       BIGINT PRIMARY KEY, -- gapless from 1
    at_ms   BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    address TEXT NOT NULL,      -- from which the office's user came; '' on the hub itself
    prev    BLOB NOT NULL       -- hash of the row before, 32 zero bytes in the first
);

-- The end of the audit log; its row is locked while a line is added, which keeps the lines in order.
CREATE TABLE audit_head (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    n    BIGINT NOT NULL,
    hash BLOB NOT NULL
);
