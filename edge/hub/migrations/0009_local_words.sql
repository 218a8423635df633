-- +goose Up

-- The local words that boxes have, as their events tell.
CREATE TABLE local_words (
    device   TEXT NOT NULL,
    lang     TEXT NOT NULL,
    key      TEXT NOT NULL,   -- the name as it is compared
    name     TEXT NOT NULL,
    concept  TEXT NOT NULL,
    since_ms BIGINT NOT NULL, -- by the hub's clock
    PRIMARY KEY (device, lang, key)
);

-- What the office has ruled of a name and what it means, wherever it comes from.
CREATE TABLE word_rulings (
    lang     TEXT NOT NULL,
    key      TEXT NOT NULL,
    concept  TEXT NOT NULL,
    name     TEXT NOT NULL,
    ruling   TEXT NOT NULL,   -- approved or refused
    ruled_ms BIGINT NOT NULL,
    ruled_by TEXT NOT NULL,
    PRIMARY KEY (lang, key, concept)
);
