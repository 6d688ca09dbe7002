// Package recordtest is the conformance suite for stores of records: whatever
// passes [TestLog] is a [record.Log], and what the suite does not ask for is
// not promised.
//
// Beyond the words of the interface it settles these points:
//
//   - A transaction that [record.Transaction.Check] refuses, or that would
//     destroy words of an entry which is not there, is refused whole.
//   - Where a transaction is both repeated and stale, the answer is repeated:
//     whoever submits again after a broken connection wants the first answer.
//   - Destroying words twice is the same as once.
//   - A context that is done when a method is called makes it fail with the
//     context's error, and Read stop with it between two entries.
//   - Other methods may be called while a Read is being ranged over, and the
//     range may be left at any entry.
//   - What is handed over is changed by neither side afterwards.
//   - Between empty and nil bytes there is no difference.
package recordtest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/record"
)

// The house of the suite, and the records in it.
const (
	joint  = record.Name("lake/joint")
	public = record.Name("lake/public")
	shore  = record.Name("lake/room/0123456789abcdef0123456789abcdef")
)

// TestLog checks that the empty Logs which open returns keep the promises of
// [record.Log]. Each call of open must return a Log of its own.
func TestLog(t *testing.T, open func(t testing.TB) record.Log) {
	for _, promise := range []struct {
		name string
		test func(*testing.T, record.Log)
	}{
		{"what does not exist is empty", testNothing},
		{"what is entered is read again", testReadAgain},
		{"several records grow in one transaction", testSeveral},
		{"stale", testStale},
		{"repeated", testRepeated},
		{"requests", testRequests},
		{"malformed", testMalformed},
		{"hashes and proofs", testHashes},
		{"notes", testNotes},
		{"names", testNames},
		{"destroyed words", testDestroy},
		{"large entries", testLarge},
		{"context", testContext},
		{"reading while reading", testNested},
		{"readers see whole transactions", testWhole},
		{"many write to one record", testOneRecord},
		{"many write to many records", testManyRecords},
	} {
		t.Run(promise.name, func(t *testing.T) { promise.test(t, open(t)) })
	}
}

// opening is when the first entries are made.
var opening = time.Date(2030, 5, 16, 10, 0, 0, 0, time.UTC)

// Chance is what a Writer derives its salts from.
var Chance = record.Chance(sha256.Sum256([]byte("recordtest")))

// A Writer makes entries for a Log as the desk would: it keeps the heads and
// authors of the records it has written, and times that never run backwards.
type Writer struct {
	sign    record.Signer
	heads   map[record.Name]record.Head
	authors map[record.Name]map[string]record.Author
	clock   time.Time
	chance  record.Chance
}

// NewWriter returns the only writer of an empty Log.
func NewWriter(t testing.TB) *Writer {
	t.Helper()
	key, err := record.NewKey(zeros{}, "parley.example")
	if err != nil {
		t.Fatal(err)
	}
	return &Writer{
		sign:    key.Signer(),
		heads:   make(map[record.Name]record.Head),
		authors: make(map[record.Name]map[string]record.Author),
		clock:   opening,
		chance:  Chance,
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Verifier checks what the writer has had signed.
func (w *Writer) Verifier() record.Verifier { return w.sign.Verifier() }

// Draft is an entry by a seat that says words, with a structure to go with it.
func (w *Writer) Draft(seat, words string) record.Draft {
	w.clock = w.clock.Add(1001 * time.Microsecond)
	return record.Draft{Time: w.clock, Seat: seat, Structure: fmt.Appendf(nil, `{"said":%d}`, len(words)), Words: []byte(words)}
}

// Grow grows a record from where the writer last took it.
func (w *Writer) Grow(t testing.TB, name record.Name, drafts ...record.Draft) record.Growth {
	t.Helper()
	g, err := record.Grow(name, w.heads[name], w.authors[name], w.chance, w.sign, drafts...)
	if err != nil {
		t.Fatalf("Grow(%s): %v", name, err)
	}
	return g
}

// Took tells the writer that these were entered.
func (w *Writer) Took(growths ...record.Growth) {
	for _, g := range growths {
		name := g.Batch.Record
		w.heads[name] = g.Batch.Head
		if w.authors[name] == nil {
			w.authors[name] = make(map[string]record.Author)
		}
		for seat, a := range g.Authors {
			w.authors[name][seat] = a
		}
	}
}

// Say enters one transaction in which a seat says each of the words in turn.
func (w *Writer) Say(t testing.TB, log record.Log, name record.Name, seat string, words ...string) record.Growth {
	t.Helper()
	drafts := make([]record.Draft, len(words))
	for i := range words {
		drafts[i] = w.Draft(seat, words[i])
	}
	g := w.Grow(t, name, drafts...)
	if err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{g.Batch}}); err != nil {
		t.Fatalf("Append to %s after %d: %v", name, g.Batch.After, err)
	}
	w.Took(g)
	return g
}

// alike compares what was entered with what was read.
var alike = cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0)}

// entries reads a record from after a number to its end.
func entries(t testing.TB, log record.Log, name record.Name, after int64) []record.Entry {
	t.Helper()
	var all []record.Entry
	for e, err := range log.Read(t.Context(), name, after) {
		if err != nil {
			t.Fatalf("Read(%s, %d): %v", name, after, err)
		}
		all = append(all, e)
	}
	return all
}

// expect compares a record, from its first entry to its head, with what its
// growths should have made of it.
func expect(t testing.TB, log record.Log, name record.Name, growths ...record.Growth) {
	t.Helper()
	var want []record.Entry
	var head record.Head
	for _, g := range growths {
		want = append(want, g.Batch.Entries...)
		head = g.Batch.Head
	}
	if diff := cmp.Diff(want, entries(t, log, name, 0), alike); diff != "" {
		t.Errorf("%s is not what was entered (-want +got):\n%s", name, diff)
	}
	got, err := log.Head(t.Context(), name)
	if err != nil {
		t.Fatalf("Head(%s): %v", name, err)
	}
	if diff := cmp.Diff(head, got, alike); diff != "" {
		t.Errorf("head of %s (-want +got):\n%s", name, diff)
	}
}

// audit has an auditor go through a record.
func audit(t testing.TB, log record.Log, name record.Name, v record.Verifier) record.Head {
	t.Helper()
	head, err := record.Audit(t.Context(), log, name, v)
	if err != nil {
		t.Fatalf("the auditor refuses %s: %v", name, err)
	}
	return head
}

func cancelled(t testing.TB) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
