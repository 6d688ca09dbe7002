package talks

import (
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// AskDestruction asks that the words of an entry be destroyed for everybody: its
// structure, its place and its proofs stay. It takes two keys, and is the first
// (rule 46).
type AskDestruction struct {
	Entry  int64
	Ground string `form:"long"`
}

func (a AskDestruction) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	switch {
	case a.Entry < 1 || a.Entry > t.entries:
		return nil, ruling.No(ruling.Absent, 46, "no-such-entry", "Entry", int(a.Entry))
	case strings.TrimSpace(a.Ground) == "":
		return nil, ruling.No(ruling.Invalid, 46, "needs-reason")
	case t.destruction(a.Entry) != nil:
		return nil, ruling.No(ruling.OutOfOrder, 46, "destruction-asked", "Entry", int(a.Entry))
	}
	return []Event{DestructionAsked{Entry: a.Entry, Side: by.Side(), Ground: a.Ground}}, nil
}

// DestructionAsked is the first key.
type DestructionAsked struct {
	Entry  int64
	Side   string
	Ground string `words:"yes"`
}

// A Destruction is asked for, and done once somebody of another side agrees.
type Destruction struct {
	DestructionAsked
	Done bool
}

func (t *Talks) destruction(entry int64) *Destruction {
	i := slices.IndexFunc(t.Destructions, func(d Destruction) bool { return d.Entry == entry })
	if i < 0 {
		return nil
	}
	return &t.Destructions[i]
}

func (e DestructionAsked) apply(t *Talks, _ Entered) {
	t.Destructions = append(t.Destructions, Destruction{DestructionAsked: e})
}

// Phrase says what is asked.
func (e DestructionAsked) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.destruction-asked", "Side", phrasebook.Side(e.Side), "Entry", e.Entry, "Ground", phrasebook.Words(e.Ground))
}

// AgreeDestruction is the second key, which is held by the mediator, or, if the
// mediator asked, by a head of delegation. With it the words are gone (rule 46).
type AgreeDestruction struct {
	Entry int64
}

func (a AgreeDestruction) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	d := t.destruction(a.Entry)
	mediation := func(side string) bool { return side == seat.Mediation || side == seat.ChairGroup }
	switch {
	case d == nil:
		return nil, ruling.No(ruling.OutOfOrder, 46, "destruction-not-asked", "Entry", int(a.Entry))
	case d.Done:
		return nil, ruling.No(ruling.OutOfOrder, 46, "destroyed-already", "Entry", int(a.Entry))
	case mediation(d.Side) == mediation(by.Side()):
		return nil, ruling.No(ruling.Denied, 46, "second-key")
	}
	return []Event{WordsDestroyed{Entry: a.Entry, Asked: d.Side, Agreed: by.Side()}}, nil
}

// WordsDestroyed is the tombstone of an entry's words. The desk takes them away
// in the transaction that enters it.
type WordsDestroyed struct {
	Entry  int64
	Asked  string
	Agreed string
}

func (e WordsDestroyed) apply(t *Talks, _ Entered) {
	if d := t.destruction(e.Entry); d != nil {
		d.Done = true
	}
}

// Phrase says that the words are gone, and on whose word.
func (e WordsDestroyed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.words-gone", "Entry", e.Entry, "Asked", phrasebook.Side(e.Asked), "Agreed", phrasebook.Side(e.Agreed))
}

// Destroyed reports whether the words of an entry are to be gone.
func (t *Talks) Destroyed(entry int64) bool {
	d := t.destruction(entry)
	return d != nil && d.Done
}
