package text

// Fresh returns the text with ids and letters given anew in the order of
// reading, as Parse gives them to what Print writes. It is how two texts are
// compared that came by different ways.
func (t *Text) Fresh() *Text {
	f := fresher{clauses: map[ID]ID{}, footnotes: map[ID]ID{}, old: t, t: &Text{Title: t.Title}}
	for i := range t.Clauses {
		f.t.Given.Clauses++
		f.clauses[t.Clauses[i].ID] = id("c", f.t.Given.Clauses)
	}
	for i := range t.Clauses {
		f.t.Clauses = append(f.t.Clauses, f.clause(&t.Clauses[i]))
	}
	for _, n := range t.Footnotes {
		f.footnote(n.ID)
	}
	return f.t
}

type fresher struct {
	old, t             *Text
	clauses, footnotes map[ID]ID
}

func (f *fresher) clause(old *Clause) Clause {
	c := old.clone()
	c.ID = f.clauses[old.ID]
	if n := len(c.Body); n > 0 && c.Body[n-1].Choice != nil && (c.Body[n-1].Choice.Form == Options || c.Body[n-1].Choice.Form == Alts) {
		f.body(c.Body[:n-1])
		f.reserves(c.Reserves)
		f.body(c.Body[n-1:])
	} else {
		f.body(c.Body)
		f.reserves(c.Reserves)
	}
	for i := range c.Notes {
		f.t.Given.Notes++
		c.Notes[i].ID = id("n", f.t.Given.Notes)
	}
	for i := range c.Assents {
		var kept []Condition
		for _, cond := range c.Assents[i].If {
			if cond.Text == "" {
				if cond.Clause = f.clauses[cond.Clause]; cond.Clause == "" {
					continue
				}
			}
			kept = append(kept, cond)
		}
		c.Assents[i].If = kept
	}
	return c
}

func (f *fresher) body(b Body) {
	for i := range b {
		switch {
		case b[i].Footnote != "":
			b[i].Footnote = f.footnote(b[i].Footnote)
		case b[i].Choice != nil:
			c := b[i].Choice
			f.t.Given.Brackets++
			c.ID, c.Given = id("b", f.t.Given.Brackets), len(c.Options)
			for k := range c.Options {
				o := &c.Options[k]
				o.Key = letter(k)
				f.body(o.Body)
				f.reserves(o.Reserves)
			}
		}
	}
}

func (f *fresher) reserves(list []Reservation) {
	for i := range list {
		f.t.Given.Reserves++
		list[i].ID = id("r", f.t.Given.Reserves)
		list[i].Kind = list[i].Kind.Outward()
	}
}

func (f *fresher) footnote(old ID) ID {
	if f.footnotes[old] == "" {
		f.t.Given.Footnotes++
		f.footnotes[old] = id("f", f.t.Given.Footnotes)
		f.t.Footnotes = append(f.t.Footnotes, Footnote{ID: f.footnotes[old], Words: f.old.Footnote(old)})
	}
	return f.footnotes[old]
}
