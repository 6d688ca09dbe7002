package talks

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// NameMediator hands the mediation to another person, who may be of the team
// already. Whoever led it until then stays in the team (rule 5).
type NameMediator struct {
	Person  seat.Person
	Name    string
	Offices string `form:"optional"`
}

func (a NameMediator) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	if s, ok := t.SeatOf(a.Person); ok {
		if s.Role != seat.Team {
			return nil, ruling.No(ruling.OutOfOrder, 5, "seated-elsewhere", "Role", phrasebook.Term("role."+string(s.Role)))
		}
		return []Event{MediatorNamed{Seat: s.Key, From: by.Key, Person: a.Person, Name: s.Name, Offices: s.Offices}}, nil
	}
	if err := named(a.Person, a.Name); err != nil {
		return nil, err
	}
	return []Event{MediatorNamed{Seat: t.nextKey(0), From: by.Key, Person: a.Person, Name: a.Name, Offices: a.Offices}}, nil
}

// named refuses a person without id or name.
func named(p seat.Person, name string) error {
	switch {
	case p == "":
		return ruling.No(ruling.Invalid, 6, "needs-person")
	case strings.TrimSpace(name) == "":
		return ruling.No(ruling.Invalid, 6, "needs-name")
	}
	return nil
}

// MediatorNamed says who leads the mediation from now on.
type MediatorNamed struct {
	Seat    seat.Key
	From    seat.Key
	Person  seat.Person
	Name    string `words:"yes"`
	Offices string `words:"yes"`
}

func (e MediatorNamed) apply(t *Talks, _ Entered) {
	found := false
	for i := range t.Seats {
		switch s := &t.Seats[i]; s.Key {
		case e.From:
			s.Role = seat.Team
		case e.Seat:
			s.Role, found = seat.Mediator, true
		}
	}
	if !found {
		t.newSeat(seat.Seat{Key: e.Seat, Person: e.Person, Role: seat.Mediator, Name: e.Name, Offices: e.Offices})
	}
}

func (e MediatorNamed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.mediator-named", "Name", phrasebook.Words(e.Name), "From", phrasebook.Seat(e.From))
}

// NameTeamMember takes a person into the mediation team. The parties are given
// notice by the record (rule 5).
type NameTeamMember struct {
	Person  seat.Person
	Name    string
	Offices string `form:"optional"`
}

func (a NameTeamMember) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	if err := t.free(a.Person, a.Name); err != nil {
		return nil, err
	}
	return []Event{TeamMemberNamed{Seat: t.nextKey(0), Person: a.Person, Name: a.Name, Offices: a.Offices}}, nil
}

// free refuses a person without name, or one who is seated already.
func (t *Talks) free(p seat.Person, name string) error {
	if err := named(p, name); err != nil {
		return err
	}
	if s, ok := t.SeatOf(p); ok {
		return ruling.No(ruling.OutOfOrder, 6, "seated-already", "Seat", phrasebook.Seat(s.Key))
	}
	return nil
}

// TeamMemberNamed says that a person is of the mediation team.
type TeamMemberNamed struct {
	Seat    seat.Key
	Person  seat.Person
	Name    string `words:"yes"`
	Offices string `words:"yes"`
}

func (e TeamMemberNamed) apply(t *Talks, _ Entered) {
	t.newSeat(seat.Seat{Key: e.Seat, Person: e.Person, Role: seat.Team, Name: e.Name, Offices: e.Offices})
}

func (e TeamMemberNamed) Phrase() phrasebook.Phrase {
	return phrasebook.Say(withOffices("event.team-member-named", e.Offices), "Name", phrasebook.Words(e.Name), "Offices", phrasebook.Words(e.Offices))
}

// withOffices picks the phrase that mentions offices where there are any.
func withOffices(key, offices string) string {
	if offices == "" {
		return key
	}
	return key + "-with-offices"
}

// NameChair gives the chair to somebody of the mediation, also in the middle of
// a meeting. It is always on the record (rule 5).
type NameChair struct {
	Seat seat.Key
}

func (a NameChair) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	s, ok := t.Seat(a.Seat)
	switch {
	case !ok:
		return nil, ruling.No(ruling.Absent, 5, "no-such-seat", "Given", string(a.Seat))
	case s.Role != seat.Mediator && s.Role != seat.Team:
		return nil, ruling.No(ruling.Invalid, 5, "chair-not-of-mediation", "Seat", phrasebook.Seat(s.Key))
	case s.Chair:
		return nil, ruling.No(ruling.OutOfOrder, 5, "in-the-chair", "Seat", phrasebook.Seat(s.Key))
	}
	return []Event{ChairNamed{Seat: a.Seat, From: t.ChairBy}}, nil
}

// ChairNamed says who holds the chair from now on.
type ChairNamed struct {
	Seat seat.Key
	From seat.Key // empty if nobody held it
}

func (e ChairNamed) apply(t *Talks, _ Entered) { t.ChairBy = e.Seat }
func (e ChairNamed) Phrase() phrasebook.Phrase {
	if e.From == "" {
		return phrasebook.Say("event.chair-named", "Seat", phrasebook.Seat(e.Seat))
	}
	return phrasebook.Say("event.chair-handed-over", "Seat", phrasebook.Seat(e.Seat), "From", phrasebook.Seat(e.From))
}

// NameHost says who receives the talks. The host sees nothing by virtue of
// hosting (rule 5).
type NameHost struct {
	Person  seat.Person
	Name    string
	Offices string `form:"optional"`
}

func (a NameHost) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	if err := t.free(a.Person, a.Name); err != nil {
		return nil, err
	}
	return []Event{HostNamed{Seat: t.nextKey(0), Person: a.Person, Name: a.Name, Offices: a.Offices}}, nil
}

// HostNamed says who receives the talks.
type HostNamed struct {
	Seat    seat.Key
	Person  seat.Person
	Name    string `words:"yes"`
	Offices string `words:"yes"`
}

func (e HostNamed) apply(t *Talks, _ Entered) {
	t.newSeat(seat.Seat{Key: e.Seat, Person: e.Person, Role: seat.Host, Name: e.Name, Offices: e.Offices})
}

func (e HostNamed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.host-named", "Name", phrasebook.Words(e.Name))
}
