-- +goose Up

-- How far each epoch has come at the office's hub. The hub says so; a hub that came back from a backup says less than before.
CREATE TABLE sent (
    epoch   TEXT PRIMARY KEY,
    through INTEGER NOT NULL, -- committed there
    safe    INTEGER NOT NULL  -- in a verified backup there
) STRICT;

-- The last contact with the hub, and what the line has carried: one row.
CREATE TABLE line (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    hub_ms     INTEGER NOT NULL, -- the hub's clock at the last contact; 0: there was none
    wall_ms    INTEGER NOT NULL, -- the box's clocks then
    mono_ms    INTEGER NOT NULL,
    boot_id    TEXT NOT NULL,
    day        INTEGER NOT NULL, -- since 1970, of the box's clock
    bytes      INTEGER NOT NULL, -- carried on that day, both ways
    health_day INTEGER NOT NULL, -- the day on which health was recorded last
    trouble    TEXT NOT NULL     -- code of what kept the last try from success; '': nothing
) STRICT;

INSERT INTO line VALUES (1, 0, 0, 0, '', 0, 0, 0, '');
