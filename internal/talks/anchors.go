package talks

import (
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Anchors is how many values each anchor entry holds: one for every private
// room, the rest padding, all alike (rule 44). More rooms are refused.
const Anchors = 32

// EnterAnchors asks for commitments to the heads of all private records, at
// least once a day, whether a room has moved or not (rule 44). What they are,
// the desk knows; it adds an AnchorsEntered wherever WantsAnchors says so.
type EnterAnchors struct{}

func (EnterAnchors) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	if !t.anchorsDue(at.Time) {
		return nil, ruling.No(ruling.OutOfOrder, 44, "nothing-due")
	}
	return nil, nil
}

// anchorsDue reports whether a day has passed without any.
func (t *Talks) anchorsDue(at time.Time) bool {
	last := t.LastAnchors
	if last.IsZero() {
		last = t.Convened.Time
	}
	return at.Sub(last) >= 24*time.Hour
}

// AnchorsEntered holds the commitments. It is not shown to people.
type AnchorsEntered struct {
	At     time.Time
	Values [][]byte
	After  int64 // number that makes this entry's salts fresh: that of the entry before
}

func (e AnchorsEntered) apply(t *Talks, _ Entered) { t.LastAnchors = e.At }
func (e AnchorsEntered) Phrase() phrasebook.Phrase { return phrasebook.Phrase{} }

// WantsAnchors reports whether anchors follow on an act: it asks for them, or
// one of its events is a point at which they are made (a meeting opens, is
// suspended or closes, or the talks do).
func WantsAnchors(act Act, events []Event) bool {
	if _, ok := act.(EnterAnchors); ok {
		return true
	}
	for _, e := range events {
		switch e.(type) {
		case MeetingOpened, MeetingSuspended, MeetingAdjourned, TalksClosed:
			return true
		}
	}
	return false
}

// Due is what time has brought about at an instant: acts for the secretariat
// to submit, in the order in which they are to be entered.
func (t *Talks) Due(at time.Time) (acts []Act) {
	if !t.Open() || t.Closed != nil {
		return nil
	}
	for _, l := range t.Lines {
		if !l.Over && !l.Until.Time.After(at) {
			acts = append(acts, LetHoldingLineLapse{Side: l.Side})
		}
	}
	if m := t.Meeting(); m != nil && !m.Suspended() && m.before == nil {
		if due, ok := m.Floor.Due(); ok && !due.After(at) {
			acts = append(acts, NoteTimeLimit{})
		}
	}
	if t.anchorsDue(at) {
		acts = append(acts, EnterAnchors{})
	}
	return acts
}
