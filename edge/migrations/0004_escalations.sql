-- +goose Up

-- Farmers' questions for a person, and the replies that come back. What a farmer said is only in sealed, for the hub alone.
CREATE TABLE escalations (
    id         TEXT PRIMARY KEY, -- random
    answer     TEXT NOT NULL,
    code       TEXT NOT NULL,    -- three digits, random, tied to nobody
    picture    INTEGER NOT NULL,
    lang       TEXT NOT NULL,
    asked_ms   INTEGER NOT NULL, -- 0: the clock was wrong
    voice      INTEGER NOT NULL, -- 1: the farmer's voice is in it
    recipient  TEXT NOT NULL,    -- whose seal it is
    sealed     BLOB,             -- NULL: the hub has answered it, or it was taken back, or its time is over
    sha256     TEXT NOT NULL,
    sent       INTEGER NOT NULL, -- bytes that the hub has, as far as is known
    refused    INTEGER NOT NULL, -- 1: the hub will not have it
    expires_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX escalations_by_answer ON escalations (answer);
CREATE INDEX escalations_by_code ON escalations (code);

CREATE TABLE replies (
    id           TEXT PRIMARY KEY, -- random, from the hub
    escalation   TEXT NOT NULL REFERENCES escalations (id) ON DELETE CASCADE,
    text         TEXT NOT NULL,
    voice_sha256 TEXT NOT NULL,    -- '': there is no recording
    voice_size   INTEGER NOT NULL,
    have         INTEGER NOT NULL, -- bytes of it that have come
    told         INTEGER NOT NULL, -- 1: the hub knows that it is here
    heard        INTEGER NOT NULL, -- 1: it was
    expires_ms   INTEGER NOT NULL
) STRICT;

CREATE INDEX replies_by_escalation ON replies (escalation);

CREATE TABLE reply_voices (
    reply TEXT NOT NULL REFERENCES replies (id) ON DELETE CASCADE,
    at    INTEGER NOT NULL, -- where in the recording the piece begins
    data  BLOB NOT NULL,
    PRIMARY KEY (reply, at)
) STRICT;
