package room

import (
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// NoteDeadline puts a deadline, or pressure from outside, on the mediation's own
// register. The parties do not see it (rule 63).
type NoteDeadline struct {
	What     string    `form:"long"`
	Due      time.Time `form:"optional"`
	Source   string    `form:"optional"`
	Pressure bool      // from outside the talks
}

// Room is the mediation's.
func (NoteDeadline) Room(seat.Seat) Key { return Key{Kind: Mediation} }

func (a NoteDeadline) decide(_ *Room, _ *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	if strings.TrimSpace(a.What) == "" {
		return nil, ruling.No(ruling.Invalid, 63, "needs-words")
	}
	e := DeadlineNoted{Seat: by.Key, Pressure: a.Pressure, What: a.What, Source: a.Source}
	if !a.Due.IsZero() {
		due := at.Told(a.Due)
		e.Due = &due
	}
	return []talks.Event{e}, nil
}

// DeadlineNoted is a line of the register.
type DeadlineNoted struct {
	Seat     seat.Key
	Due      *talks.Moment // nil if it has no date
	Pressure bool
	What     string `words:"yes"`
	Source   string `words:"yes"`
}

// A Deadline is a line of the register as it stands.
type Deadline struct {
	DeadlineNoted
	Number int64
	Struck bool
}

func (e DeadlineNoted) apply(r *Room, on talks.Entered) {
	r.Deadlines = append(r.Deadlines, Deadline{DeadlineNoted: e, Number: on.Number})
}

// Phrase says it to the mediation.
func (e DeadlineNoted) Phrase() phrasebook.Phrase {
	key := "event.deadline-noted"
	if e.Pressure {
		key = "event.pressure-noted"
	}
	if e.Due == nil {
		return phrasebook.Say(key, "What", phrasebook.Words(e.What))
	}
	return phrasebook.Say(key+"-due", "What", phrasebook.Words(e.What), "Due", e.Due.Say())
}

// StrikeDeadline strikes a line that no longer holds (rule 63).
type StrikeDeadline struct {
	Entry int64
}

// Room is the mediation's.
func (StrikeDeadline) Room(seat.Seat) Key { return Key{Kind: Mediation} }

func (a StrikeDeadline) decide(r *Room, _ *Table, _ seat.Seat, _ talks.Moment) ([]talks.Event, error) {
	for _, d := range r.Deadlines {
		if d.Number == a.Entry && !d.Struck {
			return []talks.Event{DeadlineStruck(a)}, nil
		}
	}
	return nil, ruling.No(ruling.Absent, 63, "no-such-deadline", "Entry", int(a.Entry))
}

// DeadlineStruck says that a line no longer holds.
type DeadlineStruck struct {
	Entry int64
}

func (e DeadlineStruck) apply(r *Room, _ talks.Entered) {
	for i := range r.Deadlines {
		if r.Deadlines[i].Number == e.Entry {
			r.Deadlines[i].Struck = true
		}
	}
}

// Phrase says it to the mediation.
func (e DeadlineStruck) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.deadline-struck", "Entry", e.Entry)
}
