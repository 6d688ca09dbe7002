package text

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Check reports, in one sentence, what keeps t from being a text as this
// package keeps them. Whatever passes can be printed and parsed without loss.
func (t *Text) Check() error {
	k := checker{t: t, ids: map[ID]bool{}}
	if len(t.Clauses) > MaxClauses {
		return fmt.Errorf("the text has more than %d clauses", MaxClauses)
	}
	if !isOneLine(t.Title) {
		return fmt.Errorf("the title is not one line without spaces around it")
	}
	for _, f := range t.Footnotes {
		if err := k.id("f", f.ID, t.Given.Footnotes); err != nil {
			return err
		}
		if f.Words == "" || !isOneLine(f.Words) {
			return fmt.Errorf("footnote %s is not one line of words", f.ID)
		}
	}
	for i := range t.Clauses {
		if err := k.clause(&t.Clauses[i]); err != nil {
			return fmt.Errorf("clause %d (%.20s): %w", i+1, t.Clauses[i].ID, err)
		}
	}
	return k.conditions()
}

type checker struct {
	t        *Text
	ids      map[ID]bool
	brackets int
}

func (k *checker) id(prefix string, i ID, given int) error {
	n, _ := idNumber(prefix, i)
	switch {
	case !validID(prefix, i):
		return fmt.Errorf("%.20q is not an id like %s1", i, prefix)
	case n > given:
		return fmt.Errorf("id %s was never given", i)
	case k.ids[i]:
		return fmt.Errorf("id %s is given twice", i)
	}
	k.ids[i] = true
	return nil
}

// isOneLine reports whether s is valid, single-spaced, trimmed and without
// control characters.
func isOneLine(s string) bool {
	return s == strings.Trim(squeeze(s), " ") && isClean(s)
}

func isClean(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7F }) < 0
}

func (k *checker) clause(c *Clause) error {
	if err := k.id("c", c.ID, k.t.Given.Clauses); err != nil {
		return err
	}
	switch {
	case c.Kind.Depth() == 0:
		return fmt.Errorf("%.20q is no kind of clause", c.Kind)
	case !validNumber(c.Kind, c.Number):
		return fmt.Errorf("%.30q cannot be the number of a clause of kind %s", c.Number, c.Kind)
	case c.Word != "" && (kindWords[strings.ToLower(c.Word)] != c.Kind || c.Word == kindWord(c.Kind)):
		return fmt.Errorf("%.30q is no other word for %s", c.Word, c.Kind)
	case c.Status > Authenticated:
		return fmt.Errorf("there is no status %d", c.Status)
	}
	if err := k.body(c.Body, 1); err != nil {
		return err
	}
	if len(c.Body) > 0 && !reflect.DeepEqual(tidy(c.Body, true), c.Body) {
		return fmt.Errorf("its words are not in single spaces, or a choice is not in a form it can be written in")
	}
	if n := len(c.Body); c.Kind.IsHeading() && n > 0 && c.Body[n-1].Choice != nil && isParagraphs(c.Body[n-1].Choice) {
		return fmt.Errorf("a heading cannot end in a choice of paragraphs")
	}
	if err := k.reserves(c.Reserves); err != nil {
		return err
	}
	return k.apparatus(c)
}

func isParagraphs(c *Choice) bool { return c.Form == Options || c.Form == Alts }

func (k *checker) apparatus(c *Clause) error {
	for i, a := range c.Assents {
		if !a.Party.Valid() || c.assent(a.Party) != &c.Assents[i] {
			return fmt.Errorf("assent of %.40q: no party's key, or twice", a.Party)
		}
	}
	for i, d := range c.Defines {
		if d == "" || !isOneLine(d) || strings.Contains(d, ";") || slices.Contains(c.Defines[:i], d) {
			return fmt.Errorf("%.40q cannot be a defined term", d)
		}
	}
	for _, n := range c.Notes {
		if err := k.id("n", n.ID, k.t.Given.Notes); err != nil {
			return err
		}
		if n.Words == "" || !isOneLine(n.Words) || !validSide(n.By) || slices.ContainsFunc(n.Audience, func(g string) bool { return !validGroup(g) }) {
			return fmt.Errorf("note %s is not one line of words by a side for groups of readers", n.ID)
		}
	}
	return nil
}

func (k *checker) reserves(list []Reservation) error {
	for _, r := range list {
		if err := k.id("r", r.ID, k.t.Given.Reserves); err != nil {
			return err
		}
		if r.Kind != Scrutiny && r.Kind != General && r.Kind != Linguistic {
			return fmt.Errorf("reserve %s is of kind %.20q", r.ID, r.Kind)
		}
		if !validSide(r.Party) || !isOneLine(r.Until) {
			return fmt.Errorf("reserve %s is not a side's, or lasts until what is not one line", r.ID)
		}
	}
	return nil
}

func (k *checker) body(b Body, depth int) error {
	if depth > MaxDepth+2 {
		return fmt.Errorf("brackets stand more than %d deep", MaxDepth)
	}
	for _, p := range b {
		switch {
		case p.Choice != nil && p.Words == "" && p.Footnote == "":
			if err := k.choice(p.Choice, depth); err != nil {
				return fmt.Errorf("bracket %.20s: %w", p.Choice.ID, err)
			}
		case p.Choice == nil && p.Words == "" && p.Footnote != "":
			if !k.ids[p.Footnote] {
				return fmt.Errorf("there is no footnote %.20q", p.Footnote)
			}
		case p.Choice == nil && p.Words != "" && p.Footnote == "":
			if !isClean(p.Words) {
				return fmt.Errorf("words hold control characters or invalid UTF-8")
			}
		default:
			return fmt.Errorf("a piece is words, a choice or a footnote, one of them")
		}
	}
	return nil
}

func (k *checker) choice(c *Choice, depth int) error {
	if err := k.id("b", c.ID, k.t.Given.Brackets); err != nil {
		return err
	}
	k.brackets++
	switch {
	case k.brackets > MaxBrackets:
		return fmt.Errorf("the text has more than %d brackets", MaxBrackets)
	case len(c.Options) < 2:
		return fmt.Errorf("it has fewer than two options")
	case !slices.Contains([]Form{Optional, Adjacent, Slash, Options, Alts, Both}, c.Form):
		return fmt.Errorf("%.20q is no form of a choice", c.Form)
	}
	keys, nones := map[string]bool{}, 0
	for i := range c.Options {
		o := &c.Options[i]
		if keys[o.Key] || !c.gave(o.Key) {
			return fmt.Errorf("option %.10q: its letter was not given, or twice", o.Key)
		}
		keys[o.Key] = true
		if o.None {
			nones++
		}
		if err := k.option(c, o, depth); err != nil {
			return fmt.Errorf("option %s: %w", o.Key, err)
		}
	}
	if nones > 1 && c.Form != Both {
		return fmt.Errorf("no text stands twice")
	}
	return nil
}

// gave reports whether the letter is one of those the choice has given.
func (c *Choice) gave(key string) bool {
	n := 0
	for i := range len(key) {
		if len(key) > 4 || key[i] < 'a' || key[i] > 'z' {
			return false
		}
		n = 26*n + int(key[i]-'a') + 1
	}
	return n > 0 && n <= c.Given
}

func (k *checker) option(c *Choice, o *Option, depth int) error {
	switch {
	case o.None != (len(o.Body) == 0):
		return fmt.Errorf("an option has words, or is no text")
	case c.Form == Both && o.Proposer == "", o.Proposer != "" && !validSide(o.Proposer):
		return fmt.Errorf("%.40q is not a side", o.Proposer)
	}
	for i, s := range o.Supporters {
		if !validSide(s) || s == o.Proposer || slices.Contains(o.Supporters[:i], s) {
			return fmt.Errorf("supporter %.40q: no side, or named twice", s)
		}
	}
	for i, s := range o.Opponents {
		if !validSide(s) || o.Backs(s) || slices.Contains(o.Opponents[:i], s) {
			return fmt.Errorf("opponent %.40q: no side, or named twice", s)
		}
	}
	if err := k.reserves(o.Reserves); err != nil {
		return err
	}
	return k.body(o.Body, depth+1)
}

// conditions checks that what clauses depend on is there.
func (k *checker) conditions() error {
	for i := range k.t.Clauses {
		c := &k.t.Clauses[i]
		for _, a := range c.Assents {
			for n, cond := range a.If {
				here := cond.Text == "" && k.ids[cond.Clause] && cond.Clause != c.ID
				there := cond.Text != "" && validTextKey(cond.Text) && validID("c", cond.Clause)
				if !here && !there || slices.Contains(a.If[:n], cond) {
					return fmt.Errorf("clause %s: %.40s is no other clause, or named twice", c.ID, cond.Clause)
				}
			}
		}
	}
	return nil
}
