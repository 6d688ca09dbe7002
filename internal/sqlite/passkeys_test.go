package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"parley/internal/access"
)

// Whoever was let in before there were passkeys is still let in.
func TestPassesFromBeforePasskeys(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, File)
	open(t, dir).Close()
	err := withSchema(path, false, func(ctx context.Context, db *sql.DB, p *goose.Provider) error {
		for _, drop := range []string{"TABLE passkeys", "TABLE ceremonies", "TABLE identities", "TRIGGER passes_stay_where_they_lead", "INDEX passes_awaiting"} {
			if _, err := db.Exec("DROP " + drop); err != nil {
				return err
			}
		}
		for _, column := range []string{"confirmed", "proved", "talks", "party", "role", "means", "via", "awaits"} {
			if _, err := db.Exec("ALTER TABLE passes DROP COLUMN " + column); err != nil {
				return err
			}
		}
		_, err := db.Exec("DELETE FROM goose_db_version WHERE version_id > 2; INSERT INTO people VALUES ('p-00000ada', 'Ada Lindqvist');" +
			"INSERT INTO passes (digest, kind, person, purpose, label, made, until, seen) VALUES (x'" +
			"0102030405060708010203040506070801020304050607080102030405060708', 2, 'p-00000ada', '', 'a phone', 1000000, 2000000, 1000000)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	passes, err := open(t, dir).Access().Passes(t.Context(), "p-00000ada")
	if err != nil || len(passes) != 1 {
		t.Fatalf("%v, %v", passes, err)
	}
	want := access.Pass{Kind: access.Login, Person: "p-00000ada", Label: "a phone",
		Made: time.Unix(1, 0).UTC(), Until: time.Unix(2, 0).UTC(), Seen: time.Unix(1, 0).UTC()}
	for i := range want.Digest {
		want.Digest[i] = byte(i%8 + 1)
	}
	if passes[0] != want {
		t.Errorf("it is %+v", passes[0])
	}
}
