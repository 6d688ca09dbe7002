package text

// A Step is one change in the history of a clause.
type Step struct {
	Index  int // of the change in the list
	Change Change
	Before *Clause // nil if the clause was not there
	After  *Clause // nil if it is not there any more
}

// History returns what happened to a clause, or to the text if the id is
// empty, in a list of changes from the tabling on. Notes, numbers and marks
// are part of it.
func History(changes []Change, clause ID) []Step {
	var d Draft
	var steps []Step
	for i, c := range changes {
		var before *Clause
		if f := d.find(clause); f != nil {
			b := *f // clauses are never changed in place, so this is how it was
			before = &b
		}
		d.Apply(c)
		after := d.find(clause)
		switch {
		case clause == "":
			steps = append(steps, Step{Index: i, Change: c})
		case before == nil && after == nil, before != nil && after != nil && sameState(before, after):
		default:
			s := Step{Index: i, Change: c, Before: before}
			if after != nil {
				a := *after
				s.After = &a
			}
			steps = append(steps, s)
		}
	}
	return steps
}

// sameState reports whether two states of a clause are one: whoever changes a
// clause replaces its body.
func sameState(a, b *Clause) bool {
	sameBody := len(a.Body) == len(b.Body) && (len(a.Body) == 0 || &a.Body[0] == &b.Body[0])
	return sameBody && a.Status == b.Status && a.Number == b.Number && a.ForLeaders == b.ForLeaders &&
		len(a.Assents) == len(b.Assents) && len(a.Reserves) == len(b.Reserves) && len(a.Notes) == len(b.Notes)
}

// Burndown returns the counts of a text after each of the changes. It is to be
// shown, never to be aimed at.
func Burndown(changes []Change) []Counts {
	var d Draft
	out := make([]Counts, len(changes))
	for i, c := range changes {
		d.Apply(c)
		if d.Text != nil {
			out[i] = d.Text.Counts()
		}
	}
	return out
}

// Replay returns the draft that a list of changes leads to.
func Replay(changes []Change) *Draft {
	d := &Draft{}
	for _, c := range changes {
		d.Apply(c)
	}
	return d
}
