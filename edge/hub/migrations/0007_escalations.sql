-- +goose Up

-- Farmers' questions for a person. What was said is only in the parts, sealed to the hub as the box wrote it.
CREATE TABLE escalations (
    device      TEXT NOT NULL,
    id          TEXT NOT NULL,   -- random, from the box
    answer      TEXT NOT NULL,
    code        TEXT NOT NULL,   -- three digits, by which the farmer hears the reply
    picture     BIGINT NOT NULL,
    lang        TEXT NOT NULL,
    asked_ms    BIGINT NOT NULL, -- 0: the box had no clock
    voice       BIGINT NOT NULL, -- 1: the farmer's voice is in it
    sha256      TEXT NOT NULL,   -- of the sealed file, in hexadecimal
    size        BIGINT NOT NULL, -- bytes
    have        BIGINT NOT NULL, -- bytes that have come
    whole_ms    BIGINT,          -- NULL: not all of it has come
    erased_ms   BIGINT,          -- the farmer took the consent back; NULL: it holds
    answered_ms BIGINT,          -- NULL: waits for a person
    closed_by   TEXT NOT NULL,   -- who answered it in another way; '': nobody
    PRIMARY KEY (device, id)
);

CREATE INDEX escalations_by_answer ON escalations (device, answer);
CREATE INDEX escalations_by_id ON escalations (id);

CREATE TABLE escalation_parts (
    device TEXT NOT NULL,
    id     TEXT NOT NULL,
    at     BIGINT NOT NULL, -- where in the sealed file it begins
    data   BLOB NOT NULL,
    PRIMARY KEY (device, id, at)
);

CREATE TABLE escalation_replies (
    id           TEXT PRIMARY KEY, -- random
    device       TEXT NOT NULL,
    escalation   TEXT NOT NULL,
    by_user      TEXT NOT NULL,
    at_ms        BIGINT NOT NULL,
    text         TEXT NOT NULL,
    voice        BLOB,             -- as it was recorded; NULL: none
    voice_sha256 TEXT NOT NULL,
    voice_size   BIGINT NOT NULL,
    got_ms       BIGINT,           -- when the box told that it has it; NULL: it is sent with every contact
    heard_ms     BIGINT            -- when the box told that it was heard; NULL: not yet
);

CREATE INDEX escalation_replies_by_escalation ON escalation_replies (device, escalation, at_ms);
CREATE INDEX escalation_replies_by_voice ON escalation_replies (voice_sha256);
