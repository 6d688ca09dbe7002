package text

import (
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// Revise gives a clause other words. The pen-holder may, as long as nobody's
// option is touched: every bracket in which anyone but the pen-holder has a
// say stands in the new words with all its options, to the letter. They are
// typed as they read, without sides (rule 74).
type Revise struct {
	Clause ID
	Words  string `form:"long"`
}

func (a Revise) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.forPen(by, 74); err != nil {
		return nil, err
	}
	c, err := d.open(a.Clause, 74)
	if err != nil {
		return nil, err
	}
	label := d.Text.Label(a.Clause)
	body, err := d.words(by, a.Words, 74)
	if err != nil {
		return nil, err
	}
	if body.String() == c.Body.String() {
		return nil, ruling.No(ruling.Invalid, 74, "text-same-words", "Clause", label)
	}
	side := carry(c.Body, body, d.Pen)
	if side != nil {
		if *side == "" {
			return nil, ruling.No(ruling.Denied, 72, "text-deletes-option-of-nobody", "Clause", label)
		}
		return nil, ruling.No(ruling.Denied, 72, "text-deletes-option", "Clause", label, "Side", phrasebook.Side(*side))
	}
	return d.with(by, ClauseRevised{Clause: a.Clause, Label: label, By: by.Side, Body: tidy(body, true)})
}

// carry gives brackets of the new body that stand for brackets of the old
// their ids, letters and sides. It returns a side whose option would be lost,
// or nil; the empty side if the option is nobody's by name, which protects it
// no less.
func carry(old, body Body, pen string) *string {
	var taken []*Choice
	for _, p := range old {
		if p.Choice == nil {
			continue
		}
		if to := successor(p.Choice, body, taken, pen); to != nil {
			taken = append(taken, to)
			inherit(to, p.Choice, pen)
			continue
		}
		if side, ok := p.Choice.heldBy(pen); ok {
			return &side
		}
	}
	return nil
}

// successor finds the first bracket of a body that has every option of the
// old one in which others than the pen-holder have a say.
func successor(old *Choice, body Body, taken []*Choice, pen string) *Choice {
	for _, p := range body {
		if p.Choice == nil || slices.Contains(taken, p.Choice) || (p.Choice.Form == Both) != (old.Form == Both) {
			continue
		}
		all := true
		for i := range old.Options {
			o := &old.Options[i]
			_, held := o.heldBy(pen)
			if held && p.Choice.like(o) == nil {
				all = false
			}
		}
		if all && slices.ContainsFunc(old.Options, func(o Option) bool { return p.Choice.like(&o) != nil }) {
			return p.Choice
		}
	}
	return nil
}

// like returns the option that says the same, or nil.
func (c *Choice) like(o *Option) *Option {
	for i := range c.Options {
		if c.Options[i].None == o.None && c.Options[i].Body.same(o.Body) {
			return &c.Options[i]
		}
	}
	return nil
}

// heldBy returns whose option it is, other than the pen-holder, and whether
// there is anybody. An option that is nobody's by name is held too, unless it
// is the bare no text of words in brackets.
func (o *Option) heldBy(pen string) (string, bool) {
	for _, s := range append([]string{o.Proposer}, o.Supporters...) {
		if s != "" && s != pen {
			return s, true
		}
	}
	for c := range o.Body.Choices {
		if s, ok := c.heldBy(pen); ok {
			return s, true
		}
	}
	if len(o.Opponents) > 0 {
		return o.Opponents[0], true
	}
	if len(o.Reserves) > 0 {
		return o.Reserves[0].Party, true
	}
	return "", o.Proposer == "" && !o.None
}

func (c *Choice) heldBy(pen string) (string, bool) {
	for i := range c.Options {
		if s, ok := c.Options[i].heldBy(pen); ok {
			return s, true
		}
	}
	return "", false
}

// inherit carries id, letters and sides over to the bracket that stands for
// the old one. Options that are new are the pen-holder's.
func inherit(to, old *Choice, pen string) {
	to.ID, to.Given = old.ID, old.Given
	for i := range to.Options {
		o := &to.Options[i]
		was := old.like(o)
		if was == nil {
			o.Key, o.Proposer = letter(to.Given), pen
			to.Given++
			continue
		}
		o.Key, o.Proposer = was.Key, was.Proposer
		o.Supporters, o.Opponents, o.Reserves = slices.Clone(was.Supporters), slices.Clone(was.Opponents), slices.Clone(was.Reserves)
		for k := range o.Body {
			if o.Body[k].Choice != nil {
				inherit(o.Body[k].Choice, was.Body[k].Choice, pen)
			}
		}
	}
	tidyForm(to)
}

// ClauseRevised says that a clause has other words.
type ClauseRevised struct {
	Clause ID
	Label  string
	By     string
	Body   Body `words:"yes"`
}

func (e ClauseRevised) Apply(d *Draft) {
	d.edit(e.Clause, func(c *Clause) { c.Body = tidy(present(e.Body.clone()), true) })
	if d.Text != nil {
		d.Text.take(e.Body)
	}
}
func (e ClauseRevised) Of(*Draft) ID { return e.Clause }
func (e ClauseRevised) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-clause-revised", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Words", phrasebook.Words(e.Body.String()))
}

// AddClause puts a clause behind another, or at the front. The pen-holder's
// stands as words; anybody else's stands in brackets under its name, and may
// be left out (rule 73).
type AddClause struct {
	After  ID `form:"optional"` // empty: at the front
	Kind   Kind
	Number string `form:"optional"` // as displayed: 3 bis
	Words  string `form:"long optional"`
}

func (a AddClause) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.negotiable(by, 73); err != nil {
		return nil, err
	}
	at := d.Text.index(a.After)
	switch {
	case at < 0 && a.After != "":
		return nil, ruling.No(ruling.Absent, 73, "text-no-clause", "Clause", string(a.After))
	case a.Kind.Depth() == 0 || !validNumber(a.Kind, a.Number):
		return nil, ruling.No(ruling.Invalid, 73, "text-number", "Number", a.Number)
	}
	var body Body
	if strings.TrimSpace(a.Words) != "" || by.Side != d.Pen || !a.Kind.IsHeading() {
		var err error
		if body, err = d.words(by, a.Words, 73); err != nil {
			return nil, err
		}
	}
	e := ClauseAdded{Clause: id("c", d.Text.Given.Clauses+1), After: a.After, Kind: a.Kind, Number: a.Number, By: by.Side, Body: body}
	if by.Side != d.Pen {
		given := d.Text.Given.Brackets
		for c := range body.Choices {
			n, _ := idNumber("b", c.ID)
			given = max(given, n)
		}
		e.Body = Body{{Choice: &Choice{ID: id("b", given+1), Form: Optional, Given: 2, Options: []Option{{Key: "a", Body: body, Proposer: by.Side}, {Key: "b", None: true}}}}}
	}
	after := d.copy()
	e.Apply(after)
	if after.Text.twice(after.Text.index(e.Clause)) {
		return nil, ruling.No(ruling.OutOfOrder, 73, "text-number-taken", "Number", a.Number)
	}
	e.Label = after.Text.Label(e.Clause)
	return d.with(by, e)
}

// twice reports whether a clause beside the i-th, under the same one, has its
// kind and number.
func (t *Text) twice(i int) bool {
	c, under := &t.Clauses[i], t.Parent(i)
	if c.Number == "" {
		return false
	}
	for k := under + 1; k < len(t.Clauses); k++ {
		other := &t.Clauses[k]
		if under >= 0 && other.Kind.Depth() <= t.Clauses[under].Kind.Depth() {
			return false
		}
		if k != i && other.Kind == c.Kind && other.Number == c.Number && t.Parent(k) == under {
			return true
		}
	}
	return false
}

// ClauseAdded says that there is another clause.
type ClauseAdded struct {
	Clause ID
	After  ID
	Label  string
	Kind   Kind
	Number string
	By     string
	Body   Body `words:"yes"`
}

func (e ClauseAdded) Apply(d *Draft) {
	if d.Text == nil || d.Text.index(e.Clause) >= 0 {
		return
	}
	c := Clause{ID: e.Clause, Kind: e.Kind, Number: e.Number, Body: tidy(e.Body.clone(), true)}
	if !c.Kind.IsHeading() {
		c.Body = tidy(present(c.Body), true)
	}
	d.Text.Clauses = slices.Insert(d.Text.Clauses, d.Text.index(e.After)+1, c)
	n, _ := idNumber("c", e.Clause)
	d.Text.Given.Clauses = max(d.Text.Given.Clauses, n)
	d.Text.take(e.Body)
}
func (e ClauseAdded) Of(*Draft) ID { return e.Clause }
func (e ClauseAdded) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-clause-added", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Words", phrasebook.Words(e.Body.String()))
}

// StrikeClause takes a clause out that nobody has yet spoken to. The
// pen-holder may; later, words are put in brackets and lifted to no text, by
// agreement (rule 73).
type StrikeClause struct {
	Clause ID
}

func (a StrikeClause) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.forPen(by, 73); err != nil {
		return nil, err
	}
	c, err := d.open(a.Clause, 73)
	if err != nil {
		return nil, err
	}
	label := d.Text.Label(a.Clause)
	for ch := range c.Body.Choices {
		if side, held := ch.heldBy(d.Pen); held && side != "" {
			return nil, ruling.No(ruling.Denied, 72, "text-deletes-option", "Clause", label, "Side", phrasebook.Side(side))
		} else if held {
			return nil, ruling.No(ruling.Denied, 72, "text-deletes-option-of-nobody", "Clause", label)
		}
	}
	i := d.Text.index(a.Clause)
	switch {
	case c.Status != Tabled && len(c.Body) > 0, len(c.Reserves) > 0, len(c.Assents) > 0:
		return nil, ruling.No(ruling.OutOfOrder, 73, "text-spoken-to", "Clause", label)
	case i+1 < len(d.Text.Clauses) && d.Text.Clauses[i+1].Kind.Depth() > c.Kind.Depth():
		return nil, ruling.No(ruling.OutOfOrder, 73, "text-clauses-below", "Clause", label)
	}
	return d.with(by, ClauseStruck{a.Clause, label, by.Side})
}

// ClauseStruck says that a clause is out.
type ClauseStruck struct {
	Clause ID
	Label  string
	By     string
}

func (e ClauseStruck) Apply(d *Draft) {
	if d.Text != nil {
		d.Text.Clauses = slices.DeleteFunc(d.Text.Clauses, func(c Clause) bool { return c.ID == e.Clause })
	}
}

func (e ClauseStruck) Of(*Draft) ID { return "" }
func (e ClauseStruck) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-clause-struck", "Side", phrasebook.Side(e.By), "Clause", e.Label)
}
