package text

import (
	"slices"
)

// A ClauseDiff is what became of one clause between two states of a text.
type ClauseDiff struct {
	Clause ID
	Before *Clause // nil if it was added
	After  *Clause // nil if it was taken out
	Moved  bool    // it stands elsewhere among the clauses that are in both
	Edits  []Edit  // of its words, brackets included, without who wants what
}

// Same reports whether the words, the number and the place are the same.
func (d *ClauseDiff) Same() bool {
	return d.Before != nil && d.After != nil && !d.Moved && d.Before.Number == d.After.Number && d.Before.Kind == d.After.Kind &&
		(len(d.Edits) == 0 || len(d.Edits) == 1 && d.Edits[0].Op == Keep)
}

// Diff compares two states of one text, clause by clause, in the order of the
// later; what was taken out stands after what it stood after. Clauses are the
// same if their ids are. Two texts that were tabled separately are to be
// brought together by [Text.Align] first.
func Diff(before, after *Text) []ClauseDiff {
	at := make(map[ID]int, len(before.Clauses))
	for i := range before.Clauses {
		at[before.Clauses[i].ID] = i
	}
	moved := movedClauses(at, after)
	var out []ClauseDiff
	present := make(map[ID]bool, len(after.Clauses))
	for i := range after.Clauses {
		present[after.Clauses[i].ID] = true
	}
	gone := func(from int) { // what was taken out behind a place in before
		for ; from < len(before.Clauses) && !present[before.Clauses[from].ID]; from++ {
			c := &before.Clauses[from]
			out = append(out, ClauseDiff{Clause: c.ID, Before: c, Edits: oneSided(Delete, c.Body)})
		}
	}
	gone(0)
	for i := range after.Clauses {
		c := &after.Clauses[i]
		k, ok := at[c.ID]
		if !ok {
			out = append(out, ClauseDiff{Clause: c.ID, After: c, Edits: oneSided(Insert, c.Body)})
			continue
		}
		b := &before.Clauses[k]
		out = append(out, ClauseDiff{Clause: c.ID, Before: b, After: c, Moved: moved[c.ID], Edits: diffBodies(b.Body, c.Body)})
		gone(k + 1)
	}
	return out
}

// diffBodies compares two bodies. Bodies that share their pieces are not
// written out to be compared.
func diffBodies(a, b Body) []Edit {
	if len(a) > 0 && len(a) == len(b) && &a[0] == &b[0] {
		return []Edit{{Keep, b.String()}}
	}
	return DiffWords(a.String(), b.String())
}

func oneSided(op Op, b Body) []Edit {
	if len(b) == 0 {
		return nil
	}
	return []Edit{{op, b.String()}}
}

// movedClauses returns the clauses of both that are out of the order in which
// most of them stand.
func movedClauses(at map[ID]int, after *Text) map[ID]bool {
	var pairs [][2]int
	for i := range after.Clauses {
		if k, ok := at[after.Clauses[i].ID]; ok {
			pairs = append(pairs, [2]int{i, k})
		}
	}
	stay := rising(pairs)
	if len(stay) == len(pairs) {
		return nil
	}
	moved := map[ID]bool{}
	for _, p := range pairs {
		if !slices.Contains(stay, p) {
			moved[after.Clauses[p[0]].ID] = true
		}
	}
	return moved
}

// Align returns t with the ids of those clauses of another text that they
// stand for: the same label and kind, or else the same words. Clauses that
// stand for none keep an id that the other text has not given. It is how an
// imported text is compared with what stands.
func (t *Text) Align(other *Text) *Text {
	type name struct {
		kind  Kind
		label string
	}
	byLabel, byWords := map[name]ID{}, map[string]ID{}
	labels := other.Labels()
	for i := range other.Clauses {
		c := &other.Clauses[i]
		n := name{c.Kind, labels[i]}
		if _, twice := byLabel[n]; twice {
			byLabel[n] = ""
		} else {
			byLabel[n] = c.ID
		}
		byWords[c.Body.String()] = c.ID
	}
	out := *t
	out.Clauses = slices.Clone(t.Clauses)
	out.Given.Clauses = max(t.Given.Clauses, other.Given.Clauses)
	taken, renamed := map[ID]bool{}, map[ID]ID{}
	mine := t.Labels()
	for i := range out.Clauses {
		c := &out.Clauses[i]
		to := byLabel[name{c.Kind, mine[i]}]
		if to == "" || taken[to] {
			to = byWords[c.Body.String()]
		}
		if to == "" || taken[to] {
			out.Given.Clauses++
			to = id("c", out.Given.Clauses)
		}
		taken[to], renamed[c.ID] = true, to
		c.ID = to
	}
	for i := range out.Clauses {
		out.Clauses[i].rename(renamed)
	}
	return &out
}

// rename carries the conditions of a clause over to new ids.
func (c *Clause) rename(to map[ID]ID) {
	if !conditional(c) {
		return
	}
	*c = c.clone()
	for i := range c.Assents {
		for k, cond := range c.Assents[i].If {
			if cond.Text == "" {
				c.Assents[i].If[k].Clause = to[cond.Clause]
			}
		}
	}
}
