package talks

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// RequestObserver enters that somebody asks to attend as observer or guarantor.
// The mediation enters it for whoever asks. A party that objects says so to the
// mediator in confidence (rule 19, and 65).
type RequestObserver struct {
	Name string // who asks
	As   Standing
	For  string `form:"optional"` // which meetings
}

func (a RequestObserver) decide(_ *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	if strings.TrimSpace(a.Name) == "" || a.As == "" {
		return nil, ruling.No(ruling.Invalid, 19, "request-needs")
	}
	return []Event{ObserverRequested(a)}, nil
}

// ObserverRequested is a request to attend.
type ObserverRequested struct {
	Name string   `words:"yes"`
	As   Standing // observer or guarantor
	For  string   `words:"yes"`
}

// A Request is a request to attend, and how it was ruled on.
type Request struct {
	ObserverRequested
	Number   int64
	Ruled    bool
	Admitted bool
	Reason   string
}

func (e ObserverRequested) apply(t *Talks, on Entered) {
	t.Requests = append(t.Requests, Request{ObserverRequested: e, Number: on.Number})
}

// Phrase says who asks.
func (e ObserverRequested) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.observer-requested", "Name", phrasebook.Words(e.Name), "As", phrasebook.Term("role."+string(e.As)))
}

// ObserverRequest returns the request of that entry, or nil.
func (t *Talks) ObserverRequest(number int64) *Request {
	for i := range t.Requests {
		if t.Requests[i].Number == number {
			return &t.Requests[i]
		}
	}
	return nil
}

// RuleOnRequest is the mediator's ruling on a request. It says whether, and as
// much of the reason as the mediator will say at the table (rule 19).
type RuleOnRequest struct {
	Entry    int64
	Admitted bool
	Reason   string `form:"optional"`
}

func (a RuleOnRequest) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	r := t.ObserverRequest(a.Entry)
	switch {
	case r == nil:
		return nil, ruling.No(ruling.Absent, 19, "no-such-request", "Entry", int(a.Entry))
	case r.Ruled:
		return nil, ruling.No(ruling.OutOfOrder, 19, "request-ruled")
	}
	return []Event{RequestRuledOn{Entry: a.Entry, Admitted: a.Admitted, Name: r.Name, Reason: a.Reason}}, nil
}

// RequestRuledOn says how a request was ruled on.
type RequestRuledOn struct {
	Entry    int64
	Admitted bool
	Name     string `words:"yes"`
	Reason   string `words:"yes"`
}

func (e RequestRuledOn) apply(t *Talks, _ Entered) {
	if r := t.ObserverRequest(e.Entry); r != nil {
		r.Ruled, r.Admitted, r.Reason = true, e.Admitted, e.Reason
	}
}

// Phrase says how it was ruled on.
func (e RequestRuledOn) Phrase() phrasebook.Phrase {
	key := "event.request-refused"
	if e.Admitted {
		key = "event.request-granted"
	}
	if e.Reason != "" {
		key += "-why"
	}
	return phrasebook.Say(key, "Name", phrasebook.Words(e.Name), "Reason", phrasebook.Words(e.Reason))
}
