// Package talks is the negotiation itself: who sits, who speaks, what was said
// at the table and what of it was made public.
//
// The package is a pure function of its record. [Talks.Decide] looks at the
// talks as they stand and answers an [Act] with the [Event]s that follow from
// it, or with a refusal that cites a rule of procedure (docs/rules.md); it
// changes nothing. [Talks.Apply] brings the talks up to date with one event; it
// refuses nothing. Neither reads a clock, a random number, a file or another
// goroutine, so the same events always lead to the same talks.
//
// Each act lives in a file of its own with the events it leads to and the
// rules that govern it. state.go holds what they share, catalogue.go lists
// them. Private rooms are another package's matter (room), and who may read
// what is the desk's (secretariat); what an event is for, its audience, is
// said here, once, when it happens.
package talks

import (
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// An Act is something a person asks to do.
type Act interface {
	// decide rules on the act. It must not change t.
	decide(t *Talks, by seat.Seat, at Moment) ([]Event, error)
}

// An Event is something that happened. Its fields are the record's format:
// they may be added to, never renamed or removed. Fields tagged `words` are
// what people said, and their names; they may be missing on reading, when
// they have been destroyed.
type Event interface {
	// Phrase says the event in one sentence. An event that is not for people
	// has the empty key.
	Phrase() phrasebook.Phrase
}

// joint is an event of the joint record.
type joint interface {
	Event
	apply(t *Talks, on Entered)
}

// Entered says where in the record an event stands.
type Entered struct {
	Number int64
	Seat   seat.Key // of the author; empty if entered by the secretariat
	At     Moment
}

// Decide rules on an act by whoever sits in the seat. It changes nothing.
func (t *Talks) Decide(act Act, by seat.Seat, at Moment) ([]Event, error) {
	name, rule := Acts.NameOf(act), Acts.RuleOf(act)
	switch {
	case !t.Open() && name != "convene":
		return nil, ruling.Nothing()
	case !by.Permits(name):
		return nil, ruling.No(ruling.Denied, rule, "not-entitled", "Role", phrasebook.Term("role."+roleWord(by)), "Act", phrasebook.Term("act."+name))
	case t.Closed != nil:
		return nil, ruling.No(ruling.OutOfOrder, 1, "talks-closed")
	}
	if q := t.question(); q != nil && q.stops(act) {
		return nil, q.refuse()
	}
	return act.decide(t, by, at)
}

// roleWord is the role a refusal names: the chair's, for whoever holds it.
func roleWord(s seat.Seat) string {
	if s.Chair {
		return string(seat.Chair)
	}
	return string(s.Role)
}

// Apply brings the talks up to date with an event of the joint record.
func (t *Talks) Apply(e Event, on Entered) {
	t.entries = on.Number
	if j, ok := e.(joint); ok {
		j.apply(t, on)
	}
}

// IsPublic reports whether an event belongs into the public record.
func IsPublic(e Event) bool { _, ok := e.(published); return ok }

// Audience returns the groups of readers that events of the joint record are
// for at this moment: the parties, the mediation, the chair, and the observers
// admitted now. It is asked when an event is entered, and holds for good.
func (t *Talks) Audience() []string {
	groups := []string{seat.Parties, seat.Mediation, seat.ChairGroup}
	for _, s := range t.Seats {
		if s.Role == seat.Observer || s.Role == seat.Guarantor {
			groups = append(groups, seat.ObserverGroup(s.Key))
		}
	}
	return groups
}

// A question is something that the meeting settles before it goes on.
type question interface {
	stops(Act) bool // whether the act must wait
	refuse() error
}

// question returns what is before the meeting, or nil.
func (t *Talks) question() question {
	if m := t.Meeting(); m != nil {
		return m.before
	}
	return nil
}
