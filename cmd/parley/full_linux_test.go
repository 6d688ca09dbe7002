package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// fullDir, in the environment, is a small disk to run the real server on.
const fullDir = "PARLEY_TEST_FULL"

// TestFullDisk runs the real server on a disk of 8 MB, mounted in a namespace
// of its own, until the disk is full, makes room, and goes on.
func TestFullDisk(t *testing.T) {
	if dir := os.Getenv(fullDir); dir != "" {
		fillDisk(t, dir)
		return
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The shell mounts, for it is in the namespace, and then becomes this test.
	c := exec.Command("/bin/sh", "-c", `mount -t tmpfs -o size=8m none "$0" || exit 77; exec "$1" -test.run '^TestFullDisk$' -test.v`, dir, test)
	c.Env = append(os.Environ(), fullDir+"="+dir, builtDir+"="+filepath.Dir(program(t)))
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	if c.ProcessState == nil || c.ProcessState.ExitCode() == 77 {
		t.Skipf("no disk could be mounted in a namespace here: %v\n%s", err, out)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

func fillDisk(t *testing.T, dir string) {
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	l, all := newLake(t, filepath.Join(dir, "house")), talkers()
	s := l.serve(t)
	before := fillUp(t, l, s, all)

	// On a full disk everybody may still read.
	if _, err := l.get(t.Context(), s, "/api/talks/lake/record"); err != nil {
		t.Errorf("reading on a full disk: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	after := fillUp(t, l, s, all)
	if before == 0 || after < 20 {
		t.Errorf("%d entries before, %d after there was room", before, after)
	}
	if err := s.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("it ended with %v\n%s", err, s.errors)
	}
	l.check(t, all)
	t.Logf("%d entries until the disk was full, %d more when there was room", before, after)
}

// fillUp has everybody talk until the disk is full for all, and returns how
// much was entered. The only thing the server may say is that the disk is full.
func fillUp(t *testing.T, l *lake, s *serving, all []*talker) (entered int) {
	var working sync.WaitGroup
	var mu sync.Mutex
	for _, k := range all {
		working.Go(func() {
			had := len(k.acked)
			for {
				err := k.say(l, s)
				if err == nil {
					continue
				}
				var no errSaidNo
				if !errors.As(err, &no) || no.Status != 500 || !strings.Contains(no.Detail, "disk is full") {
					t.Errorf("%s was told: %v", k.name, err)
				}
				break
			}
			mu.Lock()
			defer mu.Unlock()
			entered += len(k.acked) - had
		})
	}
	working.Wait()
	return entered
}
