-- Invitations that lead somewhere and wait to be confirmed, passkeys,
-- challenges that wait for their answer, and identities at providers. Times are
-- microseconds since 1970, UTC.

-- +goose Up

ALTER TABLE passes ADD COLUMN talks TEXT NOT NULL DEFAULT '';
ALTER TABLE passes ADD COLUMN party TEXT NOT NULL DEFAULT '';
ALTER TABLE passes ADD COLUMN role TEXT NOT NULL DEFAULT '';
ALTER TABLE passes ADD COLUMN means INTEGER NOT NULL DEFAULT 0 CHECK (means BETWEEN 0 AND 3); -- link, sheet, passkey, provider
ALTER TABLE passes ADD COLUMN via BLOB NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000' CHECK (length(via) = 32);
ALTER TABLE passes ADD COLUMN awaits INTEGER NOT NULL DEFAULT 0 CHECK (awaits IN (0, 1));
ALTER TABLE passes ADD COLUMN confirmed INTEGER CHECK (confirmed IS NULL OR awaits = 1);
ALTER TABLE passes ADD COLUMN proved INTEGER CHECK (proved IS NULL OR kind = 2);

CREATE INDEX passes_awaiting ON passes (talks, made) WHERE awaits = 1 AND confirmed IS NULL;

-- +goose StatementBegin
CREATE TRIGGER passes_stay_where_they_lead BEFORE UPDATE ON passes
WHEN NEW.talks IS NOT OLD.talks OR NEW.party IS NOT OLD.party OR NEW.role IS NOT OLD.role OR NEW.means IS NOT OLD.means
  OR NEW.via IS NOT OLD.via OR NEW.awaits IS NOT OLD.awaits OR (OLD.confirmed IS NOT NULL AND NEW.confirmed IS NOT OLD.confirmed)
BEGIN SELECT RAISE(ABORT, 'a pass leads where it was made to lead'); END;
-- +goose StatementEnd

CREATE TABLE passkeys (
    id         BLOB PRIMARY KEY CHECK (length(id) = 32), -- SHA-256 of raw
    raw        BLOB NOT NULL,
    person     TEXT NOT NULL REFERENCES people (id),
    public     BLOB NOT NULL, -- COSE_Key, as the device wrote it
    label      TEXT NOT NULL,
    talks      TEXT NOT NULL,
    party      TEXT NOT NULL,
    role       TEXT NOT NULL,
    login      BLOB NOT NULL CHECK (length(login) = 32), -- through which it was registered; swept in its time
    transports TEXT NOT NULL,
    flags      INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    made       INTEGER NOT NULL,
    seen       INTEGER NOT NULL,
    confirmed  INTEGER,
    revoked    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkeys_of_person ON passkeys (person, made, id);
CREATE INDEX passkeys_of_party ON passkeys (talks, party, made, id);

-- +goose StatementBegin
CREATE TRIGGER passkeys_stand BEFORE UPDATE ON passkeys
WHEN NEW.id IS NOT OLD.id OR NEW.raw IS NOT OLD.raw OR NEW.person IS NOT OLD.person OR NEW.public IS NOT OLD.public
  OR NEW.talks IS NOT OLD.talks OR NEW.party IS NOT OLD.party OR NEW.role IS NOT OLD.role OR NEW.login IS NOT OLD.login
  OR NEW.count < OLD.count OR (OLD.revoked IS NOT NULL AND NEW.revoked IS NOT OLD.revoked)
BEGIN SELECT RAISE(ABORT, 'a passkey stays its owner''s, its count does not fall, and once revoked it stays so'); END;
-- +goose StatementEnd

CREATE TABLE ceremonies (
    digest  BLOB PRIMARY KEY CHECK (length(digest) = 32), -- of the token that the answer must bring
    kind    INTEGER NOT NULL,
    person  TEXT NOT NULL, -- empty while nobody has said who they are
    login   BLOB NOT NULL CHECK (length(login) = 32),
    session BLOB NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ceremonies_by_end ON ceremonies (until);

CREATE TABLE identities (
    id       BLOB PRIMARY KEY CHECK (length(id) = 32), -- of provider and subject
    person   TEXT NOT NULL REFERENCES people (id),
    provider TEXT NOT NULL,
    made     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX identities_of_person ON identities (person);
