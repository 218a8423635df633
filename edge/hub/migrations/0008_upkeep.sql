-- +goose Up

-- What the hub does by itself, and how it went.
CREATE TABLE upkeep (
    task     TEXT PRIMARY KEY, -- backup, retention
    tried_ms BIGINT NOT NULL,  -- the last try
    done_ms  BIGINT NOT NULL,  -- the last that succeeded; 0: none
    trouble  TEXT NOT NULL     -- why the last try failed; '': it did not
);

-- The days of events and words are over one after the other: through which seq of an epoch they are erased.
ALTER TABLE epochs ADD COLUMN erased BIGINT NOT NULL DEFAULT 0;
ALTER TABLE epochs ADD COLUMN erased_head BLOB; -- hash of the chain there; NULL: nothing is erased
ALTER TABLE epochs ADD COLUMN unsaid BIGINT NOT NULL DEFAULT 0; -- the same for words

ALTER TABLE escalations ADD COLUMN came_ms BIGINT NOT NULL DEFAULT 0; -- when its first part came
ALTER TABLE escalations ADD COLUMN expired BIGINT NOT NULL DEFAULT 0; -- 1: what was said was erased because its days were over
UPDATE escalations SET came_ms = COALESCE(whole_ms, asked_ms);

CREATE INDEX escalations_by_age ON escalations (came_ms);
CREATE INDEX escalations_waiting ON escalations (whole_ms, device, id) WHERE whole_ms IS NOT NULL AND answered_ms IS NULL AND erased_ms IS NULL;
CREATE INDEX escalations_answered ON escalations (answered_ms DESC, device, id) WHERE answered_ms IS NOT NULL AND whole_ms IS NOT NULL;
CREATE INDEX escalations_open ON escalations (device) WHERE whole_ms IS NULL AND erased_ms IS NULL;
CREATE INDEX escalation_replies_to_send ON escalation_replies (device, at_ms, id) WHERE got_ms IS NULL;

-- The second factor of a user (RFC 6238).
ALTER TABLE users ADD COLUMN factor TEXT NOT NULL DEFAULT '';      -- the secret in base32; '': none is turned on
ALTER TABLE users ADD COLUMN factor_used BIGINT NOT NULL DEFAULT 0; -- the step of the last code: none of it or before counts again

CREATE TABLE recovery_codes (
    name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    hash BLOB NOT NULL, -- SHA-256
    PRIMARY KEY (name, hash)
);

-- The counts of tally, of each box.
CREATE TABLE tally_boxes (
    device    TEXT NOT NULL,
    month     TEXT NOT NULL,
    dimension TEXT NOT NULL,
    value     TEXT NOT NULL,
    asked     BIGINT NOT NULL,
    gaps      BIGINT NOT NULL,
    PRIMARY KEY (device, month, dimension, value)
);

-- Visits that are counted, by their first question.
CREATE TABLE tallied_sessions (
    device  TEXT NOT NULL,
    session TEXT NOT NULL,
    epoch   TEXT NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (device, session)
);

-- What was counted so far is counted anew, by box and visit.
DELETE FROM tally;
DELETE FROM tallied;
DELETE FROM unanswered;
