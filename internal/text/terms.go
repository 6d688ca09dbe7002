package text

import (
	"cmp"
	"slices"
	"strings"
)

// A Term is a defined term: words that a clause gives a meaning of their own.
type Term struct {
	Words   string
	Defined []ID // clauses that define it; more than one is a fault
	Used    int  // times it is used elsewhere
}

// Terms returns the defined terms of a text, in order: those that clauses
// declare, and those that they put in quotes before "means" or after
// "hereinafter", as drafts in English do. A term that is never used, or is
// defined twice, unravels an agreement.
func (t *Text) Terms() []Term {
	by := map[string]*Term{}
	define := func(words string, clause ID) {
		if words = strings.TrimSpace(words); words == "" {
			return
		}
		d := by[words]
		if d == nil {
			d = &Term{Words: words}
			by[words] = d
		}
		if !slices.Contains(d.Defined, clause) {
			d.Defined = append(d.Defined, clause)
		}
	}
	bodies := make([]string, len(t.Clauses))
	for i := range t.Clauses {
		c := &t.Clauses[i]
		bodies[i] = c.Body.String()
		for _, words := range c.Defines {
			define(words, c.ID)
		}
		for _, words := range quotedTerms(bodies[i]) {
			define(words, c.ID)
		}
	}
	out := make([]Term, 0, len(by))
	for _, d := range by {
		for i, body := range bodies {
			if !slices.Contains(d.Defined, t.Clauses[i].ID) {
				d.Used += countTerm(body, d.Words)
			}
		}
		out = append(out, *d)
	}
	slices.SortFunc(out, func(a, b Term) int { return cmp.Compare(a.Words, b.Words) })
	return out
}

var quotes = map[string]string{"“": "”", `"`: `"`, "«": "»", "„": "“"}

// quotedTerms finds “X” means, “X” shall mean, and hereinafter “X”.
func quotedTerms(s string) (terms []string) {
	if !strings.ContainsAny(s, "“\"«„") {
		return nil
	}
	for i := 0; i < len(s); i++ {
		for open, closing := range quotes {
			if !strings.HasPrefix(s[i:], open) {
				continue
			}
			start := i + len(open)
			end := strings.Index(s[start:], closing)
			if end <= 0 || end > 80 {
				continue
			}
			before, after := s[:i], strings.TrimLeft(s[start+end+len(closing):], " ")
			if strings.HasPrefix(after, "means ") || strings.HasPrefix(after, "mean ") || strings.HasPrefix(after, "shall mean ") || hereinafter(before) {
				terms = append(terms, strings.TrimPrefix(strings.TrimPrefix(s[start:start+end], "the "), "The "))
			}
		}
	}
	return terms
}

func hereinafter(before string) bool {
	tail := before[max(0, len(before)-40):]
	i := strings.LastIndex(tail, "hereinafter")
	return i >= 0 && !strings.ContainsAny(tail[i:], ".;)")
}

// countTerm counts a term as whole words, in the case it was defined in.
func countTerm(s, term string) (n int) {
	for s != "" {
		i := strings.Index(s, term)
		if i < 0 {
			return n
		}
		end := i + len(term)
		if !inWord(s[:i], true) && !inWord(s[end:], false) {
			n++
		}
		s = s[end:]
	}
	return n
}

// inWord reports whether a stretch ends, or begins, within a word.
func inWord(s string, end bool) bool {
	if s == "" {
		return false
	}
	r := []rune(s[:min(len(s), 8)])
	c := r[0]
	if end {
		r = []rune(s[max(0, len(s)-8):])
		c = r[len(r)-1]
	}
	return isLetterOrDigit(c)
}
