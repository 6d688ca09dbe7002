package text

import (
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// OfferOption puts words of one's own, or no text, beside those in a bracket.
// Every party, and whoever mediates, may; words that stand there already are
// refused, for they can be supported (rule 76).
type OfferOption struct {
	Bracket ID
	Words   string `form:"long optional"`
	None    bool   // offer to have no text
}

func (a OfferOption) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.negotiable(by, 76); err != nil {
		return nil, err
	}
	c, clause, err := d.bracket(a.Bracket, 76)
	if err != nil {
		return nil, err
	}
	var body Body
	if a.None && strings.TrimSpace(a.Words) != "" {
		return nil, ruling.No(ruling.Invalid, 76, "text-words-or-none")
	}
	if !a.None {
		if body, err = d.words(by, a.Words, 76); err != nil {
			return nil, err
		}
	}
	for i := range c.Options {
		if o := &c.Options[i]; o.None == a.None && o.Body.same(body) {
			return nil, ruling.No(ruling.OutOfOrder, 76, "text-option-stands", "Bracket", string(a.Bracket), "Option", o.Key)
		}
	}
	return d.with(by, OptionOffered{Bracket: a.Bracket, Label: d.Text.Label(clause.ID), Option: letter(c.Given), By: by.Side, None: a.None, Body: body})
}

// same reports whether two bodies say the same, whoever wants what and in
// whatever form the brackets are written.
func (b Body) same(other Body) bool {
	if len(b) != len(other) {
		return false
	}
	for i := range b {
		p, q := b[i], other[i]
		if p.Words != q.Words || p.Footnote != q.Footnote || (p.Choice == nil) != (q.Choice == nil) {
			return false
		}
		if p.Choice != nil && !p.Choice.same(q.Choice) {
			return false
		}
	}
	return true
}

func (c *Choice) same(other *Choice) bool {
	if (c.Form == Both) != (other.Form == Both) || len(c.Options) != len(other.Options) {
		return false
	}
	for i := range c.Options {
		if c.Options[i].None != other.Options[i].None || !c.Options[i].Body.same(other.Options[i].Body) {
			return false
		}
	}
	return true
}

// OptionOffered says that there is another option in a bracket.
type OptionOffered struct {
	Bracket ID
	Label   string // what the clause was called then
	Option  string
	By      string
	None    bool
	Body    Body `words:"yes"`
}

func (e OptionOffered) Apply(d *Draft) {
	body := e.Body.clone()
	if !e.None {
		body = present(body)
	}
	d.editBracket(e.Bracket, func(c *Choice) {
		c.Given = max(c.Given+1, 0)
		if c.Form == Optional {
			c.Form = Adjacent
		}
		o := Option{Key: e.Option, None: e.None, Body: body, Proposer: e.By, Gap: c.Form == Slash}
		at := len(c.Options)
		if n := len(c.Options); n > 0 && c.Options[n-1].None {
			at = n - 1 // no text stands last
		}
		c.Options = slices.Insert(c.Options, at, o)
	})
	if d.Text != nil {
		d.Text.take(body)
	}
}

// present stands in for words that have been destroyed.
func present(b Body) Body {
	if len(b) == 0 {
		return Body{{Words: "…"}}
	}
	return b
}

func (e OptionOffered) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e OptionOffered) Phrase() phrasebook.Phrase {
	if e.None {
		return phrasebook.Say("event.text-no-text-offered", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Option", e.Option)
	}
	return phrasebook.Say("event.text-option-offered", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Option", e.Option, "Words", phrasebook.Words(e.Body.String()))
}

// SupportOption stands a party behind an option. Whoever mediates supports
// nothing (rule 77).
type SupportOption struct {
	Bracket ID
	Option  string
}

func (a SupportOption) Decide(d *Draft, by Hand) ([]Change, error) {
	o, err := d.stance(by, a.Bracket, a.Option)
	if err != nil {
		return nil, err
	}
	if o.Backs(by.Side) {
		return nil, ruling.No(ruling.OutOfOrder, 77, "text-stance-stands", "Option", a.Option)
	}
	return d.with(by, OptionSupported{a.Bracket, d.Text.Label(d.clauseOf(a.Bracket)), a.Option, by.Side})
}

// stance finds the option that a party would speak to.
func (d *Draft) stance(by Hand, bracket ID, key string) (*Option, error) {
	if _, err := d.forParty(by, 77); err != nil {
		return nil, err
	}
	o, _, err := d.option(bracket, key, 77)
	return o, err
}

// OptionSupported says that a party is for an option.
type OptionSupported struct {
	Bracket ID
	Label   string
	Option  string
	By      string
}

func (e OptionSupported) Apply(d *Draft) {
	d.editOption(e.Bracket, e.Option, func(o *Option) {
		o.Opponents = without(o.Opponents, e.By)
		if !o.Backs(e.By) {
			o.Supporters = append(o.Supporters, e.By)
		}
	})
}
func (e OptionSupported) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e OptionSupported) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-option-supported", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Option", e.Option)
}

func without(list []string, one string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == one })
}

// OpposeOption stands a party against an option of another (rule 77).
type OpposeOption struct {
	Bracket ID
	Option  string
}

func (a OpposeOption) Decide(d *Draft, by Hand) ([]Change, error) {
	o, err := d.stance(by, a.Bracket, a.Option)
	switch {
	case err != nil:
		return nil, err
	case o.Proposer == by.Side:
		return nil, ruling.No(ruling.OutOfOrder, 77, "text-own-option", "Option", a.Option)
	case o.Opposes(by.Side):
		return nil, ruling.No(ruling.OutOfOrder, 77, "text-stance-stands", "Option", a.Option)
	}
	return d.with(by, OptionOpposed{a.Bracket, d.Text.Label(d.clauseOf(a.Bracket)), a.Option, by.Side})
}

// OptionOpposed says that a party is against an option.
type OptionOpposed struct {
	Bracket ID
	Label   string
	Option  string
	By      string
}

func (e OptionOpposed) Apply(d *Draft) {
	d.editOption(e.Bracket, e.Option, func(o *Option) {
		o.Supporters = without(o.Supporters, e.By)
		if o.Proposer != e.By && !o.Opposes(e.By) {
			o.Opponents = append(o.Opponents, e.By)
		}
	})
}
func (e OptionOpposed) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e OptionOpposed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-option-opposed", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Option", e.Option)
}

// WithdrawOption takes back what a side has said of an option: its proposal,
// its support or its opposition. An option that others support, or have put
// options of their own into, stays as theirs (rule 77).
type WithdrawOption struct {
	Bracket ID
	Option  string
}

func (a WithdrawOption) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.negotiable(by, 77); err != nil {
		return nil, err
	}
	o, _, err := d.option(a.Bracket, a.Option, 77)
	if err != nil {
		return nil, err
	}
	label := d.Text.Label(d.clauseOf(a.Bracket))
	switch {
	case o.Proposer == by.Side && o.heir(by.Side) == "":
		return d.with(by, OptionWithdrawn{a.Bracket, label, a.Option, by.Side})
	case o.Proposer == by.Side:
		return d.with(by, StanceWithdrawn{a.Bracket, label, a.Option, by.Side, o.heir(by.Side)})
	case o.Backs(by.Side), o.Opposes(by.Side):
		return d.with(by, StanceWithdrawn{a.Bracket, label, a.Option, by.Side, o.Proposer})
	}
	return nil, ruling.No(ruling.OutOfOrder, 77, "text-nothing-to-withdraw", "Option", a.Option)
}

// heir returns who an option is left to when a side withdraws it: who supports
// it first, else who has an option inside it.
func (o *Option) heir(side string) string {
	for _, s := range o.Supporters {
		if s != side {
			return s
		}
	}
	for c := range o.Body.Choices {
		for i := range c.Options {
			for _, s := range append([]string{c.Options[i].Proposer}, c.Options[i].Supporters...) {
				if s != "" && s != side {
					return s
				}
			}
		}
	}
	return ""
}

// StanceWithdrawn says that a side takes back what it said of an option, and
// whose option it is now.
type StanceWithdrawn struct {
	Bracket  ID
	Label    string
	Option   string
	By       string
	Proposer string
}

func (e StanceWithdrawn) Apply(d *Draft) {
	d.editOption(e.Bracket, e.Option, func(o *Option) {
		o.Proposer = e.Proposer
		o.Supporters = without(without(o.Supporters, e.By), e.Proposer)
		o.Opponents = without(without(o.Opponents, e.By), e.Proposer)
	})
}
func (e StanceWithdrawn) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e StanceWithdrawn) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-stance-withdrawn", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Option", e.Option)
}

// OptionWithdrawn says that an option is gone, because whose it was took it
// back. Words that are left alone in a bracket may still be left out; where
// nothing is left but no text, the bracket is gone too.
type OptionWithdrawn struct {
	Bracket ID
	Label   string
	Option  string
	By      string
}

func (e OptionWithdrawn) Apply(d *Draft) { d.removeOption(e.Bracket, e.Option) }
func (e OptionWithdrawn) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e OptionWithdrawn) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-option-withdrawn", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Option", e.Option)
}

// removeOption takes an option out of its bracket.
func (d *Draft) removeOption(bracket ID, key string) {
	gone := false
	d.editBracket(bracket, func(c *Choice) {
		c.Options = slices.DeleteFunc(c.Options, func(o Option) bool { return o.Key == key })
		settleOptions(c)
		gone = len(c.Options) == 0
	})
	if gone {
		d.replaceBracket(bracket, nil)
	}
}

// replaceBracket puts a body where a bracket was.
func (d *Draft) replaceBracket(bracket ID, with Body) {
	d.edit(d.clauseOf(bracket), func(c *Clause) { c.Body = tidy(replace(c.Body, bracket, with), true) })
}

func replace(b Body, bracket ID, with Body) Body {
	var out Body
	for _, p := range b {
		switch {
		case p.Choice == nil:
			out = join(out, Body{p})
		case p.Choice.ID == bracket:
			out = join(out, with)
		default:
			for i := range p.Choice.Options {
				o := &p.Choice.Options[i]
				if was := o.Body; len(was) > 0 {
					if o.Body = replace(was, bracket, with); len(trim(o.Body)) == 0 {
						o.None, o.Body = true, nil
					}
				}
			}
			settleOptions(p.Choice)
			if len(p.Choice.Options) > 0 {
				out = append(out, p)
			}
		}
	}
	return trim(out)
}
