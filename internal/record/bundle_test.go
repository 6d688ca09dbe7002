package record_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/memory"
	"parley/internal/record"
	"parley/internal/record/recordtest"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/lake-1.bundle anew")

// golden is a bundle that version 1 wrote. It must verify for ever.
const golden = "testdata/lake-1.bundle"

// lakeBundle is Kenya's extract of talks on a lake: of the joint record she
// does not see what was said in Uganda's absence, one entry's words are
// destroyed, and one bears evidence.
func lakeBundle(t testing.TB) (record.Bundle, *memory.Log, *recordtest.Writer) {
	log, w := new(memory.Log), recordtest.NewWriter(t)
	w.Say(t, log, joint, "chair", "I declare the meeting open.", "Kenya has the floor.")
	for i := range 4 {
		w.Say(t, log, joint, []string{"kenya", "uganda"}[i%2], fmt.Sprintf("%d. %s", i, strings.Repeat("The water belongs to those who drink it. ", 30*i)))
		w.Say(t, log, joint, "clerk", "")
	}
	adopt := w.Draft("kenya", "We adopt.")
	adopt.Evidence = []byte("as if it were a signature")
	g := w.Grow(t, joint, adopt)
	if err := log.Append(t.Context(), record.Transaction{Batches: []record.Batch{g.Batch}, Destroy: []record.Place{{Record: joint, Number: 7}}}); err != nil {
		t.Fatal(err)
	}
	w.Took(g)
	w.Say(t, log, public, "chair", "The parties met.", "They will meet again.")
	w.Say(t, log, shore, "kenya", "Our capital agrees, ", strings.Repeat("with reservations, ", 300))
	b := record.Bundle{Talks: "lake", Reader: "kenya/head (Njeri)"}
	for _, name := range []record.Name{joint, public, shore} {
		b.Records = append(b.Records, extract(t, log, name))
	}
	b.Records[0].Entries = withholding(b.Records[0].Entries, 4, 10)
	return b, log, w
}

func extract(t testing.TB, log record.Log, name record.Name) record.Extract {
	head, err := log.Head(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return record.Extract{Name: name, Head: head, Entries: log.Read(t.Context(), name, 0)}
}

func withholding(entries iter.Seq2[record.Entry, error], numbers ...int64) iter.Seq2[record.Entry, error] {
	return func(yield func(record.Entry, error) bool) {
		for e, err := range entries {
			if slices.Contains(numbers, e.Number) {
				e.Content = nil
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func written(t testing.TB, b record.Bundle) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := record.WriteBundle(&out, newKey(t, "parley.example", 0).Signer(), b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBundle(t *testing.T) {
	b, _, w := lakeBundle(t)
	text := written(t, b)
	house := w.Verifier()
	got, err := record.VerifyBundle(bytes.NewReader(text), &house)
	if err != nil {
		t.Fatal(err)
	}
	want := record.Report{House: house, Trusted: true, Talks: "lake", Reader: "kenya/head (Njeri)", Records: []record.RecordReport{
		{Name: joint, Size: 11, Open: 9, Withheld: 2, Destroyed: []int64{7}},
		{Name: public, Size: 2, Open: 2},
		{Name: shore, Size: 2, Open: 2},
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(record.RecordReport{}, "Root", "Last")); diff != "" {
		t.Errorf("Report (-want +got):\n%s", diff)
	}
	for i, r := range got.Records {
		if head := b.Records[i].Head; r.Root != head.Root || !r.Last.Equal(head.Last) {
			t.Errorf("%s ends at %v with the root %v, want %v and %v", r.Name, r.Last, r.Root, head.Last, head.Root)
		}
	}
	if got, err := record.VerifyBundle(bytes.NewReader(text), nil); err != nil || got.Trusted || !got.House.Equal(house) {
		t.Errorf("without a key, VerifyBundle = %+v, %v", got, err)
	}
	for _, other := range []record.Verifier{{}, newKey(t, "parley.example", 1).Verifier()} {
		if _, err := record.VerifyBundle(bytes.NewReader(text), &other); err == nil {
			t.Errorf("the bundle verifies with the key %v", other)
		}
	}
	said := decoded(text)
	if !strings.Contains(said, "3. The water") || strings.Contains(said, "2. The water") {
		t.Error("the destroyed words are in the bundle, or others are not")
	}
}

// decoded is all that stands in a bundle in base64.
func decoded(text []byte) string {
	var out strings.Builder
	for line := range strings.Lines(string(text)) {
		_, b64, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if b, err := base64.StdEncoding.DecodeString(b64); err == nil {
			out.Write(b)
		}
	}
	return out.String()
}

// TestBundleVersion1 verifies what was written once.
func TestBundleVersion1(t *testing.T) {
	b, _, w := lakeBundle(t)
	text := written(t, b)
	if *rewrite {
		if err := os.WriteFile(golden, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	house := w.Verifier()
	if _, err := record.VerifyBundle(bytes.NewReader(old), &house); err != nil {
		t.Errorf("%s: %v", golden, err)
	}
	if diff := cmp.Diff(strings.Split(string(old), "\n"), strings.Split(string(text), "\n")); diff != "" {
		t.Errorf("the same bundle is written otherwise than it was (-then +now):\n%s", diff)
	}
}

// copied reads a bundle and writes it again.
func copied(text []byte, sign record.Signer) ([]byte, error) {
	r, err := record.ReadBundle(bytes.NewReader(text), record.DefaultLimits)
	if err != nil {
		return nil, err
	}
	b := record.Bundle{Talks: r.Talks(), Reader: r.Reader()}
	for {
		name, c, err := r.NextRecord()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		var entries []record.Entry
		for {
			e, err := r.NextEntry()
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
			if e.Content != nil { // it is only lent
				c := *e.Content
				c.Structure.Bytes = bytes.Clone(c.Structure.Bytes)
				c.Evidence = bytes.Clone(c.Evidence)
				if c.Words != nil {
					c.Words = &record.Opening{Salt: c.Words.Salt, Bytes: bytes.Clone(c.Words.Bytes)}
				}
				e.Content = &c
			}
			entries = append(entries, e)
		}
		b.Records = append(b.Records, record.Extract{
			Name: name,
			Head: record.Head{Size: c.Size, Root: c.Root, Note: c.Note()},
			Entries: func(yield func(record.Entry, error) bool) {
				for _, e := range entries {
					if !yield(e, nil) {
						return
					}
				}
			},
		})
	}
	var out bytes.Buffer
	err = record.WriteBundle(&out, sign, b)
	return out.Bytes(), err
}

func TestBundleIsCanonical(t *testing.T) {
	b, _, _ := lakeBundle(t)
	text := written(t, b)
	again, err := copied(text, newKey(t, "parley.example", 0).Signer())
	if err != nil || !bytes.Equal(again, text) {
		t.Errorf("a bundle read and written again is another one (%v)", err)
	}
}

// TestEveryBitOfABundle changes each bit of a bundle of at least 20 kB in turn.
func TestEveryBitOfABundle(t *testing.T) {
	b, _, w := lakeBundle(t)
	text := written(t, b)
	if len(text) < 20_000 {
		t.Fatalf("the bundle is of %d bytes only", len(text))
	}
	house := w.Verifier()
	var all sync.WaitGroup
	preamble := bytes.Index(text, []byte("\nrecord "))
	hands := runtime.GOMAXPROCS(0)
	for hand := range hands {
		all.Go(func() {
			text := bytes.Clone(text)
			r := bytes.NewReader(nil)
			for bit := hand; bit < len(text)*8; bit += hands {
				text[bit/8] ^= 1 << (bit % 8)
				r.Reset(text)
				if _, err := record.VerifyBundle(r, &house); err == nil {
					t.Errorf("bit %d of byte %d does not matter, in %q", bit%8, bit/8, text[max(0, bit/8-30):min(len(text), bit/8+30)])
				}
				// Against the key inside, too, where that may be another.
				if bit < 8*preamble {
					r.Reset(text)
					if _, err := record.VerifyBundle(r, nil); err == nil {
						t.Errorf("bit %d of byte %d makes it another house's bundle", bit%8, bit/8)
					}
				}
				text[bit/8] ^= 1 << (bit % 8)
			}
		})
	}
	all.Wait()
}

// TestSpoiledBundles cuts, doubles and exchanges lines.
func TestSpoiledBundles(t *testing.T) {
	b, log, w := lakeBundle(t)
	text := written(t, b)
	house := w.Verifier()
	refused := func(what string, spoiled []byte) {
		t.Helper()
		if _, err := record.VerifyBundle(bytes.NewReader(spoiled), &house); err == nil {
			t.Errorf("a bundle with %s verifies", what)
		} else if len(err.Error()) > 1000 {
			t.Errorf("a bundle with %s is refused with %d bytes", what, len(err.Error()))
		}
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	lines = lines[:len(lines)-1]
	join := func(l [][]byte) []byte { return bytes.Join(l, nil) }
	for i := range lines {
		refused(fmt.Sprintf("line %d left out", i+1), join(slices.Delete(slices.Clone(lines), i, i+1)))
		refused(fmt.Sprintf("line %d twice", i+1), join(slices.Insert(slices.Clone(lines), i, lines[i])))
		refused(fmt.Sprintf("nothing from line %d on", i+1), join(lines[:i]))
		if i > 0 {
			exchanged := slices.Clone(lines)
			exchanged[i], exchanged[i-1] = exchanged[i-1], exchanged[i]
			refused(fmt.Sprintf("lines %d and %d exchanged", i, i+1), join(exchanged))
		}
	}
	for i := range text {
		if i%7 == 0 {
			refused(fmt.Sprintf("only %d bytes", i), text[:i])
		}
	}
	refused("a line end behind", append(bytes.Clone(text), '\n'))
	refused("itself behind it", append(bytes.Clone(text), text...))
	refused("line ends of Windows", bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")))
	refused("an endless line", bytes.Repeat([]byte("a"), 30<<20))
	refused("an endless first entry", append(join(lines[:10]), bytes.Repeat([]byte("b3Blbg"), 5<<20)...))

	// What the house itself signs but should not.
	falsely := func(what string, spoil func(*record.Bundle)) {
		t.Helper()
		b, _, _ := lakeBundle(t)
		spoil(&b)
		var out bytes.Buffer
		if err := record.WriteBundle(&out, newKey(t, "parley.example", 0).Signer(), b); err != nil {
			return // even better
		}
		refused(what, out.Bytes())
	}
	change := func(b *record.Bundle, number int64, change func(*record.Content)) {
		entries := b.Records[0].Entries
		b.Records[0].Entries = func(yield func(record.Entry, error) bool) {
			for e, err := range entries {
				if e.Number == number {
					c := *e.Content
					change(&c)
					e.Content = &c
				}
				if !yield(e, err) {
					return
				}
			}
		}
	}
	falsely("other words", func(b *record.Bundle) {
		change(b, 3, func(c *record.Content) { c.Words = &record.Opening{Salt: c.Words.Salt, Bytes: []byte("We give in.")} })
	})
	falsely("another seat", func(b *record.Bundle) { change(b, 3, func(c *record.Content) { c.Header.Seat = "uganda" }) })
	falsely("another structure", func(b *record.Bundle) { change(b, 3, func(c *record.Content) { c.Structure.Salt[0]++ }) })
	falsely("other evidence", func(b *record.Bundle) { change(b, 11, func(c *record.Content) { c.Evidence = []byte("forged") }) })
	falsely("another leaf", func(b *record.Bundle) {
		entries := b.Records[0].Entries
		b.Records[0].Entries = func(yield func(record.Entry, error) bool) {
			for e, err := range entries {
				if e.Number == 10 {
					e.Leaf[0]++
				}
				if !yield(e, err) {
					return
				}
			}
		}
	})
	falsely("another record's checkpoint", func(b *record.Bundle) { b.Records[1].Head.Note = b.Records[2].Head.Note })
	falsely("a checkpoint of Mallory's", func(b *record.Bundle) {
		h := &b.Records[0].Head
		h.Note, _ = newKey(t, "parley.example", 66).Signer().Checkpoint(joint, h.Size, h.Root)
	})
	falsely("an older checkpoint", func(b *record.Bundle) { b.Records[0].Head.Note, _, _ = log.Note(t.Context(), joint, 5) })
	falsely("an older head with all entries", func(b *record.Bundle) {
		b.Records[0].Head.Note, b.Records[0].Head.Size, _ = log.Note(t.Context(), joint, 5)
		b.Records[0].Head.Size++
	})
}

func TestBundleWriterRefuses(t *testing.T) {
	sign := newKey(t, "parley.example", 0).Signer()
	for what, spoil := range map[string]func(*record.Bundle){
		"no records":            func(b *record.Bundle) { b.Records = nil },
		"no talks":              func(b *record.Bundle) { b.Talks = "" },
		"other talks":           func(b *record.Bundle) { b.Talks = "sea" },
		"no reader":             func(b *record.Bundle) { b.Reader = "" },
		"a reader of two lines": func(b *record.Bundle) { b.Reader = "Njeri\nhouse x" },
		"a reader unseen":       func(b *record.Bundle) { b.Reader = "Njeri\u202e" },
		"a long reader":         func(b *record.Bundle) { b.Reader = strings.Repeat("N", 201) },
		"records out of order":  func(b *record.Bundle) { slices.Reverse(b.Records) },
		"a record twice":        func(b *record.Bundle) { b.Records[1] = b.Records[0] },
		"a head of nothing":     func(b *record.Bundle) { b.Records[0].Head = record.Head{} },
		"entries missing":       func(b *record.Bundle) { b.Records[0].Entries = b.Records[1].Entries },
		"a failing store": func(b *record.Bundle) {
			b.Records[0].Entries = func(yield func(record.Entry, error) bool) { yield(record.Entry{}, errDisk) }
		},
	} {
		b, _, _ := lakeBundle(t)
		spoil(&b)
		if record.WriteBundle(io.Discard, sign, b) == nil {
			t.Errorf("a bundle with %s was written", what)
		}
	}
	b, _, _ := lakeBundle(t)
	if err := record.WriteBundle(fullDisk{}, sign, b); !errors.Is(err, errDisk) {
		t.Errorf("writing to a full disk = %v", err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errDisk }

func TestBundleLimits(t *testing.T) {
	b, _, _ := lakeBundle(t)
	text := written(t, b)
	read := func(limits record.Limits) error {
		r, err := record.ReadBundle(bytes.NewReader(text), limits)
		for err == nil {
			if _, _, err = r.NextRecord(); err == nil {
				for err == nil {
					_, err = r.NextEntry()
				}
				if err == io.EOF {
					err = nil
				}
			}
		}
		return err
	}
	if err := read(record.Limits{Part: 6000, Records: 3, Entries: 15}); err != io.EOF {
		t.Errorf("within its limits, a bundle ends with %v", err)
	}
	for _, limits := range []record.Limits{{Part: 1000, Records: 3, Entries: 15}, {Part: 6000, Records: 2, Entries: 15}, {Part: 4000, Records: 3, Entries: 14}, {}} {
		if err := read(limits); err == io.EOF {
			t.Errorf("a bundle passes the limits %+v", limits)
		}
	}
	r, err := record.ReadBundle(bytes.NewReader(text), record.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.NextEntry(); err != io.EOF {
		t.Errorf("before the first record there is an entry: %v", err)
	}
	if _, _, err := r.NextRecord(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.NextRecord(); err == nil {
		t.Error("a record was skipped with its entries unread")
	}
}

func FuzzReadBundle(f *testing.F) {
	b, _, _ := lakeBundle(f)
	text := written(f, b)
	f.Add(text)
	small := b
	small.Records = small.Records[1:2]
	f.Add(written(f, small))
	f.Add(text[:2000])
	key := newKey(f, "parley.example", 0)
	f.Fuzz(func(t *testing.T, text []byte) {
		again, err := copied(text, key.Signer())
		if err != nil {
			return
		}
		// All but the signature's bits must be as they were; the signature is
		// right if the house is ours.
		if bytes.Contains(text, []byte("\nhouse "+key.Verifier().String()+"\n")) {
			at := len(again) - base64.StdEncoding.EncodedLen(ed25519.SignatureSize+4)
			if len(text) != len(again) || !bytes.Equal(text[:at], again[:at]) {
				t.Errorf("%q is read as a bundle which is written %q", text, again)
			}
		}
		record.VerifyBundle(bytes.NewReader(text), nil)
	})
}

func BenchmarkVerifyBundle100k(b *testing.B) {
	log, w := filled(b, 100_000)
	text := written(b, record.Bundle{Talks: "lake", Reader: "auditor", Records: []record.Extract{extract(b, log, joint)}})
	house := w.Verifier()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := record.VerifyBundle(bytes.NewReader(text), &house); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteBundle100k(b *testing.B) {
	log, _ := filled(b, 100_000)
	bundle := record.Bundle{Talks: "lake", Reader: "auditor", Records: []record.Extract{extract(b, log, joint)}}
	sign := newKey(b, "parley.example", 0).Signer()
	for b.Loop() {
		if err := record.WriteBundle(io.Discard, sign, bundle); err != nil {
			b.Fatal(err)
		}
	}
}
