package text

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Table puts a text on the table: the single text of whoever mediates, a
// side's own proposal, or a non-paper that is nobody's (rules 70 and 71). It
// is refused if the text could not be read whole, if it holds agreement that
// nobody has given here, or if a side's own text speaks for another.
type Table struct {
	Standing Standing
	Words    string `form:"long"` // as doc.go says
}

func (a Table) Decide(d *Draft, by Hand) ([]Change, error) {
	p := Parse(a.Words, by.codes())
	if !p.Whole() {
		w := p.firstLost()
		return nil, ruling.No(ruling.Invalid, 70, "text-unread", "Line", w.Line, "Column", w.Column)
	}
	return TableText{a.Standing, p.Text}.Decide(d, by)
}

func (p *Parsed) firstLost() Warning {
	for _, w := range p.Warnings {
		if w.Lost {
			return w
		}
	}
	return Warning{Line: 1, Column: 1}
}

// codes are how sides are written in what they type.
func (h Hand) codes() Codes {
	c := Codes{}
	for _, p := range h.Parties {
		c[string(p)] = strings.ToUpper(string(p))
	}
	return c
}

// TableText is Table for a text that was read already, by paper.
type TableText struct {
	Standing Standing
	Text     *Text
}

// Decide rules on the act by rules 70 and 71.
func (a TableText) Decide(d *Draft, by Hand) ([]Change, error) {
	switch {
	case d.Text != nil:
		return nil, ruling.No(ruling.OutOfOrder, 70, "text-tabled-already")
	case by.party() == "" && !by.mediates():
		return nil, ruling.No(ruling.Denied, 70, "text-no-part")
	case a.Standing == ChairText && !by.mediates():
		return nil, ruling.No(ruling.Denied, 70, "text-not-the-chairs")
	case a.Standing == "" || !known(a.Standing):
		return nil, ruling.No(ruling.Invalid, 70, "text-standing")
	case a.Text == nil || len(a.Text.Clauses) == 0:
		return nil, ruling.No(ruling.Invalid, 70, "text-empty")
	}
	if err := a.Text.Check(); err != nil {
		return nil, ruling.No(ruling.Invalid, 70, "text-unsound", "Why", phrasebook.Words(err.Error()))
	}
	for i := range a.Text.Clauses {
		c := &a.Text.Clauses[i]
		if c.Status > UnderDiscussion || len(c.Assents) > 0 {
			return nil, ruling.No(ruling.Invalid, 70, "text-tabled-as-agreed", "Clause", a.Text.Labels()[i])
		}
		if other := c.speaksFor(by, a.Standing); other != "" {
			return nil, ruling.No(ruling.Denied, 70, "text-speaks-for-another", "Side", phrasebook.Side(other))
		}
	}
	return []Change{TextTabled{Standing: a.Standing, By: by.Side, Text: a.Text}}, nil
}

func known(s Standing) bool { return s == ChairText || s == Proposal || s == NonPaper }

// speaksFor returns a side that the clause names and that the hand may not
// speak for, or the empty text. Whoever mediates may table what a
// working document says of who wants what; a side speaks for itself, and a
// non-paper for nobody.
func (c *Clause) speaksFor(by Hand, s Standing) string {
	if s != NonPaper && by.mediates() {
		return ""
	}
	own := by.Side
	if s == NonPaper {
		own = ""
	}
	for _, r := range c.Reserves {
		if r.Party != own {
			return r.Party
		}
	}
	return c.Body.names(own)
}

// names returns a side named in a body that is not the given one.
func (b Body) names(own string) string {
	for c := range b.Choices {
		for i := range c.Options {
			o := &c.Options[i]
			named := append([]string{o.Proposer}, o.Supporters...)
			named = append(named, o.Opponents...)
			for _, r := range o.Reserves {
				named = append(named, r.Party)
			}
			for _, side := range named {
				if side != "" && side != own {
					return side
				}
			}
		}
	}
	return ""
}

// TextTabled says that a text is on the table, and who holds its pen.
type TextTabled struct {
	Standing Standing
	By       string
	Text     *Text `words:"yes"`
}

func (e TextTabled) Apply(d *Draft) {
	*d = Draft{Standing: e.Standing, Pen: e.By, Text: &Text{}}
	if e.Text != nil {
		d.Text = e.Text.share()
	}
}
func (TextTabled) Of(*Draft) ID { return "" }
func (e TextTabled) Phrase() phrasebook.Phrase {
	title := ""
	if e.Text != nil {
		title = e.Text.Title
	}
	if e.Standing == NonPaper {
		return phrasebook.Say("event.text-non-paper-circulated", "Title", phrasebook.Words(title))
	}
	return phrasebook.Say("event.text-tabled", "Side", phrasebook.Side(e.By), "Standing", phrasebook.Term("text-standing."+string(e.Standing)), "Title", phrasebook.Words(title))
}

// negotiable refuses what cannot be done with a non-paper.
func (d *Draft) negotiable(by Hand, rule int) error {
	if err := d.ready(by, rule); err != nil {
		return err
	}
	if d.Standing == NonPaper && by.Side != d.Pen {
		return ruling.No(ruling.OutOfOrder, 71, "text-non-paper")
	}
	return nil
}

// forParty refuses what only a party can do, and only for itself.
func (d *Draft) forParty(by Hand, rule int) (seat.Party, error) {
	if err := d.ready(by, rule); err != nil {
		return "", err
	}
	switch {
	case by.party() == "":
		return "", ruling.No(ruling.Denied, rule, "text-parties-only")
	case d.Standing == NonPaper:
		return "", ruling.No(ruling.OutOfOrder, 71, "text-non-paper")
	}
	return by.party(), nil
}

// forPen refuses what only the pen-holder can do.
func (d *Draft) forPen(by Hand, rule int) error {
	if err := d.ready(by, rule); err != nil {
		return err
	}
	if by.Side != d.Pen {
		return ruling.No(ruling.Denied, rule, "text-pen-elsewhere", "Side", phrasebook.Side(d.Pen))
	}
	return nil
}

// words reads the body of one clause or option that a side typed. It may name
// no side but its own.
func (d *Draft) words(by Hand, s string, rule int) (Body, error) {
	out := &Parsed{Text: &Text{Given: d.Text.Given}}
	s = clean(out, s)
	p := &parser{Parsed: out, text: out.Text, codes: by.codes().reader(), src: s, once: map[string]bool{}}
	b := &block{lines: []line{{words: s, no: 1}}}
	x := &scan{p: p, b: b, s: s}
	body, _ := x.clause()
	for _, w := range out.Warnings {
		if w.Lost || w.Key == "unclosed-bracket" || w.Key == "stray-bracket" || w.Key == "unclosed-brace" || w.Key == "footnote-missing" {
			return nil, ruling.No(ruling.Invalid, rule, "text-unread", "Line", w.Line, "Column", w.Column)
		}
	}
	if other := body.names(by.Side); other != "" {
		return nil, ruling.No(ruling.Denied, rule, "text-speaks-for-another", "Side", phrasebook.Side(other))
	}
	if body = tidy(body, true); len(body) == 0 {
		return nil, ruling.No(ruling.Invalid, rule, "text-needs-words")
	}
	return body, nil
}

// take notes that the ids in a body are given.
func (t *Text) take(b Body) {
	for c := range b.Choices {
		n, _ := idNumber("b", c.ID)
		t.Given.Brackets = max(t.Given.Brackets, n)
	}
}
