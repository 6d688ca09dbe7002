package text

import (
	"strconv"
	"strings"
)

// Labels returns what people call each clause: 3 bis.1(a), Annex II.4,
// Preamble, 3 ¶2. Two clauses may have the same label if a text numbers badly.
func (t *Text) Labels() []string {
	labels := make([]string, len(t.Clauses))
	type level struct {
		label string
		plain int // unnumbered clauses and items under it so far
	}
	var under [9]level
	for i := range t.Clauses {
		c := &t.Clauses[i]
		d := c.Kind.Depth()
		if d == 0 || d >= len(under) {
			continue
		}
		above := &under[0]
		for k := d - 1; k > 0; k-- {
			if under[k].label != "" {
				above = &under[k]
				break
			}
		}
		labels[i] = label(c, above.label, &above.plain)
		under[d] = level{label: labels[i]}
		for k := d + 1; k < len(under); k++ {
			under[k] = level{}
		}
	}
	return labels
}

// label names a clause under another. Parts, chapters and sections do not
// enter the label of an article: articles are numbered through.
func label(c *Clause, above string, plain *int) string {
	annex := ""
	if strings.HasPrefix(above, "Annex") {
		annex = above + "."
	}
	switch c.Kind {
	case Article:
		return annex + c.Number
	case Preamble:
		return annex + "Preamble"
	case Part, Chapter, Section, Annex:
		return strings.TrimSpace(kindWord(c.Kind) + " " + c.Number)
	case Paragraph:
		if above == "" {
			return c.Number
		}
		return above + "." + c.Number
	case Point, Subpoint:
		return above + "(" + c.Number + ")"
	}
	*plain++
	return strings.TrimSpace(above + " ¶" + strconv.Itoa(*plain))
}

// Label returns what people call the clause of that id, or the empty text.
func (t *Text) Label(id ID) string {
	if i := t.index(id); i >= 0 {
		return t.Labels()[i]
	}
	return ""
}
