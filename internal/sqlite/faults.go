package sqlite

import (
	"errors"
	"fmt"

	sqlite3 "modernc.org/sqlite"

	"parley/internal/record"
)

// SQLite's result codes that matter here, from sqlite.org/rescode.html.
const (
	codeBusy       = 5
	codeReadOnly   = 8
	codeIOError    = 10
	codeCorrupt    = 11
	codeFull       = 13
	codeCannotOpen = 14
	codeNotADB     = 26
)

// ErrDisk means that the disk or the database file failed. The house enters
// nothing more until it is opened again.
var ErrDisk = errors.New("the disk or the database file failed: stop parley, check the disk, and start it again; " +
	"if it does not start, restore the last backup")

// code returns the primary result code of an error of SQLite's, 0 for any other.
func code(err error) int {
	var e *sqlite3.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

// plain says what an error of SQLite's means for the house.
func plain(err error) error {
	switch code(err) {
	case codeFull:
		return fmt.Errorf("%w (%w)", record.ErrFull, err)
	case codeBusy:
		return fmt.Errorf("another program is writing to %s: nothing was entered; close it, then submit again (%w)", File, err)
	case codeNotADB:
		return fmt.Errorf("%s is not a database, or its beginning was destroyed: "+
			"choose another data directory, or restore the last backup (%w)", File, err)
	case codeReadOnly, codeIOError, codeCorrupt, codeCannotOpen:
		return fmt.Errorf("%w (%w)", ErrDisk, err)
	}
	return err
}
