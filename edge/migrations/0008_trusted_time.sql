-- +goose Up

-- The hub's time in the last reply that came over the network, which answered a request just made: on a stick a reply may be old.
ALTER TABLE line ADD COLUMN vouched_ms INTEGER NOT NULL DEFAULT 0;  -- 0: there was none
ALTER TABLE line ADD COLUMN vouched_mono INTEGER NOT NULL DEFAULT 0; -- the box's steady clock as the request went out
ALTER TABLE line ADD COLUMN vouched_boot TEXT NOT NULL DEFAULT '';   -- the start of the machine in which that clock counts
