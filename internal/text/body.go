package text

import (
	"slices"
	"strings"
)

// Words makes a body of plain words.
func Words(s string) Body { return tidy(Body{{Words: s}}, true) }

// tidy brings a body into the form that Body promises. Only in the body of a
// clause, which is top, may a choice of paragraphs stand, and only at the end.
func tidy(b Body, top bool) Body {
	out := make(Body, 0, len(b))
	for _, p := range b {
		switch {
		case p.Choice != nil:
			out = append(out, Piece{Choice: tidyChoice(p.Choice)})
		case p.Footnote != "":
			out = append(out, Piece{Footnote: p.Footnote})
		default:
			out = addWords(out, p.Words)
		}
	}
	out = trim(out)
	for i := range out {
		if c := out[i].Choice; c != nil && (c.Form == Options || c.Form == Alts) && !(top && i == len(out)-1) {
			c.Form = Adjacent
			tidyForm(c)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// addWords adds words to a body, in single spaces and as one with words before.
func addWords(b Body, s string) Body {
	s = squeeze(s)
	if s == "" {
		return b
	}
	if n := len(b); n > 0 && b[n-1].Choice == nil && b[n-1].Footnote == "" {
		last := b[n-1].Words
		if strings.HasSuffix(last, " ") {
			s = strings.TrimPrefix(s, " ")
		}
		b[n-1].Words = last + s
		return b
	}
	return append(b, Piece{Words: s})
}

// trim takes the spaces off both ends of a body.
func trim(b Body) Body {
	for len(b) > 0 && b[0].isWords() {
		if b[0].Words = strings.TrimLeft(b[0].Words, " "); b[0].Words != "" {
			break
		}
		b = b[1:]
	}
	for n := len(b); n > 0 && b[n-1].isWords(); n = len(b) {
		if b[n-1].Words = strings.TrimRight(b[n-1].Words, " "); b[n-1].Words != "" {
			break
		}
		b = b[:n-1]
	}
	return b
}

func (p *Piece) isWords() bool { return p.Choice == nil && p.Footnote == "" }

// squeeze turns every run of blanks and line breaks into one space. A no-break
// space is not a blank: somebody put it there.
func squeeze(s string) string {
	if !strings.ContainsAny(s, "\t\n\r\v\f") && !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for i := range len(s) {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r', '\v', '\f':
			if !space {
				b.WriteByte(' ')
			}
			space = true
		default:
			b.WriteByte(c)
			space = false
		}
	}
	return b.String()
}

func tidyChoice(c *Choice) *Choice {
	t := *c
	t.Options = make([]Option, len(c.Options))
	for i, o := range c.Options {
		o.Body = tidy(o.Body, false)
		if o.None {
			o.Body = nil
		}
		o.Supporters, o.Opponents, o.Reserves = slices.Clone(o.Supporters), slices.Clone(o.Opponents), slices.Clone(o.Reserves)
		t.Options[i] = o
	}
	tidyForm(&t)
	return &t
}

// tidyForm keeps the form a choice was written in as long as it can still be
// written in it.
func tidyForm(c *Choice) {
	n := len(c.Options)
	if c.Form == Optional && !(n == 2 && !c.Options[0].None && c.Options[1].None && c.Options[1].bare()) {
		c.Form = Adjacent
	}
	if c.Form == Slash {
		gap := !isTight(c)
		for i := range c.Options {
			c.Options[i].Gap = gap
		}
	}
	for i := range c.Options {
		o := &c.Options[i]
		o.Supporters, o.Opponents, o.Reserves = orNil(o.Supporters), orNil(o.Opponents), orNil(o.Reserves)
		if i == 0 || c.Form == Optional || c.Form == Options || c.Form == Alts {
			o.Gap = false
		}
	}
}

// orNil makes an empty list none, so that equal texts are equal.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// isTight reports whether a choice may be written a/b, without spaces: it was,
// and its options are single words of which nothing is said.
func isTight(c *Choice) bool {
	words := make([]string, len(c.Options))
	for i := range c.Options {
		o := &c.Options[i]
		if o.Gap || o.None || !o.bare() || !isOneWord(o.Body) {
			return false
		}
		words[i] = o.Body[0].Words
	}
	return !isJoined(words)
}

// clone copies a body, choices and all.
func (b Body) clone() Body {
	if b == nil {
		return nil
	}
	out := make(Body, len(b))
	for i, p := range b {
		if p.Choice != nil {
			c := *p.Choice
			c.Options = make([]Option, len(p.Choice.Options))
			for k, o := range p.Choice.Options {
				o.Body = o.Body.clone()
				o.Supporters, o.Opponents, o.Reserves = slices.Clone(o.Supporters), slices.Clone(o.Opponents), slices.Clone(o.Reserves)
				c.Options[k] = o
			}
			p.Choice = &c
		}
		out[i] = p
	}
	return out
}

// clone copies a clause so that the copy can be changed.
func (c *Clause) clone() Clause {
	d := *c
	d.Body = c.Body.clone()
	d.Assents = slices.Clone(c.Assents)
	for i := range d.Assents {
		d.Assents[i].If = slices.Clone(d.Assents[i].If)
	}
	d.Reserves, d.Notes, d.Defines = slices.Clone(c.Reserves), slices.Clone(c.Notes), slices.Clone(c.Defines)
	return d
}

// Choices calls yield with every choice of a body and of its options, outer
// ones first, in the order of reading, and with how deep it stands, from 1.
func (b Body) Choices(yield func(c *Choice, depth int) bool) { b.choices(1, yield) }

func (b Body) choices(depth int, yield func(*Choice, int) bool) bool {
	for _, p := range b {
		if p.Choice == nil {
			continue
		}
		if !yield(p.Choice, depth) {
			return false
		}
		for i := range p.Choice.Options {
			if !p.Choice.Options[i].Body.choices(depth+1, yield) {
				return false
			}
		}
	}
	return true
}

// Open reports whether anything in the body is still to be chosen. A choice
// that is agreed to differ is not.
func (b Body) Open() bool {
	for c := range b.Choices {
		if c.Form != Both {
			return true
		}
	}
	return false
}

// Find returns the clause of that id, or nil. It is not to be changed.
func (t *Text) Find(id ID) *Clause {
	if i := t.index(id); i >= 0 {
		return &t.Clauses[i]
	}
	return nil
}

func (t *Text) index(id ID) int {
	return slices.IndexFunc(t.Clauses, func(c Clause) bool { return c.ID == id })
}

// Bracket returns the choice of that id and the clause it stands in, or nils.
func (t *Text) Bracket(id ID) (*Choice, *Clause) {
	for i := range t.Clauses {
		for c := range t.Clauses[i].Body.Choices {
			if c.ID == id {
				return c, &t.Clauses[i]
			}
		}
	}
	return nil, nil
}

// Footnote returns the words of a footnote, or the empty text.
func (t *Text) Footnote(id ID) string {
	for _, f := range t.Footnotes {
		if f.ID == id {
			return f.Words
		}
	}
	return ""
}

// Parent returns the place in Clauses of the clause that clause i stands
// under, or -1.
func (t *Text) Parent(i int) int {
	depth := t.Clauses[i].Kind.Depth()
	for k := i - 1; k >= 0; k-- {
		if t.Clauses[k].Kind.Depth() < depth {
			return k
		}
	}
	return -1
}

// letter returns the key of the n-th option, counted from 0: a, b, … z, aa.
func letter(n int) string {
	s := ""
	for n++; n > 0; n = (n - 1) / 26 {
		s = string(rune('a'+(n-1)%26)) + s
	}
	return s
}
