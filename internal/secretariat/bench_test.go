package secretariat_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/internal/memory"
	"parley/internal/record"
	"parley/internal/secretariat"
	"parley/internal/sqlite"
	"parley/internal/talks"
)

// BenchmarkFold100k opens talks of 100,000 entries from SQLite: every entry is
// read, checked and applied. The goal is two seconds.
func BenchmarkFold100k(b *testing.B) {
	const entries = 100_000
	store, err := sqlite.Open(b.TempDir(), sqlite.Options{Command: "benchmark"})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	key := fill(b, store.Log(), entries)
	house := secretariat.House{Log: store.Log(), Signer: key.Signer(), Now: time.Now}
	for b.Loop() {
		err := secretariat.New(house).Look(b.Context(), "lake", caller("ada"), func(s secretariat.Sight) error {
			if got := s.Heads["lake/joint"].Size; got < entries {
				return fmt.Errorf("%d entries", got)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/fold")
}

// fill plays a long meeting of statements into a log.
func fill(b *testing.B, log record.Log, entries int) record.Key {
	b.Helper()
	key, err := record.NewKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)), "bench.example")
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2030, 1, 2, 10, 0, 0, 0, time.UTC)
	desk := secretariat.New(secretariat.House{Log: log, Signer: key.Signer(), Now: func() time.Time { return at }})
	submit := func(who string, act any) {
		if _, err := desk.Submit(b.Context(), "lake", caller(who), secretariat.Submission{Act: act}); err != nil {
			b.Error(err)
		}
	}
	submit("ada", talks.Convene{Title: "The lake", Mediation: "The Commission", Zone: "Africa/Nairobi", Name: "Ada"})
	submit("ada", talks.AdmitParty{Party: "kenya", Name: "Kenya"})
	submit("ada", talks.AdmitParty{Party: "uganda", Name: "Uganda"})
	submit("ada", talks.NameChair{Seat: "s1"})
	submit("ada", talks.OpenMeeting{Absent: "A benchmark."})
	text := "The chair recalled what had been said in the morning, and asked both sides to keep to the item that is before the meeting."
	var wg sync.WaitGroup
	for range 128 {
		wg.Go(func() {
			for range entries / 128 {
				submit("ada", talks.Speak{Kept: talks.Summary, Text: text})
			}
		})
	}
	wg.Wait()
	for range entries % 128 {
		submit("ada", talks.Speak{Kept: talks.Summary, Text: text})
	}
	return key
}

// BenchmarkSubmit is one act on a store in memory: what the desk itself costs.
func BenchmarkSubmit(b *testing.B) {
	log := new(memory.Log)
	key := fill(b, log, 10)
	at := time.Date(2030, 1, 2, 10, 0, 0, 0, time.UTC)
	desk := secretariat.New(secretariat.House{Log: log, Signer: key.Signer(), Now: func() time.Time { return at }})
	for b.Loop() {
		if _, err := desk.Submit(b.Context(), "lake", caller("ada"), secretariat.Submission{Act: talks.Speak{Kept: talks.Summary, Text: "In short."}}); err != nil {
			b.Fatal(err)
		}
	}
}
