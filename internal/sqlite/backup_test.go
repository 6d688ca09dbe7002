package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"parley/internal/record"
	"parley/internal/record/recordtest"
)

func TestABackupIsOfOneMomentWhileEntriesGoOn(t *testing.T) {
	h, w := open(t, t.TempDir()), recordtest.NewWriter(t)
	for i := range 20 {
		w.Say(t, h.Log(), "lake/joint", "chair", fmt.Sprintf("before %d: %8000d", i, i))
	}
	before, err := h.Log().Head(t.Context(), "lake/joint")
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				w.Say(t, h.Log(), "lake/joint", "chair", fmt.Sprintf("meanwhile %4000d", 0))
			}
		}
	})
	dir := t.TempDir()
	var last, total int64
	err = h.Backup(t.Context(), filepath.Join(dir, File), func(done, all int64) {
		if done < last || done > all {
			t.Errorf("progress: %d of %d after %d", done, all, last)
		}
		last, total = done, all
	})
	close(stop)
	writing.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if last != total || total < 160_000 {
		t.Errorf("the last report was %d of %d", last, total)
	}

	again, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	head, err := record.Audit(t.Context(), again.Log(), "lake/joint", w.Verifier())
	if err != nil {
		t.Fatalf("the auditor refuses the copy: %v", err)
	}
	if head.Size < before.Size {
		t.Errorf("the copy has %d entries, there were %d", head.Size, before.Size)
	}
	if err := h.Backup(t.Context(), filepath.Join(dir, File), nil); err == nil {
		t.Error("a second backup overwrote the first")
	}
}

func TestABackupThatIsCutShortLeavesNothing(t *testing.T) {
	h, w := open(t, t.TempDir()), recordtest.NewWriter(t)
	for range 50 {
		w.Say(t, h.Log(), "lake/joint", "chair", fmt.Sprintf("%200000d", 0))
	}
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	err := h.Backup(ctx, filepath.Join(dir, "what?copy #1.db"), func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("it left %v", left)
	}
	w.Say(t, h.Log(), "lake/joint", "chair", "and on")
}
