-- People and what lets them in. Times are microseconds since 1970, UTC.

-- +goose Up

CREATE TABLE people (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE named (
    person TEXT NOT NULL REFERENCES people (id),
    talks  TEXT NOT NULL,
    PRIMARY KEY (person, talks)
) STRICT, WITHOUT ROWID;

CREATE TABLE passes (
    digest  BLOB PRIMARY KEY CHECK (length(digest) = 32), -- of the token; the token is nowhere
    kind    INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),   -- link, login, script
    person  TEXT NOT NULL REFERENCES people (id),
    purpose TEXT NOT NULL,
    label   TEXT NOT NULL,
    made    INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    used    INTEGER CHECK (used IS NULL OR kind = 1),
    revoked INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passes_of_person ON passes (person, made, digest);
CREATE INDEX passes_by_end ON passes (until);

-- A link that was used stays used.
-- +goose StatementBegin
CREATE TRIGGER passes_stay_used BEFORE UPDATE ON passes
WHEN (OLD.used IS NOT NULL AND NEW.used IS NOT OLD.used) OR (OLD.revoked IS NOT NULL AND NEW.revoked IS NOT OLD.revoked)
  OR NEW.person IS NOT OLD.person OR NEW.kind IS NOT OLD.kind OR NEW.digest IS NOT OLD.digest
BEGIN SELECT RAISE(ABORT, 'a pass that was used or revoked stays so, and stays its owner''s'); END;
-- +goose StatementEnd
