package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"parley/internal/access"
	"parley/internal/record"
	"parley/internal/ruling"
	"parley/internal/secretariat"
	"parley/internal/sqlite"
)

// keyFile is the name of the file with the house's secret key.
const keyFile = "house.key"

// A house is a data directory that has been opened.
type house struct {
	dir   string
	store *sqlite.House
	key   record.Key
	desk  *secretariat.Desk
	door  *access.Door
}

// opening says how a house is to be opened.
type opening struct {
	readOnly bool
	command  string           // told to whoever finds the house taken
	now      func() time.Time // the desk's clock; the terminal's if nil
	log      *slog.Logger     // nil for nowhere
	quota    secretariat.Quota
}

// open opens the house in a directory.
func (t *terminal) open(dir string, o opening) (*house, error) {
	if dir == "" {
		return nil, no(ruling.Invalid, "cli.needs-data")
	}
	key, err := readKey(dir)
	if err != nil {
		return nil, err
	}
	store, err := sqlite.Open(dir, sqlite.Options{ReadOnly: o.readOnly, Command: o.command})
	if err != nil {
		return nil, err
	}
	h := &house{dir: dir, store: store, key: key}
	if err := h.staff(t, o); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return h, nil
}

// staff puts desk and door into a house.
func (h *house) staff(t *terminal, o opening) error {
	if o.now == nil {
		o.now = t.now
	}
	var chance record.Chance
	if _, err := io.ReadFull(t.rand, chance[:]); err != nil {
		return fmt.Errorf("drawing the seed: %w", err)
	}
	fault := func(error) {}
	if o.log != nil {
		fault = func(err error) { o.log.Error("a fault of the house", "why", err) }
	}
	h.desk = secretariat.New(secretariat.House{Log: h.store.Log(), Signer: h.key.Signer(), Chance: chance, Now: o.now, Fault: fault, Quota: o.quota})
	h.door = &access.Door{Store: h.store.Access(), Now: t.now, Rand: t.rand, Log: o.log}
	return nil
}

func (h *house) close() error { return h.store.Close() }

// readKey reads the secret key of the house in dir. It is refused if others on
// the machine may read it as well.
func readKey(dir string) (record.Key, error) {
	path := filepath.Join(dir, keyFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return record.Key{}, no(ruling.Absent, "cli.no-house", "Dir", dir)
	} else if err != nil {
		return record.Key{}, err
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return record.Key{}, no(ruling.Denied, "cli.key-exposed", "File", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return record.Key{}, err
	}
	key, err := record.ParseKey(string(text))
	if err != nil {
		return record.Key{}, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// writeKey writes the secret key into a new file that only its owner reads.
func writeKey(dir string, key record.Key) error {
	f, err := os.OpenFile(filepath.Join(dir, keyFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(key.Text())
	return errors.Join(err, f.Sync(), f.Close())
}

// found founds a house: its directory, its key, its database, and its first
// person, who will convene the first talks.
func (t *terminal) found(ctx context.Context, dir, name, mediator, talks string, o opening) (*house, error) {
	if !secretariat.ValidID(talks) {
		return nil, ruling.No(ruling.Invalid, 1, "talks-id", "Given", talks)
	}
	key, err := record.NewKey(t.rand, name)
	if err != nil {
		return nil, no(ruling.Invalid, "cli.house-name", "Given", name)
	}
	if err := newDirectory(dir); err != nil {
		return nil, err
	}
	if err := writeKey(dir, key); err != nil {
		return nil, err
	}
	h, err := t.open(dir, o)
	if err != nil {
		return nil, errors.Join(err, os.Remove(filepath.Join(dir, keyFile)))
	}
	if _, err := h.door.Enrol(ctx, mediator, talks); err != nil {
		return nil, errors.Join(err, h.close(), os.Remove(filepath.Join(dir, keyFile)), os.Remove(filepath.Join(dir, sqlite.File)))
	}
	return h, nil
}

// newDirectory makes a directory for a house, or takes an empty one.
func newDirectory(dir string) error {
	if dir == "" {
		return no(ruling.Invalid, "cli.needs-data")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	inside, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	// A founding that was refused leaves a lock file, and nothing in it.
	inside = slices.DeleteFunc(inside, func(e fs.DirEntry) bool { return e.Name() == "lock" })
	if len(inside) > 0 {
		return no(ruling.OutOfOrder, "cli.not-empty", "Dir", dir)
	}
	return nil
}

// find finds a person by id, or by name if only one has it.
func (h *house) find(ctx context.Context, who string) (access.Person, error) {
	people, err := h.door.People(ctx)
	if err != nil {
		return access.Person{}, err
	}
	var found []access.Person
	for _, p := range people {
		if string(p.ID) == who {
			return p, nil
		}
		if strings.EqualFold(p.Name, who) {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return access.Person{}, no(ruling.Absent, "cli.no-such-person", "Given", who)
	case 1:
		return found[0], nil
	}
	return access.Person{}, no(ruling.Invalid, "cli.several-of-that-name", "Given", who)
}
