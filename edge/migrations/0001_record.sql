-- +goose Up

-- What this database file knows of itself: one row.
CREATE TABLE box (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    device  TEXT NOT NULL,    -- from the public half of the key
    epoch   TEXT NOT NULL,    -- random; new with the file, and when a copy is found
    file    TEXT NOT NULL,    -- inode and birth of the file as it was made
    boot    INTEGER NOT NULL, -- how often the machine had started
    boot_id TEXT NOT NULL     -- the kernel's name for the start counted last
) STRICT;

-- The record and, at once, the outbox: rows are only ever added at the end.
CREATE TABLE events (
    n        INTEGER PRIMARY KEY, -- order over all epochs
    epoch    TEXT NOT NULL,
    seq      INTEGER NOT NULL,    -- gapless from 1 in its epoch
    prev     BLOB NOT NULL,       -- hash of the event before it in its epoch
    known_ms INTEGER NOT NULL,    -- the latest wall time, up to this event, that was not known to be wrong
    body     TEXT NOT NULL,       -- canonical JSON, as package wire writes it
    UNIQUE (epoch, seq)
) STRICT;

-- What farmers said, with their consent. A row is erased without a trace in the chain.
CREATE TABLE words (
    epoch      TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    answer     TEXT NOT NULL,
    salt       BLOB NOT NULL,
    words      TEXT NOT NULL, -- redacted
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (epoch, seq),
    FOREIGN KEY (epoch, seq) REFERENCES events (epoch, seq)
) STRICT;

CREATE INDEX words_by_answer ON words (answer);
CREATE INDEX words_by_expiry ON words (expires_ms);
