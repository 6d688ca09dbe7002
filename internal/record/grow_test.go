package record_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"parley/internal/record"
	"parley/internal/record/recordtest"
)

const (
	joint  = record.Name("lake/joint")
	public = record.Name("lake/public")
	shore  = record.Name("lake/room/0123456789abcdef0123456789abcdef")
)

// TestGrowTree compares roots and nodes with two other implementations, however
// the entries are cut into transactions.
func TestGrowTree(t *testing.T) {
	for _, cut := range []int{1, 2, 3, 7, 64, 130} {
		w := recordtest.NewWriter(t)
		factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
		tree := factory.NewEmptyRange(0)
		stored := make(map[int64]record.Hash)
		reader := tlog.HashReaderFunc(func(indexes []int64) ([]record.Hash, error) {
			var out []record.Hash
			for _, i := range indexes {
				h, ok := stored[i]
				if !ok {
					return nil, fmt.Errorf("no hash at %d", i)
				}
				out = append(out, h)
			}
			return out, nil
		})
		for size := 0; size < 130; size += cut {
			var drafts []record.Draft
			for i := range cut {
				drafts = append(drafts, w.Draft("chair", fmt.Sprint(size+i)))
			}
			g := w.Grow(t, joint, drafts...)
			w.Took(g)
			for _, n := range g.Batch.Nodes {
				stored[n.Index] = n.Hash
			}
			for _, e := range g.Batch.Entries {
				stored[tlog.StoredHashIndex(0, e.Number-1)] = e.Leaf
				if err := tree.Append(e.Leaf[:], nil); err != nil {
					t.Fatal(err)
				}
			}
			root, err := tree.GetRootHash(nil)
			if err != nil || string(root) != string(g.Batch.Head.Root[:]) {
				t.Fatalf("in %ds, at %d entries: the root is not that of transparency-dev/merkle (%v)", cut, g.Batch.Head.Size, err)
			}
			if root, err := tlog.TreeHash(g.Batch.Head.Size, reader); err != nil || root != g.Batch.Head.Root {
				t.Fatalf("in %ds, at %d entries: the root is not that of tlog (%v)", cut, g.Batch.Head.Size, err)
			}
			if int64(len(stored)) != tlog.StoredHashCount(g.Batch.Head.Size) {
				t.Fatalf("in %ds, at %d entries: %d hashes are stored, want %d", cut, g.Batch.Head.Size, len(stored), tlog.StoredHashCount(g.Batch.Head.Size))
			}
			for _, n := range g.Batch.Head.Frontier {
				if stored[n.Index] != n.Hash {
					t.Errorf("the frontier at %d entries is not of the tree", g.Batch.Head.Size)
				}
			}
		}
	}
}

func TestGrowEntries(t *testing.T) {
	w := recordtest.NewWriter(t)
	adopt := w.Draft("kenya", "We adopt.")
	adopt.Time = adopt.Time.Add(999).In(time.FixedZone("EAT", 3*60*60))
	adopt.Evidence = []byte("signature")
	silent := w.Draft("uganda", "")
	silent.Words = nil
	g := w.Grow(t, joint, adopt, silent, w.Draft("kenya", "Thank you."))

	first, second, third := g.Batch.Entries[0], g.Batch.Entries[1], g.Batch.Entries[2]
	h := first.Content.Header
	if h.Time.Nanosecond()%1000 != 0 || h.Time.Location() != time.UTC || h.Evidence != record.EvidenceDigest([]byte("signature")) {
		t.Errorf("the first header is %+v", h)
	}
	if h := second.Content.Header; second.Content.Words == nil || h.Words != record.Commit(record.Words, *second.Content.Words) || h.AuthorSeq != 1 {
		t.Errorf("saying nothing makes the entry %+v", second.Content)
	}
	if h := third.Content.Header; h.AuthorSeq != 2 || h.AuthorPrev != first.Leaf {
		t.Errorf("Kenya's second entry is her %d., after %v", h.AuthorSeq, h.AuthorPrev)
	}
	want := map[string]record.Author{"kenya": {Seq: 2, Prev: third.Leaf}, "uganda": {Seq: 1, Prev: second.Leaf}}
	if diff := cmp.Diff(want, g.Authors); diff != "" {
		t.Errorf("Authors (-want +got):\n%s", diff)
	}
	salts := make(map[[32]byte]bool)
	for _, e := range g.Batch.Entries {
		salts[e.Content.Structure.Salt], salts[e.Content.Words.Salt] = true, true
	}
	if len(salts) != 6 {
		t.Errorf("six parts have %d salts", len(salts))
	}
}

func TestGrowRefuses(t *testing.T) {
	w := recordtest.NewWriter(t)
	first := w.Grow(t, joint, w.Draft("chair", "one"), w.Draft("chair", "two"))
	head := first.Batch.Head
	sign := newKey(t, "parley.example", 0).Signer()
	grow := func(head record.Head, drafts ...record.Draft) error {
		_, err := record.Grow(joint, head, nil, record.Chance{}, sign, drafts...)
		return err
	}
	back := record.Draft{Time: head.Last.Add(-time.Microsecond), Seat: "chair"}
	if err := grow(head, back); !errors.Is(err, record.ErrEarlier) {
		t.Errorf("an entry before the last = %v, want %v", err, record.ErrEarlier)
	}
	same := record.Draft{Time: head.Last, Seat: "kenya"}
	if err := grow(head, same); err != nil {
		t.Errorf("an entry at the same time as the last = %v", err)
	}
	if err := grow(head); err == nil {
		t.Error("a record grew by nothing")
	}
	if err := grow(head, record.Draft{Time: head.Last, Seat: ""}); err == nil {
		t.Error("a record grew by an entry of nobody's")
	}
	for what, spoil := range map[string]func(*record.Head){
		"no frontier":        func(h *record.Head) { h.Frontier = nil },
		"another size":       func(h *record.Head) { h.Size = 4 },
		"a negative size":    func(h *record.Head) { h.Size = -1 },
		"a displaced node":   func(h *record.Head) { h.Frontier = []record.Node{{Index: 1, Hash: h.Root}} },
		"a frontier too big": func(h *record.Head) { h.Frontier = append(h.Frontier, h.Frontier...) },
	} {
		h := head
		spoil(&h)
		if grow(h, same) == nil {
			t.Errorf("a record grew from a head with %s", what)
		}
	}
	if _, err := record.Grow("lake", record.Head{}, nil, record.Chance{}, sign, same); err == nil {
		t.Error("a record without a proper name grew")
	}
	if _, err := record.Grow(joint, record.Head{}, nil, record.Chance{}, record.Signer{}, same); err == nil {
		t.Error("a record grew unsigned")
	}
}

// TestGrowChangesNothing grows twice from the same head, as a desk does when
// the first try was stale.
func TestGrowChangesNothing(t *testing.T) {
	w := recordtest.NewWriter(t)
	g := w.Grow(t, joint, w.Draft("chair", "1"), w.Draft("kenya", "2"), w.Draft("chair", "3"))
	sign := newKey(t, "parley.example", 0).Signer()
	head, authors := g.Batch.Head, maps.Clone(g.Authors)
	frontier := fmt.Sprint(head.Frontier)
	draft := record.Draft{Time: head.Last, Seat: "kenya", Words: []byte("4")}
	one, err := record.Grow(joint, head, authors, record.Chance{5}, sign, draft)
	if err != nil {
		t.Fatal(err)
	}
	two, err := record.Grow(joint, head, authors, record.Chance{5}, sign, draft)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one.Batch, two.Batch); diff != "" {
		t.Errorf("growing the same twice differs:\n%s", diff)
	}
	if fmt.Sprint(head.Frontier) != frontier || !maps.Equal(authors, g.Authors) {
		t.Error("Grow has changed its arguments")
	}
}

func BenchmarkGrow(b *testing.B) {
	w := recordtest.NewWriter(b)
	words := make([]byte, 300)
	b.ReportAllocs()
	for b.Loop() {
		d := w.Draft("chair", "")
		d.Words = words
		w.Took(w.Grow(b, joint, d))
	}
}

func BenchmarkGrowReceipt(b *testing.B) {
	w := recordtest.NewWriter(b)
	for range 1000 {
		w.Took(w.Grow(b, joint, w.Draft("chair", "x")))
	}
	g := w.Grow(b, joint, w.Draft("chair", "x"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := g.Receipt(1001); err != nil {
			b.Fatal(err)
		}
	}
}
