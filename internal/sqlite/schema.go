package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	sqlite3 "modernc.org/sqlite"
)

// A place is a record and the number of an entry in it, in one integer: the
// entries are ordered by it, which holds each record in one piece and needs no
// second index.
const placeBits = 40

// mostNumbers is how many entries a record may have.
const mostNumbers = 1<<placeBits - 1

func place(record, number int64) int64 { return record<<placeBits | number }

func number(place int64) int64 { return place & (1<<placeBits - 1) }

//go:embed migrations/*.sql
var migrations embed.FS

// oldestSQLite has the repair of the WAL-reset fault, by which versions from
// 3.7.0 on could lose committed writes (sqlite.org/wal.html).
const oldestSQLite = "3.51.3"

// migrate brings the database up to date, or makes it.
func migrate(path string) error {
	return withSchema(path, false, func(ctx context.Context, db *sql.DB, p *goose.Provider) error {
		if ours, others, err := tables(ctx, db); err != nil {
			return err
		} else if ours == 0 && others > 0 {
			return errStranger
		}
		at, newest, err := versions(ctx, p)
		if err != nil || at == newest {
			return err
		}
		if at > newest {
			return tooNew(at, newest)
		}
		_, err = p.Up(ctx)
		return err
	})
}

// upToDate returns an error unless the database is as this program writes it.
func upToDate(path string) error {
	return withSchema(path, true, func(ctx context.Context, db *sql.DB, p *goose.Provider) error {
		if ours, _, err := tables(ctx, db); err != nil {
			return err
		} else if ours == 0 {
			return errStranger
		}
		at, newest, err := versions(ctx, p)
		switch {
		case err != nil:
			return err
		case at > newest:
			return tooNew(at, newest)
		case at < newest:
			return fmt.Errorf("the house was last written by an older parley (its form is %d, this one's %d): "+
				"open it once for writing", at, newest)
		}
		return nil
	})
}

func tooNew(at, newest int64) error {
	return fmt.Errorf("the house was written by a newer parley (its form is %d, this one knows up to %d): "+
		"use that version", at, newest)
}

var errStranger = fmt.Errorf("%s is not parley's: choose another data directory", File)

// tables counts what is in the database: the table that says which form it is
// of, and everything else.
func tables(ctx context.Context, db *sql.DB) (ours, others int, err error) {
	err = db.QueryRowContext(ctx, "SELECT count(*) FILTER (WHERE name = 'goose_db_version'), count(*) FILTER (WHERE name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%')"+
		" FROM sqlite_schema").Scan(&ours, &others)
	return ours, others, err
}

func versions(ctx context.Context, p *goose.Provider) (at, newest int64, err error) {
	sources := p.ListSources()
	newest = sources[len(sources)-1].Version
	at, err = p.GetDBVersion(ctx)
	return at, newest, err
}

func withSchema(path string, readOnly bool, f func(context.Context, *sql.DB, *goose.Provider) error) error {
	k, err := sqlite3.NewConnector(source(path, readOnly))
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	db := sql.OpenDB(k)
	defer db.Close()
	ctx := context.Background()
	if err := newEnough(ctx, db); err != nil {
		return fmt.Errorf("opening the database: %w", plain(err))
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if err := f(ctx, db, p); err != nil {
		return fmt.Errorf("opening the database: %w", plain(err))
	}
	return nil
}

func newEnough(ctx context.Context, db *sql.DB) error {
	var version string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	if before(version, oldestSQLite) {
		return fmt.Errorf("SQLite %s could lose entries; parley needs %s or newer", version, oldestSQLite)
	}
	return nil
}

// before compares dotted version numbers.
func before(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, errX := strconv.Atoi(as[i])
		y, errY := strconv.Atoi(bs[i])
		if errors.Join(errX, errY) != nil {
			return true
		}
		if x != y {
			return x < y
		}
	}
	return len(as) < len(bs)
}
