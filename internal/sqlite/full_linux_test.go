package sqlite

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFullDisk fills a disk of 6 MB, mounted in a namespace of its own.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The shell mounts, for it is in the namespace, and then becomes the test binary.
	c := exec.Command("/bin/sh", "-c", `mount -t tmpfs -o size=6m none "$0" || exit 77; exec "$1"`, dir, program)
	c.Env = append(os.Environ(), fullDir+"="+dir)
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	if c.ProcessState == nil || c.ProcessState.ExitCode() == 77 {
		t.Skipf("no disk could be mounted in a namespace here (TestFullDatabase stands in for it): %v\n%s", err, out)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
