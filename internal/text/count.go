package text

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/words"
)

// Counts are the figures that delegations quote. They measure no progress:
// brackets are added in order to be traded, too.
type Counts struct {
	Clauses  int // paragraphs and the like, without headings
	Open     int // of them, with a bracket
	Brackets int // places where something is to be chosen, nested ones too
	Pairs    int // brackets as they are printed, each with its closing one
	Groups   int // brackets that hold alternatives, rather than words that may be left out
	Options  int // options in all brackets, those of no text included where they are written
	Depth    int // brackets in brackets at most
	Words    int // words, all options included
	Reserves int
	Differ   int // places where both readings stand by agreement
	ByStatus [Authenticated + 1]int
}

// Counts counts what is in a text.
func (t *Text) Counts() Counts {
	var n Counts
	for i := range t.Clauses {
		c := &t.Clauses[i]
		if !c.Kind.IsHeading() {
			n.Clauses++
			n.ByStatus[c.Status]++
		}
		if c.Body.Open() {
			n.Open++
		}
		n.Reserves += len(c.Reserves)
		n.body(c.Body, 1)
	}
	return n
}

func (n *Counts) body(b Body, depth int) {
	for _, p := range b {
		n.Words += CountWords(p.Words)
		c := p.Choice
		if c == nil {
			continue
		}
		if c.Form == Both {
			n.Differ++
		} else {
			n.choice(c)
			n.Depth = max(n.Depth, depth)
		}
		for i := range c.Options {
			n.Reserves += len(c.Options[i].Reserves)
			n.body(c.Options[i].Body, depth+1)
		}
	}
}

func (n *Counts) choice(c *Choice) {
	n.Brackets++
	switch written := len(c.Options); c.Form {
	case Optional:
		n.Pairs++
		n.Options++
	case Slash:
		n.Pairs++
		n.Groups++
		n.Options += written
	default:
		n.Pairs += written
		n.Groups++
		n.Options += written
	}
}

// CountWords counts the words of a stretch as Unicode divides it (UAX 29):
// what has a letter or a digit in it.
func CountWords(s string) (n int) {
	if s == "" {
		return 0
	}
	for it := words.FromString(s); it.Next(); {
		if isWord(it.Value()) {
			n++
		}
	}
	return n
}

func isWord(token string) bool {
	if c := token[0]; c < 0x80 {
		return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || len(token) > 1 && strings.IndexFunc(token, isLetterOrDigit) >= 0
	}
	return strings.IndexFunc(token, isLetterOrDigit) >= 0
}
