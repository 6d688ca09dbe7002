package record_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"parley/internal/record"
)

// kenya is the header of an entry with everything in it.
func kenya() record.Header {
	return record.Header{
		Record:     "lake/joint",
		Number:     17,
		Time:       time.Date(2030, 5, 16, 10, 0, 0, 123456000, time.UTC),
		Seat:       "kenya/head",
		AuthorSeq:  3,
		AuthorPrev: sha256.Sum256([]byte("before")),
		Structure:  sha256.Sum256([]byte("structure")),
		Words:      sha256.Sum256([]byte("words")),
		Evidence:   sha256.Sum256([]byte("evidence")),
	}
}

// These bytes were written once and must stay readable for ever.
func TestHeaderVersion1(t *testing.T) {
	h := kenya()
	const want = "01" + "0a" + "6c616b652f6a6f696e74" + "0000000000000011" + "0006c4bab2a10a40" + "0a" + "6b656e79612f68656164" + "0000000000000003"
	got := hex.EncodeToString(h.Marshal())
	if !strings.HasPrefix(got, want) {
		t.Errorf("the header begins with\n%s, want\n%s", got, want)
	}
	var b cryptobyte.Builder
	b.AddUint8(1)
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(h.Record)) })
	b.AddUint64(uint64(h.Number))
	b.AddUint64(uint64(h.Time.UnixMicro()))
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(h.Seat)) })
	b.AddUint64(uint64(h.AuthorSeq))
	for _, hash := range []record.Hash{h.AuthorPrev, h.Structure, h.Words, h.Evidence} {
		b.AddBytes(hash[:])
	}
	if diff := cmp.Diff(b.BytesOrPanic(), h.Marshal()); diff != "" {
		t.Errorf("Marshal is not what cryptobyte writes (-want +got):\n%s", diff)
	}
	if h.Leaf() != tlog.RecordHash(h.Marshal()) {
		t.Error("the leaf is not tlog's record hash of the header")
	}
}

func TestParseHeader(t *testing.T) {
	good := kenya().Marshal()
	if got, err := record.ParseHeader(good); err != nil || !cmp.Equal(got, kenya()) {
		t.Fatalf("ParseHeader = %+v, %v", got, err)
	}
	for i := range good {
		if _, err := record.ParseHeader(good[:i]); err == nil {
			t.Errorf("a header cut to %d bytes passes", i)
		}
	}
	if _, err := record.ParseHeader(append(good, 0)); err == nil {
		t.Error("a header with a byte behind it passes")
	}
	for name, spoil := range map[string]func(*record.Header){
		"a record in capitals":        func(h *record.Header) { h.Record = "Lake/joint" },
		"number 0":                    func(h *record.Header) { h.Number = 0 },
		"a negative number":           func(h *record.Header) { h.Number = -1 },
		"no seat":                     func(h *record.Header) { h.Seat = "" },
		"a seat with a space":         func(h *record.Header) { h.Seat = "Njeri Wanjiku" },
		"the year 1960":               func(h *record.Header) { h.Time = h.Time.AddDate(-70, 0, 0) },
		"the year 10000":              func(h *record.Header) { h.Time = h.Time.AddDate(7970, 0, 0) },
		"an author ahead of everyone": func(h *record.Header) { h.AuthorSeq = 18 },
		"an author's entry 0":         func(h *record.Header) { h.AuthorSeq = 0 },
		"a first entry after another": func(h *record.Header) { h.AuthorSeq = 1 },
		"a third entry after none":    func(h *record.Header) { h.AuthorPrev = record.Hash{} },
	} {
		h := kenya()
		spoil(&h)
		if h.Check() == nil {
			t.Errorf("Check passes a header with %s", name)
		}
		if _, err := record.ParseHeader(h.Marshal()); err == nil {
			t.Errorf("ParseHeader passes a header with %s", name)
		}
	}
	half := kenya()
	half.Time = half.Time.Add(time.Nanosecond)
	if half.Check() == nil {
		t.Error("a time of broken microseconds passes")
	}
}

func TestHeaderRoundTrip(t *testing.T) {
	hash := rapid.Custom(func(t *rapid.T) record.Hash {
		return record.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
	})
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Range(1, 1<<62).Draw(t, "number")
		h := record.Header{
			Record:    record.Name(rapid.StringMatching(`[a-z0-9][a-z0-9-]{0,99}/(joint|public|room/[0-9a-f]{32})`).Draw(t, "record")),
			Number:    number,
			Time:      time.UnixMicro(rapid.Int64Range(0, 253402300799_999_999).Draw(t, "time")).UTC(),
			Seat:      rapid.StringMatching(`[!-~]{1,200}`).Draw(t, "seat"),
			AuthorSeq: rapid.Int64Range(1, number).Draw(t, "count"),
			Structure: hash.Draw(t, "structure"), Words: hash.Draw(t, "words"), Evidence: hash.Draw(t, "evidence"),
		}
		if h.AuthorSeq > 1 {
			h.AuthorPrev = record.Hash{1}
		}
		got, err := record.ParseHeader(h.Marshal())
		if diff := cmp.Diff(h, got); diff != "" || err != nil {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func FuzzParseHeader(f *testing.F) {
	f.Add(kenya().Marshal())
	first := kenya()
	first.AuthorSeq, first.AuthorPrev, first.Evidence = 1, record.Hash{}, record.Hash{}
	f.Add(first.Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := record.ParseHeader(b); err == nil && string(h.Marshal()) != string(b) {
			t.Errorf("%x is read as a header which is written %x", b, h.Marshal())
		}
	})
}
