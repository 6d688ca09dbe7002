package text

import (
	"slices"

	"parley/internal/seat"
)

// A Row of the comparison table is a clause, or one bracket in it: what each
// side would have there.
type Row struct {
	Clause     ID
	Label      string
	Bracket    ID     // empty for the clause as a whole
	Words      string // as they stand, brackets and all
	Cells      []Cell // of the parties, in the order asked for
	Mediator   Cell
	Compromise Cell
	Light      Light
	Brackets   []Row // one for each outer bracket, if the clause has several
}

// A Cell is what one column says of a row.
type Cell struct {
	Side   string // empty for the compromise
	Words  string
	Silent bool // the side has said nothing; the words are what would be read
}

// A Light says how far apart a row is.
type Light string

const (
	LightAgreed Light = "agreed" // the same words, or agreed
	LightNear   Light = "near"   // a compromise is on paper
	LightApart  Light = "apart"  // none is
)

// Compare returns the comparison table of a draft: a row for each clause that
// is not a heading, a column for each party. A compromise is what is proposed
// for a bracket, else an option that every party backs, else the mediator's if
// no party opposes it. Where one bracket has none, the clause has none.
func Compare(d *Draft, parties []seat.Party) []Row {
	if d.Text == nil {
		return nil
	}
	var rows []Row
	labels := d.Text.Labels()
	for i := range d.Text.Clauses {
		c := &d.Text.Clauses[i]
		if c.Kind.IsHeading() && !c.Body.Open() {
			continue
		}
		r := d.row(c.Body, parties)
		r.Clause, r.Label = c.ID, labels[i]
		if c.Status >= AgreedAdReferendum {
			r.Light = LightAgreed
		}
		if outer := openPieces(c.Body); len(outer) > 1 {
			for _, p := range outer {
				sub := d.row(Body{p}, parties)
				sub.Clause, sub.Label, sub.Bracket = c.ID, labels[i], p.Choice.ID
				r.Brackets = append(r.Brackets, sub)
			}
		} else if len(outer) == 1 {
			r.Bracket = outer[0].Choice.ID
		}
		rows = append(rows, r)
	}
	return rows
}

func openPieces(b Body) Body {
	var out Body
	for _, p := range b {
		if p.Choice != nil && p.Choice.Form != Both {
			out = append(out, p)
		}
	}
	return out
}

func (d *Draft) row(b Body, parties []seat.Party) Row {
	r := Row{Words: b.String(), Light: LightAgreed}
	for _, p := range parties {
		r.Cells = append(r.Cells, cell(b, string(p), func(c *Choice) (int, bool) { return choose(c, string(p)) }))
	}
	if !b.Open() {
		r.Mediator = Cell{Side: seat.Mediation, Words: r.Words}
		r.Compromise = Cell{Words: r.Words}
		return r
	}
	r.Mediator = cell(b, seat.Mediation, func(c *Choice) (int, bool) {
		i := slices.IndexFunc(c.Options, mediators)
		return max(i, 0), i >= 0
	})
	r.Compromise = cell(b, "", func(c *Choice) (int, bool) {
		i := d.compromise(c, parties)
		return max(i, 0), i >= 0
	})
	if r.Mediator.Silent {
		r.Mediator.Words = ""
	}
	if r.Compromise.Silent {
		r.Compromise.Words = ""
		r.Light = LightApart
	} else {
		r.Light = LightNear
	}
	if len(parties) > 0 && !slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Silent || c.Words != r.Cells[0].Words }) {
		r.Light = LightAgreed
	}
	return r
}

func mediators(o Option) bool { return o.Proposer == seat.Mediation || o.Proposer == seat.ChairGroup }

// cell reads a body as a side would; it is silent if on any bracket that is
// reached the side has said nothing.
func cell(b Body, side string, take func(*Choice) (int, bool)) Cell {
	c := Cell{Side: side}
	c.Words = pick(b, func(ch *Choice) int {
		i, said := take(ch)
		c.Silent = c.Silent || !said
		return i
	}).String()
	return c
}

// compromise returns the option on which a bracket may be settled, or -1.
func (d *Draft) compromise(c *Choice, parties []seat.Party) int {
	if l := d.lift(c.ID); l != nil && l.Option != "" {
		return slices.IndexFunc(c.Options, func(o Option) bool { return o.Key == l.Option })
	}
	if i := slices.IndexFunc(c.Options, func(o Option) bool {
		return len(parties) > 0 && !slices.ContainsFunc(parties, func(p seat.Party) bool { return !o.Backs(string(p)) })
	}); i >= 0 {
		return i
	}
	return slices.IndexFunc(c.Options, func(o Option) bool {
		return mediators(o) && !slices.ContainsFunc(parties, func(p seat.Party) bool { return o.Opposes(string(p)) })
	})
}

// A Member is an item of a list, or words in brackets within a clause, that
// some want in and some do not.
type Member struct {
	Clause    ID
	Bracket   ID // empty if nobody contests it
	Words     string
	Proposer  string
	Opponents []string
}

// Members returns the items of the list under a clause, or those of the text
// if the id is empty, with who objects to which.
func (t *Text) Members(under ID) []Member {
	var out []Member
	from, depth := 0, 0
	if under != "" {
		i := t.index(under)
		if i < 0 {
			return nil
		}
		from, depth = i+1, t.Clauses[i].Kind.Depth()
	}
	for i := from; i < len(t.Clauses) && t.Clauses[i].Kind.Depth() > depth; i++ {
		c := &t.Clauses[i]
		if c.Kind != Item {
			continue
		}
		m := Member{Clause: c.ID, Words: c.Body.String()}
		if len(c.Body) == 1 && c.Body[0].Choice != nil {
			ch := c.Body[0].Choice
			o := &ch.Options[0]
			m.Bracket, m.Words, m.Proposer = ch.ID, o.Body.String(), o.Proposer
			m.Opponents = slices.Clone(o.Opponents)
			if n := ch.none(); n != nil {
				m.Opponents = appendNew(m.Opponents, n.backers()...)
			}
		}
		out = append(out, m)
	}
	return out
}

func (o *Option) backers() []string {
	if o.Proposer == "" {
		return o.Supporters
	}
	return append([]string{o.Proposer}, o.Supporters...)
}
