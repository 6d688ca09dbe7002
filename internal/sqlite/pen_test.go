package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/internal/record"
	"parley/internal/record/recordtest"
)

// hold keeps the pen busy until it is let go, so that what is submitted
// meanwhile becomes one group.
func hold(t *testing.T, h *House) (letGo func()) {
	t.Helper()
	busy, done := make(chan struct{}), make(chan struct{})
	go h.writing(background, &job{work: func(*conn) error {
		close(busy)
		<-done
		return refused{errors.New("only held the pen")}
	}})
	<-busy
	return func() { close(done) }
}

// queued submits a transaction and returns when it is in the queue.
func queued(t *testing.T, h *House, ctx context.Context, r record.Transaction) <-chan error {
	t.Helper()
	before := len(h.pen.queue)
	answer := make(chan error, 1)
	go func() { answer <- h.Log().Append(ctx, r) }()
	for len(h.pen.queue) == before {
		time.Sleep(100 * time.Microsecond)
	}
	return answer
}

func TestWhoFailsFailsAlone(t *testing.T) {
	h, w := open(t, t.TempDir()), recordtest.NewWriter(t)
	batch := func(name record.Name, words string) record.Transaction {
		return record.Transaction{Batches: []record.Batch{w.Grow(t, name, w.Draft("chair", words)).Batch}}
	}
	letGo := hold(t, h)
	good := queued(t, h, t.Context(), batch("lake/joint", "first"))
	late := queued(t, h, t.Context(), batch("lake/joint", "also first"))
	impossible := batch("lake/public", "good, but")
	impossible.Destroy = []record.Place{{Record: "lake/public", Number: 99}}
	wrong := queued(t, h, t.Context(), impossible)
	ctx, cancel := context.WithCancel(t.Context())
	given := queued(t, h, ctx, batch("bay/joint", "given up"))
	cancel()
	other := queued(t, h, t.Context(), batch("shore/joint", "another record"))
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	letGo()
	for what, answer := range map[string]<-chan error{"good": good, "other": other} {
		if err := <-answer; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := <-late; !errors.Is(err, record.ErrStale) {
		t.Errorf("late: %v", err)
	}
	if err := <-wrong; err == nil || !strings.Contains(err.Error(), "no entry 99") {
		t.Errorf("wrong: %v", err)
	}
	names, err := h.Log().Names(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 2 || names[0] != "lake/joint" || names[1] != "shore/joint" {
		t.Errorf("the house holds %v", names)
	}
}

func TestAClosedHouseEntersWhatWasSubmitted(t *testing.T) {
	dir := t.TempDir()
	h, w := open(t, dir), recordtest.NewWriter(t)
	letGo := hold(t, h)
	answer := queued(t, h, t.Context(), record.Transaction{Batches: []record.Batch{w.Grow(t, "lake/joint", w.Draft("chair", "last words")).Batch}})
	closed := make(chan error)
	go func() { closed <- h.Close() }()
	time.Sleep(time.Millisecond)
	letGo()
	if err := errors.Join(<-answer, <-closed); err != nil {
		t.Fatal(err)
	}
	if err := h.Log().Append(t.Context(), record.Transaction{}); !errors.Is(err, ErrClosed) {
		t.Errorf("submitted to a closed house: %v", err)
	}
	if _, err := h.Log().Head(t.Context(), "lake/joint"); !errors.Is(err, ErrClosed) {
		t.Errorf("read from a closed house: %v", err)
	}
	again := open(t, dir)
	if _, err := record.Audit(t.Context(), again.Log(), "lake/joint", w.Verifier()); err != nil {
		t.Error(err)
	}
}

func TestAHouseOpenForReadingEntersNothing(t *testing.T) {
	dir := t.TempDir()
	h, w := open(t, dir), recordtest.NewWriter(t)
	beside, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	w.Say(t, h.Log(), "lake/joint", "chair", "good morning")
	if head, err := record.Audit(t.Context(), beside.Log(), "lake/joint", w.Verifier()); err != nil || head.Size != 1 {
		t.Errorf("it reads %d entries: %v", head.Size, err)
	}
	if err := beside.Log().Append(t.Context(), record.Transaction{}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("it enters: %v", err)
	}
}

// No query may walk over a table, except those that give all of it.
func TestEveryQueryHasItsIndex(t *testing.T) {
	h := open(t, t.TempDir())
	err := h.reading(t.Context(), func(c *conn) error {
		for _, q := range []string{
			findRecord, headAt, noteFrom, hashesAt, entriesFrom, namesFrom, findRequest, destroyWords,
			findPerson, talksOf, findPass, passesOf, useLink, seePass, revokePass, revokeAll, sweepPasses,
			findKey, keysOf, keysOfParty, signKey, revokeKey, revokeKeys, revokeMeans, revokeVia, proveLogin, awaiting,
			confirmLogin, confirmSheet, confirmKeys, findCeremony, takeCeremony, sweepCeremonies, findIdentity, disown, disownAll,
		} {
			var steps []string
			err := c.each("EXPLAIN QUERY PLAN "+q, func(row []driver.Value) error {
				steps = append(steps, words(row[3]))
				return nil
			}, make([]driver.Value, strings.Count(q, "?"))...)
			if err != nil {
				return err
			}
			plan := strings.Join(steps, "; ")
			if !strings.Contains(plan, "SEARCH") || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%s\n\t%s", q, plan)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
