package talks

import (
	"strings"
	"time"

	"parley/internal/floor"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// AskForFloor puts the person's side on the speakers' list (rule 20).
type AskForFloor struct{}

func (AskForFloor) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	return t.ask(by, at, false)
}

// AskForReply puts the person's side on the list to answer what was said of it.
// The list keeps the order of asking; a reply is marked as one (rule 24).
type AskForReply struct{}

func (AskForReply) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	m, err := t.inSession(24)
	if err != nil {
		return nil, err
	}
	if !m.heardOthers(by.Side()) {
		return nil, ruling.No(ruling.OutOfOrder, 24, "nothing-to-reply-to")
	}
	return t.ask(by, at, true)
}

func (t *Talks) ask(by seat.Seat, at Moment, reply bool) ([]Event, error) {
	rule := 20
	if reply {
		rule = 24
	}
	m, err := t.inSession(rule)
	switch {
	case err != nil:
		return nil, err
	case m.Unattributed:
		return nil, ruling.No(ruling.OutOfOrder, 40, "floor-by-voice")
	case m.Floor.Has(by.Side(), reply):
		return nil, ruling.No(ruling.OutOfOrder, rule, "on-the-list", "Side", phrasebook.Side(by.Side()))
	case m.Floor.Turn != nil && m.Floor.Turn.Side == by.Side():
		return nil, ruling.No(ruling.OutOfOrder, rule, "has-floor", "Side", phrasebook.Side(by.Side()))
	}
	return []Event{FloorAsked{Side: by.Side(), Seat: by.Key, At: at, Reply: reply}}, nil
}

// heardOthers reports whether anybody but this side has spoken in the meeting.
func (m *Meeting) heardOthers(side string) bool {
	for s := range m.Spoken {
		if s != side {
			return true
		}
	}
	return false
}

// FloorAsked says that a side wishes to speak, or to reply.
type FloorAsked struct {
	Side  string
	Seat  seat.Key
	At    Moment
	Reply bool
}

func (e FloorAsked) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.Floor.Ask(floor.Place{Side: e.Side, Seat: string(e.Seat), Asked: e.At.Time, Reply: e.Reply})
	}
}
func (e FloorAsked) Phrase() phrasebook.Phrase {
	if e.Reply {
		return phrasebook.Say("event.reply-asked", "Side", phrasebook.Side(e.Side))
	}
	return phrasebook.Say("event.floor-asked", "Side", phrasebook.Side(e.Side))
}

// GiveFloor calls a speaker: the next on the list, or the side that is named.
// To call somebody out of turn the chair says why (rule 21).
type GiveFloor struct {
	Side   string `form:"optional"`
	Reason string `form:"optional"`
}

func (a GiveFloor) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	m, err := t.inSession(21)
	if err != nil {
		return nil, err
	}
	next, waiting := m.Floor.Next()
	place := next
	if a.Side != "" {
		place, waiting = m.Floor.Of(a.Side)
	}
	switch {
	case m.Floor.Turn != nil:
		return nil, ruling.No(ruling.OutOfOrder, 21, "floor-taken", "Side", phrasebook.Side(m.Floor.Turn.Side))
	case !waiting:
		return nil, ruling.No(ruling.OutOfOrder, 21, "nobody-waits")
	case place != next && strings.TrimSpace(a.Reason) == "":
		return nil, ruling.No(ruling.OutOfOrder, 21, "out-of-turn", "Side", phrasebook.Side(next.Side))
	}
	e := FloorGiven{Side: place.Side, Seat: seat.Key(place.Seat), At: at, Reply: place.Reply}
	if place != next {
		e.Reason = a.Reason
	}
	return []Event{e}, nil
}

// FloorGiven says who speaks next.
type FloorGiven struct {
	Side   string
	Seat   seat.Key
	At     Moment
	Reply  bool
	Reason string `words:"yes"`
}

func (e FloorGiven) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.Floor.Give(floor.Turn{Side: e.Side, Seat: string(e.Seat), Since: e.At.Time, Reply: e.Reply})
	}
}
func (e FloorGiven) Phrase() phrasebook.Phrase {
	key := "event.floor-given"
	if e.Reply {
		key = "event.reply-given"
	}
	if e.Reason != "" {
		key += "-why"
	}
	return phrasebook.Say(key, "Side", phrasebook.Side(e.Side), "Reason", phrasebook.Words(e.Reason))
}

// YieldFloor gives the floor back without a statement (rule 22).
type YieldFloor struct{}

func (YieldFloor) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	m, err := t.inSession(22)
	if err != nil {
		return nil, err
	}
	if m.Floor.Turn == nil || m.Floor.Turn.Side != by.Side() {
		return nil, ruling.No(ruling.OutOfOrder, 22, "no-floor", "Side", phrasebook.Side(by.Side()))
	}
	return t.endTurn(at), nil
}

// endTurn ends the turn of whoever has the floor, if anybody has.
func (t *Talks) endTurn(at Moment) []Event {
	m := t.Meeting()
	if m == nil || m.Floor.Turn == nil {
		return nil
	}
	return []Event{FloorYielded{Side: m.Floor.Turn.Side, At: at}}
}

// FloorYielded says that a turn is over.
type FloorYielded struct {
	Side string
	At   Moment
}

func (e FloorYielded) apply(t *Talks, _ Entered) { t.vacate(e.Side, e.At.Time) }
func (e FloorYielded) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.floor-yielded", "Side", phrasebook.Side(e.Side))
}

// vacate ends the turn and counts its time for the side.
func (t *Talks) vacate(side string, at time.Time) {
	if m := t.Meeting(); m != nil {
		m.Spoken[side] += m.Floor.Yield(at)
	}
}

// SetTimeLimit bounds the turns to come, the present one too; nought lifts the
// bound (rule 25).
type SetTimeLimit struct {
	Minutes Minutes
}

// Minutes are whole minutes.
type Minutes int

func (a SetTimeLimit) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	if _, err := t.inSession(25); err != nil {
		return nil, err
	}
	if a.Minutes < 0 || a.Minutes > 24*60 {
		return nil, ruling.No(ruling.Invalid, 25, "bad-limit", "Given", int(a.Minutes))
	}
	return []Event{TimeLimitSet(a)}, nil
}

// TimeLimitSet says how long a turn may last.
type TimeLimitSet struct {
	Minutes Minutes
}

func (e TimeLimitSet) apply(t *Talks, _ Entered) {
	m := t.Meeting()
	if m == nil {
		return
	}
	m.Floor.Limit = time.Duration(e.Minutes) * time.Minute
	if turn := m.Floor.Turn; turn != nil {
		turn.Limit, turn.Over = m.Floor.Limit, false
	}
}
func (e TimeLimitSet) Phrase() phrasebook.Phrase {
	if e.Minutes == 0 {
		return phrasebook.Say("event.time-limit-lifted")
	}
	return phrasebook.Say("event.time-limit-set", "Limit", phrasebook.Minutes(time.Duration(e.Minutes)*time.Minute))
}

// NoteTimeLimit enters that the speaker's time is up. The floor stays theirs
// until the chair acts (rule 25).
type NoteTimeLimit struct{}

func (NoteTimeLimit) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	if m := t.Meeting(); m != nil {
		if due, ok := m.Floor.Due(); ok && !due.After(at.Time) {
			return []Event{TimeLimitReached{Side: m.Floor.Turn.Side, Due: At(due, at.Zone)}}, nil
		}
	}
	return nil, ruling.No(ruling.OutOfOrder, 25, "nothing-due")
}

// TimeLimitReached says that a turn has reached its limit, and when it did.
type TimeLimitReached struct {
	Side string
	Due  Moment
}

func (e TimeLimitReached) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil && m.Floor.Turn != nil {
		m.Floor.Turn.Over = true
	}
}
func (e TimeLimitReached) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.time-limit-reached", "Side", phrasebook.Side(e.Side))
}
