package text

import (
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/seat"
)

// Codes says how sides are written in brackets: by side, that is a party's
// key, "mediation" or "chair". With nil Codes a side is written as its key in
// capitals, and whatever looks like that is read as a side.
type Codes map[string]string

// Write returns how a side is written.
func (c Codes) Write(side string) string {
	if code, ok := c[side]; ok {
		return code
	}
	return strings.ToUpper(side)
}

// reader turns what is written into sides.
type reader struct {
	sides map[string]string // by lower-case code; nil if every key is one
}

func (c Codes) reader() reader {
	if c == nil {
		return reader{}
	}
	r := reader{sides: map[string]string{}}
	for side, code := range c {
		r.sides[strings.ToLower(code)] = side
	}
	for _, side := range []string{seat.Mediation, seat.ChairGroup} {
		if _, ok := c[side]; !ok {
			r.sides[side] = side
		}
	}
	return r
}

// side reads one code.
func (r reader) side(code string) (string, bool) {
	code = strings.TrimSpace(code)
	low := strings.ToLower(code)
	if r.sides != nil {
		side, ok := r.sides[low]
		return side, ok
	}
	if code != strings.ToUpper(code) || !validSide(low) {
		return "", false
	}
	return low, true
}

// validSide reports whether s can be a side: a party's key, the mediation or the chair.
func validSide(s string) bool {
	return s == seat.Mediation || s == seat.ChairGroup || seat.Party(s).Valid()
}

// list reads codes divided by commas: all of them, or none.
func (r reader) list(s string) []string {
	if s == "" || len(s) > 2000 {
		return nil
	}
	var sides []string
	for code := range strings.SplitSeq(s, ",") {
		side, ok := r.side(code)
		if !ok {
			return nil
		}
		sides = appendNew(sides, side)
	}
	return sides
}

// leading reads "RU: " or "RU, UA: " at the beginning of an option, and how
// long it is.
func (r reader) leading(s string) ([]string, int) {
	head := s[:min(len(s), 400)]
	end := strings.IndexByte(head, ':')
	if end < 1 || strings.ContainsAny(head[:end], "[]{}()/\\;.") || !blankAt(s, end+1) && s[end+1] != '[' && s[end+1] != ']' {
		return nil, 0
	}
	sides := r.list(head[:end])
	if sides == nil {
		return nil, 0
	}
	return sides, end + 1
}

// signed reads "(+EU, NO; -BR)" at the beginning of s, and how long it is.
func (r reader) signed(s string) (supporters, opponents []string, n int) {
	end := strings.IndexByte(s[:min(len(s), 2000)], ')')
	if end < 3 || s[0] != '(' {
		return nil, nil, 0
	}
	for group := range strings.FieldsFuncSeq(s[1:end], func(c rune) bool { return c == ';' }) {
		group = strings.TrimSpace(group)
		if rest, ok := strings.CutPrefix(group, "+"); ok {
			sides := r.list(rest)
			if sides == nil {
				return nil, nil, 0
			}
			supporters = appendNew(supporters, sides...)
			continue
		}
		rest, ok := cutMinus(group)
		sides := r.list(rest)
		if !ok || sides == nil {
			return nil, nil, 0
		}
		opponents = appendNew(opponents, sides...)
	}
	if len(supporters)+len(opponents) == 0 {
		return nil, nil, 0
	}
	return supporters, opponents, end + 1
}

// cutMinus takes off a hyphen, a minus or a dash.
func cutMinus(s string) (string, bool) {
	for _, sign := range []string{"-", "\u2212", "\u2013"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return rest, true
		}
	}
	return s, false
}

// appendNew appends what is not there yet.
func appendNew(list []string, more ...string) []string {
next:
	for _, m := range more {
		for _, have := range list {
			if have == m {
				continue next
			}
		}
		list = append(list, m)
	}
	return list
}

// sidesOf says sides in a phrase.
func sidesOf(sides []string) phrasebook.Sides {
	out := make(phrasebook.Sides, len(sides))
	for i, s := range sides {
		out[i] = phrasebook.Side(s)
	}
	return out
}
