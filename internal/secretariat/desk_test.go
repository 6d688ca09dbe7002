package secretariat_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/memory"
	"parley/internal/parleytest"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A stage is a house in which Ada mediates and chairs between Njeri's Kenya and
// Otieno's Uganda.
type stage struct {
	*parleytest.House
	t *testing.T
}

func newStage(t *testing.T, log record.Log) stage {
	t.Helper()
	s := stage{parleytest.NewHouse(t, log), t}
	for _, line := range []struct {
		who string
		act any
	}{
		{"ada", talks.Convene{Title: "The lake", Mediation: "The Lake Commission", Zone: "Africa/Nairobi", Name: "Ada"}},
		{"ada", talks.AdmitParty{Party: "kenya", Name: "Kenya"}},
		{"ada", talks.AdmitParty{Party: "uganda", Name: "Uganda"}},
		{"ada", talks.Accredit{Party: "kenya", Person: "njeri", Name: "Njeri", As: "head"}},
		{"ada", talks.Accredit{Party: "uganda", Person: "otieno", Name: "Otieno", As: "head"}},
		{"ada", talks.NameChair{Seat: "s1"}},
	} {
		s.do(line.who, line.act, "")
	}
	return s
}

func caller(name string) secretariat.Caller {
	return secretariat.Caller{Person: seat.Person(name), Convenes: map[string]string{"ada": "lake"}[name]}
}

func (s stage) try(who string, act any, request string) (secretariat.Answer, error) {
	return s.Desk.Submit(context.Background(), "lake", caller(who), secretariat.Submission{Act: act, Request: request})
}

func (s stage) do(who string, act any, request string) secretariat.Answer {
	s.t.Helper()
	a, err := s.try(who, act, request)
	if err != nil {
		s.t.Fatalf("%s: %T: %v", who, act, err)
	}
	return a
}

// TestManyAtOnce: sixty-four people submit at once; all are entered, each once,
// one after the other, each with a proof.
func TestManyAtOnce(t *testing.T) {
	s := newStage(t, new(memory.Log))
	const people, each = 64, 10
	var mu sync.Mutex
	seen := map[int64]bool{}
	var wg sync.WaitGroup
	for p := range people {
		wg.Go(func() {
			for i := range each {
				a, err := s.try("ada", talks.ArrangeVenue{Place: fmt.Sprintf("Hall %d", i)}, fmt.Sprintf("p%d-%d", p, i))
				if err != nil {
					t.Error(err)
					return
				}
				if err := a.Receipts[0].Verify(s.Verifier(), a.Entries[0].Leaf); err != nil {
					t.Error(err)
				}
				mu.Lock()
				if seen[a.Entries[0].Number] {
					t.Errorf("entry %d was given out twice", a.Entries[0].Number)
				}
				seen[a.Entries[0].Number] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	head, err := record.Audit(t.Context(), s.Log, "lake/joint", s.Verifier())
	if err != nil || head.Size != 6+people*each {
		t.Errorf("the record has %d entries, want %d: %v", head.Size, 6+people*each, err)
	}
}

// TestTwoDesks: two desks write to one log, which a store that admits one
// process does not let happen. Even so nothing is entered on what is no longer
// the case: whoever comes second looks again, and decides on what is.
func TestTwoDesks(t *testing.T) {
	s := newStage(t, new(memory.Log))
	other := stage{&parleytest.House{Desk: s.Another()}, t}
	s.do("ada", talks.OpenMeeting{}, "")
	other.do("njeri", talks.AskForFloor{}, "")
	if _, err := s.try("njeri", talks.AskForFloor{}, ""); ruling.Of(err).Key != "on-the-list" {
		t.Errorf("Njeri asks at the other desk as well: %v", err)
	}
	s.do("ada", talks.GiveFloor{}, "")
	other.do("otieno", talks.AskForFloor{}, "")
	s.do("njeri", talks.Speak{Kept: talks.Exact, Text: "Here."}, "same")
	if a := other.do("njeri", talks.Speak{Kept: talks.Exact, Text: "Here."}, "same"); !a.Repeated {
		t.Error("what was submitted at one desk was entered again at the other")
	}
}

// TestFirstAnswerAgain: after a restart, a repeated request gets the first
// answer, to the byte of its receipts.
func TestFirstAnswerAgain(t *testing.T) {
	s := newStage(t, new(memory.Log))
	first := s.do("ada", talks.Announce{Title: "The lake talks"}, "r1")
	s.do("ada", talks.ArrangeVenue{Place: "The palace"}, "")
	s.Desk = s.Another()
	again := s.do("ada", talks.Announce{Title: "The lake talks"}, "r1")
	if !again.Repeated || len(again.Receipts) != 2 {
		t.Fatalf("repeated %v with %d receipts", again.Repeated, len(again.Receipts))
	}
	for i := range first.Receipts {
		if !bytes.Equal(first.Receipts[i].Marshal(), again.Receipts[i].Marshal()) {
			t.Errorf("receipt %d differs from the first", i)
		}
	}
	if _, err := s.try("ada", talks.Announce{Title: "The sea talks"}, "r1"); ruling.Of(err).Key != "request-reused" {
		t.Errorf("the same request with another body: %v", err)
	}
}

// trouble is a log that fails as it is told.
type trouble struct {
	record.Log
	fail func(append func() error) error
}

func (l *trouble) Append(ctx context.Context, t record.Transaction) error {
	enter := func() error { return l.Log.Append(ctx, t) }
	if l.fail == nil {
		return enter()
	}
	fail := l.fail
	l.fail = nil
	return fail(enter)
}

// TestTrouble: what the store did not enter has not happened; what it may have
// entered happens once.
func TestTrouble(t *testing.T) {
	log := &trouble{Log: new(memory.Log)}
	s := newStage(t, log)
	s.Desk = secretariat.New(secretariat.House{Log: log, Signer: s.Signer(), Now: func() time.Time { return s.Clock }})

	log.fail = func(func() error) error { return record.ErrFull }
	if _, err := s.try("ada", talks.OpenMeeting{}, "r1"); ruling.Of(err).Key != "store-full" {
		t.Errorf("disk full: %v", err)
	}
	s.do("ada", talks.OpenMeeting{}, "r1") // as if nothing had been

	log.fail = func(enter func() error) error {
		if err := enter(); err != nil {
			return err
		}
		return record.ErrUnknownOutcome
	}
	a := s.do("njeri", talks.AskForFloor{}, "r2")
	if !a.Repeated {
		t.Error("the act was entered although it may have been, and was")
	}
	log.fail = func(func() error) error { return errors.New("the disk hums") }
	if _, err := s.try("otieno", talks.AskForFloor{}, "r3"); ruling.Of(err).Kind != ruling.Fault || strings.Contains(ruling.Of(err).Key, "hums") {
		t.Errorf("our own fault is told as %v", ruling.Of(err))
	}
	s.do("otieno", talks.AskForFloor{}, "r3")
	if _, err := record.Audit(t.Context(), log, "lake/joint", s.Verifier()); err != nil {
		t.Error(err)
	}
}

// TestAnchors: those in a room can prove their record against the joint one, at
// every anchor, and to everybody else all anchors look alike.
func TestAnchors(t *testing.T) {
	s := newStage(t, new(memory.Log))
	s.do("ada", talks.OpenMeeting{}, "")
	s.do("njeri", room.PassNote{To: "uganda", Text: "Before the break."}, "")
	s.do("ada", talks.SuspendMeeting{}, "")
	s.do("ada", talks.ResumeMeeting{}, "")
	s.do("ada", talks.AdjournMeeting{}, "")

	var own *room.Room
	var head record.Head
	var name record.Name
	err := s.Desk.Look(t.Context(), "lake", caller("njeri"), func(v secretariat.Sight) error {
		own = v.Rooms[0]
		for n, h := range v.Heads {
			if strings.Contains(string(n), "/room/") {
				name, head = n, h
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	anchors, proved := 0, 0
	values := map[string]bool{}
	for e, err := range s.Desk.Read(t.Context(), "lake", caller("otieno"), "lake/joint", 0) {
		if err != nil {
			t.Fatal(err)
		}
		a, ok := e.Event.(talks.AnchorsEntered)
		if !ok {
			continue
		}
		anchors++
		if len(a.Values) != talks.Anchors {
			t.Errorf("entry %d has %d anchors", e.Number, len(a.Values))
		}
		for _, v := range a.Values {
			if len(v) != 32 || values[string(v)] {
				t.Errorf("entry %d has an anchor that is not fresh", e.Number)
			}
			values[string(v)] = true
		}
		salt := secretariat.AnchorSalt(own.AnchorKey, a.After)
		want := record.AnchorValue(salt, s.Verifier().Origin(name), head)
		if slices.ContainsFunc(a.Values, func(v []byte) bool { return bytes.Equal(v, want[:]) }) {
			proved++
		}
	}
	if anchors != 3 || proved != 2 {
		t.Errorf("%d anchor entries, of which %d bind the note: want 3 and 2", anchors, proved)
	}
}

// TestLateObserver: of an author whom an observer hears only now, the headers do
// not tell how much they had said before.
func TestLateObserver(t *testing.T) {
	s := newStage(t, new(memory.Log))
	s.do("ada", talks.OpenMeeting{}, "")
	s.do("ada", talks.AdmitObserver{Person: "olga", Name: "Olga", As: "observer"}, "")
	s.do("ada", talks.Speak{Kept: talks.Exact, Text: "Welcome."}, "")
	for e, err := range s.Desk.Read(t.Context(), "lake", caller("olga"), "lake/joint", 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Withheld() {
			continue
		}
		if h := e.Content.Header; h.AuthorSeq != 1 || h.AuthorPrev != (record.Hash{}) {
			t.Errorf("entry %d tells Olga that its author made %d entries before", e.Number, h.AuthorSeq-1)
		}
	}
}

// TestNothingHere: whoever has no seat gets one answer, whether there is
// something or not.
func TestNothingHere(t *testing.T) {
	s := newStage(t, new(memory.Log))
	s.do("njeri", room.PassNote{To: "uganda", Text: "Psst."}, "")
	ctx := t.Context()
	for _, id := range []string{"lake", "sea", "", "LAKE", "lake/joint"} {
		for _, who := range []secretariat.Caller{{}, caller("mallory")} {
			answers := []error{
				s.Desk.Look(ctx, id, who, func(secretariat.Sight) error { return nil }),
				s.Desk.Export(ctx, id, who, new(bytes.Buffer)),
			}
			_, err := s.Desk.Submit(ctx, id, who, secretariat.Submission{Act: talks.AskForFloor{}})
			answers = append(answers, err)
			_, err = s.Desk.Records(ctx, id, who)
			answers = append(answers, err)
			_, _, err = s.Desk.Watch(ctx, id, who)
			answers = append(answers, err)
			for _, name := range []record.Name{"lake/joint", "lake/public", "lake/room/00000000000000000000000000000000"} {
				_, err = s.Desk.Prove(ctx, id, who, name, 1)
				answers = append(answers, err)
				for _, err := range s.Desk.Read(ctx, id, who, name, 0) {
					answers = append(answers, err)
				}
			}
			for i, err := range answers {
				if got := ruling.Of(err); got.Kind != ruling.Absent || got.Key != "nothing-here" || got.Rule != 0 || got.Args != nil {
					t.Errorf("answer %d to %q about %q: %v", i, who.Person, id, err)
				}
			}
		}
	}
}
