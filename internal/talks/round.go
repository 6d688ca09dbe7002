package talks

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// OpenRound begins a series of meetings (rule 10).
type OpenRound struct {
	Title string
	AfterTheFact
}

func (a OpenRound) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	switch {
	case t.Round() != nil:
		return nil, ruling.No(ruling.OutOfOrder, 10, "round-open", "Number", t.Round().Number)
	case t.Meeting() != nil:
		return nil, ruling.No(ruling.OutOfOrder, 10, "meeting-in-session")
	case strings.TrimSpace(a.Title) == "":
		return nil, ruling.No(ruling.Invalid, 10, "needs-title")
	}
	when, err := a.moment(at, t.lastTurning())
	if err != nil {
		return nil, err
	}
	return []Event{RoundOpened{Number: len(t.Rounds) + 1, At: when, Title: a.Title, Source: a.Source}}, nil
}

// RoundOpened says that a round has begun.
type RoundOpened struct {
	Number int
	At     Moment
	Title  string `words:"yes"`
	Source string `words:"yes"`
}

func (e RoundOpened) apply(t *Talks, _ Entered) {
	t.Rounds = append(t.Rounds, Round{Number: e.Number, Title: e.Title, Opened: e.At})
}
func (e RoundOpened) Fact() (Moment, string) { return e.At, e.Source }
func (e RoundOpened) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.round-opened", "Number", e.Number, "Title", phrasebook.Words(e.Title))
}

// CloseRound ends a series of meetings.
type CloseRound struct {
	AfterTheFact
}

func (a CloseRound) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	r := t.Round()
	switch {
	case r == nil:
		return nil, ruling.No(ruling.OutOfOrder, 10, "no-round")
	case t.Meeting() != nil:
		return nil, ruling.No(ruling.OutOfOrder, 10, "meeting-in-session")
	}
	when, err := a.moment(at, t.lastTurning())
	if err != nil {
		return nil, err
	}
	return []Event{RoundClosed{Number: r.Number, At: when, Source: a.Source}}, nil
}

// RoundClosed says that a round has ended.
type RoundClosed struct {
	Number int
	At     Moment
	Source string `words:"yes"`
}

func (e RoundClosed) apply(t *Talks, _ Entered) {
	if r := t.Round(); r != nil {
		r.Closed = &e.At
	}
}
func (e RoundClosed) Fact() (Moment, string) { return e.At, e.Source }
func (e RoundClosed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.round-closed", "Number", e.Number)
}
