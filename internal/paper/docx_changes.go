package paper

import (
	"fmt"
	"strings"

	"parley/internal/text"
)

// merge writes two states of a text as one: what is in both, once; what is in
// the base only, as deleted; what is in the later only, as inserted. Who
// accepts all changes has the later, who rejects all has the base. What moved
// is deleted where it was and inserted where it is. Footnotes stand at the end,
// typed, with marks that both states share: LibreOffice loses a character when
// the mark of a real one is itself inserted or deleted.
func (d *docxWriter) merge(base, later *text.Text) error {
	m := merger{docxWriter: d, stands: map[string]rune{}}
	before, after, err := m.sheets(base, later)
	if err != nil {
		return err
	}
	i := 0
	for _, b := range after.order {
		if !before.has(b) || !m.stays(before, after, b) {
			m.all(after.rows[b], text.Insert)
			continue
		}
		for ; i < len(before.order)-1 && before.order[i] != b; i++ {
			m.all(before.rows[before.order[i]], text.Delete)
		}
		i++
		m.pair(before.rows[b], after.rows[b])
	}
	for ; i < len(before.order); i++ {
		m.all(before.rows[before.order[i]], text.Delete)
	}
	add(d.body, "p") // Word keeps the last paragraph whatever becomes of its mark
	return nil
}

type merger struct {
	*docxWriter
	stands map[string]rune // for each footnote, by its words and how many have the same, the character that stands for its mark
	kept   map[string]bool // blocks that are in both, in the same order
}

// A sheet is a page divided by clauses.
type sheet struct {
	order []string // ids of clauses; "title" and "notes" besides
	rows  map[string][]row
}

func (s *sheet) has(block string) bool { return s.rows[block] != nil }

const firstStand = 0x100000 // of private use

// sheets sets both texts. Marks of footnotes, which are numbered anew in each,
// become characters that are the same if the words are.
func (m *merger) sheets(base, later *text.Text) (before, after *sheet, err error) {
	var both [2]*sheet
	for n, t := range []*text.Text{base, later} {
		if strings.ContainsFunc(text.Print(t, m.codes), isStand) {
			return nil, nil, fmt.Errorf("a text with characters of private use from U+%X on cannot be shown with tracked changes; take them out", firstStand)
		}
		both[n] = m.sheet(layout(t, m.codes))
	}
	m.kept = map[string]bool{"title": true, "notes": true}
	for _, d := range text.Diff(base, later) {
		if d.Before != nil && d.After != nil && !d.Moved && d.Before.Kind == d.After.Kind {
			m.kept[string(d.Clause)] = true
		}
	}
	return both[0], both[1], nil
}

func (m *merger) stays(before, after *sheet, block string) bool {
	return m.kept[block] && before.has(block) && after.has(block)
}

// sheet divides a page by clauses.
func (m *merger) sheet(g page) *sheet {
	s := &sheet{rows: map[string][]row{}}
	marks, times := map[string]rune{}, map[string]int{}
	for _, mark := range g.marks() {
		words := g.footnotes[mark]
		times[words]++
		key := fmt.Sprint(times[words], words)
		if m.stands[key] == 0 {
			m.stands[key] = rune(firstStand + len(m.stands))
		}
		marks[mark] = m.stands[key]
		g.rows = append(g.rows, row{role: definition, words: mark + ": " + words})
	}
	for _, r := range g.rows {
		block := "notes"
		if r.role == title {
			block = "title"
		} else if r.clause != nil {
			block = string(r.clause.ID)
		}
		if s.rows[block] == nil {
			s.order = append(s.order, block)
		}
		var b strings.Builder
		for piece, mark := range pieces(r.words) {
			if mark && marks[piece] != 0 {
				b.WriteRune(marks[piece])
			} else {
				b.WriteString(piece)
			}
		}
		r.words = b.String()
		s.rows[block] = append(s.rows[block], r)
	}
	return s
}

func isStand(c rune) bool { return c >= firstStand }

// unstand brings the marks back.
func unstand(words string) string {
	if !strings.ContainsFunc(words, isStand) {
		return words
	}
	var b strings.Builder
	for _, r := range words {
		if isStand(r) {
			fmt.Fprintf(&b, "[^%d]", r-firstStand+1)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// all writes rows of which every word is deleted or inserted.
func (m *merger) all(rows []row, op text.Op) {
	for _, r := range rows {
		words := unstand(r.words)
		var edits []text.Edit
		if words != "" {
			edits = []text.Edit{{Op: op, Words: words}}
		}
		m.row(r, op, edits)
	}
}

// pair writes the rows of a clause that is in both.
func (m *merger) pair(before, after []row) {
	i := 0
	for _, b := range after {
		at := i
		for at < len(before) && !same(before[at], b) {
			at++
		}
		if at == len(before) {
			m.all([]row{b}, text.Insert)
			continue
		}
		m.all(before[i:at], text.Delete)
		edits := text.DiffWords(before[at].words, b.words)
		for k := range edits {
			edits[k].Words = unstand(edits[k].Words)
		}
		m.row(b, text.Keep, edits)
		i = at + 1
	}
	m.all(before[i:], text.Delete)
}

// same reports whether one row can have become the other.
func same(a, b row) bool {
	return a.role == b.role && (a.role != standing && a.role != definition || a.words == b.words)
}
