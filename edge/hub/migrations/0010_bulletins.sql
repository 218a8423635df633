-- +goose Up

-- What the office says to farmers for a while: the weather, prices, campaigns.
CREATE TABLE bulletins (
    id           TEXT PRIMARY KEY,
    body         TEXT NOT NULL,   -- wire.Bulletin in JSON
    until_ms     BIGINT NOT NULL, -- of body
    boxes        TEXT NOT NULL,   -- devices with a space between; '': every box
    made_ms      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    withdrawn_ms BIGINT,          -- NULL: holds
    withdrawn_by TEXT NOT NULL
);

CREATE INDEX bulletins_by_end ON bulletins (until_ms);
