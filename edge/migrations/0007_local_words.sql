-- +goose Up

-- Names that people here have for concepts of the content. What becomes of them at the office is told by the events and the settings.
CREATE TABLE local_words (
    lang    TEXT NOT NULL,
    key     TEXT NOT NULL,   -- the name as it is compared
    name    TEXT NOT NULL,
    concept TEXT NOT NULL,
    PRIMARY KEY (lang, key)
) STRICT;
