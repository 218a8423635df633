-- +goose Up

-- Documents that somebody of the office has begun.
CREATE TABLE drafts (
    id         TEXT PRIMARY KEY,
    place      TEXT NOT NULL,   -- where it will stand in a pack: docs/LANG/ID.md
    body       TEXT NOT NULL,   -- Markdown with front matter
    made_by    TEXT NOT NULL,
    changed_ms BIGINT NOT NULL
);
