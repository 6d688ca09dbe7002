package talks

import (
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// SetPart takes the meeting into its public or its closed part. What is said in
// the public part may be said to the public at once; a meeting opens closed
// (rule 40).
type SetPart struct {
	Part Part
}

// A Part of a meeting is public or closed.
type Part string

const (
	Open   Part = "public"
	Closed Part = "closed"
)

// Choices lists the parts.
func (Part) Choices() []string { return []string{string(Open), string(Closed)} }

func (a SetPart) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	m, err := t.inSession(40)
	switch {
	case err != nil:
		return nil, err
	case a.Part == "":
		return nil, ruling.No(ruling.Invalid, 40, "needs-part")
	case m.Part == a.Part:
		return nil, ruling.No(ruling.OutOfOrder, 40, "part-already", "Part", phrasebook.Term("part."+string(a.Part)))
	}
	return []Event{PartSet(a)}, nil
}

// PartSet says which part the meeting is in.
type PartSet struct {
	Part Part
}

func (e PartSet) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.Part = e.Part
	}
}
func (e PartSet) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.part-set-" + string(e.Part))
}
