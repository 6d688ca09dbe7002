package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/record"
)

// fill has writers, each on a record of its own, append until the disk is full
// for all of them, and returns how many entries of each were acknowledged.
func fill(h *House, writers, size int) ([]int64, error) {
	acked, errs := make([]int64, writers), make([]error, writers)
	var all sync.WaitGroup
	for c := range writers {
		all.Go(func() {
			acked[c], errs[c] = fillAs(h, c, size)
		})
	}
	all.Wait()
	return acked, errors.Join(errs...)
}

func fillAs(h *House, client, size int) (int64, error) {
	r, err := resume(h.Log(), roomOf(client))
	if err != nil {
		return 0, err
	}
	for {
		g, err := r.grow("chair", fmt.Sprintf("%*d", size, r.head.Size+1))
		if err != nil {
			return 0, err
		}
		err = h.Log().Append(background, record.Transaction{Batches: []record.Batch{g.Batch}})
		if errors.Is(err, record.ErrFull) {
			return r.head.Size, nil
		}
		if err != nil {
			return r.head.Size, err
		}
		r.took(g)
	}
}

// standing returns an error unless the records hold exactly so many entries
// and verify.
func standing(h *House, acked []int64) error {
	for c, n := range acked {
		head, err := record.Audit(background, h.Log(), roomOf(c), testKey().Verifier())
		if n == 0 && head.Size == 0 {
			continue
		}
		if err != nil {
			return err
		}
		if head.Size != n {
			return fmt.Errorf("room %d has %d entries, %d were acknowledged", c, head.Size, n)
		}
	}
	return nil
}

// A limit on the database's pages is a full disk that every system has.
func TestFullDatabase(t *testing.T) {
	h := open(t, t.TempDir())
	limit := func(pages int) {
		err := h.writing(t.Context(), &job{work: func(c *conn) error {
			_, err := c.one(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(200)
	acked, err := fill(h, 8, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("acknowledged before it was full: %v", acked)
	if err := standing(h, acked); err != nil {
		t.Fatalf("full: %v", err)
	}
	limit(400)
	more, err := fill(h, 8, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("and after there was room again: %v", more)
	if err := standing(h, more); err != nil {
		t.Fatalf("full again: %v", err)
	}
	var before, after int64
	for i := range acked {
		before, after = before+acked[i], after+more[i]
	}
	if before == 0 || after < before+50 {
		t.Errorf("%d entries before, %d after there was room", before, after)
	}
}

// fillDisk, in a process of its own, fills the disk under dir, makes room, and
// fills it again.
func fillDisk(dir string) error {
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, []byte(strings.Repeat("sand", 500_000)), 0o600); err != nil {
		return err
	}
	h, err := Open(filepath.Join(dir, "house"), Options{})
	if err != nil {
		return err
	}
	var before, after int64
	acked, err := fill(h, 8, 3000)
	if err != nil {
		return fmt.Errorf("filling the disk: %w", err)
	}
	if err := standing(h, acked); err != nil {
		return fmt.Errorf("on a full disk: %w", err)
	}
	if err := os.Remove(ballast); err != nil {
		return err
	}
	more, err := fill(h, 8, 3000)
	if err != nil {
		return fmt.Errorf("after there was room again: %w", err)
	}
	if err := standing(h, more); err != nil {
		return fmt.Errorf("on a disk full again: %w", err)
	}
	for i := range acked {
		before, after = before+acked[i], after+more[i]
	}
	if before == 0 || after < before+50 {
		return fmt.Errorf("%d entries before, %d after there was room", before, after)
	}
	// A house must close and open where there is no room for anything.
	if err := h.Close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	start := time.Now()
	if h, err = Open(filepath.Join(dir, "house"), Options{}); err != nil {
		return fmt.Errorf("opening on a full disk: %w", err)
	}
	if err := standing(h, more); err != nil {
		return fmt.Errorf("opened again: %w", err)
	}
	fmt.Printf("%d entries, then %d; opened again in %v\n", before, after, time.Since(start))
	return h.Close()
}

// writeUntilFault runs in a process of its own.
func writeUntilFault(dir string) error {
	h, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	acked, err := fillAs(h, 0, 20_000)
	if !errors.Is(err, ErrDisk) {
		return fmt.Errorf("the fault was answered with: %v", err)
	}
	r, err := resume(h.Log(), roomOf(0))
	if err != nil {
		return fmt.Errorf("reading after the fault: %w", err)
	}
	for range 2 {
		g, err := r.grow("chair", "small")
		if err != nil {
			return err
		}
		if err := h.Log().Append(background, record.Transaction{Batches: []record.Batch{g.Batch}}); !errors.Is(err, ErrDisk) {
			return fmt.Errorf("after the fault: %v", err)
		}
	}
	fmt.Println("acknowledged", acked)
	return nil
}
