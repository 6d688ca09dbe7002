package talks

import (
	"slices"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Arrive notes that a person has come to the table (rule 14).
type Arrive struct {
	AfterTheFact
}

func (a Arrive) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	m := t.Meeting()
	switch {
	case m == nil:
		return nil, ruling.No(ruling.OutOfOrder, 14, "no-meeting")
	case slices.Contains(m.Present, by.Key):
		return nil, ruling.No(ruling.OutOfOrder, 14, "present-already")
	}
	when, err := a.moment(at, m.Opened.Time)
	if err != nil {
		return nil, err
	}
	return []Event{Arrived{Seat: by.Key, Side: by.Side(), At: when, Source: a.Source}}, nil
}

// Arrived says that a person is at the table.
type Arrived struct {
	Seat   seat.Key
	Side   string
	At     Moment
	Source string `words:"yes"`
}

func (e Arrived) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.Present = append(m.Present, e.Seat)
	}
}
func (e Arrived) Fact() (Moment, string) { return e.At, e.Source }
func (e Arrived) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.arrived", "Seat", phrasebook.Seat(e.Seat), "Side", phrasebook.Side(e.Side))
}

// Leave notes that a person has left the table (rule 14).
type Leave struct {
	AfterTheFact
}

func (a Leave) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	m := t.Meeting()
	switch {
	case m == nil:
		return nil, ruling.No(ruling.OutOfOrder, 14, "no-meeting")
	case !slices.Contains(m.Present, by.Key):
		return nil, ruling.No(ruling.OutOfOrder, 14, "not-present")
	}
	when, err := a.moment(at, m.Opened.Time)
	if err != nil {
		return nil, err
	}
	return []Event{Left{Seat: by.Key, Side: by.Side(), At: when, Source: a.Source}}, nil
}

// Left says that a person is no longer at the table.
type Left struct {
	Seat   seat.Key
	Side   string
	At     Moment
	Source string `words:"yes"`
}

func (e Left) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.Present = slices.DeleteFunc(slices.Clone(m.Present), func(k seat.Key) bool { return k == e.Seat })
	}
}
func (e Left) Fact() (Moment, string) { return e.At, e.Source }
func (e Left) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.left", "Seat", phrasebook.Seat(e.Seat), "Side", phrasebook.Side(e.Side))
}
