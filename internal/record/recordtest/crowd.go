package recordtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"parley/internal/record"
)

func testNested(t *testing.T, log record.Log) {
	ctx := t.Context()
	w := NewWriter(t)
	w.Say(t, log, joint, "chair", "1", "2", "3")
	read := 0
	for e, err := range log.Read(ctx, joint, 0) {
		if err != nil {
			t.Fatal(err)
		}
		read++
		if len(entries(t, log, joint, 0)) < 3 {
			t.Error("a Read within a Read yields less")
		}
		if _, err := log.Head(ctx, joint); err != nil {
			t.Errorf("Head within a Read: %v", err)
		}
		if e.Number == 2 {
			w.Say(t, log, joint, "chair", "entered while reading")
		}
	}
	if read != 3 && read != 4 {
		t.Errorf("Read yields %d entries, want the 3 there were or the 4 there are", read)
	}
	// Leaving a range early must leave nothing open.
	for range 200 {
		for range log.Read(ctx, joint, 0) {
			break
		}
	}
	w.Say(t, log, joint, "chair", "and on")
	audit(t, log, joint, w.Verifier())
}

// testWhole writes transactions of three entries on the joint record and one
// on the public one, while readers look for half a transaction.
func testWhole(t *testing.T, log record.Log) {
	const rounds = 40
	w := NewWriter(t)
	ctx := t.Context()
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					if err := lookForHalves(ctx, log, w.Verifier()); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	for i := range rounds {
		a := w.Grow(t, joint, w.Draft("chair", "a"), w.Draft("kenya", "b"), w.Draft("uganda", "c"))
		b := w.Grow(t, public, w.Draft("chair", "d"))
		err := log.Append(ctx, record.Transaction{
			Batches:  []record.Batch{a.Batch, b.Batch},
			Requests: []record.Request{{Key: requestKey(int64(i) + 1)}},
		})
		if err != nil {
			t.Errorf("round %d: %v", i, err)
			break
		}
		w.Took(a, b)
	}
	close(stop)
	readers.Wait()
	audit(t, log, joint, w.Verifier())
	audit(t, log, public, w.Verifier())
}

func requestKey(n int64) record.Hash { return record.Hash{'r', byte(n >> 8), byte(n)} }

func lookForHalves(ctx context.Context, log record.Log, v record.Verifier) error {
	a, err := log.Head(ctx, joint)
	if err != nil {
		return err
	}
	b, err := log.Head(ctx, public)
	if err != nil {
		return err
	}
	if a.Size%3 != 0 || b.Size < a.Size/3 {
		return fmt.Errorf("the joint record has %d entries and the public one %d: half a transaction shows", a.Size, b.Size)
	}
	if _, ok, err := log.Request(ctx, requestKey(a.Size/3)); err != nil || a.Size > 0 && !ok {
		return fmt.Errorf("with %d entries, the request of the last is not there (%v)", a.Size, err)
	}
	if a.Size > 0 {
		if _, at, err := log.Note(ctx, joint, a.Size); err != nil || at != a.Size {
			return fmt.Errorf("with %d entries, the checkpoint is of %d (%v)", a.Size, at, err)
		}
	}
	read := int64(0)
	for _, err := range log.Read(ctx, joint, 0) {
		if err != nil {
			return err
		}
		read++
	}
	if read < a.Size || read%3 != 0 {
		return fmt.Errorf("with %d entries, Read yields %d", a.Size, read)
	}
	_, err = record.Audit(ctx, log, joint, v)
	return err
}

// testOneRecord has eight clerks enter on one record. Each catches up and
// tries again when it is stale; nothing may be lost or doubled.
func testOneRecord(t *testing.T, log record.Log) {
	const clerks, each = 8, 12
	ctx := t.Context()
	chance := record.Chance{1}
	sign := NewWriter(t).sign
	var all sync.WaitGroup
	for c := range clerks {
		all.Go(func() {
			seat := fmt.Sprintf("clerk-%d", c)
			for i := range each {
				if err := insist(ctx, log, chance, sign, seat, fmt.Sprintf("%s says %d", seat, i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if head := audit(t, log, joint, sign.Verifier()); head.Size != clerks*each {
		t.Errorf("the record has %d entries, want %d", head.Size, clerks*each)
	}
	said := make(map[string]int)
	for _, e := range entries(t, log, joint, 0) {
		said[string(e.Content.Words.Bytes)]++
	}
	if len(said) != clerks*each {
		t.Errorf("%d different things were said, want %d", len(said), clerks*each)
	}
}

// insist enters words at the end of the joint record, wherever that now is.
func insist(ctx context.Context, log record.Log, chance record.Chance, sign record.Signer, seat, words string) error {
	for {
		head, err := log.Head(ctx, joint)
		if err != nil {
			return err
		}
		authors := make(map[string]record.Author)
		for e, err := range log.Read(ctx, joint, 0) {
			if err != nil {
				return err
			}
			if h := e.Content.Header; h.Seat == seat && e.Number <= head.Size {
				authors[seat] = record.Author{Seq: h.AuthorSeq, Prev: e.Leaf}
			}
		}
		// Nobody's clock matters here: the record's own time goes on.
		at := head.Last
		if head.Size == 0 {
			at = opening
		}
		g, err := record.Grow(joint, head, authors, chance, sign, record.Draft{Time: at, Seat: seat, Words: []byte(words)})
		if err != nil {
			return err
		}
		err = log.Append(ctx, record.Transaction{Batches: []record.Batch{g.Batch}})
		if !errors.Is(err, record.ErrStale) {
			return err
		}
	}
}

// testManyRecords has one writer for each of sixteen records, all at once.
func testManyRecords(t *testing.T, log record.Log) {
	const rooms, each = 16, 12
	writers := make([]*Writer, rooms)
	growths := make([][]record.Growth, rooms)
	names := make([]record.Name, rooms)
	var all sync.WaitGroup
	for r := range rooms {
		writers[r] = NewWriter(t)
		names[r] = record.RoomName("lake", [16]byte{byte(r)})
		all.Go(func() {
			w := writers[r]
			for i := range each {
				g, err := record.Grow(names[r], w.heads[names[r]], w.authors[names[r]], w.chance, w.sign, w.Draft("chair", fmt.Sprint(i)))
				if err == nil {
					err = log.Append(t.Context(), record.Transaction{
						Batches:  []record.Batch{g.Batch},
						Requests: []record.Request{{Key: record.Hash{byte(r), byte(i)}}},
					})
				}
				if err != nil {
					t.Errorf("%s: %v", names[r], err)
					return
				}
				w.Took(g)
				growths[r] = append(growths[r], g)
			}
		})
	}
	all.Wait()
	for r := range rooms {
		expect(t, log, names[r], growths[r]...)
		audit(t, log, names[r], writers[r].Verifier())
	}
}
