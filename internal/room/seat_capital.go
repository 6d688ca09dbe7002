package room

import (
	"slices"
	"strconv"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// SeatCapital lets a principal at home read what the delegation reads. It is
// the head's to do, and the other sides never learn of it (rule 61).
type SeatCapital struct {
	Person  seat.Person
	Name    string
	Offices string `form:"optional"`
}

// Room is that of the head's own delegation.
func (SeatCapital) Room(by seat.Seat) Key { return Key{Delegation, string(by.Party)} }

func (a SeatCapital) decide(r *Room, t *Table, by seat.Seat, _ talks.Moment) ([]talks.Event, error) {
	_, seated := t.SeatOf(a.Person)
	switch {
	case a.Person == "":
		return nil, ruling.No(ruling.Invalid, 61, "needs-person")
	case strings.TrimSpace(a.Name) == "":
		return nil, ruling.No(ruling.Invalid, 61, "needs-name")
	case seated || slices.ContainsFunc(r.Capital, func(s seat.Seat) bool { return s.Person == a.Person }):
		return nil, ruling.No(ruling.OutOfOrder, 61, "capital-seated")
	}
	key := seat.Key("capital-" + string(by.Party) + "-" + strconv.Itoa(len(r.Capital)+1))
	return []talks.Event{CapitalSeated{Seat: key, Party: by.Party, Person: a.Person, Name: a.Name, Offices: a.Offices}}, nil
}

// CapitalSeated says that a principal reads along.
type CapitalSeated struct {
	Seat    seat.Key
	Party   seat.Party
	Person  seat.Person
	Name    string `words:"yes"`
	Offices string `words:"yes"`
}

func (e CapitalSeated) apply(r *Room, _ talks.Entered) {
	r.Capital = append(r.Capital, seat.Seat{Key: e.Seat, Person: e.Person, Party: e.Party, Role: seat.Capital, Name: e.Name, Offices: e.Offices})
}

// Phrase says it to the delegation.
func (e CapitalSeated) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.capital-seated", "Name", phrasebook.Words(e.Name), "Party", phrasebook.Side(e.Party))
}
