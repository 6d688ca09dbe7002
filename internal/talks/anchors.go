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

// EnterAnchors puts commitments to the heads of all private records into the
// joint record, at fixed points, whether a room has moved or not (rule 44).
type EnterAnchors struct {
	Values [][]byte
}

func (a EnterAnchors) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	if len(a.Values) != Anchors {
		return nil, ruling.No(ruling.Invalid, 44, "anchors-count", "Count", len(a.Values), "Wanted", Anchors)
	}
	return []Event{AnchorsEntered{At: at.Time, Values: a.Values}}, nil
}

// AnchorsEntered holds the commitments. It is not shown to people.
type AnchorsEntered struct {
	At     time.Time
	Values [][]byte
}

func (e AnchorsEntered) apply(t *Talks, _ Entered) { t.LastAnchors = e.At }
func (e AnchorsEntered) Phrase() phrasebook.Phrase { return phrasebook.Phrase{} }

// WantsAnchors reports whether one of the events is a point at which anchors
// are made: a meeting opens, is suspended or closes, or the talks do.
func WantsAnchors(events []Event) bool {
	for _, e := range events {
		switch e.(type) {
		case MeetingOpened, MeetingSuspended, MeetingAdjourned, TalksClosed:
			return true
		}
	}
	return false
}

// Due is what time has brought about at an instant: acts for the secretariat
// to submit, in the order in which they fell due.
func (t *Talks) Due(at time.Time) (acts []Act, anchors bool) {
	if !t.Open() || t.Closed != nil {
		return nil, false
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
	last := t.LastAnchors
	if last.IsZero() {
		last = t.Convened.Time
	}
	return acts, at.Sub(last) >= 24*time.Hour
}
