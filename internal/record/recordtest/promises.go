package recordtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"parley/internal/record"
)

func testNothing(t *testing.T, log record.Log) {
	ctx := t.Context()
	if got := entries(t, log, joint, 0); len(got) != 0 {
		t.Errorf("a record that does not exist has %d entries", len(got))
	}
	head, err := log.Head(ctx, joint)
	if err != nil || !cmp.Equal(head, record.Head{}, alike) {
		t.Errorf("Head = %+v, %v, want the zero head", head, err)
	}
	if names, err := log.Names(ctx, ""); err != nil || len(names) != 0 {
		t.Errorf("Names = %q, %v, want none", names, err)
	}
	if _, err := log.Hashes(ctx, joint, []int64{0}); err == nil {
		t.Error("Hashes found a leaf in a record that does not exist")
	}
	if _, _, err := log.Note(ctx, joint, 1); err == nil {
		t.Error("Note found a checkpoint of a record that does not exist")
	}
	if _, ok, err := log.Request(ctx, record.Hash{1}); ok || err != nil {
		t.Errorf("Request = %v, %v, want none", ok, err)
	}
	audit(t, log, joint, NewWriter(t).Verifier())
}

func testReadAgain(t *testing.T, log record.Log) {
	w := NewWriter(t)
	plain := w.Draft("kenya/head", "Good morning.\x00\xff Доброго ранку.")
	silent := w.Draft("uganda/head", "")
	silent.Words = nil
	signed := w.Draft("kenya/head", "We adopt.")
	signed.Evidence = []byte{0, 1, 2, 0xff}
	g := w.Grow(t, joint, plain, silent, signed)
	if err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{g.Batch}}); err != nil {
		t.Fatal(err)
	}
	w.Took(g)
	expect(t, log, joint, g)
	audit(t, log, joint, w.Verifier())

	h := w.Say(t, log, joint, "uganda/head", "Good morning.")
	expect(t, log, joint, g, h)
	audit(t, log, joint, w.Verifier())

	for after, want := range []int{4, 3, 2, 1, 0, 0} {
		if got := entries(t, log, joint, int64(after)); len(got) != want || want > 0 && got[0].Number != int64(after)+1 {
			t.Errorf("Read after %d yields %d entries, want %d from %d on", after, len(got), want, after+1)
		}
	}
	for _, e := range entries(t, log, joint, 0) {
		if e.Content.Words == nil {
			t.Errorf("entry %d has lost its words; even empty words have their salt", e.Number)
		}
		if e.Content.Header.Time.Location().String() != "UTC" {
			t.Errorf("entry %d is not in UTC", e.Number)
		}
	}
}

func testSeveral(t *testing.T, log record.Log) {
	ctx := t.Context()
	w := NewWriter(t)
	first := []record.Growth{
		w.Grow(t, joint, w.Draft("chair", "Published.")),
		w.Grow(t, public, w.Draft("chair", "They met."), w.Draft("chair", "They will meet again.")),
		w.Grow(t, shore, w.Draft("chair", "Thank you.")),
	}
	tx := record.Transaction{Batches: []record.Batch{first[0].Batch, first[1].Batch, first[2].Batch}}
	if err := log.Append(ctx, tx); err != nil {
		t.Fatal(err)
	}
	w.Took(first...)
	for _, g := range first {
		expect(t, log, g.Batch.Record, g)
		audit(t, log, g.Batch.Record, w.Verifier())
	}

	// If one of the records cannot grow, none does, wherever it stands.
	for at := range 3 {
		batches := []record.Batch{
			w.Grow(t, joint, w.Draft("chair", "a")).Batch,
			w.Grow(t, public, w.Draft("chair", "b")).Batch,
			w.Grow(t, shore, w.Draft("chair", "c")).Batch,
		}
		other := NewWriter(t)
		batches[at] = other.Grow(t, batches[at].Record, other.Draft("chair", "stale")).Batch
		err := log.Append(ctx, record.Transaction{
			Batches:  batches,
			Requests: []record.Request{{Key: record.Hash{9}}},
			Destroy:  []record.Place{{Record: joint, Number: 1}},
		})
		if !errors.Is(err, record.ErrStale) {
			t.Errorf("Append with batch %d stale = %v, want %v", at, err, record.ErrStale)
		}
		for _, g := range first {
			expect(t, log, g.Batch.Record, g)
		}
		if _, ok, err := log.Request(ctx, record.Hash{9}); ok || err != nil {
			t.Errorf("the request of a stale transaction is remembered (%v)", err)
		}
	}
}

func testStale(t *testing.T, log record.Log) {
	w := NewWriter(t)
	g := w.Say(t, log, joint, "chair", "one", "two")
	for _, batch := range []record.Batch{g.Batch, ahead(t, joint)} {
		err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{batch}})
		if !errors.Is(err, record.ErrStale) {
			t.Errorf("Append after %d to a record of 2 = %v, want %v", batch.After, err, record.ErrStale)
		}
		expect(t, log, joint, g)
	}
	if err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{ahead(t, public)}}); !errors.Is(err, record.ErrStale) {
		t.Errorf("Append after 3 to a record that does not exist = %v, want %v", err, record.ErrStale)
	}
	if names, err := log.Names(t.Context(), ""); err != nil || len(names) != 1 {
		t.Errorf("Names = %q, %v, want the joint record only", names, err)
	}
}

// ahead is a batch for a record of three entries.
func ahead(t testing.TB, name record.Name) record.Batch {
	w := NewWriter(t)
	w.Took(w.Grow(t, name, w.Draft("chair", "1"), w.Draft("chair", "2"), w.Draft("chair", "3")))
	return w.Grow(t, name, w.Draft("chair", "4")).Batch
}

func testRepeated(t *testing.T, log record.Log) {
	ctx := t.Context()
	w := NewWriter(t)
	g := w.Grow(t, joint, w.Draft("chair", "once"))
	asked := record.Request{Key: sha256.Sum256([]byte("key")), Body: sha256.Sum256([]byte("body")), Answer: []byte("entry 1")}
	tx := record.Transaction{Batches: []record.Batch{g.Batch}, Requests: []record.Request{asked}}
	if err := log.Append(ctx, tx); err != nil {
		t.Fatal(err)
	}
	w.Took(g)

	// The same again is repeated and stale: repeated is what one is told.
	if err := log.Append(ctx, tx); !errors.Is(err, record.ErrRepeated) {
		t.Errorf("Append of the same = %v, want %v", err, record.ErrRepeated)
	}
	// So is a transaction that is not stale, and one of which another
	// request is new; none of either is there afterwards.
	again := asked
	again.Body, again.Answer = record.Hash{7}, []byte("another answer")
	fresh := record.Request{Key: record.Hash{8}}
	err := log.Append(ctx, record.Transaction{
		Batches:  []record.Batch{w.Grow(t, joint, w.Draft("chair", "twice")).Batch, w.Grow(t, public, w.Draft("chair", "twice")).Batch},
		Requests: []record.Request{fresh, again},
	})
	if !errors.Is(err, record.ErrRepeated) {
		t.Errorf("Append with a known request = %v, want %v", err, record.ErrRepeated)
	}
	expect(t, log, joint, g)
	expect(t, log, public)
	got, ok, err := log.Request(ctx, asked.Key)
	if diff := cmp.Diff(asked, got, alike); diff != "" || !ok || err != nil {
		t.Errorf("Request = %v, %v (-want +got):\n%s", ok, err, diff)
	}
	if _, ok, _ := log.Request(ctx, fresh.Key); ok {
		t.Error("a request of a refused transaction is remembered")
	}
}

func testRequests(t *testing.T, log record.Log) {
	ctx := t.Context()
	want := []record.Request{
		{Key: record.Hash{1}, Body: record.Hash{2}, Answer: []byte("refused: rule 23")},
		{Key: record.Hash{3}},
	}
	// A transaction may consist of requests alone, or of nothing.
	if err := log.Append(ctx, record.Transaction{Requests: want}); err != nil {
		t.Fatalf("Append of two requests: %v", err)
	}
	if err := log.Append(ctx, record.Transaction{}); err != nil {
		t.Errorf("Append of nothing: %v", err)
	}
	for _, r := range want {
		got, ok, err := log.Request(ctx, r.Key)
		if diff := cmp.Diff(r, got, alike); diff != "" || !ok || err != nil {
			t.Errorf("Request = %v, %v (-want +got):\n%s", ok, err, diff)
		}
	}
}

func testMalformed(t *testing.T, log record.Log) {
	w := NewWriter(t)
	g := w.Say(t, log, joint, "chair", "one")
	two := func() record.Batch { return w.Grow(t, joint, w.Draft("chair", "two"), w.Draft("chair", "three")).Batch }
	good, misnamed, gap, nodeless, misplaced, headless, unsigned := two(), two(), two(), two(), two(), two(), two()
	misnamed.Record = "Lake/joint"
	gap.Entries = gap.Entries[1:]
	nodeless.Nodes = nil
	misplaced.Nodes[0].Index++
	headless.Head.Frontier = nil
	unsigned.Head.Note = nil
	for name, tx := range map[string]record.Transaction{
		"a name in capitals":         {Batches: []record.Batch{misnamed}},
		"a missing entry":            {Batches: []record.Batch{gap}},
		"missing nodes":              {Batches: []record.Batch{nodeless}},
		"a node at the wrong place":  {Batches: []record.Batch{misplaced}},
		"no frontier":                {Batches: []record.Batch{headless}},
		"no signature":               {Batches: []record.Batch{unsigned}},
		"no entries":                 {Batches: []record.Batch{{Record: joint, After: 1, Head: g.Batch.Head}}},
		"a record twice":             {Batches: []record.Batch{good, good}},
		"a request twice":            {Requests: []record.Request{{Key: record.Hash{4}}, {Key: record.Hash{4}}}},
		"a place that is not there":  {Batches: []record.Batch{good}, Destroy: []record.Place{{Record: joint, Number: 9}}},
		"a place in no record":       {Destroy: []record.Place{{Record: public, Number: 1}}},
		"a place before the first":   {Destroy: []record.Place{{Record: joint, Number: 0}}},
		"one good batch and one bad": {Batches: []record.Batch{good, {Record: public}}},
	} {
		err := log.Append(t.Context(), tx)
		if err == nil || errors.Is(err, record.ErrStale) || errors.Is(err, record.ErrRepeated) || errors.Is(err, record.ErrUnknownOutcome) {
			t.Errorf("Append with %s = %v, want another error", name, err)
		}
		expect(t, log, joint, g)
	}
	for _, name := range []record.Name{"", "lake", "lake/", "lake/Joint", "lake/joint/", "/joint", "lake/room/0123", "lake/../joint",
		"lake/room/0123456789ABCDEF0123456789abcdef", "lake lake/joint", "lake/joint\x00", record.Name(strings.Repeat("l", 201) + "/joint")} {
		b := w.Grow(t, public, w.Draft("chair", "x")).Batch
		b.Record = name
		b.Entries[0].Content.Header.Record = name
		if err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{b}}); err == nil {
			t.Errorf("Append took a record of the name %q", name)
		}
	}
	if names, err := log.Names(t.Context(), ""); err != nil || len(names) != 1 {
		t.Errorf("Names = %q, %v, want the joint record only", names, err)
	}
	if err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{good}}); err != nil {
		t.Errorf("after all that, Append of a good transaction = %v", err)
	}
}

func testHashes(t *testing.T, log record.Log) {
	ctx := t.Context()
	w := NewWriter(t)
	var all []record.Entry
	for size := 1; size <= 20; size++ {
		g := w.Say(t, log, joint, "chair", strings.Repeat("word ", size))
		all = append(all, g.Batch.Entries...)
		tree := tlog.HashReaderFunc(func(indexes []int64) ([]record.Hash, error) { return log.Hashes(ctx, joint, indexes) })
		if root, err := tlog.TreeHash(int64(size), tree); err != nil || root != g.Batch.Head.Root {
			t.Fatalf("the stored hashes of %d entries have the root %v, %v, want %v", size, root, err, g.Batch.Head.Root)
		}
		for i, e := range all {
			p, err := tlog.ProveRecord(int64(size), int64(i), tree)
			if err != nil {
				t.Fatalf("ProveRecord(%d, %d): %v", size, i, err)
			}
			if err := tlog.CheckRecord(p, int64(size), g.Batch.Head.Root, int64(i), e.Leaf); err != nil {
				t.Errorf("entry %d of %d: %v", e.Number, size, err)
			}
		}
	}
	// In the order asked, as often as asked.
	count := tlog.StoredHashCount(20)
	got, err := log.Hashes(ctx, joint, []int64{count - 1, 0, 2, 0})
	if err != nil || len(got) != 4 || got[1] != all[0].Leaf || got[1] != got[3] || got[2] == got[1] || got[0] == got[1] {
		t.Errorf("Hashes in a mixed order = %v, %v", got, err)
	}
	if got, err := log.Hashes(ctx, joint, nil); err != nil || len(got) != 0 {
		t.Errorf("Hashes of nothing = %v, %v", got, err)
	}
	for _, index := range []int64{count, count + 1000, -1} {
		if _, err := log.Hashes(ctx, joint, []int64{0, index}); err == nil {
			t.Errorf("Hashes found one at %d; there are %d", index, count)
		}
	}
}

func testNotes(t *testing.T, log record.Log) {
	ctx := t.Context()
	w := NewWriter(t)
	var growths []record.Growth
	for _, words := range [][]string{{"1"}, {"2", "3", "4"}, {"5"}, {"6", "7"}} {
		growths = append(growths, w.Say(t, log, joint, "chair", words...))
		w.Say(t, log, public, "chair", "another record's checkpoints are its own")
	}
	for _, g := range growths {
		for size := g.Batch.After + 1; size <= g.Batch.Head.Size; size++ {
			note, at, err := log.Note(ctx, joint, size)
			if err != nil || at != g.Batch.Head.Size || string(note) != string(g.Batch.Head.Note) {
				t.Errorf("Note(%d) = %q at %d, %v, want that of %d entries", size, note, at, err, g.Batch.Head.Size)
			}
			if c, err := w.Verifier().Checkpoint(joint, note); err != nil || c.Size != at {
				t.Errorf("Note(%d): %v", size, err)
			}
		}
	}
	if _, _, err := log.Note(ctx, joint, 8); err == nil {
		t.Error("Note(8) found a checkpoint in a record of 7 entries")
	}
}

func testNames(t *testing.T, log record.Log) {
	w := NewWriter(t)
	for _, name := range []record.Name{"lake/public", "lake-2/joint", "lake/joint", "a/joint", "lake2/joint", shore} {
		w.Say(t, log, name, "chair", "x")
	}
	for _, test := range []struct {
		prefix string
		want   []record.Name
	}{
		{"", []record.Name{"a/joint", "lake-2/joint", "lake/joint", "lake/public", shore, "lake2/joint"}},
		{"lake/", []record.Name{"lake/joint", "lake/public", shore}},
		{"lake", []record.Name{"lake-2/joint", "lake/joint", "lake/public", shore, "lake2/joint"}},
		{"lake/joint", []record.Name{"lake/joint"}},
		{"lake/joints", nil},
		{"zebra", nil},
		{"ake/", nil},
		{"joint", nil},
		// Letters that mean something to databases mean nothing here.
		{"lak_/", nil}, {"%", nil}, {"LAKE/", nil}, {"lake*", nil}, {"'", nil},
	} {
		got, err := log.Names(t.Context(), test.prefix)
		if diff := cmp.Diff(test.want, got, alike); diff != "" || err != nil {
			t.Errorf("Names(%q): %v (-want +got):\n%s", test.prefix, err, diff)
		}
	}
}

func testDestroy(t *testing.T, log record.Log) {
	ctx := t.Context()
	w := NewWriter(t)
	g := w.Say(t, log, joint, "chair", "keep this", "DESTROY THIS", "and keep this")
	tombstone := w.Grow(t, joint, w.Draft("chair", "entry 2 is destroyed"))
	gone := []record.Place{{Record: joint, Number: 2}}
	if err := log.Append(ctx, record.Transaction{Batches: []record.Batch{tombstone.Batch}, Destroy: gone}); err != nil {
		t.Fatal(err)
	}
	w.Took(tombstone)

	check := func() {
		t.Helper()
		for _, e := range entries(t, log, joint, 0) {
			if destroyed := e.Content.Words == nil; destroyed != (e.Number == 2) {
				t.Errorf("entry %d: words destroyed = %v", e.Number, destroyed)
			}
			if e.Content.Header.Leaf() != e.Leaf || len(e.Content.Structure.Bytes) == 0 {
				t.Errorf("entry %d has lost more than its words", e.Number)
			}
		}
		if head := audit(t, log, joint, w.Verifier()); head.Root != tombstone.Batch.Head.Root {
			t.Error("destroying words has changed the tree")
		}
	}
	check()
	if err := log.Append(ctx, record.Transaction{Destroy: gone}); err != nil {
		t.Errorf("destroying the same words again: %v", err)
	}
	check()
	if g.Batch.Entries[1].Content.Words == nil {
		t.Error("the log has changed an entry that it was handed")
	}
}

func testLarge(t *testing.T, log record.Log) {
	w := NewWriter(t)
	words := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	one := w.Draft("chair", words)
	one.Structure = []byte(words[:1<<18])
	one.Evidence = []byte(words[:1<<16])
	g := w.Grow(t, joint, one, w.Draft("chair", words+"!"), w.Draft("chair", "small"))
	if err := log.Append(t.Context(), record.Transaction{
		Batches:  []record.Batch{g.Batch},
		Requests: []record.Request{{Key: record.Hash{1}, Answer: []byte(words)}},
	}); err != nil {
		t.Fatal(err)
	}
	w.Took(g)
	got := entries(t, log, joint, 0)
	if len(got) != 3 || string(got[0].Content.Words.Bytes) != words || string(got[1].Content.Words.Bytes) != words+"!" {
		t.Error("a mebibyte of words is not read as it was entered")
	}
	if r, ok, err := log.Request(t.Context(), record.Hash{1}); !ok || err != nil || string(r.Answer) != words {
		t.Errorf("Request of a mebibyte = %d bytes, %v, %v", len(r.Answer), ok, err)
	}
	audit(t, log, joint, w.Verifier())
}

func testContext(t *testing.T, log record.Log) {
	w := NewWriter(t)
	var words []string
	for range 2000 {
		words = append(words, "word")
	}
	g := w.Say(t, log, joint, "chair", words...)

	done := cancelled(t)
	next := w.Grow(t, joint, w.Draft("chair", "too late"))
	errs := map[string]error{
		"Append": log.Append(done, record.Transaction{Batches: []record.Batch{next.Batch}, Requests: []record.Request{{Key: record.Hash{5}}}}),
	}
	_, errs["Head"] = log.Head(done, joint)
	_, errs["Hashes"] = log.Hashes(done, joint, []int64{0})
	_, _, errs["Note"] = log.Note(done, joint, 1)
	_, errs["Names"] = log.Names(done, "")
	_, _, errs["Request"] = log.Request(done, record.Hash{5})
	for _, errs["Read"] = range log.Read(done, joint, 0) {
	}
	for method, err := range errs {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a context that is done = %v, want %v", method, err, context.Canceled)
		}
	}
	if head, err := log.Head(t.Context(), joint); err != nil || head.Size != g.Batch.Head.Size {
		t.Errorf("Head = %d, %v: the transaction that came too late was entered", head.Size, err)
	}
	if _, ok, _ := log.Request(t.Context(), record.Hash{5}); ok {
		t.Error("the request that came too late is remembered")
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	read := 0
	for _, err := range log.Read(ctx, joint, 0) {
		if last = err; err != nil {
			break
		}
		read++
		cancel()
	}
	if !errors.Is(last, context.Canceled) || read >= len(words) {
		t.Errorf("Read, cancelled after its first entry, yields %d and ends with %v", read, last)
	}
	audit(t, log, joint, w.Verifier())
}
