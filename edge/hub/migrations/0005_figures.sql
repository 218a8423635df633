-- +goose Up

-- What was asked, counted apart from taking it in: how often a value of a dimension came up in a month.
CREATE TABLE tally (
    month     TEXT NOT NULL,   -- 2026-11; '' when the box had no clock
    dimension TEXT NOT NULL,   -- such as lang, outcome, concept, device, day
    value     TEXT NOT NULL,
    asked     BIGINT NOT NULL, -- questions
    gaps      BIGINT NOT NULL, -- those that found no answer
    PRIMARY KEY (month, dimension, value)
);

-- How far each record is counted.
CREATE TABLE tallied (
    device  TEXT NOT NULL,
    epoch   TEXT NOT NULL,
    through BIGINT NOT NULL,
    PRIMARY KEY (device, epoch)
);

-- Questions that found no answer, and whose words were allowed to be kept.
CREATE TABLE unanswered (
    device   TEXT NOT NULL,
    epoch    TEXT NOT NULL,
    seq      BIGINT NOT NULL,
    day      TEXT NOT NULL,
    lang     TEXT NOT NULL,
    concepts TEXT NOT NULL, -- each between two spaces
    PRIMARY KEY (device, epoch, seq)
);

CREATE INDEX unanswered_by_day ON unanswered (day, device, epoch, seq);

-- What is rare among the events, and looked for by itself.
CREATE INDEX events_health ON events (device, received_ms) WHERE kind = 'health';
CREATE INDEX events_rejected ON events (device) WHERE kind = 'rejected';
