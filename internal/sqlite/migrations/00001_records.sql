-- Records: what Log keeps. See schema.go for how a place is made.

-- +goose Up

-- A record is here from its first entry on.
CREATE TABLE records (
    id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 8388607),
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Entries lie in the order of their record, so that reading one is one walk.
-- With an entry lies what came to be with it: one row is one page to write,
-- where tables of their own for the tree and the checkpoints would be three.
-- What is short and looked up stands before what is long and read.
CREATE TABLE entries (
    place          INTEGER PRIMARY KEY,           -- record and number
    leaf           BLOB NOT NULL CHECK (length(leaf) = 32),
    nodes          BLOB CHECK (length(nodes) % 32 = 0), -- hashes of the tree above the leaves that it completes, lowest first
    -- The checkpoint, with the last entry that a transaction added. The last
    -- of a record's is its head.
    root           BLOB CHECK (length(root) = 32),
    last           INTEGER,                       -- time of this entry, microseconds since 1970, UTC
    note           BLOB,
    header         BLOB NOT NULL,
    structure_salt BLOB NOT NULL CHECK (length(structure_salt) = 32),
    structure      BLOB NOT NULL,
    words_salt     BLOB CHECK (length(words_salt) = 32), -- goes with the words: with it, short words could be guessed
    words          BLOB,                          -- NULL once destroyed
    evidence       BLOB,                          -- NULL if none
    CHECK ((words IS NULL) = (words_salt IS NULL)),
    CHECK ((note IS NULL) = (root IS NULL) AND (note IS NULL) = (last IS NULL))
) STRICT;

CREATE TABLE requests (
    key    BLOB PRIMARY KEY CHECK (length(key) = 32),
    body   BLOB NOT NULL CHECK (length(body) = 32),
    answer BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- For whoever looks at the file with a tool of their own.
CREATE VIEW checkpoints AS
SELECT r.name AS record, e.place - (r.id << 40) AS size, e.root, datetime(e.last / 1000000, 'unixepoch') AS last, CAST(e.note AS TEXT) AS note
FROM records r JOIN entries e ON e.place BETWEEN (r.id << 40) AND (r.id << 40) + 1099511627775
WHERE e.note IS NOT NULL;

-- The triggers stop mistakes. Against malice stand the checkpoints.

-- +goose StatementBegin
CREATE TRIGGER entries_stand BEFORE UPDATE ON entries
WHEN NEW.place IS NOT OLD.place OR NEW.leaf IS NOT OLD.leaf OR NEW.nodes IS NOT OLD.nodes OR NEW.root IS NOT OLD.root
  OR NEW.last IS NOT OLD.last OR NEW.note IS NOT OLD.note OR NEW.header IS NOT OLD.header
  OR NEW.structure_salt IS NOT OLD.structure_salt OR NEW.structure IS NOT OLD.structure
  OR NEW.evidence IS NOT OLD.evidence OR NEW.words IS NOT NULL OR NEW.words_salt IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an entry stands as it was entered: only its words may be taken away'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER records_stand BEFORE UPDATE ON records
BEGIN SELECT RAISE(ABORT, 'a record keeps its name'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER records_stay BEFORE DELETE ON records
BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER requests_stand BEFORE UPDATE ON requests
BEGIN SELECT RAISE(ABORT, 'a request is remembered as it was made'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER requests_stay BEFORE DELETE ON requests
BEGIN SELECT RAISE(ABORT, 'a request is never forgotten'); END;
-- +goose StatementEnd
