package sqlite

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

const isWindows = true

// lockWhole locks one byte far behind the text: Windows would not let others
// read what is locked.
func lockWhole(f *os.File) error {
	at := &windows.Overlapped{OffsetHigh: 1}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errHeld
	}
	return err
}
