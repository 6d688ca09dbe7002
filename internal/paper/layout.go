package paper

import (
	"regexp"
	"strings"

	"parley/internal/text"
)

// A role says what a row is on the page.
type role uint8

const (
	title      role = iota
	clause          // the line that a clause begins with
	option          // Option 1: words
	standing        // > agreed ad ref
	definition      // [^1]: words, of a footnote that nothing refers to
	gap             // keeps Option 1 from the clause above
)

// A row is a paragraph on the page. Its words are bracketed text as
// text.Print writes it, escapes and all, so that what is read back is parsed
// as it was printed; only marks that the look of the row says are left off.
type row struct {
	role   role
	clause *text.Clause // nil for title and definition
	words  string
}

// A page is a text set in rows.
type page struct {
	rows      []row
	footnotes map[string]string // words of the footnotes that are referred to, by mark
}

// layout sets a text in rows. It relies on what text.Print promises: one block
// for the title, one for each clause, one for each footnote or reserve.
func layout(t *text.Text, codes text.Codes) page {
	g := page{footnotes: map[string]string{}}
	blocks := strings.Split(strings.TrimSuffix(text.Print(t, codes), "\n"), "\n\n")
	if t.Title != "" {
		g.rows = append(g.rows, row{role: title, words: strings.TrimPrefix(blocks[0], "# ")})
		blocks = blocks[1:]
	}
	for i := range t.Clauses {
		g.clause(&t.Clauses[i], strings.Split(blocks[i], "\n"), i == 0)
	}
	for _, m := range g.marks() {
		g.footnotes[m] = ""
	}
	for _, b := range blocks[len(t.Clauses):] {
		mark, words, _ := strings.Cut(b, ": ")
		if _, used := g.footnotes[mark]; used {
			g.footnotes[mark] = words
		} else if mark != "" {
			g.rows = append(g.rows, row{role: definition, words: b})
		}
	}
	return g
}

// marks lists the marks of footnotes in the rows, each once.
func (g *page) marks() (list []string) {
	seen := map[string]bool{}
	for _, r := range g.rows {
		for piece, mark := range pieces(r.words) {
			if mark && !seen[piece] {
				seen[piece] = true
				list = append(list, piece)
			}
		}
	}
	return list
}

// clause sets one clause.
func (g *page) clause(c *text.Clause, lines []string, first bool) {
	for i, line := range lines {
		r := row{role: clause, clause: c, words: strings.TrimLeft(line, " ")}
		switch {
		case i > 0 && strings.HasPrefix(line, "> note "):
			continue // beside the text, not in it
		case i > 0 && strings.HasPrefix(line, "> "):
			r.role = standing
		case i > 0 || c.Kind == text.Plain && isOption(line):
			r.role = option
			if i == 0 && !first {
				g.rows = append(g.rows, row{role: gap, clause: c})
			}
		case c.Kind == text.Heading:
			r.words = strings.TrimPrefix(r.words, "## ")
		case c.Kind == text.Item:
			r.words = "•" + strings.TrimPrefix(r.words, "-")
		}
		g.rows = append(g.rows, r)
	}
}

// isOption reports whether a line is one of a choice of paragraphs, as package
// text tells it.
func isOption(s string) bool { return optionLine.MatchString(s) }

var optionLine = regexp.MustCompile(`^(?i:option|alt|alt\.|alternative) [0-9]{1,4}[:.](?: |$)`)

// pieces yields the words of a row and, between them, its footnote marks.
func pieces(s string) func(func(string, bool) bool) {
	return func(yield func(string, bool) bool) {
		from := 0
		for i := 0; i < len(s); i++ {
			if s[i] == '\\' {
				i++
				continue
			}
			end := 0
			if strings.HasPrefix(s[i:], "[^") {
				end = strings.IndexByte(s[i:], ']') + 1
			}
			if end < 4 || strings.Trim(s[i+2:i+end-1], "0123456789") != "" {
				continue
			}
			if from < i && !yield(s[from:i], false) || !yield(s[i:i+end], true) {
				return
			}
			from = i + end
			i = from - 1
		}
		if from < len(s) {
			yield(s[from:], false)
		}
	}
}
