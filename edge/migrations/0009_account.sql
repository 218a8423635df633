-- +goose Up

-- How often things happened here, counted with each event: an account of them outlives the events.
CREATE TABLE counts (
    name TEXT PRIMARY KEY, -- see counts.go
    n    INTEGER NOT NULL
) STRICT;

-- The documents that are or were in use here, in the order in which they came.
CREATE TABLE documents (
    n       INTEGER PRIMARY KEY,
    id      TEXT NOT NULL,
    lang    TEXT NOT NULL,
    title   TEXT NOT NULL,
    first   INTEGER NOT NULL, -- 1: it was there when the box began to look
    came_ms INTEGER NOT NULL, -- 0: the clock did not tell
    fills   TEXT NOT NULL,    -- the concept on which many questions had found no answer; '': none
    gone    INTEGER NOT NULL, -- 1: no longer in use
    UNIQUE (id, lang)
) STRICT;
