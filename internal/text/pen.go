package text

import (
	"slices"
	"strconv"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// TakePen takes over the pen. Mediation and chair take it from each other, and
// from any side that holds it for the single text; a side's own proposal stays
// with that side until it hands the pen over (rule 72).
type TakePen struct{}

func (TakePen) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.ready(by, 72); err != nil {
		return nil, err
	}
	switch {
	case d.Pen == by.Side:
		return nil, ruling.No(ruling.OutOfOrder, 72, "text-pen-yours")
	case !by.mediates() || d.Standing != ChairText && d.Pen != seat.Mediation && d.Pen != seat.ChairGroup:
		return nil, ruling.No(ruling.Denied, 72, "text-pen-elsewhere", "Side", phrasebook.Side(d.Pen))
	}
	return []Change{PenTaken{From: d.Pen, By: by.Side}}, nil
}

// HandPen hands the pen that one holds to another side (rule 72).
type HandPen struct {
	To string // a party's key, "mediation" or "chair"
}

func (a HandPen) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.forPen(by, 72); err != nil {
		return nil, err
	}
	to := Hand{Side: a.To, Parties: by.Parties}
	if a.To == by.Side || to.party() == "" && !to.mediates() {
		return nil, ruling.No(ruling.Invalid, 72, "text-no-such-side", "Given", a.To)
	}
	return []Change{PenTaken{From: by.Side, By: a.To}}, nil
}

// PenTaken says who holds the pen from now on.
type PenTaken struct {
	From string
	By   string
}

func (e PenTaken) Apply(d *Draft) { d.Pen = e.By }
func (PenTaken) Of(*Draft) ID     { return "" }
func (e PenTaken) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-pen-taken", "Side", phrasebook.Side(e.By), "From", phrasebook.Side(e.From))
}

// ShowSides decides whether readers see who wants which option. The mediation
// or the chair decides, on the record (rule 89).
type ShowSides struct {
	Off bool
}

func (a ShowSides) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.ready(by, 89); err != nil {
		return nil, err
	}
	switch {
	case !by.mediates():
		return nil, ruling.No(ruling.Denied, 89, "text-chair-only")
	case a.Off == d.Unnamed:
		return nil, ruling.No(ruling.OutOfOrder, 89, "text-sides-so-already")
	}
	return []Change{SidesShown{By: by.Side, Off: a.Off}}, nil
}

// SidesShown says whether readers see who wants which option.
type SidesShown struct {
	By  string
	Off bool
}

func (e SidesShown) Apply(d *Draft) { d.Unnamed = e.Off }
func (SidesShown) Of(*Draft) ID     { return "" }
func (e SidesShown) Phrase() phrasebook.Phrase {
	if e.Off {
		return phrasebook.Say("event.text-sides-hidden", "Side", phrasebook.Side(e.By))
	}
	return phrasebook.Say("event.text-sides-shown", "Side", phrasebook.Side(e.By))
}

// Annotate adds the pen-holder's note to a clause: how far positions have
// converged, what was tried. It is not part of the text (rule 80).
type Annotate struct {
	Clause   ID
	Words    string `form:"long"`
	Audience string `form:"optional"` // groups of readers, with commas between; empty is everyone who reads the text
}

func (a Annotate) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.forPen(by, 80); err != nil {
		return nil, err
	}
	if _, err := d.clause(a.Clause, 80); err != nil {
		return nil, err
	}
	words := strings.TrimSpace(squeeze(a.Words))
	if words == "" || !isOneLine(words) {
		return nil, ruling.No(ruling.Invalid, 80, "text-needs-words")
	}
	var audience []string
	for g := range strings.SplitSeq(a.Audience, ",") {
		if g = strings.TrimSpace(g); g == "" {
			continue
		}
		if !validGroup(g) {
			return nil, ruling.No(ruling.Invalid, 80, "text-no-such-group", "Given", g)
		}
		audience = appendNew(audience, g)
	}
	return []Change{ClauseAnnotated{id("n", d.Text.Given.Notes+1), a.Clause, d.Text.Label(a.Clause), by.Side, audience, words}}, nil
}

// ClauseAnnotated says what the pen-holder notes on a clause.
type ClauseAnnotated struct {
	Note     ID
	Clause   ID
	Label    string
	By       string
	Audience []string
	Words    string `words:"yes"`
}

func (e ClauseAnnotated) Apply(d *Draft) {
	if d.Text == nil {
		return
	}
	n, _ := idNumber("n", e.Note)
	d.Text.Given.Notes = max(d.Text.Given.Notes, n)
	note := Note{ID: e.Note, By: e.By, Audience: slices.Clone(e.Audience), Words: e.Words}
	if note.Words == "" {
		note.Words = "…"
	}
	d.edit(e.Clause, func(c *Clause) { c.Notes = append(c.Notes, note) })
}
func (ClauseAnnotated) Of(*Draft) ID { return "" } // a note is not discussion
func (e ClauseAnnotated) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-annotated", "Side", phrasebook.Side(e.By), "Clause", e.Label, "Words", phrasebook.Words(e.Words))
}

// Renumber gives a clause another number, or, if none is named, every clause
// its number in order, without bis and ter. Ids and words stay (rule 81).
type Renumber struct {
	Clause ID     `form:"optional"`
	Number string `form:"optional"`
}

func (a Renumber) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.forPen(by, 81); err != nil {
		return nil, err
	}
	if a.Clause == "" {
		if a.Number != "" {
			return nil, ruling.No(ruling.Invalid, 81, "text-number", "Number", a.Number)
		}
		return d.renumberAll(by)
	}
	c, err := d.clause(a.Clause, 81)
	switch {
	case err != nil:
		return nil, err
	case !validNumber(c.Kind, a.Number) || c.Number == a.Number:
		return nil, ruling.No(ruling.Invalid, 81, "text-number", "Number", a.Number)
	}
	after := d.copy()
	e := ClauseRenumbered{a.Clause, d.Text.Label(a.Clause), a.Number}
	e.Apply(after)
	if after.Text.twice(after.Text.index(a.Clause)) {
		return nil, ruling.No(ruling.OutOfOrder, 81, "text-number-taken", "Number", a.Number)
	}
	return []Change{e}, nil
}

// renumberAll numbers from the front: articles through the text and anew in
// each annex, everything else anew under what it stands under.
func (d *Draft) renumberAll(by Hand) ([]Change, error) {
	var changes []Change
	labels := d.Text.Labels()
	count := map[[2]string]int{}
	for i := range d.Text.Clauses {
		c := &d.Text.Clauses[i]
		if c.Number == "" {
			continue
		}
		under := d.Text.Parent(i)
		for c.Kind == Article && under >= 0 && d.Text.Clauses[under].Kind != Annex {
			under = d.Text.Parent(under)
		}
		key := [2]string{strconv.Itoa(under), string(c.Kind)}
		count[key]++
		if n := inStyle(c, count[key]); n != c.Number {
			changes = append(changes, ClauseRenumbered{c.ID, labels[i], n})
		}
	}
	if len(changes) == 0 {
		return nil, ruling.No(ruling.OutOfOrder, 81, "text-in-order")
	}
	return changes, nil
}

// inStyle writes the n-th number as the clause's is written: 3, III, c or iii.
func inStyle(c *Clause, n int) string {
	base, _, _ := strings.Cut(c.Number, " ")
	switch {
	case isDigit(base[0]):
		if i := strings.LastIndexByte(base, '.'); i >= 0 {
			return base[:i+1] + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	case c.Kind == Point && n <= 26:
		return string(rune('a' + n - 1))
	case c.Kind == Point || c.Kind == Subpoint:
		return roman(n)
	case isRoman(strings.ToLower(base)) && n < 200:
		return strings.ToUpper(roman(n))
	case n <= 26:
		return string(rune('A' + n - 1))
	}
	return strconv.Itoa(n)
}

// roman writes a number below 400 in Roman figures, in lower case.
func roman(n int) string {
	var b strings.Builder
	for _, f := range []struct {
		value int
		sign  string
	}{{100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= f.value; n -= f.value {
			b.WriteString(f.sign)
		}
	}
	return b.String()
}

// ClauseRenumbered says that a clause has another number.
type ClauseRenumbered struct {
	Clause ID
	Label  string // what it was called before
	Number string
}

func (e ClauseRenumbered) Apply(d *Draft) { d.edit(e.Clause, func(c *Clause) { c.Number = e.Number }) }
func (ClauseRenumbered) Of(*Draft) ID     { return "" }
func (e ClauseRenumbered) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.text-renumbered", "Clause", e.Label, "Number", e.Number)
}

// MarkForLeaders marks a clause as one that delegations leave to their
// leaders, or takes the mark away (rule 87).
type MarkForLeaders struct {
	Clause ID
	Off    bool
}

func (a MarkForLeaders) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.negotiable(by, 87); err != nil {
		return nil, err
	}
	c, err := d.open(a.Clause, 87)
	switch {
	case err != nil:
		return nil, err
	case c.ForLeaders != a.Off:
		return nil, ruling.No(ruling.OutOfOrder, 87, "text-marked-so-already", "Clause", d.Text.Label(a.Clause))
	}
	return []Change{LeadersMarked{a.Clause, d.Text.Label(a.Clause), by.Side, a.Off}}, nil
}

// LeadersMarked says that a clause is left to the leaders, or no longer.
type LeadersMarked struct {
	Clause ID
	Label  string
	By     string
	Off    bool
}

func (e LeadersMarked) Apply(d *Draft) { d.edit(e.Clause, func(c *Clause) { c.ForLeaders = !e.Off }) }
func (LeadersMarked) Of(*Draft) ID     { return "" }
func (e LeadersMarked) Phrase() phrasebook.Phrase {
	if e.Off {
		return phrasebook.Say("event.text-leaders-unmarked", "Side", phrasebook.Side(e.By), "Clause", e.Label)
	}
	return phrasebook.Say("event.text-leaders-marked", "Side", phrasebook.Side(e.By), "Clause", e.Label)
}

// Freeze keeps the text as it stands under a document symbol, as the next
// revision. The pen-holder does it; what is frozen never changes (rule 88).
type Freeze struct {
	Symbol string // LAKE/2/L.3
}

func (a Freeze) Decide(d *Draft, by Hand) ([]Change, error) {
	if err := d.forPen(by, 88); err != nil {
		return nil, err
	}
	n := len(d.Revisions)
	switch {
	case !validTextKey(a.Symbol):
		return nil, ruling.No(ruling.Invalid, 88, "text-symbol", "Given", a.Symbol)
	case slices.ContainsFunc(d.Revisions, func(r Revision) bool { return r.Symbol == a.Symbol }):
		return nil, ruling.No(ruling.OutOfOrder, 88, "text-symbol-used", "Given", a.Symbol)
	case n > 0 && !d.Changed:
		return nil, ruling.No(ruling.OutOfOrder, 88, "text-nothing-new", "Given", d.Revisions[n-1].Symbol)
	}
	return []Change{RevisionFrozen{Number: n, Symbol: a.Symbol, By: by.Side}}, nil
}

// RevisionFrozen says under which symbol the text is kept as it stands now.
// The first is number 0, the text as first issued; Rev.1 is number 1.
type RevisionFrozen struct {
	Number int
	Symbol string
	By     string
}

func (e RevisionFrozen) Apply(d *Draft) {
	if d.Text != nil {
		d.Revisions = append(d.Revisions, Revision{e.Number, e.Symbol, d.Text.share()})
	}
	d.Changed = false
}
func (RevisionFrozen) Of(*Draft) ID { return "" }
func (e RevisionFrozen) Phrase() phrasebook.Phrase {
	if e.Number == 0 {
		return phrasebook.Say("event.text-frozen-first", "Symbol", e.Symbol)
	}
	return phrasebook.Say("event.text-frozen", "Symbol", e.Symbol, "Number", e.Number)
}
