-- +goose Up

-- 1: the office has told that nobody will reply here.
ALTER TABLE escalations ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
