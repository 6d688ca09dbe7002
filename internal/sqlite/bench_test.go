package sqlite

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/record"
	"parley/internal/record/recordtest"
)

const rounds = 10

// said is a statement of 300 bytes.
var said = fmt.Sprintf("%-300s", "We thank the chair. We have come with a mandate to negotiate in good faith, "+
	"and we ask that the text before us keep the wording which both sides accepted at the last meeting.")

// BenchmarkAppend compares a durable append with one row of as many bytes
// under a unique key, inserted through the same connection settings and the
// same queue. An append is all of it: making and signing the entry, then the
// entry, the nodes, the checkpoint and the request in one transaction. The two
// alternate for ten rounds; the median ratio and its spread are reported. Run
// it with -benchtime=1x.
func BenchmarkAppend(b *testing.B) {
	b.Run("one writer", func(b *testing.B) { compare(b, 1, 200, oneByOne) })
	b.Run("64 writers, 64 records", func(b *testing.B) { compare(b, 64, 50, oneByOne) })
	b.Run("64 at a time, one record", func(b *testing.B) { compare(b, 64, 50, together) })
}

// A side enters so many entries for each of so many clients.
type side func(b *testing.B, h *House, ws []*recordtest.Writer, round, each int)

// oneByOne has each client append to a record of its own.
func oneByOne(b *testing.B, h *House, ws []*recordtest.Writer, round, each int) {
	var all sync.WaitGroup
	for c, w := range ws {
		all.Go(func() {
			name := record.RoomName("lake", [16]byte{byte(c)})
			for i := range each {
				g := w.Grow(b, name, w.Draft("chair", said))
				err := h.Log().Append(b.Context(), record.Transaction{
					Batches:  []record.Batch{g.Batch},
					Requests: []record.Request{request(c, round, i)},
				})
				if err != nil {
					b.Error(err)
					return
				}
				w.Took(g)
			}
		})
	}
	all.Wait()
}

// together enters what all clients say at a time as one batch, as a desk does
// that takes up what has queued before it.
func together(b *testing.B, h *House, ws []*recordtest.Writer, round, each int) {
	w := ws[0]
	for i := range each {
		var drafts []record.Draft
		var requests []record.Request
		for c := range ws {
			drafts = append(drafts, w.Draft("chair", said))
			requests = append(requests, request(c, round, i))
		}
		g := w.Grow(b, "lake/joint", drafts...)
		if err := h.Log().Append(b.Context(), record.Transaction{Batches: []record.Batch{g.Batch}, Requests: requests}); err != nil {
			b.Fatal(err)
		}
		w.Took(g)
	}
}

func request(client, round, i int) record.Request {
	return record.Request{Key: sha256.Sum256(fmt.Append(nil, client, round, i)), Answer: []byte(`{"entries":[1]}`)}
}

// rows inserts as many rows of size bytes.
func rows(b *testing.B, p *pen, clients, size, round, each int) {
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			bytes := make([]byte, size)
			for i := range each {
				key := sha256.Sum256(fmt.Append(nil, client(c), round, i))
				binary.BigEndian.PutUint64(bytes, uint64(i))
				err := p.enter(b.Context(), &job{work: func(c *conn) error {
					_, err := c.exec("INSERT INTO rows (key, bytes) VALUES (?, ?)", key[:], bytes)
					return err
				}})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

type client int

func compare(b *testing.B, clients, each int, enter side) {
	for b.Loop() {
		h := open(b, b.TempDir())
		plain := plainTable(b)
		ws := make([]*recordtest.Writer, clients)
		for i := range ws {
			ws[i] = recordtest.NewWriter(b)
		}
		size := bytesOf(b)
		var ratios, appends, inserts []float64
		for round := range rounds + 1 {
			start := time.Now()
			enter(b, h, ws, round, each)
			mine := time.Since(start)
			start = time.Now()
			rows(b, plain, clients, size, round, each)
			theirs := time.Since(start)
			if round == 0 {
				continue // to warm up
			}
			n := float64(clients * each)
			ratios = append(ratios, 100*theirs.Seconds()/mine.Seconds())
			appends = append(appends, n/mine.Seconds())
			inserts = append(inserts, n/theirs.Seconds())
		}
		slices.Sort(ratios)
		b.ReportMetric(median(ratios), "%median")
		b.ReportMetric(ratios[0], "%lowest")
		b.ReportMetric(ratios[len(ratios)-1], "%highest")
		b.ReportMetric(median(appends), "appends/s")
		b.ReportMetric(median(inserts), "rows/s")
		if err := plain.close(); err != nil {
			b.Fatal(err)
		}
	}
}

func median(of []float64) float64 {
	slices.Sort(of)
	return (of[len(of)/2-1] + of[len(of)/2]) / 2
}

// bytesOf is how many bytes the store is given with one append.
func bytesOf(b *testing.B) int {
	w := recordtest.NewWriter(b)
	g := w.Grow(b, record.RoomName("lake", [16]byte{}), w.Draft("chair", said))
	e := g.Batch.Entries[0]
	r := request(0, 0, 0)
	return len(e.Content.Header.Marshal()) + 3*32 /* leaf, salts */ + len(e.Content.Structure.Bytes) + len(e.Content.Words.Bytes) +
		32 /* a node, on average */ + 32 /* root */ + len(g.Batch.Head.Note) + 32 /* body */ + len(r.Answer)
}

func plainTable(b *testing.B) *pen {
	path := filepath.Join(b.TempDir(), "plain.db")
	h := open(b, filepath.Dir(path))
	if err := h.Close(); err != nil {
		b.Fatal(err)
	}
	p, err := newPen(filepath.Join(filepath.Dir(path), File))
	if err != nil {
		b.Fatal(err)
	}
	err = p.enter(b.Context(), &job{work: func(c *conn) error {
		_, err := c.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT")
		return err
	}})
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkRead100k streams 100,000 entries of 300 bytes of words each. The
// house's goal for reading and folding them is two seconds.
func BenchmarkRead100k(b *testing.B) {
	const size, batch = 100_000, 1000
	h, w := open(b, b.TempDir()), recordtest.NewWriter(b)
	words := make([]string, batch)
	for i := range words {
		words[i] = said
	}
	for range size / batch {
		w.Say(b, h.Log(), "lake/joint", "chair", words...)
	}
	for b.Loop() {
		n := 0
		for e, err := range h.Log().Read(b.Context(), "lake/joint", 0) {
			if err != nil {
				b.Fatal(err)
			}
			n += len(e.Content.Words.Bytes) / len(said)
		}
		if n != size {
			b.Fatalf("read %d entries", n)
		}
	}
	b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "entries/s")
}
