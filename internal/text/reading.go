package text

import (
	"iter"
	"math/big"
	"slices"
	"strings"

	"parley/internal/seat"
)

// A Reading is a text without brackets, as one side would have it.
type Reading struct {
	Text   *Text
	Silent []Silence // brackets of which the side has said nothing, in the order of reading
}

// A Silence is a bracket that a side did not speak to, and what was read.
type Silence struct {
	Clause  ID
	Bracket ID
	Option  string // letter
}

// Clean returns the clean reading of a side: in every bracket the option it
// proposed, else the first it supports; else, noted as silence, the mediator's
// if the side does not oppose it, else the first it does not oppose.
func (t *Text) Clean(side string) Reading {
	return t.read(func(c *Choice) (int, bool) { return choose(c, side) })
}

// ChairReading returns the reading of whoever mediates: in every bracket what
// the mediation or the chair proposed; else, noted as silence, the option that
// nobody opposes and most support; else the one that most support.
func (t *Text) ChairReading() Reading {
	return t.read(func(c *Choice) (int, bool) {
		for _, side := range []string{seat.Mediation, seat.ChairGroup} {
			if i := slices.IndexFunc(c.Options, func(o Option) bool { return o.Proposer == side }); i >= 0 {
				return i, true
			}
		}
		best := 0
		for i := range c.Options {
			if weight(&c.Options[i]) > weight(&c.Options[best]) {
				best = i
			}
		}
		return best, false
	})
}

// weight orders options by how little stands against them, then by how many
// are for them.
func weight(o *Option) int {
	n := len(o.Supporters)
	if o.Proposer != "" {
		n++
	}
	if len(o.Opponents) == 0 {
		n += 1 << 16
	}
	return n
}

// choose returns the option that a side would take, and whether it said so.
func choose(c *Choice, side string) (int, bool) {
	if i := slices.IndexFunc(c.Options, func(o Option) bool { return side != "" && o.Proposer == side }); i >= 0 {
		return i, true
	}
	if i := slices.IndexFunc(c.Options, func(o Option) bool { return o.Backs(side) }); i >= 0 {
		return i, true
	}
	first, mediator := -1, -1
	for i := range c.Options {
		o := &c.Options[i]
		if o.Opposes(side) {
			continue
		}
		if first < 0 {
			first = i
		}
		if mediator < 0 && (o.Proposer == seat.Mediation || o.Proposer == seat.ChairGroup) {
			mediator = i
		}
	}
	opposed := slices.ContainsFunc(c.Options, func(o Option) bool { return o.Opposes(side) })
	switch {
	case opposed && first >= 0 && len(c.Options) == 2:
		return first, true // against the one is for the other
	case mediator >= 0:
		return mediator, false
	}
	return max(first, 0), false
}

// read takes one option of every choice.
func (t *Text) read(take func(*Choice) (int, bool)) Reading {
	r := Reading{Text: &Text{Title: t.Title, Footnotes: t.Footnotes, Given: t.Given, Clauses: make([]Clause, len(t.Clauses))}}
	for i := range t.Clauses {
		c := t.Clauses[i]
		if hasChoice(c.Body) {
			c.Body = pick(c.Body, func(ch *Choice) int {
				k, said := take(ch)
				if !said {
					r.Silent = append(r.Silent, Silence{c.ID, ch.ID, ch.Options[k].Key})
				}
				return k
			})
		}
		r.Text.Clauses[i] = c
	}
	return r
}

func hasChoice(b Body) bool {
	return slices.ContainsFunc(b, func(p Piece) bool { return p.Choice != nil })
}

// pick returns a body with one option in place of every choice that is open.
// Of a choice that is agreed to differ both readings stay, each read in turn.
func pick(b Body, take func(*Choice) int) Body {
	var out Body
	for _, p := range b {
		switch {
		case p.Choice == nil:
			out = join(out, Body{p})
		case p.Choice.Form == Both:
			c := *p.Choice
			c.Options = slices.Clone(c.Options)
			for i := range c.Options {
				c.Options[i].Body = pick(c.Options[i].Body, take)
			}
			out = append(out, Piece{Choice: &c})
		default:
			out = join(out, pick(p.Choice.Options[take(p.Choice)].Body, take))
		}
	}
	return trim(out)
}

// join puts words together where a bracket was taken away, without leaving two
// spaces or a space before a stop.
func join(b, more Body) Body {
	b = slices.Clip(b)
	for _, p := range more {
		if !p.isWords() {
			b = append(b, p)
			continue
		}
		n := len(b)
		if n == 0 || !b[n-1].isWords() {
			b = append(b, p)
			continue
		}
		before, words := b[n-1].Words, p.Words
		if strings.HasSuffix(before, " ") && words != "" && strings.IndexByte(" ,.;:)", words[0]) >= 0 {
			before = before[:len(before)-1]
		}
		b[n-1] = Piece{Words: before + words}
	}
	return b
}

// Count returns how many clean readings a text has.
func (t *Text) Count() *big.Int {
	n := big.NewInt(1)
	for i := range t.Clauses {
		n.Mul(n, t.Clauses[i].Body.Count())
	}
	return n
}

// Count returns how many clean readings a body has.
func (b Body) Count() *big.Int {
	n := big.NewInt(1)
	for _, p := range b {
		if p.Choice == nil {
			continue
		}
		sum := new(big.Int)
		if p.Choice.Form == Both {
			sum.SetInt64(1)
		}
		for i := range p.Choice.Options {
			if k := p.Choice.Options[i].Body.Count(); p.Choice.Form == Both {
				sum.Mul(sum, k)
			} else {
				sum.Add(sum, k)
			}
		}
		n.Mul(n, sum)
	}
	return n
}

// A Selection says which option is taken in each bracket that is reached, by letter.
type Selection map[ID]string

// Readings yields every way to take one option of each open choice, none
// twice, the first options first. It goes on as long as it is asked; see
// [Text.Count]. A selection is the caller's to keep.
func (t *Text) Readings() iter.Seq[Selection] {
	bodies := make([]Body, len(t.Clauses))
	for i := range t.Clauses {
		bodies[i] = t.Clauses[i].Body
	}
	return readings(bodies)
}

// Readings yields every way to take one option of each open choice of a body.
func (b Body) Readings() iter.Seq[Selection] { return readings([]Body{b}) }

func readings(bodies []Body) iter.Seq[Selection] {
	return func(yield func(Selection) bool) {
		var todo []*Choice // a stack: what is to be chosen next is last
		for i := len(bodies) - 1; i >= 0; i-- {
			todo = push(todo, bodies[i])
		}
		e := enumeration{taken: Selection{}, yield: yield}
		e.from(todo)
	}
}

// push puts the choices of a body on the stack, its first on top.
func push(todo []*Choice, b Body) []*Choice {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i].Choice != nil {
			todo = append(todo, b[i].Choice)
		}
	}
	return todo
}

type enumeration struct {
	taken Selection
	yield func(Selection) bool
}

func (e *enumeration) from(todo []*Choice) bool {
	if len(todo) == 0 {
		out := make(Selection, len(e.taken))
		for k, v := range e.taken {
			out[k] = v
		}
		return e.yield(out)
	}
	c, rest := todo[len(todo)-1], slices.Clip(todo[:len(todo)-1])
	if c.Form == Both {
		for i := len(c.Options) - 1; i >= 0; i-- {
			rest = push(rest, c.Options[i].Body)
		}
		return e.from(rest)
	}
	for i := range c.Options {
		e.taken[c.ID] = c.Options[i].Key
		if !e.from(push(rest, c.Options[i].Body)) {
			return false
		}
	}
	delete(e.taken, c.ID)
	return true
}

// Read returns the text with the options of a selection; where it says
// nothing, with the first.
func (t *Text) Read(s Selection) *Text {
	return t.read(func(c *Choice) (int, bool) { return s.index(c), true }).Text
}

// Read returns the body with the options of a selection.
func (b Body) Read(s Selection) Body { return pick(b, s.index) }

func (s Selection) index(c *Choice) int {
	return max(0, slices.IndexFunc(c.Options, func(o Option) bool { return o.Key == s[c.ID] }))
}
