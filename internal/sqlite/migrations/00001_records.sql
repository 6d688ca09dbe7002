-- Records: what Log keeps. See schema.go for how a place is made.

-- +goose Up

-- A record is here from its first entry on.
CREATE TABLE records (
    id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 8388607),
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Entries lie in the order of their record, so that reading one is one walk.
CREATE TABLE entries (
    place          INTEGER PRIMARY KEY, -- record and number
    leaf           BLOB NOT NULL CHECK (length(leaf) = 32),
    header         BLOB NOT NULL,
    structure_salt BLOB NOT NULL CHECK (length(structure_salt) = 32),
    structure      BLOB NOT NULL,
    words_salt     BLOB CHECK (length(words_salt) = 32), -- goes with the words: with it, short words could be guessed
    words          BLOB,                                 -- NULL once destroyed
    evidence       BLOB,                                 -- NULL if none
    CHECK ((words IS NULL) = (words_salt IS NULL))
) STRICT;

-- The tree above the leaves; the leaves are in entries.
CREATE TABLE nodes (
    place INTEGER PRIMARY KEY, -- record and index
    hash  BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- One for each record that a transaction lengthened. The last is the record's head.
CREATE TABLE checkpoints (
    place INTEGER PRIMARY KEY, -- record and size
    root  BLOB NOT NULL CHECK (length(root) = 32),
    last  INTEGER NOT NULL,    -- microseconds since 1970, UTC
    note  BLOB NOT NULL
) STRICT;

CREATE TABLE requests (
    key    BLOB PRIMARY KEY CHECK (length(key) = 32),
    body   BLOB NOT NULL CHECK (length(body) = 32),
    answer BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- For whoever looks at the file with a tool of their own.
CREATE VIEW heads AS
SELECT r.name, max(c.place) - (r.id << 40) AS size
FROM records r JOIN checkpoints c ON c.place BETWEEN (r.id << 40) AND (r.id << 40) + 1099511627775
GROUP BY r.id;

-- The triggers stop mistakes. Against malice stand the checkpoints.

-- +goose StatementBegin
CREATE TRIGGER entries_stand BEFORE UPDATE ON entries
WHEN NEW.place IS NOT OLD.place OR NEW.leaf IS NOT OLD.leaf OR NEW.header IS NOT OLD.header
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
CREATE TRIGGER nodes_stand BEFORE UPDATE ON nodes
BEGIN SELECT RAISE(ABORT, 'a hash of the tree never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER nodes_stay BEFORE DELETE ON nodes
BEGIN SELECT RAISE(ABORT, 'a hash of the tree is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checkpoints_stand BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'a checkpoint never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER requests_stand BEFORE UPDATE ON requests
BEGIN SELECT RAISE(ABORT, 'a request is remembered as it was made'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER requests_stay BEFORE DELETE ON requests
BEGIN SELECT RAISE(ABORT, 'a request is never forgotten'); END;
-- +goose StatementEnd
