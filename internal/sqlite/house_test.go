package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func open(t testing.TB, dir string) *House {
	t.Helper()
	h, err := Open(dir, Options{Command: "parley serve"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func TestASecondWriterIsToldWhoHoldsTheHouse(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	_, err := Open(dir, Options{})
	var inUse *InUseError
	if !errors.As(err, &inUse) {
		t.Fatalf("a second writer got %v", err)
	}
	if inUse.Holder.Process != os.Getpid() || inUse.Holder.Command != "parley serve" {
		t.Errorf("it was told of %+v", inUse.Holder)
	}
	if got := err.Error(); !strings.Contains(got, "parley serve") || !strings.Contains(got, "read") {
		t.Errorf("it was told: %s", got)
	}

	beside, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("a reader beside the writer: %v", err)
	}
	if err := beside.Close(); err != nil {
		t.Error(err)
	}

	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	after := open(t, dir)
	if err := after.Close(); err != nil {
		t.Errorf("after the first had closed: %v", err)
	}
}

func TestAReaderNeedsAHouse(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir, Options{ReadOnly: true})
	if err == nil || !strings.Contains(err.Error(), "no house") {
		t.Errorf("an empty directory: %v", err)
	}
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("reading made %v", names)
	}
	if err := os.WriteFile(filepath.Join(dir, File), []byte(strings.Repeat("minutes ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{true, false} {
		if _, err := Open(dir, Options{ReadOnly: readOnly}); err == nil {
			t.Errorf("ReadOnly %v: a file of something else was opened", readOnly)
		} else {
			t.Log(err)
		}
	}
}

func TestNobodyElseMayReadTheFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "house")
	open(t, dir)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f, err := d.Info()
		if err == nil && f.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", d.Name(), f.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
