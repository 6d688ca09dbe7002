package secretariat_test

import (
	"context"
	"testing"

	"parley/internal/memory"
	"parley/internal/ruling"
	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

// TestAnyWordsMayBeDestroyed: Njeri asks that the words of every entry there is be
// destroyed, one after the other, and Ada agrees to all. The talks fold without
// them, are read by everybody, and go on.
func TestAnyWordsMayBeDestroyed(t *testing.T) {
	s := newStage(t, new(memory.Log))
	for _, line := range []struct {
		who string
		act any
	}{
		{"ada", talks.OpenMeeting{Title: "First"}},
		{"ada", talks.Attach{Attachment: talks.Attachment{Name: "a.txt", Origin: "us", Content: "YQ=="}}},
		{"ada", talks.RequestObserver{Name: "The bank", As: "observer"}},
		{"ada", onTreaty(text.Table{Standing: text.ChairText, Words: "1. Fish.\n\n1.1 The parties shall take no more than [KENYA: forty][UGANDA: thirty] tonnes.\n\n1.2 They shall meet."})},
		{"njeri", onTreaty(text.BracketWords{Clause: "c3", Words: "meet"})},
		{"ada", onTreaty(text.Annotate{Clause: "c3", Words: "Nobody minds."})},
		{"njeri", talks.RaisePointOfOrder{Point: "It is late."}},
	} {
		if _, err := s.try(line.who, line.act, ""); err != nil {
			t.Fatalf("%T: %v", line.act, err)
		}
	}
	size := func() (n int64) {
		s.Desk.Look(context.Background(), "lake", caller("ada"), func(v secretariat.Sight) error { n = v.Heads["lake/joint"].Size; return nil })
		return n
	}
	last := size()
	for n := int64(1); n <= last; n++ {
		if _, err := s.try("njeri", talks.AskDestruction{Entry: n, Ground: "The law"}, ""); err != nil {
			t.Fatalf("entry %d: %v", n, err)
		}
		if _, err := s.try("ada", talks.AgreeDestruction{Entry: n}, ""); err != nil {
			t.Fatalf("entry %d: %v", n, err)
		}
		s.Desk = s.Another()
		for _, who := range []string{"ada", "njeri", "otieno"} {
			for e, err := range s.Desk.Read(context.Background(), "lake", caller(who), "lake/joint", 0) {
				if err != nil {
					t.Fatalf("without entry %d, %s reads %v", n, who, err)
				}
				e.Phrases()
			}
		}
		if _, err := s.try("ada", talks.ArrangeVenue{Place: "The palace"}, ""); err != nil {
			t.Fatalf("without entry %d: %v", n, err)
		}
		for _, act := range []text.Act{text.BracketWords{Clause: "c3", Words: "They"}, text.Annotate{Clause: "c2", Words: "x"}, text.Reserve{Clause: "c2"}, text.ProposeLift{Bracket: "b1", Option: "a"}} {
			if _, err := s.try("njeri", onTreaty(act), ""); err != nil && ruling.Of(err).Kind == ruling.Fault {
				t.Fatalf("without entry %d, %T: %v", n, act, err)
			}
		}
	}
}

func onTreaty(act text.Act) any {
	switch act := act.(type) {
	case text.Table:
		return talks.On[text.Table]{Text: "treaty", Act: act}
	case text.BracketWords:
		return talks.On[text.BracketWords]{Text: "treaty", Act: act}
	case text.Annotate:
		return talks.On[text.Annotate]{Text: "treaty", Act: act}
	case text.Reserve:
		return talks.On[text.Reserve]{Text: "treaty", Act: act}
	case text.ProposeLift:
		return talks.On[text.ProposeLift]{Text: "treaty", Act: act}
	}
	return nil
}
