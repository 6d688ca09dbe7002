package room

import (
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// LogContact keeps the mediation's private log of whom it spoke to, by what
// means, and what came of it (rule 64).
type LogContact struct {
	With    string
	Means   string    `form:"optional"` // telephone, in person, through whom
	Summary string    `form:"long"`
	When    time.Time `form:"optional"`
}

// Room is the mediation's.
func (LogContact) Room(seat.Seat) Key { return Key{Kind: Mediation} }

func (a LogContact) decide(_ *Room, _ *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	switch {
	case strings.TrimSpace(a.With) == "" || strings.TrimSpace(a.Summary) == "":
		return nil, ruling.No(ruling.Invalid, 64, "contact-needs")
	case a.When.After(at.Time):
		return nil, ruling.No(ruling.Invalid, 13, "in-the-future", "Time", at.Told(a.When).Say())
	}
	when := at
	if !a.When.IsZero() {
		when = at.Told(a.When)
		when.Late = true
	}
	return []talks.Event{ContactLogged{Seat: by.Key, At: when, With: a.With, Means: a.Means, Summary: a.Summary}}, nil
}

// ContactLogged is a line of the contact log.
type ContactLogged struct {
	Seat    seat.Key
	At      talks.Moment
	With    string `words:"yes"`
	Means   string `words:"yes"`
	Summary string `words:"yes"`
}

func (e ContactLogged) apply(r *Room, _ talks.Entered) { r.Contacts = append(r.Contacts, e) }

// Fact says when the contact was.
func (e ContactLogged) Fact() (talks.Moment, string) { return e.At, "" }

// Phrase says it to the mediation.
func (e ContactLogged) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.contact-logged", "With", phrasebook.Words(e.With), "Summary", phrasebook.Words(e.Summary))
}
