package talks

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Expect says that a person is expected at the table, or was spoken of as
// coming, and on whose word (rule 15).
type Expect struct {
	Name    string
	Offices string     `form:"optional"`
	Party   seat.Party `form:"optional"`
	Rank    Echelon    `json:"rank" form:"optional"`
	Source  string     `form:"optional"`
}

func (a Expect) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	switch {
	case strings.TrimSpace(a.Name) == "":
		return nil, ruling.No(ruling.Invalid, 15, "needs-name")
	case a.Party != "" && t.Party(a.Party) == nil:
		return nil, ruling.No(ruling.Absent, 15, "no-such-party", "Party", string(a.Party))
	case by.Party != "" && by.Party != a.Party:
		return nil, ruling.No(ruling.Denied, 15, "not-your-side")
	}
	return []Event{PersonExpected{Party: a.Party, Rank: a.Rank, Name: a.Name, Offices: a.Offices, Source: a.Source}}, nil
}

// PersonExpected says who is expected.
type PersonExpected struct {
	Party   seat.Party
	Rank    Echelon
	Name    string `words:"yes"`
	Offices string `words:"yes"`
	Source  string `words:"yes"`
}

// An Expected is a person who is expected, and may have stayed away.
type Expected struct {
	PersonExpected
	Number int64
	Absent bool
	Reason string
}

func (e PersonExpected) apply(t *Talks, on Entered) {
	t.Expected = append(t.Expected, Expected{PersonExpected: e, Number: on.Number})
}

// Phrase says who is expected.
func (e PersonExpected) Phrase() phrasebook.Phrase {
	key := withOffices("event.person-expected", e.Offices)
	return phrasebook.Say(key, "Name", phrasebook.Words(e.Name), "Offices", phrasebook.Words(e.Offices))
}

// Fact gives the source; an expectation has no time of its own.
func (e PersonExpected) Fact() (Moment, string) { return Moment{}, e.Source }

// NoteAbsence says that somebody who was expected does not attend, with the
// reason that was given, if one was (rule 15).
type NoteAbsence struct {
	Entry  int64  // of the expectation
	Reason string `form:"optional"`
	Source string `form:"optional"`
}

func (a NoteAbsence) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	x := t.expected(a.Entry)
	switch {
	case x == nil:
		return nil, ruling.No(ruling.Absent, 15, "nobody-expected", "Entry", int(a.Entry))
	case x.Absent:
		return nil, ruling.No(ruling.OutOfOrder, 15, "absence-noted")
	case by.Party != "" && by.Party != x.Party:
		return nil, ruling.No(ruling.Denied, 15, "not-your-side")
	}
	return []Event{AbsenceNoted{Entry: a.Entry, Name: x.Name, Reason: a.Reason, Source: a.Source}}, nil
}

func (t *Talks) expected(number int64) *Expected {
	for i := range t.Expected {
		if t.Expected[i].Number == number {
			return &t.Expected[i]
		}
	}
	return nil
}

// AbsenceNoted says who stayed away.
type AbsenceNoted struct {
	Entry  int64
	Name   string `words:"yes"`
	Reason string `words:"yes"`
	Source string `words:"yes"`
}

func (e AbsenceNoted) apply(t *Talks, _ Entered) {
	if x := t.expected(e.Entry); x != nil {
		x.Absent, x.Reason = true, e.Reason
	}
}

// Phrase says who stayed away.
func (e AbsenceNoted) Phrase() phrasebook.Phrase {
	if e.Reason == "" {
		return phrasebook.Say("event.absence-noted", "Name", phrasebook.Words(e.Name))
	}
	return phrasebook.Say("event.absence-noted-why", "Name", phrasebook.Words(e.Name), "Reason", phrasebook.Words(e.Reason))
}

// Fact gives the source.
func (e AbsenceNoted) Fact() (Moment, string) { return Moment{}, e.Source }

// An Echelon is the level at which people meet.
type Echelon string

// Choices lists the levels, from the lowest.
func (Echelon) Choices() []string { return []string{"technical", "ministerial", "leaders"} }
