-- +goose Up

-- Through which seq events of an epoch were deleted here. What the hub says is safe may go back with the hub; this does not.
ALTER TABLE sent ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;

UPDATE sent SET forgotten = safe;
