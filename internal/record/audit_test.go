package record_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/memory"
	"parley/internal/record"
	"parley/internal/record/recordtest"
)

// A rewritten log is one that Mallory, who runs the house's computer but does
// not have its key, has got at.
type rewritten struct {
	record.Log
	entries []record.Entry
	head    record.Head
	hashes  map[int64]record.Hash // instead of the log's own
	missing map[int64]bool
	notes   map[int64][]byte // by number, instead of the log's own
	broken  int64            // reading this entry fails
}

var errDisk = errors.New("malformed page")

func (l *rewritten) Read(ctx context.Context, _ record.Name, after int64) iter.Seq2[record.Entry, error] {
	return func(yield func(record.Entry, error) bool) {
		for i, e := range l.entries[min(int(after), len(l.entries)):] {
			if err := ctx.Err(); err != nil {
				yield(record.Entry{}, err)
				return
			}
			if int64(i)+1 == l.broken {
				yield(record.Entry{}, errDisk)
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (l *rewritten) Head(context.Context, record.Name) (record.Head, error) { return l.head, nil }

func (l *rewritten) Hashes(ctx context.Context, name record.Name, indexes []int64) ([]record.Hash, error) {
	var out []record.Hash
	for _, i := range indexes {
		h, err := l.Log.Hashes(ctx, name, []int64{i})
		if l.missing[i] || err != nil {
			return nil, fmt.Errorf("no hash at %d", i)
		}
		if other, ok := l.hashes[i]; ok {
			h[0] = other
		}
		out = append(out, h[0])
	}
	return out, nil
}

func (l *rewritten) Note(ctx context.Context, name record.Name, size int64) ([]byte, int64, error) {
	note, at, err := l.Log.Note(ctx, name, size)
	if other, ok := l.notes[size]; ok {
		note = other
	}
	return note, at, err
}

// content gives an entry to change, without changing the one that the log has.
func (l *rewritten) content(number int64) *record.Content {
	e := &l.entries[number-1]
	c := *e.Content
	c.Structure.Bytes = slices.Clone(c.Structure.Bytes)
	if c.Words != nil {
		words := *c.Words
		words.Bytes = slices.Clone(words.Bytes)
		c.Words = &words
	}
	e.Content = &c
	return &c
}

// rehash makes everything of the record agree with its entries again, except
// the signatures: Mallory has no key, and signs with her own.
func (l *rewritten) rehash(t testing.TB, from int64) {
	mallory := newKey(t, "parley.example", 66).Signer()
	c := record.NewChecker(joint)
	authors := make(map[string]record.Author)
	fresh := new(memory.Log)
	head := record.Head{}
	for i, e := range l.entries {
		h := &l.content(e.Number).Header
		if e.Number >= from {
			content := l.entries[i].Content
			h.Structure = record.Commit(record.Structure, content.Structure)
			h.Words = record.Commit(record.Words, *content.Words)
			h.AuthorPrev = authors[h.Seat].Prev
			l.entries[i].Leaf = h.Leaf()
		}
		authors[h.Seat] = record.Author{Seq: h.AuthorSeq, Prev: l.entries[i].Leaf}
		if err := c.Add(l.entries[i]); err != nil {
			t.Fatalf("Mallory errs: %v", err)
		}
		// Growing a log of one's own is the easiest way to all the nodes.
		g, err := record.Grow(joint, head, map[string]record.Author{h.Seat: {Seq: h.AuthorSeq - 1, Prev: h.AuthorPrev}},
			recordtest.Chance, mallory, record.Draft{Time: h.Time, Seat: h.Seat, Structure: l.entries[i].Content.Structure.Bytes, Words: l.entries[i].Content.Words.Bytes, Evidence: l.entries[i].Content.Evidence})
		if err != nil {
			t.Fatal(err)
		}
		if g.Batch.Entries[0].Leaf != l.entries[i].Leaf {
			t.Fatalf("Mallory's entry %d is not the one she wants", e.Number)
		}
		head = g.Batch.Head
		if err := fresh.Append(t.Context(), record.Transaction{Batches: []record.Batch{g.Batch}}); err != nil {
			t.Fatal(err)
		}
	}
	note := l.head.Note
	l.head = head
	l.head.Note = note
	l.Log = &notesOf{Log: fresh, notes: l.Log}
}

// notesOf is a log with the checkpoints of another.
type notesOf struct {
	record.Log
	notes record.Log
}

func (l *notesOf) Note(ctx context.Context, name record.Name, size int64) ([]byte, int64, error) {
	return l.notes.Note(ctx, name, size)
}

func TestAuditFindsTheFirstFalseEntry(t *testing.T) {
	// Entries 1 to 24 were entered one by one, by Kenya and Uganda in turn,
	// and 25 to 32 all at once.
	log, w := new(memory.Log), recordtest.NewWriter(t)
	for i := range 24 {
		w.Say(t, log, joint, []string{"kenya", "uganda"}[i%2], fmt.Sprint("statement ", i+1))
	}
	signed := w.Draft("kenya", "We adopt.")
	signed.Evidence = []byte("signature")
	drafts := []record.Draft{signed}
	for i := range 7 {
		drafts = append(drafts, w.Draft("uganda", fmt.Sprint("paragraph ", i)))
	}
	last := w.Grow(t, joint, drafts...)
	if err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{last.Batch}}); err != nil {
		t.Fatal(err)
	}
	w.Took(last)
	var entries []record.Entry
	for e, err := range log.Read(t.Context(), joint, 0) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}

	const noEntry = -1 // refused, but no entry is false
	for _, test := range []struct {
		what    string
		rewrite func(*rewritten)
		first   int64
	}{
		{"nothing", func(l *rewritten) {}, 0},
		{"words destroyed", func(l *rewritten) { l.content(17).Words = nil }, 0},
		{"a letter of the words", func(l *rewritten) { l.content(17).Words.Bytes[0]++ }, 17},
		{"a letter of the structure", func(l *rewritten) { l.content(17).Structure.Bytes[0]++ }, 17},
		{"the salt", func(l *rewritten) { l.content(17).Words.Salt[0]++ }, 17},
		{"two entries' words", func(l *rewritten) { l.content(9).Words.Bytes[0]++; l.content(17).Words.Bytes[0]++ }, 9},
		{"the evidence", func(l *rewritten) { l.content(25).Evidence = []byte("forgery") }, 25},
		{"evidence taken away", func(l *rewritten) { l.content(25).Evidence = nil }, 25},
		{"evidence added", func(l *rewritten) { l.content(24).Evidence = []byte("forgery") }, 24},
		{"the time", func(l *rewritten) { h := &l.content(17).Header; h.Time = h.Time.Add(time.Second) }, 17},
		{"the seat", func(l *rewritten) { l.content(17).Header.Seat = "uganda" }, 17},
		{"a header beyond writing", func(l *rewritten) { l.content(17).Header.Seat = "" }, 17},
		{"the leaf", func(l *rewritten) { l.entries[16].Leaf[0]++ }, 17},
		{"header and leaf", func(l *rewritten) {
			c := l.content(17)
			c.Header.Time = c.Header.Time.Add(time.Microsecond)
			l.entries[16].Leaf = c.Header.Leaf()
		}, 17},
		{"header and leaf and words later", func(l *rewritten) {
			c := l.content(18)
			c.Header.Time = c.Header.Time.Add(time.Microsecond)
			l.entries[17].Leaf = c.Header.Leaf()
			l.content(23).Words.Bytes[0]++
		}, 18},
		{"an entry dropped", func(l *rewritten) { l.entries = slices.Delete(l.entries, 16, 17) }, 17},
		{"two entries exchanged", func(l *rewritten) { l.entries[16], l.entries[17] = l.entries[17], l.entries[16] }, 17},
		{"an entry twice", func(l *rewritten) { l.entries = slices.Insert(l.entries, 17, l.entries[16]) }, 18},
		{"an entry withheld", func(l *rewritten) { l.entries[16].Content = nil }, 17},
		{"the end cut off", func(l *rewritten) { l.entries = l.entries[:30] }, 31},
		{"everything cut off", func(l *rewritten) { l.entries = nil }, 1},
		{"an entry behind the end", func(l *rewritten) {
			e := l.entries[31]
			e.Number++
			l.entries = append(l.entries, e)
		}, 33},
		{"an entry that cannot be read", func(l *rewritten) { l.broken = 17 }, 17},
		{"a stored node", func(l *rewritten) { l.hashes = map[int64]record.Hash{2: {}} }, 2},
		{"a stored node high up", func(l *rewritten) { l.hashes = map[int64]record.Hash{30: {}} }, 16},
		{"a stored leaf", func(l *rewritten) { l.hashes = map[int64]record.Hash{0: {}} }, 1},
		{"a stored node deleted", func(l *rewritten) { l.missing = map[int64]bool{30: true} }, 16},
		{"the words and all hashes", func(l *rewritten) { l.content(17).Words.Bytes[0]++; l.rehash(t, 17) }, 17},
		{"the words and all hashes at the beginning", func(l *rewritten) { l.content(1).Words.Bytes[0]++; l.rehash(t, 1) }, 1},
		{"the words and all hashes of the last but one before many", func(l *rewritten) { l.content(24).Words.Bytes[0]++; l.rehash(t, 24) }, 24},
		{"the words and all hashes of one of many entered at once", func(l *rewritten) { l.content(27).Words.Bytes[0]++; l.rehash(t, 27) }, 25},
		{"all hashes of one, words of another", func(l *rewritten) {
			l.content(17).Words.Bytes[0]++
			l.rehash(t, 17)
			l.content(22).Words.Bytes[0]++
		}, 17},
		{"all hashes and the last signature", func(l *rewritten) {
			l.content(17).Words.Bytes[0]++
			l.rehash(t, 17)
			l.head.Note, _ = newKey(t, "parley.example", 66).Signer().Checkpoint(joint, l.head.Size, l.head.Root)
			l.notes = map[int64][]byte{}
			for n := int64(17); n <= 32; n++ {
				l.notes[n] = l.head.Note
			}
		}, 17},
		{"the head's root", func(l *rewritten) { l.head.Root[0]++ }, noEntry},
		{"the head's frontier", func(l *rewritten) { l.head.Frontier = nil }, noEntry},
		{"the head's time", func(l *rewritten) { l.head.Last = l.head.Last.Add(1000) }, noEntry},
		{"the head's size", func(l *rewritten) { l.head.Size++ }, 33},
		{"the head's size, less", func(l *rewritten) { l.head.Size-- }, 32},
		{"the head's signature", func(l *rewritten) { l.head.Note = l.head.Note[:len(l.head.Note)-3] }, noEntry},
	} {
		t.Run(test.what, func(t *testing.T) {
			l := &rewritten{Log: log, entries: slices.Clone(entries), head: last.Batch.Head}
			test.rewrite(l)
			head, err := record.Audit(t.Context(), l, joint, w.Verifier())
			var found *record.FalseEntry
			switch isFalse := errors.As(err, &found); {
			case test.first == 0:
				if diff := cmp.Diff(l.head, head); err != nil || diff != "" {
					t.Errorf("Audit = %v (-want +got):\n%s", err, diff)
				}
			case err == nil:
				t.Error("the auditor finds nothing")
			case test.first == noEntry && isFalse:
				t.Errorf("the auditor blames an entry: %v", err)
			case test.first > 0 && (!isFalse || found.Number != test.first || found.Record != joint):
				t.Errorf("the auditor says %q, and the first false entry is %d", err, test.first)
			}
			if l.broken > 0 && !errors.Is(err, errDisk) {
				t.Errorf("%v does not say what the disk said", err)
			}
		})
	}
}

func TestAuditTrustsOneKey(t *testing.T) {
	log, _, _ := lake(t)
	_, err := record.Audit(t.Context(), log, joint, newKey(t, "parley.example", 9).Verifier())
	var found *record.FalseEntry
	if !errors.As(err, &found) || found.Number != 1 {
		t.Errorf("Audit with another key = %v, want entry 1 refused", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := record.Audit(ctx, log, joint, newKey(t, "parley.example", 0).Verifier()); !errors.Is(err, context.Canceled) {
		t.Errorf("Audit with a context that is done = %v", err)
	}
}

// TestCheckerLeavesTheEdge goes on growing from what a Checker leaves.
func TestCheckerLeavesTheEdge(t *testing.T) {
	log, w, growths := lake(t)
	c := record.NewChecker(joint)
	for e, err := range log.Read(t.Context(), joint, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	head := growths[len(growths)-1].Batch.Head
	if err := c.Done(head, w.Verifier()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(head.Frontier, c.Frontier()); diff != "" || c.Root() != head.Root || c.Size() != head.Size {
		t.Errorf("the frontier differs (-want +got):\n%s", diff)
	}
	g, err := record.Grow(joint, head, c.Authors(), record.Chance{}, newKey(t, "parley.example", 0).Signer(),
		record.Draft{Time: head.Last, Seat: "chair"}, record.Draft{Time: head.Last, Seat: "kenya"})
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{g.Batch}}); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Audit(t.Context(), log, joint, w.Verifier()); err != nil {
		t.Errorf("the record does not verify after that: %v", err)
	}
}

// TestCheckerWithheld checks what a reader can see who does not see all.
func TestCheckerWithheld(t *testing.T) {
	log, w := new(memory.Log), recordtest.NewWriter(t)
	for i := range 9 {
		w.Say(t, log, joint, []string{"kenya", "uganda", "chair"}[i%3], fmt.Sprint(i))
	}
	var entries []record.Entry
	for e := range log.Read(t.Context(), joint, 0) {
		entries = append(entries, e)
	}
	head, err := log.Head(t.Context(), joint)
	if err != nil {
		t.Fatal(err)
	}
	for mask := range 1 << 9 {
		c := record.NewChecker(joint)
		for i, e := range entries {
			if mask>>i&1 == 1 {
				e.Content = nil
			}
			if err := c.Add(e); err != nil {
				t.Fatalf("with %09b withheld: %v", mask, err)
			}
		}
		if err := c.Done(head, w.Verifier()); err != nil {
			t.Fatalf("with %09b withheld: %v", mask, err)
		}
	}
	// Kenya's second entry cannot be her third if only Uganda's is withheld
	// in between.
	c := record.NewChecker(joint)
	bare := func(i int) record.Entry { return record.Entry{Number: int64(i + 1), Leaf: entries[i].Leaf} }
	for _, e := range []record.Entry{entries[0], bare(1), entries[2]} {
		if err := c.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	e := entries[3]
	content := *e.Content
	e.Content = &content
	content.Header.AuthorSeq += 2
	e.Leaf = content.Header.Leaf()
	if err := c.Add(e); err == nil {
		t.Error("two of Kenya's entries are missing where one was withheld, and nobody minds")
	}
}

// filled is a log whose joint record has so many entries of 300 bytes, by ten seats.
func filled(b testing.TB, size int) (*memory.Log, *recordtest.Writer) {
	log, w := new(memory.Log), recordtest.NewWriter(b)
	words := fmt.Sprintf("%300s", "words")
	for range size / 1000 {
		var drafts []record.Draft
		for i := range 1000 {
			drafts = append(drafts, w.Draft(fmt.Sprint("seat-", i%10), words))
		}
		g := w.Grow(b, joint, drafts...)
		if err := log.Append(b.Context(), record.Transaction{Batches: []record.Batch{g.Batch}}); err != nil {
			b.Fatal(err)
		}
		w.Took(g)
	}
	return log, w
}

func BenchmarkChecker100k(b *testing.B) {
	log, w := filled(b, 100_000)
	head, err := log.Head(b.Context(), joint)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c := record.NewChecker(joint)
		for e, err := range log.Read(b.Context(), joint, 0) {
			if err == nil {
				err = c.Add(e)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		if err := c.Done(head, w.Verifier()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAudit100k(b *testing.B) {
	log, w := filled(b, 100_000)
	for b.Loop() {
		if _, err := record.Audit(b.Context(), log, joint, w.Verifier()); err != nil {
			b.Fatal(err)
		}
	}
}
