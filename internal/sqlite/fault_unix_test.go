//go:build unix

package sqlite

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"parley/internal/record"
)

// A limit on the size of files makes the disk fail in the middle of a write
// with an error that is not "full": after it the house enters nothing more,
// says what to do, and loses nothing.
func TestAfterAFaultOfTheDiskNothingIsEntered(t *testing.T) {
	dir := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// Blocks of 512 bytes or of 1024, depending on the shell.
	c := exec.Command("/bin/sh", "-c", `ulimit -f 600; exec "$0"`, program)
	c.Env = append(os.Environ(), faultDir+"="+dir)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, err.(*exec.ExitError).Stderr)
	}
	var acked int64
	if _, err := fmt.Sscanf(string(out), "acknowledged %d", &acked); err != nil {
		t.Fatalf("the writer said %q", out)
	}
	t.Logf("%d acknowledged before the fault", acked)
	h := open(t, dir)
	head, err := record.Audit(t.Context(), h.Log(), roomOf(0), testKey().Verifier())
	if err != nil {
		t.Fatal(err)
	}
	if acked == 0 || head.Size < acked || head.Size > acked+1 {
		t.Errorf("%d entries, %d were acknowledged", head.Size, acked)
	}
	more, err := resume(h.Log(), roomOf(0))
	if err != nil {
		t.Fatal(err)
	}
	g, err := more.grow("chair", "and on")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Log().Append(t.Context(), record.Transaction{Batches: []record.Batch{g.Batch}}); err != nil {
		t.Errorf("opened again: %v", err)
	}
}
