package record_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"parley/internal/memory"
	"parley/internal/record"
	"parley/internal/record/recordtest"
)

// lake is a log with a joint record of 40 entries in transactions of 1, 2, 3
// and so on, and all its growths.
func lake(t testing.TB) (*memory.Log, *recordtest.Writer, []record.Growth) {
	log, w := new(memory.Log), recordtest.NewWriter(t)
	var growths []record.Growth
	for n := range 8 {
		growths = append(growths, w.Say(t, log, joint, "chair", strings.Split(strings.Repeat("x", n+1), "")...))
	}
	return log, w, append(growths, w.Say(t, log, joint, "kenya", "a", "b", "c", "d"))
}

func byteSlices(hashes []record.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}

// TestReceipts has every entry proven at every signed size, from the growth
// and from the store, to ourselves and to another implementation.
func TestReceipts(t *testing.T) {
	log, w, growths := lake(t)
	for _, g := range growths {
		root := g.Batch.Head.Root
		for number := int64(1); number <= g.Batch.Head.Size; number++ {
			r, err := record.ProveEntry(t.Context(), log, joint, number, g.Batch.Head.Size)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Verify(w.Verifier(), r.Leaf); err != nil {
				t.Errorf("%v", err)
			}
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(number-1), uint64(g.Batch.Head.Size), r.Leaf[:], byteSlices(r.Proof), root[:]); err != nil {
				t.Errorf("entry %d of %d: transparency-dev/merkle: %v", number, g.Batch.Head.Size, err)
			}
			if number > g.Batch.After {
				fresh, err := g.Receipt(number)
				if diff := cmp.Diff(r, fresh, cmpopts.EquateEmpty()); diff != "" || err != nil {
					t.Errorf("entry %d: the growth gives another receipt than the store, %v:\n%s", number, err, diff)
				}
			} else if _, err := g.Receipt(number); err == nil {
				t.Errorf("the growth after %d gives a receipt for entry %d", g.Batch.After, number)
			}
			parsed, err := record.ParseReceipt(r.Marshal())
			if diff := cmp.Diff(r, parsed, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Errorf("a receipt is not read as it was written, %v:\n%s", err, diff)
			}
		}
	}
	// Between two signed sizes, the next one is proven.
	r, err := record.ProveEntry(t.Context(), log, joint, 4, 4)
	if c, _ := record.ParseCheckpoint(r.Note); err != nil || c.Size != 6 {
		t.Errorf("entry 4 is proven at %d, %v, want 6: entries 4 to 6 came together", c.Size, err)
	}
	for _, wrong := range [][2]int64{{0, 1}, {-1, 1}, {5, 4}, {1, 41}, {41, 41}} {
		if _, err := record.ProveEntry(t.Context(), log, joint, wrong[0], wrong[1]); err == nil {
			t.Errorf("entry %d of %d was proven", wrong[0], wrong[1])
		}
	}
}

func TestFalseReceipts(t *testing.T) {
	log, w, growths := lake(t)
	last := growths[len(growths)-1]
	r, err := last.Receipt(38)
	if err != nil {
		t.Fatal(err)
	}
	leaf := last.Batch.Entries[1].Leaf
	if err := r.Verify(w.Verifier(), leaf); err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(newKey(t, "parley.example", 9).Verifier(), leaf); err == nil {
		t.Error("a receipt of another house passes")
	}
	if err := r.Verify(w.Verifier(), record.Hash{1}); err == nil {
		t.Error("a receipt passes for another entry")
	}
	text := r.Marshal()
	for bit := range len(text) * 8 {
		spoiled, err := record.ParseReceipt(flipped(text, bit))
		if err == nil && spoiled.Verify(w.Verifier(), leaf) == nil && spoiled.Number == 38 {
			t.Errorf("bit %d of a receipt does not matter", bit)
		}
		if err == nil && spoiled.Verify(w.Verifier(), spoiled.Leaf) == nil {
			t.Errorf("bit %d of a receipt makes it one for entry %d", bit, spoiled.Number)
		}
	}
	other, err := record.ProveEntry(t.Context(), log, joint, 37, 40)
	if err != nil {
		t.Fatal(err)
	}
	mixed := r
	mixed.Number = other.Number
	if mixed.Verify(w.Verifier(), leaf) == nil {
		t.Error("a receipt with another's number passes")
	}
	for what, spoiled := range map[string]string{
		"nothing":              "",
		"something behind it":  string(text) + "\n",
		"line ends of Windows": strings.ReplaceAll(string(text), "\n", "\r\n"),
		"no leaf":              strings.Replace(string(text), "extra ", "other ", 1),
		"a short leaf":         strings.Replace(string(text), "extra ", "extra QUFB\nextra ", 1),
		"too many hashes":      strings.Replace(string(text), "index 37\n", "index 37\n"+strings.Repeat(leaf.String()+"\n", 80), 1),
		"an endless line":      strings.Repeat("c", 100_000),
	} {
		if _, err := record.ParseReceipt([]byte(spoiled)); err == nil {
			t.Errorf("a receipt with %s passes", what)
		}
	}
}

func TestConsistency(t *testing.T) {
	log, w, growths := lake(t)
	checkpoint := func(g record.Growth) record.Checkpoint {
		c, err := w.Verifier().Checkpoint(joint, g.Batch.Head.Note)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for i, old := range growths {
		for _, new := range growths[i:] {
			from, to := checkpoint(old), checkpoint(new)
			p, err := record.ProveConsistency(t.Context(), log, joint, from.Size, to.Size)
			if err != nil {
				t.Fatal(err)
			}
			if err := record.CheckConsistency(p, from, to); err != nil {
				t.Errorf("from %d to %d: %v", from.Size, to.Size, err)
			}
			if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(from.Size), uint64(to.Size), byteSlices(p), from.Root[:], to.Root[:]); err != nil {
				t.Errorf("from %d to %d: transparency-dev/merkle: %v", from.Size, to.Size, err)
			}
			forked := from
			forked.Root[5] ^= 1
			if record.CheckConsistency(p, forked, to) == nil {
				t.Errorf("from %d to %d: a fork is consistent", from.Size, to.Size)
			}
			if from.Size < to.Size && record.CheckConsistency(p, to, from) == nil {
				t.Errorf("a record of %d entries was cut to %d", to.Size, from.Size)
			}
		}
	}
	end := checkpoint(growths[len(growths)-1])
	p, err := record.ProveConsistency(t.Context(), log, joint, 0, end.Size)
	nothing, nothingErr := record.ParseCheckpoint(emptyNote(t))
	if err != nil || nothingErr != nil {
		t.Fatal(err, nothingErr)
	}
	if err := record.CheckConsistency(p, nothing, end); err != nil {
		t.Errorf("a record does not begin with nothing: %v", err)
	}
	other := end
	other.Origin = "parley.example/lake/public"
	if record.CheckConsistency(tlog.TreeProof{}, end, other) == nil {
		t.Error("two records are consistent with each other")
	}
	for _, wrong := range [][2]int64{{-1, 3}, {4, 3}, {3, 41}} {
		if _, err := record.ProveConsistency(t.Context(), log, joint, wrong[0], wrong[1]); err == nil {
			t.Errorf("consistency from %d to %d was proven", wrong[0], wrong[1])
		}
	}
}

func emptyNote(t testing.TB) []byte {
	text, err := newKey(t, "parley.example", 0).Signer().Checkpoint(joint, 0, record.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func FuzzParseReceipt(f *testing.F) {
	_, _, growths := lake(f)
	for _, g := range growths {
		r, err := g.Receipt(g.Batch.Head.Size)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(r.Marshal())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := record.ParseReceipt(b); err == nil && string(r.Marshal()) != string(b) {
			t.Errorf("%q is read as a receipt which is written %q", b, r.Marshal())
		}
	})
}

func BenchmarkProveEntry(b *testing.B) {
	log, _ := filled(b, 100_000)
	for b.Loop() {
		if _, err := record.ProveEntry(b.Context(), log, joint, 31_415, 100_000); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyReceipt(b *testing.B) {
	log, w := filled(b, 100_000)
	r, err := record.ProveEntry(b.Context(), log, joint, 31_415, 100_000)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := r.Verify(w.Verifier(), r.Leaf); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkConsistency(b *testing.B) {
	log, w := filled(b, 100_000)
	at := func(size int64) record.Checkpoint {
		text, _, err := log.Note(b.Context(), joint, size)
		if err != nil {
			b.Fatal(err)
		}
		c, err := w.Verifier().Checkpoint(joint, text)
		if err != nil {
			b.Fatal(err)
		}
		return c
	}
	old, new := at(31_000), at(100_000)
	for b.Loop() {
		p, err := record.ProveConsistency(b.Context(), log, joint, old.Size, new.Size)
		if err == nil {
			err = record.CheckConsistency(p, old, new)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
