package talks

import (
	"slices"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// SetPart takes the meeting into its public or its closed part, and says how
// much the record keeps of what is said in it, and whether it keeps who said it.
// What is said in the public part may be said to the public at once; a meeting
// opens closed (rule 40).
type SetPart struct {
	Part         Part
	Keep         Keeping `form:"optional"` // the most that is kept; exact words if left out
	Unattributed bool    // the Chatham House Rule: what is said is kept, and not who said it
}

// A Keeping is the most that the record keeps of what is said in a part.
type Keeping string

const (
	KeepExact   Keeping = "exact"
	KeepSummary Keeping = "summary"
	KeepSpoke   Keeping = "spoke"
	KeepNothing Keeping = "nothing"
)

// Choices lists the degrees, from the most to nothing.
func (Keeping) Choices() []string {
	return []string{string(KeepExact), string(KeepSummary), string(KeepSpoke), string(KeepNothing)}
}

// allows reports whether a statement may be kept at a level.
func (k Keeping) allows(l Level) bool {
	rank := func(s string) int { return slices.Index(Keeping("").Choices(), s) }
	if k == "" {
		k = KeepExact
	}
	return rank(string(l)) >= rank(string(k))
}

// A Part of a meeting is public or closed.
type Part string

const (
	Open   Part = "public"
	Closed Part = "closed"
)

// Choices lists the parts.
func (Part) Choices() []string { return []string{string(Open), string(Closed)} }

func (a SetPart) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	m, err := t.inSession(40)
	switch {
	case err != nil:
		return nil, err
	case a.Part == "":
		return nil, ruling.No(ruling.Invalid, 40, "needs-part")
	case a.Part == Open && a.Unattributed:
		return nil, ruling.No(ruling.Invalid, 40, "public-is-attributed")
	case m.Part == a.Part && m.Keep == a.Keep && m.Unattributed == a.Unattributed:
		return nil, ruling.No(ruling.OutOfOrder, 40, "part-already", "Part", phrasebook.Term("part."+string(a.Part)))
	}
	if a.Unattributed {
		return append(t.endTurn(at), PartSet(a)), nil
	}
	return []Event{PartSet(a)}, nil
}

// PartSet says which part the meeting is in.
type PartSet struct {
	Part         Part
	Keep         Keeping
	Unattributed bool
}

func (e PartSet) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.Part, m.Keep, m.Unattributed = e.Part, e.Keep, e.Unattributed
		if e.Unattributed {
			m.Floor.Waiting = nil
		}
	}
}

// Phrase says the part, and what is kept in it if that is not exact words.
func (e PartSet) Phrase() phrasebook.Phrase {
	key := "event.part-set-" + string(e.Part)
	switch {
	case e.Unattributed:
		key += "-unattributed"
	case e.Keep != "" && e.Keep != KeepExact:
		key += "-keeping"
	}
	return phrasebook.Say(key, "Keep", phrasebook.Term("keep."+string(e.Keep)))
}
