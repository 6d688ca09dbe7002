package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	sqlite3 "modernc.org/sqlite"

	"parley/internal/record"
)

// A conn is one connection with its statements prepared once. It goes to the
// driver directly: database/sql would take half of the time of a short
// statement, and its pool would decide which connection writes. One goroutine
// uses it at a time.
type conn struct {
	driver.Conn
	statements map[string]driver.Stmt
	args       []driver.NamedValue // used again from call to call
	ends       map[record.Name]end // of records written over this connection; nil if it only reads
}

// location is a file's name as a URI, in which nothing in the name has a
// meaning of its own.
func location(path string, q url.Values) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/house
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// source is how the database is opened.
func source(path string, readOnly bool) string {
	q := url.Values{
		"_txlock":    {"immediate"},
		"_defensive": {"1"},
		"_dqs":       {"0"},
		"_error_rc":  {"1"},
		"_pragma": {
			"busy_timeout(5000)", "synchronous(FULL)",
			// On a Mac, a flush that goes through the drive's own cache.
			"fullfsync(ON)", "checkpoint_fullfsync(ON)",
			"foreign_keys(ON)", "trusted_schema(OFF)",
			"cell_size_check(ON)", "recursive_triggers(ON)",
			// 16 MB: the pages that are written most are written back less often.
			"wal_autocheckpoint(4000)",
			// What is destroyed is overwritten, not only unlinked.
			"secure_delete(ON)",
		},
	}
	if readOnly {
		q.Set("mode", "ro")
		q.Add("_pragma", "query_only(ON)")
	} else {
		q.Set("mode", "rw")
		q.Add("_pragma", "journal_mode(WAL)")
	}
	return location(path, q)
}

func connect(path string, readOnly bool) (*conn, error) {
	k, err := sqlite3.NewConnector(source(path, readOnly))
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	c, err := k.Connect(context.Background())
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", plain(err))
	}
	return &conn{Conn: c, statements: make(map[string]driver.Stmt)}, nil
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.Conn.Close())...)
}

func (c *conn) prepare(query string, args []driver.Value) (driver.Stmt, error) {
	s, ok := c.statements[query]
	if !ok {
		var err error
		if s, err = c.Prepare(query); err != nil {
			return nil, err
		}
		c.statements[query] = s
	}
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return s, nil
}

// exec runs a statement that yields no rows and returns how many rows it changed.
func (c *conn) exec(query string, args ...driver.Value) (int64, error) {
	s, err := c.prepare(query, args)
	if err != nil {
		return 0, err
	}
	r, err := s.(driver.StmtExecContext).ExecContext(context.Background(), c.args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// enough stops each without being an error.
var enough = errors.New("enough")

// each gives f every row of a query. The values in a row stay valid, the row
// itself does not. f may return enough.
func (c *conn) each(query string, f func(row []driver.Value) error, args ...driver.Value) (err error) {
	s, err := c.prepare(query, args)
	if err != nil {
		return err
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(context.Background(), c.args)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	row := make([]driver.Value, len(rows.Columns()))
	for {
		if err := rows.Next(row); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := f(row); err == enough {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// one returns the first row of a query, nil if there is none.
func (c *conn) one(query string, args ...driver.Value) (found []driver.Value, err error) {
	err = c.each(query, func(row []driver.Value) error {
		found = row
		return enough
	}, args...)
	return found, err
}

// blob and its likes take a value out of a row. A value of another type can
// only be there if somebody else wrote to the database; STRICT tables make
// that rare, so it is read as absent and left to fail verification.
func blob(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}

func integer(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

func words(v driver.Value) string {
	s, _ := v.(string)
	return s
}
