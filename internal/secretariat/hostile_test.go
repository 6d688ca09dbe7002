package secretariat_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/memory"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// faulty is the stage with a desk of its own, of which faults are expected.
func (s stage) faulty() stage {
	s.Desk = secretariat.New(secretariat.House{Log: s.Log, Signer: s.Signer(), Chance: record.Chance{1}, Now: func() time.Time { return s.Clock }})
	return s
}

// TestOneActSpoilsNoOther: acts that cannot be laid down, and one over which
// ruling panics, come in together with good ones. Each bad one is a fault, told
// to whoever sent it; the good ones are all entered.
func TestOneActSpoilsNoOther(t *testing.T) {
	s := newStage(t, new(memory.Log)).faulty()
	bad := []any{room.LogContact{With: "Nobody", Summary: "Long ago", When: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}, nil}
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			if _, err := s.try("ada", talks.ArrangeVenue{Place: fmt.Sprintf("Hall %d", i)}, ""); err != nil {
				t.Errorf("a good act is refused: %v", err)
			}
		})
		wg.Go(func() {
			request := ""
			if i%4 == 0 {
				request = fmt.Sprintf("bad-%d", i)
			}
			if _, err := s.try("ada", bad[i%2], request); ruling.Of(err).Kind != ruling.Fault {
				t.Errorf("%T is answered %v, want a fault", bad[i%2], err)
			}
		})
	}
	wg.Wait()
}

// A broken log enters nothing any more.
type broken struct {
	record.Log
	now bool
}

func (l *broken) Append(ctx context.Context, t record.Transaction) error {
	if l.now {
		return errors.New("the disk is gone")
	}
	return l.Log.Append(ctx, t)
}

// TestNobodyReadsWhatWasNotEntered: while act after act cannot be entered, no
// reader ever sees one of them done, however their reading falls between.
func TestNobodyReadsWhatWasNotEntered(t *testing.T) {
	log := &broken{Log: new(memory.Log)}
	s := newStage(t, log).faulty()
	log.now = true
	var over atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !over.Load() {
				err := s.Desk.Look(context.Background(), "lake", caller("njeri"), func(v secretariat.Sight) error {
					if v.Talks.Venue.Place != "" {
						t.Errorf("a reader sees %q, which was never entered", v.Talks.Venue.Place)
						over.Store(true)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 400 {
		if _, err := s.try("ada", talks.ArrangeVenue{Place: "The palace"}, ""); err == nil {
			t.Error("an act is said to be entered")
		}
	}
	over.Store(true)
	readers.Wait()
}

// A torn log cannot read the records of one talks.
type torn struct {
	record.Log
	talks string
}

func (l *torn) Read(ctx context.Context, name record.Name, after int64) iter.Seq2[record.Entry, error] {
	if l.talks != "" && name.Talks() == l.talks {
		return func(yield func(record.Entry, error) bool) { yield(record.Entry{}, io.ErrUnexpectedEOF) }
	}
	return l.Log.Read(ctx, name, after)
}

// TestOneTalksSpoilNoOther: where the records of some talks cannot be read, their
// people are told so, and everybody else finds theirs.
func TestOneTalksSpoilNoOther(t *testing.T) {
	log := &torn{Log: new(memory.Log)}
	s := newStage(t, log)
	ctx := context.Background()
	other := secretariat.Caller{Person: "mary", Convenes: "alps"}
	if _, err := s.Desk.Submit(ctx, "alps", other, secretariat.Submission{Act: talks.Convene{Title: "The pass", Mediation: "The Canton", Zone: "UTC", Name: "Mary"}}); err != nil {
		t.Fatal(err)
	}
	log.talks = "alps"
	s = s.faulty()
	ids, err := s.Desk.Talks(ctx, caller("njeri"))
	if err != nil || strings.Join(ids, " ") != "lake" {
		t.Errorf("Njeri finds %v, %v", ids, err)
	}
	if _, err := s.Desk.Records(ctx, "alps", other); ruling.Of(err).Kind != ruling.Fault {
		t.Errorf("Mary is told %v", err)
	}
}

// TestUnattributedNamesNobody: Njeri says under the Chatham House Rule all that a
// form lets her say of herself. What everybody then reads is the words.
func TestUnattributedNamesNobody(t *testing.T) {
	s := newStage(t, new(memory.Log))
	s.do("ada", talks.OpenMeeting{Title: "First"}, "")
	s.do("ada", talks.SetPart{Part: talks.Closed, Unattributed: true}, "")
	said := s.do("njeri", talks.Speak{Text: "Forty.", Kept: talks.Exact, Language: "sw-KE", DeliveredBy: "Njeri",
		AfterTheFact: talks.AfterTheFact{Source: "Kenya"}}, "one").Entries[0]
	for _, e := range []string{said.Seat, said.Content.Header.Seat, string(said.Content.Structure.Bytes), string(said.Content.Words.Bytes)} {
		for _, clue := range []string{"s2", "kenya", "Kenya", "Njeri", "njeri", "sw-KE"} {
			if strings.Contains(e, clue) {
				t.Errorf("%q is in %s", clue, e)
			}
		}
	}
}

// TestPapersAreNamedOnOneLine: a name that breaks a line could pass for a line of
// its own wherever papers are listed.
func TestPapersAreNamedOnOneLine(t *testing.T) {
	s := newStage(t, new(memory.Log))
	for _, name := range []string{"a\nb", "a\r\nSet-Cookie: b", "a\tb"} {
		_, err := s.try("njeri", talks.Attach{Attachment: talks.Attachment{Name: name, Origin: "us", Content: "YQ=="}}, "")
		if ruling.Of(err).Key != "paper-name" {
			t.Errorf("a paper called %q: %v", name, err)
		}
	}
}
