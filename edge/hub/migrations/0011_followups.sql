-- +goose Up

-- What farmers who came back said of an advice, counted apart from taking it in: the last word on each ticket.
CREATE TABLE followups (
    device TEXT NOT NULL,
    ticket TEXT NOT NULL, -- id of the answer; of one without, epoch and seq of the event
    month  TEXT NOT NULL, -- 2026-11; '' when the box had no clock
    lang   TEXT NOT NULL,
    topics TEXT NOT NULL, -- each between two spaces
    done   TEXT NOT NULL, -- yes, no, or '': passed over
    helped TEXT NOT NULL, -- of what was done: yes, no, too_soon or ''
    why    TEXT NOT NULL, -- of what was not done: the reason, or ''
    epoch  TEXT NOT NULL, -- of the event with the last word: what is said here is erased with it
    seq    BIGINT NOT NULL,
    PRIMARY KEY (device, ticket)
);
CREATE INDEX followups_by_event ON followups (device, epoch, seq);
