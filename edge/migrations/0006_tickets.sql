-- +goose Up

-- Codes by which farmers hear an advice again, and say whether it was of use. They are tied to nobody, and nothing is here of what was said.
CREATE TABLE tickets (
    answer     TEXT PRIMARY KEY, -- the answer that gave the advice: one ticket each
    code       TEXT NOT NULL,    -- three digits, random; none that an escalation has
    picture    INTEGER NOT NULL,
    document   TEXT NOT NULL,    -- id of what was advised
    lang       TEXT NOT NULL,
    settled    INTEGER NOT NULL, -- 1: whether it helped was said
    expires_ms INTEGER NOT NULL  -- 0: the box has had no clock since
) STRICT;

CREATE INDEX tickets_by_code ON tickets (code);
