package talks

import (
	"maps"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// AdmitParty brings a party into the talks. Its key never changes; its name is
// the one it uses for itself (rule 3).
type AdmitParty struct {
	Party seat.Party
	Name  string
}

func (a AdmitParty) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	switch {
	case !a.Party.Valid():
		return nil, ruling.No(ruling.Invalid, 3, "party-key", "Given", string(a.Party))
	case strings.TrimSpace(a.Name) == "":
		return nil, ruling.No(ruling.Invalid, 3, "party-needs-name")
	case t.Party(a.Party) != nil:
		return nil, ruling.No(ruling.OutOfOrder, 3, "party-admitted", "Party", phrasebook.Side(a.Party))
	case len(t.Parties) == maxParties:
		return nil, ruling.No(ruling.OutOfOrder, 3, "too-many-parties", "Limit", maxParties)
	}
	return []Event{PartyAdmitted(a)}, nil
}

// maxParties is as many as the bargaining engine can weigh, twice over.
const maxParties = 16

// PartyAdmitted says that a party takes part.
type PartyAdmitted struct {
	Party seat.Party
	Name  string `words:"yes"`
}

func (e PartyAdmitted) apply(t *Talks, _ Entered) {
	t.Parties = append(t.Parties, Party{Key: e.Party, Name: e.Name, Mark: len(t.Parties)})
	t.order()
}

func (e PartyAdmitted) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.party-admitted", "Party", phrasebook.Side(e.Party))
}

// NameParty says what the head's own side calls another party. Its own pages
// use that name; the record keeps both (rule 3).
type NameParty struct {
	Party seat.Party
	Name  string
}

func (a NameParty) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	switch {
	case t.Party(a.Party) == nil:
		return nil, ruling.No(ruling.Absent, 3, "no-such-party", "Party", string(a.Party))
	case strings.TrimSpace(a.Name) == "":
		return nil, ruling.No(ruling.Invalid, 3, "party-needs-name")
	}
	return []Event{PartyNamed{Party: a.Party, By: by.Party, Name: a.Name}}, nil
}

// PartyNamed says what one side calls another.
type PartyNamed struct {
	Party seat.Party
	By    seat.Party
	Name  string `words:"yes"`
}

func (e PartyNamed) apply(t *Talks, _ Entered) {
	p := t.Party(e.Party)
	if p == nil {
		return
	}
	if e.By == e.Party {
		p.Name = e.Name
		t.order()
		return
	}
	p.Names = maps.Clone(p.Names)
	if p.Names == nil {
		p.Names = map[seat.Party]string{}
	}
	p.Names[e.By] = e.Name
}

func (e PartyNamed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.party-named", "Party", phrasebook.Side(e.Party), "By", phrasebook.Side(e.By), "Name", phrasebook.Words(e.Name))
}
