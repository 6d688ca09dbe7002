package text

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// BracketWords puts words that stand in a clause into brackets: they are not
// agreed. A party that does so opposes them; whoever mediates only says that
// they are open. The words are kept to the letter (rule 75).
type BracketWords struct {
	Clause  ID
	Words   string // exactly as they stand, brackets between them included
	Bracket ID     `form:"optional"` // to bracket words within an option of this bracket
	Option  string `form:"optional"`
	Nth     int    `form:"optional"` // which, from 1, if the words stand there more than once
}

func (a BracketWords) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.negotiable(by, 75); err != nil {
		return nil, err
	}
	c, err := d.open(a.Clause, 75)
	if err != nil {
		return nil, err
	}
	body := c.Body.within(a.Bracket, a.Option)
	words := strings.TrimSpace(squeeze(a.Words))
	if body == nil || words == "" {
		return nil, ruling.No(ruling.Invalid, 75, "text-words-not-there", "Clause", d.Text.Label(a.Clause))
	}
	spans := body.find(words)
	switch n := a.Nth; {
	case len(spans) == 0 || n > len(spans) || n < 0:
		return nil, ruling.No(ruling.Invalid, 75, "text-words-not-there", "Clause", d.Text.Label(a.Clause))
	case len(spans) > 1 && n == 0:
		return nil, ruling.No(ruling.Invalid, 75, "text-words-twice", "Clause", d.Text.Label(a.Clause), "Number", len(spans))
	}
	span := spans[max(a.Nth, 1)-1]
	e := WordsBracketed{
		Clause: a.Clause, Label: d.Text.Label(a.Clause), Bracket: a.Bracket, Option: a.Option,
		From: span[0], To: span[1], As: id("b", d.Text.Given.Brackets+1), Words: words,
	}
	if by.party() != "" {
		e.By = by.Side
	}
	return d.with(by, e)
}

// within returns the body of an option in a body, or the body itself.
func (b Body) within(bracket ID, key string) Body {
	if bracket == "" {
		return b
	}
	for c := range b.Choices {
		if o := c.Option(key); c.ID == bracket && o != nil {
			return o.Body
		}
	}
	return nil
}

// A Spot is a place in a body: before a piece, or so many bytes into it.
type Spot struct {
	Piece int `json:"piece"`
	Byte  int `json:"byte,omitempty"`
}

// find returns where words stand in a body, as it reads with its brackets. A
// stretch may begin and end within words, or before and after a bracket.
func (b Body) find(words string) (spans [][2]Spot) {
	var flat strings.Builder
	var starts []int
	for _, p := range b {
		starts = append(starts, flat.Len())
		if p.isWords() {
			flat.WriteString(p.Words)
		} else {
			flat.WriteString(Body{p}.String())
		}
	}
	all := flat.String()
	spot := func(at int, end bool) (Spot, bool) {
		i := len(starts) - 1
		for i > 0 && starts[i] > at {
			i--
		}
		if b[i].isWords() {
			return Spot{i, at - starts[i]}, true
		}
		atEnd := i+1 == len(b) && at == len(all)
		if end && atEnd {
			return Spot{i + 1, 0}, true
		}
		return Spot{i, 0}, at == starts[i]
	}
	for from := 0; ; {
		i := strings.Index(all[from:], words)
		if i < 0 || len(spans) > 100 {
			return spans
		}
		first, ok1 := spot(from+i, false)
		last, ok2 := spot(from+i+len(words), true)
		if ok1 && ok2 {
			spans = append(spans, [2]Spot{first, last})
		}
		from += i + len(words)
	}
}

// WordsBracketed says that words in a clause are not agreed, and who opposes them.
type WordsBracketed struct {
	Clause  ID
	Label   string
	Bracket ID // where the words stand within an option
	Option  string
	From    Spot
	To      Spot
	As      ID     // the new bracket
	By      string // empty if whoever mediates says that the words are open
	Words   string `words:"yes"`
}

func (e WordsBracketed) Apply(d *Draft) {
	d.edit(e.Clause, func(c *Clause) {
		body := c.Body.within(e.Bracket, e.Option)
		if body == nil {
			return
		}
		o := Option{Key: "a"}
		if e.By != "" {
			o.Opponents = []string{e.By}
		}
		before, inside, after := body.cut(e.From, e.To)
		if o.Body = tidy(inside, false); len(o.Body) == 0 {
			return
		}
		ch := &Choice{ID: e.As, Form: Optional, Given: 2, Options: []Option{o, {Key: "b", None: true}}}
		body = append(append(before, Piece{Choice: ch}), after...)
		if e.Bracket == "" {
			c.Body = body
		} else {
			for ch := range c.Body.Choices {
				if o := ch.Option(e.Option); ch.ID == e.Bracket && o != nil {
					o.Body = body
					break
				}
			}
		}
		c.Body = tidy(c.Body, true)
	})
	if d.Text != nil {
		d.Text.take(Body{{Choice: &Choice{ID: e.As}}})
	}
}

// cut divides a body at two spots. Spots that are not there are moved to the
// nearest that is.
func (b Body) cut(from, to Spot) (before, inside, after Body) {
	from, to = b.clamp(from), b.clamp(to)
	if to.Piece < from.Piece || to.Piece == from.Piece && to.Byte < from.Byte {
		to = from
	}
	part := func(a, z Spot) (out Body) {
		for i := a.Piece; i <= z.Piece && i < len(b); i++ {
			p := b[i]
			if p.isWords() {
				start, end := 0, len(p.Words)
				if i == a.Piece {
					start = a.Byte
				}
				if i == z.Piece {
					end = z.Byte
				}
				p.Words = p.Words[start:max(start, end)]
				if p.Words == "" {
					continue
				}
			} else if i == z.Piece {
				continue
			}
			out = append(out, p)
		}
		return out
	}
	return part(Spot{}, from), part(from, to), part(to, Spot{Piece: len(b)})
}

func (b Body) clamp(s Spot) Spot {
	s.Piece = min(max(s.Piece, 0), len(b))
	if s.Piece == len(b) || !b[s.Piece].isWords() {
		return Spot{Piece: s.Piece}
	}
	s.Byte = min(max(s.Byte, 0), len(b[s.Piece].Words))
	return s
}

func (e WordsBracketed) Of(*Draft) ID { return e.Clause }
func (e WordsBracketed) Phrase() phrasebook.Phrase {
	if e.By == "" {
		return phrasebook.Say("event.text-words-opened", "Clause", e.Label, "Words", phrasebook.Words(e.Words))
	}
	return phrasebook.Say("event.text-words-bracketed", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Words", phrasebook.Words(e.Words))
}

// MergeOptions makes one option of two that say the same. The pen-holder may;
// nobody's standing is lost (rule 79).
type MergeOptions struct {
	Bracket ID
	Option  string // that stays
	With    string // that is merged into it
}

func (a MergeOptions) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.forPen(by, 79); err != nil {
		return nil, err
	}
	into, c, err := d.option(a.Bracket, a.Option, 79)
	if err != nil {
		return nil, err
	}
	from := c.Option(a.With)
	switch {
	case from == nil || from == into:
		return nil, ruling.No(ruling.Absent, 79, "text-no-option", "Bracket", string(a.Bracket), "Option", a.With)
	case into.None != from.None || !into.Body.same(from.Body):
		return nil, ruling.No(ruling.Denied, 79, "text-not-identical", "Option", a.Option, "With", a.With)
	}
	return d.with(by, OptionsMerged{a.Bracket, d.Text.Label(d.clauseOf(a.Bracket)), a.Option, a.With, by.Side})
}

// OptionsMerged says that two options that said the same are one.
type OptionsMerged struct {
	Bracket ID
	Label   string
	Option  string
	With    string
	By      string
}

func (e OptionsMerged) Apply(d *Draft) {
	ok := false
	d.editBracket(e.Bracket, func(c *Choice) {
		into, from := c.Option(e.Option), c.Option(e.With)
		if into == nil || from == nil || into == from {
			return
		}
		mergeStance(into, from)
		mergeInside(into.Body, from.Body)
		ok = true
	})
	if ok {
		d.removeOption(e.Bracket, e.With)
	}
}

// mergeInside carries over what sides have said within an option.
func mergeInside(into, from Body) {
	for i := range min(len(into), len(from)) {
		a, b := into[i].Choice, from[i].Choice
		if a == nil || b == nil {
			continue
		}
		for k := range min(len(a.Options), len(b.Options)) {
			mergeStance(&a.Options[k], &b.Options[k])
			mergeInside(a.Options[k].Body, b.Options[k].Body)
		}
		tidyForm(a)
	}
}

func (e OptionsMerged) Of(d *Draft) ID { return d.clauseOf(e.Bracket) }
func (e OptionsMerged) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-options-merged", "Clause", e.Label, "Option", e.Option, "With", e.With)
}
