package text

import (
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// Reserve enters a party's reserve on a clause, or on an option in it: the
// party does not agree yet and offers no words. That it awaits instructions
// stays with the party; what follows is to the letter what follows from a
// scrutiny reserve (rule 78). [Reserve.Private] is what the party's own room keeps.
type Reserve struct {
	Clause  ID
	Bracket ID     `form:"optional"`
	Option  string `form:"optional"`
	Kind    ReservationKind
	Until   string `form:"optional"` // as the party puts it: until the annex is settled
}

func (a Reserve) Decide(d *Draft, by Hand) ([]Change, error) {
	party, err := d.forParty(by, 78)
	if err != nil {
		return nil, err
	}
	c, err := d.open(a.Clause, 78)
	if err != nil {
		return nil, err
	}
	list := c.Reserves
	if a.Bracket != "" {
		if d.clauseOf(a.Bracket) != a.Clause {
			return nil, ruling.No(ruling.Absent, 78, "text-no-bracket", "Bracket", string(a.Bracket))
		}
		o, _, err := d.option(a.Bracket, a.Option, 78)
		if err != nil {
			return nil, err
		}
		list = o.Reserves
	}
	kind := a.Kind.Outward()
	switch {
	case !slices.Contains(a.Kind.Choices(), string(a.Kind)):
		return nil, ruling.No(ruling.Invalid, 78, "text-reserve-kind")
	case !isOneLine(strings.TrimSpace(a.Until)):
		return nil, ruling.No(ruling.Invalid, 78, "text-reserve-until")
	case slices.ContainsFunc(list, func(r Reservation) bool { return r.Party == string(party) && r.Kind == kind }):
		return nil, ruling.No(ruling.OutOfOrder, 78, "text-reserve-stands", "Clause", d.Text.Label(a.Clause))
	}
	return d.with(by, ReserveEntered{
		Reserve: id("r", d.Text.Given.Reserves+1), On: a.Clause, Label: d.Text.Label(a.Clause), Bracket: a.Bracket, Option: a.Option,
		By: by.Side, Kind: kind, Until: strings.TrimSpace(a.Until),
	})
}

// A Reason is what a party alone keeps of its reserve.
type Reason struct {
	Reserve ID
	Kind    ReservationKind
}

// Private returns what the party's own room keeps of the reserve that Decide
// enters: why it was made, if that is not for others. It is asked before the
// changes are applied.
func (a Reserve) Private(d *Draft) (Reason, bool) {
	if d.Text == nil || a.Kind == a.Kind.Outward() {
		return Reason{}, false
	}
	return Reason{id("r", d.Text.Given.Reserves+1), a.Kind}, true
}

// ReserveEntered says that a party has a reserve.
type ReserveEntered struct {
	Reserve ID
	On      ID // the clause
	Label   string
	Bracket ID
	Option  string
	By      string
	Kind    ReservationKind // as others know it
	Until   string          `words:"yes"`
}

func (e ReserveEntered) Apply(d *Draft) {
	if d.Text == nil {
		return
	}
	r := Reservation{ID: e.Reserve, Party: e.By, Kind: e.Kind.Outward(), Until: e.Until}
	n, _ := idNumber("r", e.Reserve)
	d.Text.Given.Reserves = max(d.Text.Given.Reserves, n)
	if e.Bracket == "" {
		d.edit(e.On, func(c *Clause) { c.Reserves = append(c.Reserves, r) })
		return
	}
	d.editOption(e.Bracket, e.Option, func(o *Option) { o.Reserves = append(o.Reserves, r) })
}
func (e ReserveEntered) Of(*Draft) ID { return e.On }
func (e ReserveEntered) Phrase() phrasebook.Phrase {
	p := phrasebook.Say("event.text-reserve-entered", "Side", phrasebook.Side(e.By), "Kind", phrasebook.Term("text-reserve."+string(e.Kind.Outward())), "Clause", e.Label)
	if e.Until != "" {
		p.Key += "-until"
		p.Args["Until"] = phrasebook.Words(e.Until)
	}
	return p
}

// LiftReserve takes a party's own reserve back (rule 78).
type LiftReserve struct {
	Reserve ID
}

func (a LiftReserve) Decide(d *Draft, by Hand) ([]Change, error) {
	if _, err := d.forParty(by, 78); err != nil {
		return nil, err
	}
	c, r := d.reservation(a.Reserve)
	switch {
	case r == nil:
		return nil, ruling.No(ruling.Absent, 78, "text-no-reserve", "Reserve", string(a.Reserve))
	case r.Party != by.Side:
		return nil, ruling.No(ruling.Denied, 78, "text-reserve-not-yours", "Side", phrasebook.Side(r.Party))
	}
	return d.with(by, ReserveLifted{a.Reserve, c.ID, d.Text.Label(c.ID), by.Side})
}

// reservation finds a reserve and its clause.
func (d *Draft) reservation(id ID) (*Clause, *Reservation) {
	for i := range d.Text.Clauses {
		c := &d.Text.Clauses[i]
		for r := range c.AllReserves {
			if r.ID == id {
				return c, r
			}
		}
	}
	return nil, nil
}

// AllReserves calls yield with the reserves on a clause and on options in it.
func (c *Clause) AllReserves(yield func(*Reservation) bool) {
	for i := range c.Reserves {
		if !yield(&c.Reserves[i]) {
			return
		}
	}
	for ch := range c.Body.Choices {
		for i := range ch.Options {
			for k := range ch.Options[i].Reserves {
				if !yield(&ch.Options[i].Reserves[k]) {
					return
				}
			}
		}
	}
}

// ReserveLifted says that a party no longer has a reserve.
type ReserveLifted struct {
	Reserve ID
	On      ID
	Label   string
	By      string
}

func (e ReserveLifted) Apply(d *Draft) {
	gone := func(list []Reservation) []Reservation {
		list = slices.DeleteFunc(list, func(r Reservation) bool { return r.ID == e.Reserve })
		if len(list) == 0 {
			return nil
		}
		return list
	}
	d.edit(e.On, func(c *Clause) {
		c.Reserves = gone(c.Reserves)
		for ch := range c.Body.Choices {
			for i := range ch.Options {
				ch.Options[i].Reserves = gone(ch.Options[i].Reserves)
			}
		}
	})
}
func (e ReserveLifted) Of(*Draft) ID { return e.On }
func (e ReserveLifted) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-reserve-lifted", "Side", phrasebook.Side(e.By), "Clause", e.Label)
}
