package room

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// Object tells the mediator, in confidence, that a party objects to an
// observer's request, and on what grounds. Nobody else reads it; the mediator
// rules on the request at the table without saying who objected (rule 65).
type Object struct {
	Entry   int64  // number of the request in the joint record
	Grounds string `form:"long"`
}

// Room is the shuttle between the party and the mediation.
func (Object) Room(by seat.Seat) Key { return Key{Shuttle, string(by.Party)} }

func (a Object) decide(_ *Room, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	request := t.ObserverRequest(a.Entry)
	switch {
	case request == nil:
		return nil, ruling.No(ruling.Absent, 65, "no-such-request", "Entry", int(a.Entry))
	case request.Ruled:
		return nil, ruling.No(ruling.OutOfOrder, 65, "request-ruled")
	case strings.TrimSpace(a.Grounds) == "":
		return nil, ruling.No(ruling.Invalid, 65, "needs-grounds")
	}
	return []talks.Event{ObjectionRaised{Party: by.Party, Request: a.Entry, At: at, Grounds: a.Grounds}}, nil
}

// ObjectionRaised is a party's objection, in confidence.
type ObjectionRaised struct {
	Party   seat.Party
	Request int64
	At      talks.Moment
	Grounds string `words:"yes"`
}

func (e ObjectionRaised) apply(r *Room, _ talks.Entered) { r.Objections = append(r.Objections, e) }

// Phrase says it to the two of them.
func (e ObjectionRaised) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.objection-raised", "Party", phrasebook.Side(e.Party), "Entry", e.Request, "Grounds", phrasebook.Words(e.Grounds))
}
