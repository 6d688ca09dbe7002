package sqlite

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/access"
	"parley/internal/record/recordtest"
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

func TestASecondProcessIsRefusedToo(t *testing.T) {
	dir := t.TempDir()
	h, w := open(t, dir), recordtest.NewWriter(t)
	w.Say(t, h.Log(), "lake/joint", "chair", "good morning")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program)
	c.Env = append(os.Environ(), secondDir+"="+dir)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	if want := fmt.Sprintf("process %d on", os.Getpid()); !strings.Contains(string(out), want) {
		t.Errorf("it was not told of %s", want)
	}
}

// openSecond runs in a process of its own.
func openSecond(dir string) error {
	_, err := Open(dir, Options{})
	var inUse *InUseError
	if !errors.As(err, &inUse) {
		return fmt.Errorf("opening a house that is in use: %v", err)
	}
	fmt.Println(err)
	beside, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	head, err := beside.Log().Head(background, "lake/joint")
	if err == nil && head.Size != 1 {
		err = fmt.Errorf("it reads %d entries", head.Size)
	}
	return errors.Join(err, beside.Close())
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

func TestClosingLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	if err := h.Access().Enrol(t.Context(), access.Person{ID: "p-00000ada", Name: "Ada Lindqvist"}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	if got := strings.Join(names, " "); got != "lock "+File {
		t.Errorf("the directory holds %s", got)
	}
}

func TestTheFormOfTheDatabase(t *testing.T) {
	for _, c := range []struct {
		name, sql         string
		writing, readOnly string // what opening says; "" if it opens
	}{
		{"newer", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)", "newer parley", "newer parley"},
		{"older", "DELETE FROM goose_db_version WHERE version_id >= 2; DROP TABLE passkeys; DROP TABLE ceremonies; DROP TABLE identities; DROP TABLE passes; DROP TABLE named; DROP TABLE people", "", "older parley"},
		{"somebody else's", "DROP TABLE goose_db_version", "not parley's", "not parley's"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := open(t, dir).Close(); err != nil {
				t.Fatal(err)
			}
			k, err := connect(filepath.Join(dir, File), false)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range strings.Split(c.sql, ";") {
				if _, err := k.exec(q); err != nil {
					t.Fatal(err)
				}
			}
			if err := k.close(); err != nil {
				t.Fatal(err)
			}
			for _, o := range []Options{{ReadOnly: true}, {}} {
				want := c.writing
				if o.ReadOnly {
					want = c.readOnly
				}
				h, err := Open(dir, o)
				if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
					t.Errorf("ReadOnly %v: %v", o.ReadOnly, err)
				}
				if err == nil {
					h.Close()
				}
			}
		})
	}
}

func TestVersionsAreComparedAsNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"3.51.2", "3.51.3", true}, {"3.51.3", "3.51.3", false}, {"3.9.0", "3.51.3", true},
		{"3.53.4", "3.51.3", false}, {"4.0", "3.51.3", false}, {"3.51", "3.51.3", true}, {"three", "3.51.3", true},
	} {
		if got := before(c.a, c.b); got != c.want {
			t.Errorf("before(%s, %s) is %v", c.a, c.b, got)
		}
	}
}
