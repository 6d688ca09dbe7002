package text

import (
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// ProposeLift proposes how to settle a bracket: by one of its options, or by
// agreeing to differ, so that every side's reading stands. A party that
// proposes agrees by that; whoever mediates agrees to nothing. When every
// party has agreed, the bracket is gone (rule 82).
type ProposeLift struct {
	Bracket ID
	Option  string `form:"optional"`
	Both    bool   // let all readings stand
}

func (a ProposeLift) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.negotiable(by, 82); err != nil {
		return nil, err
	}
	if d.Standing == NonPaper {
		return nil, ruling.No(ruling.OutOfOrder, 71, "text-non-paper")
	}
	c, clause, err := d.bracket(a.Bracket, 82)
	if err != nil {
		return nil, err
	}
	o := c.Option(a.Option)
	switch {
	case d.lift(a.Bracket) != nil:
		return nil, ruling.No(ruling.OutOfOrder, 82, "text-lift-open", "Bracket", string(a.Bracket))
	case a.Both == (a.Option != ""):
		return nil, ruling.No(ruling.Invalid, 82, "text-lift-one")
	case !a.Both && o == nil:
		return nil, ruling.No(ruling.Absent, 82, "text-no-option", "Bracket", string(a.Bracket), "Option", a.Option)
	case a.Both && slices.ContainsFunc(c.Options, func(o Option) bool { return o.Proposer == "" || o.None }):
		return nil, ruling.No(ruling.OutOfOrder, 90, "text-differ-whose", "Bracket", string(a.Bracket))
	}
	e := LiftProposed{a.Bracket, d.Text.Label(clause.ID), a.Option, by.Side}
	if by.party() == "" {
		return d.with(by, e)
	}
	if err := d.agreesTo(by.party(), c, a.Option); err != nil {
		return nil, err
	}
	return d.settle(by, e, Lift{Bracket: a.Bracket, Option: a.Option})
}

// agreesTo refuses the agreement of a party that has a reserve on what would stand.
func (d *Draft) agreesTo(party seat.Party, c *Choice, key string) error {
	for i := range c.Options {
		if o := &c.Options[i]; key == "" || o.Key == key {
			if slices.ContainsFunc(o.Reserves, func(r Reservation) bool { return r.Party == string(party) }) {
				return ruling.No(ruling.OutOfOrder, 82, "text-own-reserve", "Clause", d.Text.Label(d.clauseOf(c.ID)))
			}
		}
	}
	return nil
}

// settle adds a party's agreement, and lifts the bracket if it was the last.
func (d *Draft) settle(by Hand, first Change, l Lift) ([]Change, error) {
	changes := []Change{first}
	for _, p := range by.Parties {
		if p != by.party() && !slices.Contains(l.Agreed, p) {
			return d.with(by, changes...)
		}
	}
	lifted := BracketLifted{Bracket: l.Bracket, Label: d.Text.Label(d.clauseOf(l.Bracket)), Option: l.Option}
	lifted.Words, _ = d.outcome(l.Bracket, l.Option)
	return d.with(by, append(changes, lifted)...)
}

// LiftProposed says how a side would settle a bracket.
type LiftProposed struct {
	Bracket ID
	Label   string
	Option  string // letter; empty if all readings are to stand
	By      string
}

func (e LiftProposed) Apply(d *Draft) {
	if d.Text == nil || d.lift(e.Bracket) != nil {
		return
	}
	words, ok := d.outcome(e.Bracket, e.Option)
	if !ok {
		return
	}
	l := Lift{Bracket: e.Bracket, Option: e.Option, By: e.By, words: words}
	if e.By != seat.Mediation && e.By != seat.ChairGroup {
		l.Agreed = []seat.Party{seat.Party(e.By)}
	}
	d.Lifts = append(d.Lifts, l)
}
func (e LiftProposed) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e LiftProposed) Phrase() phrasebook.Phrase {
	if e.Option == "" {
		return phrasebook.Say("event.text-differing-proposed", "Side", phrasebook.Side(e.By), "Clause", e.Label)
	}
	return phrasebook.Say("event.text-lift-proposed", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Option", e.Option)
}

// AgreeToLift agrees, for one's own party, to settle a bracket as proposed (rule 82).
type AgreeToLift struct {
	Bracket ID
}

func (a AgreeToLift) Decide(d *Draft, by Hand) ([]Change, error) {
	party, err := d.forParty(by, 82)
	if err != nil {
		return nil, err
	}
	l := d.lift(a.Bracket)
	switch {
	case l == nil:
		return nil, ruling.No(ruling.OutOfOrder, 82, "text-no-lift", "Bracket", string(a.Bracket))
	case slices.Contains(l.Agreed, party):
		return nil, ruling.No(ruling.OutOfOrder, 82, "text-lift-agreed", "Bracket", string(a.Bracket))
	}
	c, clause, err := d.bracket(a.Bracket, 82)
	if err != nil {
		return nil, err
	}
	if err := d.agreesTo(party, c, l.Option); err != nil {
		return nil, err
	}
	return d.settle(by, LiftAgreed{a.Bracket, d.Text.Label(clause.ID), by.Side}, *l)
}

// LiftAgreed says that a party agrees to how a bracket is to be settled.
type LiftAgreed struct {
	Bracket ID
	Label   string
	By      string
}

func (e LiftAgreed) Apply(d *Draft) {
	if l := d.lift(e.Bracket); l != nil && !slices.Contains(l.Agreed, seat.Party(e.By)) {
		l.Agreed = append(slices.Clip(l.Agreed), seat.Party(e.By))
	}
}
func (e LiftAgreed) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e LiftAgreed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-lift-agreed", "Side", phrasebook.Side(e.By), "Clause", e.Label)
}

// DeclineLift declines, for one's own party, what is proposed for a bracket,
// or takes back one's own proposal (rule 82).
type DeclineLift struct {
	Bracket ID
	Reason  string `form:"long optional"`
}

func (a DeclineLift) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.ready(by, 82); err != nil {
		return nil, err
	}
	l := d.lift(a.Bracket)
	switch {
	case l == nil:
		return nil, ruling.No(ruling.OutOfOrder, 82, "text-no-lift", "Bracket", string(a.Bracket))
	case by.party() == "" && l.By != by.Side:
		return nil, ruling.No(ruling.Denied, 82, "text-parties-only")
	}
	return d.with(by, LiftDeclined{a.Bracket, d.Text.Label(d.clauseOf(a.Bracket)), by.Side, strings.TrimSpace(a.Reason)})
}

// LiftDeclined says that a proposal for a bracket is off.
type LiftDeclined struct {
	Bracket ID
	Label   string
	By      string
	Reason  string `words:"yes"`
}

func (e LiftDeclined) Apply(d *Draft) { d.dropLift(e.Bracket) }
func (e LiftDeclined) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e LiftDeclined) Phrase() phrasebook.Phrase {
	p := phrasebook.Say("event.text-lift-declined", "Side", phrasebook.Side(e.By), "Clause", e.Label)
	if e.Reason != "" {
		p.Key += "-why"
		p.Args["Reason"] = phrasebook.Words(e.Reason)
	}
	return p
}

func (d *Draft) dropLift(bracket ID) {
	d.Lifts = slices.DeleteFunc(d.Lifts, func(l Lift) bool { return l.Bracket == bracket })
}

// LiftFell says that a proposal for a bracket is off, because what would have
// stood is no longer what was proposed.
type LiftFell struct {
	Bracket ID
	Label   string
}

func (e LiftFell) Apply(d *Draft) { d.dropLift(e.Bracket) }
func (e LiftFell) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e LiftFell) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-lift-fell", "Clause", e.Label, "Bracket", string(e.Bracket))
}

// BracketLifted says that every party has agreed, and what stands now.
type BracketLifted struct {
	Bracket ID
	Label   string
	Option  string // empty: all readings stand
	Words   string `words:"yes"`
}

func (e BracketLifted) Apply(d *Draft) {
	d.dropLift(e.Bracket)
	if d.Text == nil {
		return
	}
	c, _ := d.Text.Bracket(e.Bracket)
	if c == nil {
		return
	}
	if e.Option == "" {
		d.editBracket(e.Bracket, func(c *Choice) {
			for i := range c.Options {
				if c.Options[i].Proposer == "" {
					return // nobody's reading cannot stand
				}
			}
			c.Form = Both
		})
		d.edit(d.clauseOf(e.Bracket), func(c *Clause) { c.Body = tidy(c.Body, true) })
		return
	}
	if o := c.Option(e.Option); o != nil {
		d.replaceBracket(e.Bracket, o.Body.clone())
	}
}
func (e BracketLifted) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e BracketLifted) Phrase() phrasebook.Phrase {
	switch {
	case e.Option == "":
		return phrasebook.Say("event.text-differing-agreed", "Clause", e.Label)
	case e.Words == "":
		return phrasebook.Say("event.text-bracket-lifted-none", "Clause", e.Label)
	}
	return phrasebook.Say("event.text-bracket-lifted", "Clause", e.Label, "Words", phrasebook.Words(e.Words))
}
