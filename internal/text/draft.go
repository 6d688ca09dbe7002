package text

import (
	"reflect"
	"slices"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// A Draft is a text under negotiation. The zero value is a text that has not
// been tabled. Only Apply changes it.
type Draft struct {
	Standing  Standing
	Pen       string // side that holds the pen
	Unnamed   bool   // the chair has decided that sides are not shown
	Text      *Text  // nil until tabled
	Revisions []Revision
	Lifts     []Lift // proposals to settle a bracket that are open, in order
	Changed   bool   // since it was frozen last
}

// A Standing says what weight a text has.
type Standing string

const (
	ChairText Standing = "chair-text" // the single text, by whoever mediates
	Proposal  Standing = "proposal"   // a side's own
	NonPaper  Standing = "non-paper"  // nobody's; it can be talked about, not agreed
)

// Choices lists the standings.
func (Standing) Choices() []string { return []string{"chair-text", "proposal", "non-paper"} }

// A Revision is a text as it stood when it was frozen under a document symbol.
type Revision struct {
	Number int
	Symbol string
	Text   *Text
}

// A Lift is a proposal to settle a bracket: by one of its options, or by
// letting both readings stand.
type Lift struct {
	Bracket ID
	Option  string // letter; empty if both are to stand
	By      string
	Agreed  []seat.Party // in the order of agreeing
	words   string       // what would stand; if that changes, the proposal falls
}

// A Hand is who acts, and among whom. Talks and room make it of the seat.
type Hand struct {
	Side    string       // a party's key, "mediation" or "chair"
	Parties []seat.Party // whose agreement the text needs, now
	// Agreed says of a condition on another text whether it is met. Without
	// it none is.
	Agreed func(Condition) bool
}

// party returns the party that acts, or the empty one.
func (h Hand) party() seat.Party {
	if p := seat.Party(h.Side); slices.Contains(h.Parties, p) {
		return p
	}
	return ""
}

// mediates reports whether the mediation or the chair acts.
func (h Hand) mediates() bool { return h.Side == seat.Mediation || h.Side == seat.ChairGroup }

// An Act is something a side asks to do with a text.
type Act interface {
	// Decide rules on the act. It changes nothing.
	Decide(d *Draft, by Hand) ([]Change, error)
}

// A Change is what followed from an act. Its fields are a record's format: they
// may be added to, never renamed or removed. Fields tagged `words` are what
// people wrote; they may be empty when they have been destroyed.
type Change interface {
	// Apply brings a draft up to date. It refuses nothing, whatever the draft
	// is: a change of what is not there changes nothing.
	Apply(d *Draft)
	// Phrase says the change in one sentence.
	Phrase() phrasebook.Phrase
	// Clause returns the clause that the change speaks to, or the empty id.
	// It is asked before the change is applied.
	Of(d *Draft) ID
}

// Apply brings the draft up to date with a change.
func (d *Draft) Apply(c Change) {
	c.Apply(d)
	if _, frozen := c.(RevisionFrozen); !frozen {
		d.Changed = true
	}
}

// copy returns a draft that can be changed without changing d. Clauses are
// shared; nobody changes them in place.
func (d *Draft) copy() *Draft {
	e := *d
	if d.Text != nil {
		e.Text = d.Text.share()
	}
	e.Revisions, e.Lifts = slices.Clone(d.Revisions), slices.Clone(d.Lifts)
	return &e
}

// share returns a text with the same clauses in a list of its own.
func (t *Text) share() *Text {
	u := *t
	u.Clauses, u.Footnotes = slices.Clone(t.Clauses), slices.Clone(t.Footnotes)
	return &u
}

// edit lets change work on a copy of a clause, which then replaces it.
func (d *Draft) edit(clause ID, change func(*Clause)) {
	if d.Text == nil {
		return
	}
	if i := d.Text.index(clause); i >= 0 {
		c := d.Text.Clauses[i].clone()
		change(&c)
		d.Text.Clauses[i] = c
	}
}

// editBracket lets change work on a copy of a bracket.
func (d *Draft) editBracket(bracket ID, change func(*Choice)) {
	d.edit(d.clauseOf(bracket), func(c *Clause) {
		for ch := range c.Body.Choices {
			if ch.ID == bracket {
				change(ch)
				tidyForm(ch)
				return
			}
		}
	})
}

func (d *Draft) editOption(bracket ID, key string, change func(*Option)) {
	d.editBracket(bracket, func(c *Choice) {
		if o := c.Option(key); o != nil {
			change(o)
		}
	})
}

// clauseOf returns the clause that a bracket stands in, or the empty id.
func (d *Draft) clauseOf(bracket ID) ID {
	if d.Text == nil {
		return ""
	}
	if _, c := d.Text.Bracket(bracket); c != nil {
		return c.ID
	}
	return ""
}

func (d *Draft) lift(bracket ID) *Lift {
	for i := range d.Lifts {
		if d.Lifts[i].Bracket == bracket {
			return &d.Lifts[i]
		}
	}
	return nil
}

// ready refuses acts on a text that is not tabled, and by sides that have no
// part in it.
func (d *Draft) ready(by Hand, rule int) error {
	switch {
	case d.Text == nil:
		return ruling.Nothing()
	case by.party() == "" && !by.mediates():
		return ruling.No(ruling.Denied, rule, "text-no-part")
	}
	return nil
}

// clause finds a clause for an act, or refuses.
func (d *Draft) clause(id ID, rule int) (*Clause, error) {
	c := d.Text.Find(id)
	if c == nil {
		return nil, ruling.No(ruling.Absent, rule, "text-no-clause", "Clause", string(id))
	}
	return c, nil
}

// open finds a clause whose words may still change: not one that has been
// agreed, even ad referendum.
func (d *Draft) open(id ID, rule int) (*Clause, error) {
	c, err := d.clause(id, rule)
	if err != nil {
		return nil, err
	}
	if c.Status >= AgreedAdReferendum {
		return nil, ruling.No(ruling.OutOfOrder, rule, "text-clause-agreed", "Clause", d.Text.Label(id), "Status", statusTerm(c.Status))
	}
	return c, nil
}

// bracket finds a bracket in a clause that may still change.
func (d *Draft) bracket(id ID, rule int) (*Choice, *Clause, error) {
	ch, c := d.Text.Bracket(id)
	if ch == nil {
		return nil, nil, ruling.No(ruling.Absent, rule, "text-no-bracket", "Bracket", string(id))
	}
	if ch.Form == Both {
		return nil, nil, ruling.No(ruling.OutOfOrder, rule, "text-differ-agreed", "Bracket", string(id))
	}
	_, err := d.open(c.ID, rule)
	return ch, c, err
}

// option finds an option of a bracket in a clause that may still change.
func (d *Draft) option(bracket ID, key string, rule int) (*Option, *Choice, error) {
	ch, _, err := d.bracket(bracket, rule)
	if err != nil {
		return nil, nil, err
	}
	o := ch.Option(key)
	if o == nil {
		return nil, nil, ruling.No(ruling.Absent, rule, "text-no-option", "Bracket", string(bracket), "Option", key)
	}
	return o, ch, nil
}

func statusTerm(s Status) phrasebook.Term {
	return phrasebook.Term("text-status." + [...]string{"tabled", "under-discussion", "agreed-ad-referendum", "agreed", "initialled", "authenticated"}[min(s, Authenticated)])
}

// with returns the changes and what follows from them: assents fall that were
// given to other words or on a condition that is no longer met, proposals
// fall whose outcome is no longer what was proposed, and the status of clauses
// follows.
func (d *Draft) with(by Hand, changes ...Change) ([]Change, error) {
	f := following{before: d, now: d.copy(), by: by}
	for _, c := range changes {
		if at := c.Of(f.now); at != "" {
			f.spoken = appendID(f.spoken, at)
		}
		f.do(c)
	}
	if err := f.bounded(); err != nil {
		return nil, err
	}
	f.assents()
	f.conditions()
	f.statuses()
	f.lifts()
	return f.out, nil
}

// bounded refuses what would make a text that cannot be read again.
func (f *following) bounded() error {
	for _, id := range f.spoken {
		c := f.now.find(id)
		if c == nil {
			continue
		}
		for _, depth := range c.Body.Choices {
			if depth > MaxDepth {
				return ruling.No(ruling.Invalid, 75, "text-too-deep", "Limit", MaxDepth)
			}
		}
	}
	if f.now.Text.Given.Brackets > 4*MaxBrackets || len(f.now.Text.Clauses) > MaxClauses {
		return ruling.No(ruling.Invalid, 75, "text-too-large")
	}
	return nil
}

type following struct {
	before *Draft
	now    *Draft
	by     Hand
	spoken []ID // clauses that were spoken to
	out    []Change
}

func (f *following) do(c Change) {
	f.now.Apply(c)
	f.out = append(f.out, c)
}

func appendID(list []ID, id ID) []ID {
	if slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

// assents lets those fall that were given to other words.
func (f *following) assents() {
	for _, id := range f.spoken {
		was, is := f.before.find(id), f.now.find(id)
		if was == nil || is == nil || len(is.Assents) == 0 || reflect.DeepEqual(bare(was.Body), bare(is.Body)) {
			continue
		}
		for _, a := range slices.Clone(is.Assents) {
			f.do(AssentFell{Clause: id, Label: f.now.Text.Label(id), Party: a.Party})
		}
	}
}

func (d *Draft) find(id ID) *Clause {
	if d.Text == nil {
		return nil
	}
	return d.Text.Find(id)
}

// bare returns what of a body an assent is given to: words and brackets,
// without who stands where.
func bare(b Body) string { return b.String() }

// conditions lets assents fall that depended on a clause which is no longer
// agreed, and those that depended on theirs.
func (f *following) conditions() {
	for again := true; again; {
		again = false
		f.statuses()
		for i := range f.now.Text.Clauses {
			c := &f.now.Text.Clauses[i]
			for _, a := range slices.Clone(c.Assents) {
				for _, on := range a.If {
					if on.Text == "" && f.fell(on.Clause) {
						f.do(AssentFell{Clause: c.ID, Label: f.now.Text.Label(c.ID), Party: a.Party, On: on.Clause, OnLabel: f.label(on.Clause)})
						again = true
						break
					}
				}
			}
		}
	}
}

// label is what a clause is called, or was.
func (f *following) label(id ID) string {
	if l := f.now.Text.Label(id); l != "" {
		return l
	}
	return f.before.Text.Label(id)
}

// fell reports whether a clause was agreed before and is not now, or is gone.
func (f *following) fell(id ID) bool {
	was, is := f.before.find(id), f.now.find(id)
	return was != nil && (is == nil || was.Status >= AgreedAdReferendum && is.Status < AgreedAdReferendum)
}

// statuses brings the status of each clause in line with the assents to it.
func (f *following) statuses() {
	if f.now.Text == nil {
		return
	}
	for again := true; again; {
		again = false
		for i := range f.now.Text.Clauses {
			c := &f.now.Text.Clauses[i]
			if want := f.status(c); want != c.Status {
				f.do(StatusChanged{Clause: c.ID, Label: f.now.Text.Label(c.ID), Status: want})
				again = true
			}
		}
	}
}

func (f *following) status(c *Clause) Status {
	firm := f.all(c, true) && len(f.now.Unmet(c, f.by.Agreed)) == 0
	was := f.before.find(c.ID)
	switch {
	case c.Status >= Initialled, c.Status == Agreed && was != nil && len(c.Assents) >= len(was.Assents):
		return c.Status
	case firm:
		return Agreed
	case f.all(c, false), c.Status == AgreedAdReferendum && was != nil && len(c.Assents) >= len(was.Assents):
		return AgreedAdReferendum // a party that came later does not undo what was agreed
	case c.Status > UnderDiscussion, len(c.Assents) > 0, slices.Contains(f.spoken, c.ID):
		return UnderDiscussion
	}
	return c.Status
}

// all reports whether every party has agreed, or agreed firmly.
func (f *following) all(c *Clause, firm bool) bool {
	if len(f.by.Parties) == 0 {
		return false
	}
	for _, p := range f.by.Parties {
		if a := c.assent(p); a == nil || firm && !a.Firm {
			return false
		}
	}
	return true
}

// Unmet returns the conditions of the assents to a clause that are not met.
// Conditions on each other are met together.
func (d *Draft) Unmet(c *Clause, abroad func(Condition) bool) (unmet []Condition) {
	for _, a := range c.Assents {
		for _, on := range a.If {
			met := false
			if on.Text != "" {
				met = abroad != nil && abroad(on)
			} else if other := d.find(on.Clause); other != nil {
				met = other.Status >= AgreedAdReferendum
			}
			if !met && !hasCondition(unmet, on) {
				unmet = append(unmet, on)
			}
		}
	}
	return unmet
}

// lifts lets proposals fall whose bracket is gone or whose outcome is another.
func (f *following) lifts() {
	for _, l := range slices.Clone(f.now.Lifts) {
		words, ok := f.now.outcome(l.Bracket, l.Option)
		if !ok || words != l.words {
			f.do(LiftFell{Bracket: l.Bracket, Label: f.now.Text.Label(f.now.clauseOf(l.Bracket))})
		}
	}
}

// outcome returns what would stand if a bracket were settled so.
func (d *Draft) outcome(bracket ID, key string) (string, bool) {
	c, _ := d.Text.Bracket(bracket)
	if c == nil || c.Form == Both {
		return "", false
	}
	if key == "" {
		return Body{{Choice: c}}.String(), true
	}
	o := c.Option(key)
	if o == nil {
		return "", false
	}
	return o.Body.String(), true
}
