package text

import (
	"strconv"
	"strings"

	"parley/internal/seat"
)

// Lines of the apparatus say where the clause before them stands:
//
//	agreed ad ref
//	assent: RU ad ref if 3.1, #7; UA
//	for leaders
//	defines: Lake; Abstraction
//	note MEDIATION: words

// isApparatus reports whether a line, without its mark, is one of these. It
// may still turn out to say nothing that can be made sense of.
func isApparatus(s string) bool {
	if _, ok := statusOf(s); ok || s == "for leaders" {
		return true
	}
	for _, p := range []string{"assent: ", "defines: ", "note "} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func statusOf(s string) (Status, bool) {
	for i, word := range statusWords {
		if s == word {
			return Status(i), true
		}
	}
	return Tabled, s == "tabled"
}

// apparatus reads one line into the clause. Conditions are kept as they are
// written until every clause is known.
func (p *parser) apparatus(c *Clause, s string, at place) {
	switch {
	case s == "for leaders":
		c.ForLeaders = true
	case strings.HasPrefix(s, "assent: "):
		p.assents(c, s[len("assent: "):], at)
	case strings.HasPrefix(s, "defines: "):
		for term := range strings.SplitSeq(s[len("defines: "):], ";") {
			if term = strings.TrimSpace(squeeze(term)); term != "" {
				c.Defines = appendNew(c.Defines, term)
			}
		}
	case strings.HasPrefix(s, "note "):
		p.note(c, s[len("note "):], at)
	default:
		c.Status, _ = statusOf(s)
	}
}

func (p *parser) note(c *Clause, s string, at place) {
	head, words, ok := strings.Cut(s, ": ")
	by, groups, _ := strings.Cut(head, " to ")
	side, known := p.codes.side(by)
	words = strings.TrimSpace(squeeze(words))
	if !ok || !known || words == "" {
		p.warn(at, "apparatus-unread", "Given", s)
		return
	}
	p.text.Given.Notes++
	n := Note{ID: id("n", p.text.Given.Notes), By: side, Words: words}
	for g := range strings.SplitSeq(groups, ",") {
		if g = strings.TrimSpace(g); validGroup(g) {
			n.Audience = appendNew(n.Audience, g)
		}
	}
	c.Notes = append(c.Notes, n)
}

// validGroup reports whether s can name a group of readers.
func validGroup(s string) bool {
	return s != "" && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == ':')
	}) < 0
}

func (p *parser) assents(c *Clause, s string, at place) {
	for one := range strings.SplitSeq(s, ";") {
		head, conditions, conditional := strings.Cut(strings.TrimSpace(one), " if ")
		code, adRef := strings.CutSuffix(head, " ad ref")
		side, ok := p.codes.side(code)
		if !ok || !seat.Party(side).Valid() || c.assent(seat.Party(side)) != nil {
			p.warn(at, "apparatus-unread", "Given", one)
			continue
		}
		a := Assent{Party: seat.Party(side), Firm: !adRef}
		if conditional {
			for ref := range strings.SplitSeq(conditions, ",") {
				p.refs = append(p.refs, conditionRef{len(p.text.Clauses) - 1, a.Party, strings.TrimSpace(ref), at})
			}
		}
		c.Assents = append(c.Assents, a)
	}
}

// assent returns the party's assent to the clause, or nil.
func (c *Clause) assent(party seat.Party) *Assent {
	for i := range c.Assents {
		if c.Assents[i].Party == party {
			return &c.Assents[i]
		}
	}
	return nil
}

// A conditionRef is a condition as it was written: a label, a place in the
// text counted from 1 as in #7, or another text's key, a colon and an id.
type conditionRef struct {
	clause  int
	party   seat.Party
	written string
	at      place
}

// resolve makes conditions of what was written, now that all labels are known.
func (p *parser) resolve() {
	if len(p.refs) == 0 {
		return
	}
	by := map[string]int{}
	for i, l := range p.text.Labels() {
		if _, twice := by[l]; twice || l == "" {
			by[l] = -1
		} else {
			by[l] = i
		}
	}
	for _, r := range p.refs {
		c, ok := p.condition(r.written, by)
		if !ok || c.Clause == p.text.Clauses[r.clause].ID {
			p.warn(r.at, "condition-unknown", "Given", r.written)
			continue
		}
		a := p.text.Clauses[r.clause].assent(r.party)
		if !hasCondition(a.If, c) {
			a.If = append(a.If, c)
		}
	}
}

func (p *parser) condition(s string, by map[string]int) (Condition, bool) {
	if n, ok := strings.CutPrefix(s, "#"); ok {
		i, err := strconv.Atoi(n)
		if err != nil || i < 1 || i > len(p.text.Clauses) {
			return Condition{}, false
		}
		return Condition{Clause: p.text.Clauses[i-1].ID}, true
	}
	if i, ok := by[s]; ok && i >= 0 {
		return Condition{Clause: p.text.Clauses[i].ID}, true
	}
	key, clause, ok := strings.Cut(s, ":")
	if !ok || !validTextKey(key) || !validID("c", ID(clause)) {
		return Condition{}, false
	}
	return Condition{Text: key, Clause: ID(clause)}, true
}

func hasCondition(list []Condition, c Condition) bool {
	for _, have := range list {
		if have == c {
			return true
		}
	}
	return false
}

// validTextKey reports whether s can name another text: a document symbol or
// a key, without spaces, commas, semicolons or colons.
func validTextKey(s string) bool {
	return s != "" && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(",;:#", r)
	}) < 0
}

func id(prefix string, n int) ID { return ID(prefix + strconv.Itoa(n)) }

// validID reports whether an id is a prefix and a number that could have been given.
func validID(prefix string, i ID) bool {
	n, ok := idNumber(prefix, i)
	return ok && id(prefix, n) == i
}

func idNumber(prefix string, i ID) (int, bool) {
	digits, ok := strings.CutPrefix(string(i), prefix)
	if !ok || len(digits) > 9 {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n > 0
}
