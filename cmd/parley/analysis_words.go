package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/bargain"
	"parley/internal/phrasebook"
)

// An analysis for people: what is on the table and what was found, in sections
// of short lines that fit 80 columns and a sheet of paper.

// answer tells what was found.
func (t *terminal) answer(q *inquiry, rows int) error {
	if t.json {
		return t.show(q.a)
	}
	w := &teller{t: t, q: q, a: q.a, rows: rows}
	w.head()
	w.zone()
	w.packages()
	w.draft()
	w.frontier()
	w.tradable()
	w.winner()
	w.sensitivity()
	w.peers()
	w.unasked()
	_, err := t.out.Write([]byte(w.b.String()))
	return err
}

// A teller writes an analysis in words.
type teller struct {
	t    *terminal
	q    *inquiry
	a    *analysis
	rows int
	b    strings.Builder
}

const columns = 79

func (w *teller) line(key string, args ...any) string { return w.t.line(key, args...) }

// say writes a phrase, wrapped, under the given indent.
func (w *teller) say(indent int, key string, args ...any) {
	w.wrap(indent, indent, w.line(key, args...))
}

// wrap writes text in lines of at most 79 columns. A word that is longer has a
// line for itself.
func (w *teller) wrap(first, indent int, text string) {
	w.b.WriteString(strings.Repeat(" ", first))
	at := first
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i > 0 && at+1+n > columns:
			w.b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		case i > 0:
			w.b.WriteByte(' ')
			at++
		}
		w.b.WriteString(strings.ReplaceAll(word, unbroken, " "))
		at += n
	}
	w.b.WriteByte('\n')
}

// unbroken stands for a blank at which no line may end: a character for private
// use, because the real one counts as a blank.
const unbroken = "\uE0FF"

func together(text string) string { return strings.ReplaceAll(text, " ", unbroken) }

func (w *teller) section(key string, args ...any) {
	w.b.WriteByte('\n')
	w.wrap(0, 0, w.line(key, args...))
}

// party, issue and option are what people call these.
func (w *teller) party(i int) string {
	p := w.q.s.Template.Parties[i]
	return visible(cmp.Or(p.Name, p.ID))
}

func (w *teller) partyOf(id string) string {
	return w.party(slices.IndexFunc(w.q.s.Template.Parties, func(p bargain.Party) bool { return p.ID == id }))
}

func (w *teller) issue(i int) string {
	is := w.q.s.Template.Issues[i]
	return visible(cmp.Or(is.Label, is.ID))
}

func (w *teller) issueOf(id string) int {
	return slices.IndexFunc(w.q.s.Template.Issues, func(i bargain.Issue) bool { return i.ID == id })
}

func (w *teller) option(issue, option int) string {
	o := w.q.s.Template.Issues[issue].Options[option]
	return visible(cmp.Or(o.Label, o.ID))
}

func (w *teller) optionOf(issue int, id string) string {
	is := w.q.s.Template.Issues[issue]
	return w.option(issue, slices.IndexFunc(is.Options, func(o bargain.Option) bool { return o.ID == id }))
}

// deal says a package in words.
func (w *teller) deal(d bargain.Deal) string {
	parts := make([]string, len(d))
	for i, o := range d {
		parts[i] = together(w.issue(i)) + ":" + unbroken + together(w.option(i, int(o)))
	}
	return strings.Join(parts, "; ")
}

// number rounds a worth for people: four decimals, or four digits if it is
// smaller than that.
func number(n bargain.Number) string {
	text := n.Rat().FloatString(4)
	if f := n.Float(); f != 0 && math.Abs(f) < 0.01 {
		return strconv.FormatFloat(f, 'g', 4, 64)
	}
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	return cmp.Or(strings.TrimPrefix(text, "-0"), text)
}

// percent says a share with a sensible number of digits.
func percent(v float64) string {
	switch {
	case v == 0 || v >= 0.0995 && v < 0.995 || v >= 1:
		return strconv.FormatFloat(100*v, 'f', 0, 64) + unbroken + "%"
	case v >= 0.00095:
		return strconv.FormatFloat(100*v, 'f', 1, 64) + unbroken + "%"
	}
	return strconv.FormatFloat(100*v, 'g', 2, 64) + unbroken + "%"
}

// worths says what a package is worth to each party.
func (w *teller) worths(x packageFound) string {
	parts := make([]string, len(x.Worth))
	for i, v := range x.Worth {
		parts[i] = together(w.party(i) + " " + number(v))
	}
	return strings.Join(parts, ", ")
}

// margins says what a package is worth to each party, and how much more that
// is than what the party accepts at least.
func (w *teller) margins(x packageFound) string {
	parts := make([]string, len(x.Worth))
	for i, v := range x.Worth {
		said := w.party(i) + " " + number(v)
		if r := w.a.Parties[i].Reservation; r != nil {
			said = w.line("cli.analysis-margin", "Worth", phraseWords(said), "More", number(v.Sub(*r)))
		}
		parts[i] = together(said)
	}
	return strings.Join(parts, ", ")
}

// gains says who gains how much.
func (w *teller) gains(g []bargain.Number) string {
	parts := make([]string, len(g))
	for i, v := range g {
		sign := ""
		if v.Sign() >= 0 {
			sign = "+"
		}
		parts[i] = together(w.party(i) + " " + sign + number(v))
	}
	return strings.Join(parts, ", ")
}

// grouped writes a whole number with blanks between thousands, and one of
// more than 15 digits as a power of ten.
func grouped(digits string) string {
	if len(digits) > 15 {
		return fmt.Sprintf("%s.%s × 10^%d", digits[:1], digits[1:3], len(digits)-1)
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// trust says what a guarantee means.
func (w *teller) trust(g guaranteeFound) string {
	switch g.Kind {
	case bargain.Exact.String():
		return w.line("cli.analysis-proved")
	case bargain.Within.String():
		return w.line("cli.analysis-within", "Gap", percent(g.Eps), "Limit", limitTerm(g.Limit))
	}
	if w.a.Seen > 0 && g.Limit == bargain.Cancelled {
		return w.line("cli.analysis-of-seen", "Seen", grouped(strconv.FormatInt(w.a.Seen, 10)), "Limit", limitTerm(g.Limit))
	}
	return w.line("cli.analysis-unproved", "Limit", limitTerm(g.Limit))
}

// limitTerm is why a search ended, to be said within a sentence.
func limitTerm(l bargain.Limit) phrasebook.Term {
	switch l {
	case bargain.Cancelled:
		return "cli.analysis-limit-cancelled"
	case bargain.PointLimit:
		return "cli.analysis-limit-points"
	case bargain.PartialLimit:
		return "cli.analysis-limit-partials"
	}
	return "cli.analysis-limit-none"
}

func (w *teller) head() {
	w.wrap(0, 0, visible(w.a.Title))
	w.say(0, "cli.analysis-head", "Parties", len(w.a.Parties), "Count", len(w.a.Issues), "Packages", grouped(w.a.Packages))
	if w.a.Merged != "" {
		w.say(0, "cli.analysis-merged", "Merged", grouped(w.a.Merged))
	}
	for i, p := range w.a.Parties {
		said := w.line("cli.analysis-no-reservation", "Party", phraseWords(w.party(i)))
		if p.Reservation != nil {
			said = w.line("cli.analysis-reservation", "Party", phraseWords(w.party(i)), "Least", number(*p.Reservation))
		}
		if p.Best != nil {
			said += " " + w.line("cli.analysis-best", "Best", number(*p.Best))
		}
		w.wrap(2, 4, said)
	}
}

func (w *teller) zone() {
	z := w.a.Zone
	if z == nil {
		return
	}
	w.section("cli.analysis-zone")
	switch {
	case !z.Known:
		w.say(2, "cli.analysis-zone-unknown", "Limit", limitTerm(z.Guarantee.Limit))
	case z.Exists:
		w.say(2, "cli.analysis-zone-yes")
	default:
		w.wrap(2, 2, w.line("cli.analysis-zone-no")+" "+visible(z.Why))
		w.wrap(2, 2, w.line("cli.analysis-nearest")+" "+w.deal(z.Witness.point.Deal)+".")
		w.wrap(2, 2, w.line("cli.analysis-worth", "Worths", phraseWords(w.worths(*z.Witness))))
	}
}

// A standing is a package with the measures it is best by.
type standing struct {
	solution solutionFound
	by       []string
	also     []packageFound
}

// standings gathers the solutions by package, those that most measures favour
// first.
func (w *teller) standings() []standing {
	var list []standing
	for i, s := range w.a.Solutions {
		if s.Package == nil {
			continue
		}
		name := w.measure(s.Name)
		if len(s.Without) > 0 {
			var out []string
			for _, id := range s.Without {
				out = append(out, w.partyOf(id))
			}
			name += " " + w.line("cli.analysis-without", "Parties", phraseWords(strings.Join(out, ", ")))
		}
		at := slices.IndexFunc(list, func(x standing) bool {
			return x.solution.Guarantee == s.Guarantee && slices.Equal(x.solution.Package.point.Utilities, s.Package.point.Utilities)
		})
		if at < 0 {
			list = append(list, standing{solution: w.a.Solutions[i], by: []string{name}, also: s.Also})
		} else {
			list[at].by = append(list[at].by, name)
		}
	}
	slices.SortStableFunc(list, func(a, b standing) int { return cmp.Compare(len(b.by), len(a.by)) })
	return list
}

func (w *teller) packages() {
	list := w.standings()
	if len(list) == 0 {
		return
	}
	w.section("cli.analysis-solutions", "Count", len(list))
	for i, x := range list {
		s := x.solution
		w.b.WriteByte('\n')
		w.wrap(2, 5, fmt.Sprintf("%d.", i+1)+unbroken+w.deal(s.Package.point.Deal)+".")
		said := w.line("cli.analysis-worth", "Worths", phraseWords(w.margins(*s.Package)))
		if !s.Agreement {
			said += " " + w.line("cli.analysis-not-acceptable")
		}
		w.wrap(5, 5, said)
		for _, by := range x.by {
			w.wrap(5, 7, "-"+unbroken+by)
		}
		said = w.trust(s.Guarantee)
		if s.Ties != "" && s.Ties != "1" {
			said += " " + w.line("cli.analysis-ties", "Many", grouped(s.Ties))
		}
		if n := len(s.Also); n > 0 {
			key := "cli.analysis-also"
			if s.AlsoMore {
				key = "cli.analysis-also-more"
			}
			said += " " + w.line(key, "Count", n)
		}
		w.wrap(5, 5, said)
	}
	for _, s := range w.a.Solutions {
		if s.Why != "" {
			w.b.WriteByte('\n')
			w.say(2, "cli.analysis-cannot", "Measure", w.measure(s.Name), "Why", sentence(s.Why))
		}
	}
}

// measure is what people call a measure of fairness.
func (w *teller) measure(name string) string {
	for _, m := range measures {
		if m.name == name {
			return w.line(m.phrase)
		}
	}
	return name
}

func (w *teller) changes(list []changeFound) string {
	parts := make([]string, len(list))
	for i, c := range list {
		at := w.issueOf(c.Issue)
		parts[i] = w.line("cli.analysis-change", "Issue", phraseWords(together(w.issue(at))), "From", phraseWords(together(w.optionOf(at, c.From))),
			"To", phraseWords(together(w.optionOf(at, c.To))))
	}
	return strings.Join(parts, "; ")
}

func (w *teller) draft() {
	d := w.a.Draft
	if d == nil {
		return
	}
	w.section("cli.analysis-draft")
	w.wrap(2, 2, w.deal(d.Package.point.Deal)+".")
	w.wrap(2, 2, w.line("cli.analysis-worth", "Worths", phraseWords(w.worths(d.Package))))
	for _, id := range d.Refusing {
		w.say(2, "cli.analysis-draft-refused", "Party", phraseWords(w.partyOf(id)))
	}
	switch {
	case d.Efficient:
		w.say(2, "cli.analysis-draft-efficient")
		return
	case d.Better == nil:
		w.wrap(2, 2, w.line("cli.analysis-draft-unknown")+" "+w.trust(d.Guarantee))
		return
	}
	w.b.WriteByte('\n')
	w.say(2, "cli.analysis-draft-better")
	w.wrap(4, 4, w.changes(w.q.changes(d.Package.point.Deal, d.Better.point.Deal))+".")
	w.wrap(4, 4, w.line("cli.analysis-gains", "Gains", phraseWords(w.gains(d.Gains)))+" "+w.trust(d.Guarantee))
	if len(d.Trades) == 0 {
		w.say(2, "cli.analysis-no-trades")
		return
	}
	w.b.WriteByte('\n')
	w.say(2, "cli.analysis-trades", "Count", len(d.Trades), "Shown", min(w.rows, len(d.Trades)))
	for i, x := range d.Trades[:min(w.rows, len(d.Trades))] {
		w.wrap(4, 8, fmt.Sprintf("%2d.", i+1)+unbroken+w.changes(x.Changes)+". "+w.line("cli.analysis-gains", "Gains", phraseWords(w.gains(x.Gains))))
	}
	if d.Listed.Kind != bargain.Exact.String() {
		w.say(4, "cli.analysis-trades-cut", "Limit", limitTerm(d.Listed.Limit))
	}
}

func (w *teller) frontier() {
	f := w.a.Frontier
	if f == nil {
		return
	}
	w.section("cli.analysis-frontier")
	n := len(f.Points)
	many := grouped(strconv.Itoa(n))
	switch {
	case f.Cover && n == 0:
		w.say(2, "cli.analysis-frontier-none", "Limit", limitTerm(f.Guarantee.Limit))
	case f.Cover && f.Guarantee.Kind == bargain.Stopped.String():
		w.say(2, "cli.analysis-frontier-stopped", "Count", n, "Many", many, "Limit", limitTerm(f.Guarantee.Limit))
	case f.Cover:
		w.say(2, "cli.analysis-frontier-cover", "Count", n, "Many", many, "Gap", percent(f.Guarantee.Eps))
		if f.Guarantee.Limit != bargain.NoLimit {
			w.say(2, "cli.analysis-frontier-limit", "Limit", limitTerm(f.Guarantee.Limit))
		}
	case f.Within > 0:
		w.say(2, "cli.analysis-frontier-within", "Count", n, "Many", many, "Share", percent(f.Within))
	default:
		w.say(2, "cli.analysis-frontier-all", "Count", n, "Many", many, "Acceptable", grouped(strconv.Itoa(f.Acceptable)))
	}
	if f.Deals == "" && !f.Cover && w.a.Merged == "" {
		w.say(2, "cli.analysis-frontier-uncounted")
	}
	if f.Deals != "" && f.Deals != strconv.Itoa(n) {
		w.say(2, "cli.analysis-frontier-deals", "Many", grouped(f.Deals))
	}
	accepts := w.q.p.AboveReserves().Floor
	var list []packageFound
	for _, x := range f.Points {
		if meets(x.point.Utilities, accepts) {
			list = append(list, x)
		}
	}
	w.points(list)
}

// points prints the first and the last rows of a list of packages.
func (w *teller) points(list []packageFound) {
	if len(list) == 0 {
		return
	}
	shown := list
	if len(list) > w.rows {
		shown = slices.Concat(list[:(w.rows+1)/2], list[len(list)-w.rows/2:])
	}
	width := make([]int, len(w.a.Parties))
	for i := range width {
		width[i] = min(utf8.RuneCountInString(w.party(i)), 14)
		for _, x := range shown {
			width[i] = max(width[i], len(number(x.Worth[i])))
		}
	}
	w.b.WriteString("\n  ")
	for i := range width {
		w.b.WriteString(pad(shorten(w.party(i), width[i]), width[i]) + "  ")
	}
	w.b.WriteString(w.line("cli.analysis-package") + "\n")
	used := 2
	for _, n := range width {
		used += n + 2
	}
	for i, x := range shown {
		if i == (w.rows+1)/2 && len(shown) < len(list) {
			w.b.WriteString("  " + w.line("cli.analysis-more", "Many", grouped(strconv.Itoa(len(list)-len(shown)))) + "\n")
		}
		w.b.WriteString("  ")
		for p, v := range x.Worth {
			w.b.WriteString(pad(number(v), width[p]) + "  ")
		}
		var words []string
		for issue, o := range x.point.Deal {
			words = append(words, w.option(issue, int(o)))
		}
		w.b.WriteString(shorten(strings.Join(words, " · "), max(20, columns-used)) + "\n")
	}
}

func pad(text string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text))) + text
}

func shorten(text string, width int) string {
	r := []rune(text)
	if len(r) <= width {
		return text
	}
	return string(r[:width-1]) + "…"
}

func (w *teller) unasked() {
	if len(w.a.Unasked) == 0 {
		return
	}
	w.section("cli.analysis-unasked", "List", strings.Join(w.a.Unasked, ", "))
}
