package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Holder is the process that holds a house's lock, as it described itself.
type Holder struct {
	Process int
	Host    string
	Command string
	Since   time.Time // UTC, whole seconds
}

// An InUseError says that another process is writing to the house.
type InUseError struct {
	Holder Holder // zero if it has not yet said who it is
}

func (e *InUseError) Error() string {
	if e.Holder.Process == 0 {
		return "the house is in use by another process: stop it, or open the house for reading only"
	}
	return fmt.Sprintf("the house is in use by %s (process %d on %s, since %s): stop it, or open the house for reading only",
		e.Holder.Command, e.Holder.Process, e.Holder.Host, e.Holder.Since.Format("2 January 2006 15:04:05 UTC"))
}

// A lockFile is held by this process until it is released or the process
// ends, however it ends: the system, not the file's content, keeps the lock.
type lockFile struct{ f *os.File }

// errHeld is what the system's locking answers when somebody else has the lock.
var errHeld = errors.New("held")

func takeLock(path, command string) (*lockFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}
	if err := lockWhole(f); errors.Is(err, errHeld) {
		defer f.Close()
		return nil, &InUseError{Holder: readHolder(f)}
	} else if err != nil {
		return nil, errors.Join(fmt.Errorf("taking the lock: %w", err), f.Close())
	}
	l := &lockFile{f}
	if err := l.describe(command); err != nil {
		return nil, errors.Join(fmt.Errorf("writing the lock: %w", err), f.Close())
	}
	return l, nil
}

// describe writes who holds the lock, a line for each thing to know.
func (l *lockFile) describe(command string) error {
	if command == "" {
		command = filepath.Base(os.Args[0])
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	oneLine := strings.NewReplacer("\n", " ", "\r", " ")
	text := fmt.Sprintf("%d\n%s\n%s\n%s\n", os.Getpid(), oneLine.Replace(host), oneLine.Replace(command),
		time.Now().UTC().Format(time.RFC3339))
	if err := l.f.Truncate(0); err != nil {
		return err
	}
	_, err = l.f.WriteAt([]byte(text), 0)
	return err
}

// readHolder reads what describe wrote; zero if it is not all there yet.
func readHolder(f *os.File) Holder {
	text := make([]byte, 4096)
	n, _ := f.ReadAt(text, 0) // a short read is the usual case
	lines := strings.Split(string(text[:n]), "\n")
	if len(lines) < 5 {
		return Holder{}
	}
	process, err := strconv.Atoi(lines[0])
	if err != nil {
		return Holder{}
	}
	since, err := time.Parse(time.RFC3339, lines[3])
	if err != nil {
		return Holder{}
	}
	return Holder{Process: process, Host: lines[1], Command: lines[2], Since: since.UTC()}
}

// release empties the file and leaves it in place: to remove it would let two
// processes lock two files of the same name.
func (l *lockFile) release() error {
	return errors.Join(l.f.Truncate(0), l.f.Close())
}
