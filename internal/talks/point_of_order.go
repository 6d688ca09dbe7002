package talks

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// RaisePointOfOrder asks the chair to rule at once on how the meeting is being
// conducted. It may interrupt a speaker, and says nothing on substance. Until
// the chair has ruled, nobody speaks and the meeting does not turn; the
// interrupted speaker then has the floor as before (rule 30).
type RaisePointOfOrder struct {
	Point string
}

func (a RaisePointOfOrder) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	if _, err := t.inSession(30); err != nil {
		return nil, err
	}
	if strings.TrimSpace(a.Point) == "" {
		return nil, ruling.No(ruling.Invalid, 30, "needs-point")
	}
	return []Event{PointOfOrderRaised{Side: by.Side(), Seat: by.Key, Point: a.Point}}, nil
}

// PointOfOrderRaised says that a point of order is before the meeting.
type PointOfOrderRaised struct {
	Side  string
	Seat  seat.Key
	Point string `words:"yes"`
}

func (e PointOfOrderRaised) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.before = pointOfOrder{e.Side, e.Point}
	}
}
func (e PointOfOrderRaised) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.point-of-order-raised", "Side", phrasebook.Side(e.Side), "Point", phrasebook.Words(e.Point))
}

// RuleOnPoint is the chair's ruling on the point that is before the meeting.
type RuleOnPoint struct {
	Upheld bool
	Ruling string
}

func (a RuleOnPoint) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	if _, raised := t.question().(pointOfOrder); !raised {
		return nil, ruling.No(ruling.OutOfOrder, 30, "no-point")
	}
	if strings.TrimSpace(a.Ruling) == "" {
		return nil, ruling.No(ruling.Invalid, 30, "needs-ruling")
	}
	return []Event{PointRuledOn(a)}, nil
}

// PointRuledOn says how the chair ruled.
type PointRuledOn struct {
	Upheld bool
	Ruling string `words:"yes"`
}

func (e PointRuledOn) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.before = nil
	}
}
func (e PointRuledOn) Phrase() phrasebook.Phrase {
	key := "event.point-overruled"
	if e.Upheld {
		key = "event.point-upheld"
	}
	return phrasebook.Say(key, "Ruling", phrasebook.Words(e.Ruling))
}

// pointOfOrder is the question that is open between the two.
type pointOfOrder struct{ side, point string }

func (pointOfOrder) stops(a Act) bool {
	switch a.(type) {
	case Speak, GiveFloor, YieldFloor, SetTimeLimit, SetPart, SuspendMeeting, AdjournMeeting, RaisePointOfOrder:
		return true
	}
	return false
}

func (p pointOfOrder) refuse() error {
	return ruling.No(ruling.OutOfOrder, 30, "point-pending", "Side", phrasebook.Side(p.side))
}

// Pending returns the point of order that is before the meeting, and whose it is.
func (m *Meeting) Pending() (side, point string, ok bool) {
	p, ok := m.before.(pointOfOrder)
	return p.side, p.point, ok
}
