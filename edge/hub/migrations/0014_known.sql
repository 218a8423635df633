-- +goose Up

-- The events of boxes that have sent more than one epoch, whatever their place: what was recorded again on two cards comes twice. The
-- line that comes later is kept with kind repeated, and does not count.
CREATE TABLE known (
    device  TEXT NOT NULL,
    content BLOB NOT NULL, -- first 16 bytes of the SHA-256 of the event without its place
    epoch   TEXT NOT NULL, -- in which it counts
    PRIMARY KEY (device, content)
);
