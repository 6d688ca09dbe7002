package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite"
)

// pagesAtOnce are copied between two reports of progress: 4 MB.
const pagesAtOnce = 1024

// Backup copies the house's database to a new file while it is in use. The
// copy is of one moment, holds everything entered before the call, and is
// flushed to the disk when Backup returns nil; the file is there whole or not
// at all. It opens as a house once it stands as parley.db in a directory of its
// own. Progress, which may be nil, is told the bytes copied so far and in all.
//
// Backup does not check what it copies: open the copy and audit its records.
func (h *House) Backup(ctx context.Context, path string, progress func(done, total int64)) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("backup: %s is there already: choose a new name", path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup: %w", err)
	}
	partial := path + ".partial"
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("backup: %s is there: another backup is running, or one was cut short; then delete it", partial)
	} else if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(partial) // is gone once it has its name
	err = h.copyTo(ctx, partial, progress)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("backup: %w", plain(err))
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return syncDirectory(filepath.Dir(path))
}

// copyTo copies the database as it is now, on a connection of its own.
func (h *House) copyTo(ctx context.Context, path string, progress func(done, total int64)) (err error) {
	select {
	case <-h.closed:
		return ErrClosed
	default:
	}
	c, err := connect(h.path(), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	// A read transaction holds the moment; without it, every entry made
	// meanwhile would start the copying anew.
	if _, err := c.exec("BEGIN DEFERRED"); err != nil {
		return err
	}
	defer func() {
		_, e := c.exec("ROLLBACK")
		err = errors.Join(err, e)
	}()
	size, err := c.one("SELECT page_size FROM pragma_page_size, (SELECT count(*) FROM records)")
	if err != nil {
		return err
	}
	copying, ok := c.Conn.(interface {
		NewBackup(string) (*sqlite3.Backup, error)
	})
	if !ok {
		return errors.New("the SQLite driver cannot copy a database in use")
	}
	b, err := copying.NewBackup(location(path, nil))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Finish()) }()
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if more, err = b.Step(pagesAtOnce); err != nil {
			return err
		}
		if progress != nil {
			total := int64(b.PageCount())
			progress((total-int64(b.Remaining()))*integer(size[0]), total*integer(size[0]))
		}
	}
	return nil
}
