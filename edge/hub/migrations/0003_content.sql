-- +goose Up

-- Every version of every pack that was ever published; its archive is the file <data>/content/<sha256>.
CREATE TABLE packs (
    name         TEXT NOT NULL,
    version      TEXT NOT NULL,
    size         BIGINT NOT NULL, -- bytes of the archive
    sha256       TEXT NOT NULL,   -- of the archive, in hexadecimal
    review_by    TEXT NOT NULL,   -- the first of its documents' days, 2027-03-31; '': none has one
    published_ms BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    withdrawn_ms BIGINT,          -- NULL: holds
    withdrawn_by TEXT NOT NULL,
    PRIMARY KEY (name, version)
);

-- Documents that were taken back, in whatever pack they stand.
CREATE TABLE withdrawn_documents (
    document     TEXT NOT NULL,
    lang         TEXT NOT NULL,  -- '': every language
    withdrawn_ms BIGINT NOT NULL,
    withdrawn_by TEXT NOT NULL,
    PRIMARY KEY (document, lang)
);

-- Files of documents that were taken back, and were published again corrected.
CREATE TABLE corrections (
    document     TEXT NOT NULL,
    lang         TEXT NOT NULL, -- of withdrawn_documents
    sha256       TEXT NOT NULL, -- of the file, in hexadecimal
    corrected_ms BIGINT NOT NULL,
    PRIMARY KEY (document, lang, sha256)
);

-- What was signed: content.json, keys.json and root-ID.json, every version; the last of a name is in force.
CREATE TABLE signed_files (
    name      TEXT NOT NULL,
    version   BIGINT NOT NULL,
    body      TEXT NOT NULL,
    signature TEXT NOT NULL, -- in the format of minisign
    PRIMARY KEY (name, version)
);

-- What the office sets for boxes: wire.Settings in JSON.
CREATE TABLE box_settings (
    device TEXT PRIMARY KEY, -- '': every box
    body   TEXT NOT NULL
);
