package recordtest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"parley/internal/record"
)

// said is what everybody says in benchmarks: 300 bytes.
const said = "We thank the chair. We have come with a mandate to negotiate in good faith, and we ask that the text " +
	"before us keep the wording which both sides accepted at the last meeting. On the second paragraph we " +
	"reserve our position until our capital has answered; we expect that answer tonight, before dinner is over."

// BenchmarkLog measures a store: durable appends by one writer and by 64, each
// of one entry with a request; and reading 10,000 entries, plain and through a
// Checker. Making the entries is part of what is measured, as it is at a desk.
func BenchmarkLog(b *testing.B, open func(t testing.TB) record.Log) {
	b.Run("Append", func(b *testing.B) {
		log, w := open(b), NewWriter(b)
		for i := 0; b.Loop(); i++ {
			appendOne(b, log, w, joint, 0, i)
		}
	})
	b.Run("Append64", func(b *testing.B) {
		log := open(b)
		var clients atomic.Int64
		b.SetParallelism(64) // times GOMAXPROCS
		b.RunParallel(func(pb *testing.PB) {
			c := clients.Add(1)
			w := NewWriter(b)
			name := record.RoomName("lake", [16]byte{byte(c >> 8), byte(c)})
			for i := 0; pb.Next(); i++ {
				appendOne(b, log, w, name, int(c), i)
			}
		})
	})
	const size = 10_000
	b.Run("Read10k", func(b *testing.B) {
		log, _ := filled(b, open, size)
		for b.Loop() {
			if n := len(entries(b, log, joint, 0)); n != size {
				b.Fatalf("%d entries", n)
			}
		}
	})
	b.Run("Audit10k", func(b *testing.B) {
		log, w := filled(b, open, size)
		for b.Loop() {
			audit(b, log, joint, w.Verifier())
		}
	})
}

func appendOne(b *testing.B, log record.Log, w *Writer, name record.Name, client, i int) {
	g := w.Grow(b, name, w.Draft("chair", said))
	key := record.Hash{byte(client), byte(client >> 8), byte(i), byte(i >> 8), byte(i >> 16), byte(i >> 24)}
	err := log.Append(b.Context(), record.Transaction{
		Batches:  []record.Batch{g.Batch},
		Requests: []record.Request{{Key: key, Answer: []byte("1")}},
	})
	if err != nil {
		b.Errorf("%s: %v", name, err)
	}
	w.Took(g)
}

// filled returns a log whose joint record has this many entries.
func filled(b *testing.B, open func(t testing.TB) record.Log, size int) (record.Log, *Writer) {
	log, w := open(b), NewWriter(b)
	words := make([]string, 100)
	for i := range words {
		words[i] = fmt.Sprint(i, said)
	}
	for range size / len(words) {
		w.Say(b, log, joint, "chair", words...)
	}
	return log, w
}
