package text

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// Print writes a text as doc.go describes it, each clause on a line of its
// own. Ids are not written: what Parse makes of the result is equal to
// [Text.Fresh]. A reader who must not see a note is to be given a text without it.
func Print(t *Text, codes Codes) string {
	p := &printer{t: t, codes: codes, read: codes.reader(), marks: map[ID]string{}}
	if t.Title != "" {
		p.line("# " + t.Title)
	}
	var labels []string
	for i := range t.Clauses {
		if labels == nil && conditional(&t.Clauses[i]) {
			labels = t.Labels()
		}
		p.clause(&t.Clauses[i], labels)
	}
	for _, f := range t.Footnotes {
		p.footnote(f.ID)
	}
	for _, d := range p.defined {
		p.line(d)
	}
	return string(p.b)
}

func conditional(c *Clause) bool {
	for i := range c.Assents {
		if len(c.Assents[i].If) > 0 {
			return true
		}
	}
	return false
}

// PrintBody writes a body on one line, with who proposed, supports and
// opposes what. Marks of footnotes and reserves are left out.
func PrintBody(b Body, codes Codes) string {
	p := &printer{codes: codes, read: codes.reader(), bare: true}
	p.body(b, 0)
	return string(p.b)
}

// String returns a body on one line as PrintBody does, without the sides.
func (b Body) String() string {
	p := &printer{bare: true, nameless: true}
	p.body(b, 0)
	return string(p.b)
}

type printer struct {
	b        []byte
	t        *Text
	codes    Codes
	read     reader
	bare     bool          // no marks of footnotes and reserves
	nameless bool          // no sides
	marks    map[ID]string // labels of footnotes that were referred to
	indent   int           // of the last clause; items stand where it does
	count    int           // labels given
	defined  []string      // lines that define them
}

func (p *printer) add(s string) { p.b = append(p.b, s...) }

// line writes a block.
func (p *printer) line(s string) {
	if len(p.b) > 0 {
		p.add("\n")
	}
	p.add(s)
	p.add("\n")
}

func (p *printer) clause(c *Clause, labels []string) {
	if len(p.b) > 0 {
		p.add("\n")
	}
	p.head(c)
	body, paragraphs := c.Body, (*Choice)(nil)
	if n := len(body); n > 0 && body[n-1].Choice != nil && (body[n-1].Choice.Form == Options || body[n-1].Choice.Form == Alts) {
		body, paragraphs = body[:n-1], body[n-1].Choice
	}
	at := len(p.b)
	p.body(body, 0)
	p.reserves(c.Reserves)
	switch {
	case len(p.b) > at || paragraphs == nil:
		switch words := string(p.b[at:]); {
		case !p.guarded(c, words):
		case strings.HasPrefix(words, "["): // a footnote's mark, which a backslash would undo
			p.b = slices.Insert(p.b, at, '{', '}')
		default:
			p.b = slices.Insert(p.b, at, '\\')
		}
		p.add("\n")
	case c.Kind != Plain:
		p.b = bytes.TrimRight(p.b, " ")
		p.add("\n")
	}
	if paragraphs != nil {
		p.paragraphs(paragraphs)
	}
	p.apparatus(c, labels)
}

// head writes what stands before the words of a clause.
func (p *printer) head(c *Clause) {
	if c.Kind != Item {
		p.indent = max(0, 2*(c.Kind.Depth()-Paragraph.Depth()))
	}
	p.add("      "[:p.indent])
	word, words := c.Word, len(c.Body)+len(c.Reserves) > 0
	if word == "" && c.Kind.IsHeading() {
		word = kindWord(c.Kind)
	}
	switch c.Kind {
	case Heading:
		p.add("## ")
	case Preamble, Part, Annex, Chapter, Section, Article:
		p.add(word)
		switch {
		case c.Number != "" && words:
			p.add(" " + c.Number + ". ")
		case c.Number != "":
			p.add(" " + c.Number)
		case words:
			p.add(": ")
		}
	case Paragraph:
		p.add(c.Number + ". ")
	case Point, Subpoint:
		p.add("(" + c.Number + ") ")
	case Item:
		p.add("- ")
	}
}

// guarded reports whether words need a backslash before them: they would be
// read as a mark, or there are none.
func (p *printer) guarded(c *Clause, words string) bool {
	switch {
	case c.Kind == Heading:
		_, ok := headingMark(words)
		return ok || words == ""
	case c.Kind.IsHeading():
		return false
	case words == "":
		return true
	case c.Kind == Plain:
		m := detect(words)
		return m.kind != "" || m.other != nothing && m.other != literal
	}
	_, ok := optionMark(words)
	return ok
}

func (p *printer) paragraphs(c *Choice) {
	word := "Option "
	if c.Form == Alts {
		word = "Alt "
	}
	for i := range c.Options {
		p.add(word + strconv.Itoa(i+1) + ": ")
		p.option(&c.Options[i], 0)
		p.add("\n")
	}
}

// body writes pieces. What keeps a choice from being read as one with the
// choice before it is written between them.
func (p *printer) body(b Body, depth int) {
	for i, piece := range b {
		after := i > 0 && b[i-1].Choice != nil
		switch {
		case piece.Choice != nil:
			if after {
				p.add("{}")
			}
			p.choice(piece.Choice, depth+1)
		case piece.Footnote != "":
			p.footnoteMark(piece.Footnote)
		default:
			if after && piece.Words == " " {
				p.add("{}")
			}
			p.words(piece.Words, depth)
		}
	}
}

func (p *printer) choice(c *Choice, depth int) {
	open, closing := "[", "]"
	if c.Form == Both {
		open, closing = "{", "}"
	}
	for i := range c.Options {
		o := &c.Options[i]
		if c.Form == Optional && o.None {
			continue
		}
		if i > 0 && c.Form != Slash {
			p.add(closing)
		}
		if o.Gap && i > 0 {
			p.add(" ")
		}
		switch {
		case i == 0 || c.Form != Slash:
			p.add(open)
		case o.Gap:
			p.add("/ ")
		default:
			p.add("/")
		}
		p.option(o, depth)
	}
	p.add(closing)
}

// option writes what stands between brackets.
func (p *printer) option(o *Option, depth int) {
	named := o.Proposer != "" && !p.nameless
	if named {
		p.add(p.codes.Write(o.Proposer) + ": ")
	}
	if at := len(p.b); o.None {
		p.add("no text")
	} else {
		p.body(o.Body, depth)
		_, n := p.read.leading(string(p.b[at:]))
		if n > 0 && !named && !p.nameless || saysNone(o.Body) || at > 0 && p.b[at-1] == '[' && bytes.HasPrefix(p.b[at:], []byte("^")) {
			p.b = slices.Insert(p.b, at, '\\')
		}
	}
	p.signs(o)
	p.reserves(o.Reserves)
}

func (p *printer) signs(o *Option) {
	if p.nameless || len(o.Supporters)+len(o.Opponents) == 0 {
		return
	}
	if n := len(o.Body); n > 0 && o.Body[n-1].Choice != nil {
		p.add("{}") // or they would be read as those of the inner bracket
	}
	p.add(" (")
	p.sides("+", o.Supporters)
	if len(o.Supporters) > 0 && len(o.Opponents) > 0 {
		p.add("; ")
	}
	p.sides("-", o.Opponents)
	p.add(")")
}

func (p *printer) sides(sign string, sides []string) {
	for i, s := range sides {
		if i > 0 {
			sign = ", "
		}
		p.add(sign + p.codes.Write(s))
	}
}

var escapes = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", `\{`, "}", `\}`,
	"(+", `\(+`, "(-", `\(-`, "(\u2212", "\\(\u2212", "(\u2013", "\\(\u2013")

// words writes words; what would be read as a mark in them is escaped, within
// brackets a slash too.
func (p *printer) words(s string, depth int) {
	if strings.ContainsAny(s, `\[]{}(`) {
		s = escapes.Replace(s)
	}
	if depth > 0 && strings.Contains(s, "/") {
		s = strings.ReplaceAll(s, "/", `\/`)
	}
	p.add(s)
}

// footnoteMark refers to a footnote, which is defined at the end.
func (p *printer) footnoteMark(f ID) {
	if p.bare {
		return
	}
	if p.marks[f] == "" {
		p.footnote(f)
	}
	p.add("[^" + p.marks[f] + "]")
}

// footnote defines a footnote, if that has not been done.
func (p *printer) footnote(f ID) {
	if p.marks[f] != "" {
		return
	}
	words := p.t.Footnote(f)
	if strings.HasPrefix(words, `\`) || p.readsAsReserve(words) {
		words = `\` + words
	}
	p.marks[f] = p.define(words)
}

func (p *printer) define(words string) (label string) {
	p.count++
	label = strconv.Itoa(p.count)
	p.defined = append(p.defined, "[^"+label+"]: "+words)
	return label
}

func (p *printer) readsAsReserve(words string) bool {
	q := parser{Parsed: &Parsed{}, codes: p.read, src: words}
	return q.reserve(&block{lines: make([]line, 1)}, words) != nil
}

func (p *printer) reserves(list []Reservation) {
	if p.bare {
		return
	}
	for _, r := range list {
		words := p.codes.Write(r.Party) + ": " + string(r.Kind.Outward()) + " reserve"
		if r.Until != "" {
			words += ", until " + r.Until
		}
		p.add("[^" + p.define(words) + "]")
	}
}

// apparatus writes the lines that say where a clause stands.
func (p *printer) apparatus(c *Clause, labels []string) {
	if c.Status != Tabled {
		p.add("> " + c.Status.String() + "\n")
	}
	if len(c.Assents) > 0 {
		all := make([]string, len(c.Assents))
		for i := range c.Assents {
			all[i] = p.assent(&c.Assents[i], labels)
		}
		p.add("> assent: " + strings.Join(all, "; ") + "\n")
	}
	if c.ForLeaders {
		p.add("> for leaders\n")
	}
	if len(c.Defines) > 0 {
		p.add("> defines: " + strings.Join(c.Defines, "; ") + "\n")
	}
	for _, n := range c.Notes {
		to := ""
		if len(n.Audience) > 0 {
			to = " to " + strings.Join(n.Audience, ", ")
		}
		p.add("> note " + p.codes.Write(n.By) + to + ": " + n.Words + "\n")
	}
}

func (p *printer) assent(a *Assent, labels []string) string {
	s := p.codes.Write(string(a.Party))
	if !a.Firm {
		s += " ad ref"
	}
	for i, c := range a.If {
		if i == 0 {
			s += " if "
		} else {
			s += ", "
		}
		s += p.condition(c, labels)
	}
	return s
}

// condition writes a clause by its label if no other has the same, else by its place.
func (p *printer) condition(c Condition, labels []string) string {
	if c.Text != "" {
		return c.Text + ":" + string(c.Clause)
	}
	i := p.t.index(c.Clause)
	if i < 0 {
		return string(c.Clause)
	}
	if first := slices.Index(labels, labels[i]); labels[i] == "" || first != i || slices.Contains(labels[i+1:], labels[i]) {
		return "#" + strconv.Itoa(i+1)
	}
	return labels[i]
}
