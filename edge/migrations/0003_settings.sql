-- +goose Up

-- What the office has set, and what the box must not forget between starts: JSON by name.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
