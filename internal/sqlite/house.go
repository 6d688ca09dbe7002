// Package sqlite keeps a house in one directory: records, and who may come in,
// in the file parley.db, and beside it a lock file that says who is writing.
//
// It promises what [record.Log] and [access.Store] promise. One process writes
// and holds the lock; others may open the house read-only beside it. What is
// answered as entered has been flushed to the disk (WAL with synchronous=FULL)
// and outlives kill -9 and power cuts. Appends that arrive while another is
// being flushed share the next flush. When the disk is full nothing is entered
// and the house goes on; after any other fault of the disk it enters nothing
// more until it has been opened again, because only a fresh start can tell
// what the disk holds.
//
// It filters nothing: whoever holds a House reads everything in it.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"parley/internal/record"
)

// File is the name of the database in a house's directory.
const File = "parley.db"

// Options say how to open a house. The zero value opens it for writing.
type Options struct {
	// ReadOnly opens beside a running writer, and never writes.
	ReadOnly bool
	// Command is told to whoever finds the house taken; by default the
	// program's name.
	Command string
	// Readers is how many reads may go on at once, 4 if zero.
	Readers int
}

// A House is an open directory. Its methods may be called from any number of
// goroutines.
type House struct {
	dir     string
	lock    *lockFile // nil if read-only
	pen     *pen      // nil if read-only
	readers chan *conn
	count   int // of readers

	closing sync.Once
	closed  chan struct{}
	outcome error // of closing; valid once closed is closed
}

// ErrClosed means that the house was closed.
var ErrClosed = errors.New("the house is closed")

// ErrReadOnly means that a house opened read-only was asked to enter something.
var ErrReadOnly = errors.New("the house is open for reading only: open it for writing to enter anything")

// Open opens the house in dir. For writing it makes the directory and the
// database if there are none, brings an older database up to date, and takes
// the lock, or returns an [InUseError]. Read-only it needs a database that is
// up to date.
func Open(dir string, o Options) (*House, error) {
	if o.Readers <= 0 {
		o.Readers = 4
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	h := &House{dir: dir, readers: make(chan *conn, o.Readers), closed: make(chan struct{})}
	if o.ReadOnly {
		err = h.openBeside()
	} else {
		err = h.openToWrite(o)
	}
	for err == nil && h.count < o.Readers {
		var c *conn
		if c, err = connect(h.path(), true); err == nil {
			h.readers <- c
			h.count++
		}
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (h *House) path() string { return filepath.Join(h.dir, File) }

func (h *House) openBeside() error {
	if _, err := os.Stat(h.path()); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no house in %s: it has no %s", h.dir, File)
	} else if err != nil {
		return fmt.Errorf("opening the house: %w", err)
	}
	return upToDate(h.path())
}

func (h *House) openToWrite(o Options) error {
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return fmt.Errorf("making the data directory: %w", err)
	}
	var err error
	if h.lock, err = takeLock(filepath.Join(h.dir, "lock"), o.Command); err != nil {
		return err
	}
	// Made here so that nobody else can read it; SQLite gives its other files
	// the same permissions.
	f, err := os.OpenFile(h.path(), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	if err := migrate(h.path()); err != nil {
		return err
	}
	if err := syncDirectory(h.dir); err != nil {
		return err
	}
	h.pen, err = newPen(h.path())
	return err
}

// Log returns the house's records.
func (h *House) Log() record.Log { return log{h} }

// Close waits for what is being entered, empties the write-ahead file into the
// database and gives the lock back. It may be called more than once.
func (h *House) Close() error {
	h.closing.Do(func() {
		close(h.closed)
		var errs []error
		// The pen is the last to close, so that its connection is the one
		// which clears the write-ahead file away.
		for range h.count {
			errs = append(errs, (<-h.readers).close())
		}
		if h.pen != nil {
			errs = append(errs, h.pen.close())
		}
		if h.lock != nil {
			errs = append(errs, h.lock.release())
		}
		h.outcome = errors.Join(errs...)
	})
	return h.outcome
}

// reading lends f a connection on which nothing is being written.
func (h *House) reading(ctx context.Context, f func(*conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-h.closed:
		return ErrClosed
	default:
	}
	select {
	case <-h.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case c := <-h.readers:
		defer func() { h.readers <- c }()
		return plain(f(c))
	}
}

// writing hands j to the pen and waits until it is durable or refused.
func (h *House) writing(ctx context.Context, j *job) error {
	if h.pen == nil {
		return ErrReadOnly
	}
	return h.pen.enter(ctx, j)
}

// syncDirectory makes the names in a directory durable, where the system can.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("flushing the directory: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !isWindows {
		return fmt.Errorf("flushing the directory: %w", err)
	}
	return nil
}
