package text

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Parse reads a text as doc.go describes it. It never fails: what it cannot
// make sense of it keeps as words and warns of, with the place. A source
// larger than [MaxSource] yields an empty text and one warning.
func Parse(src string, codes Codes) *Parsed {
	out := &Parsed{Text: &Text{}}
	if len(src) > MaxSource {
		out.lose(place{1, 1}, "source-too-large", "Limit", MaxSource>>20)
		return out
	}
	src = clean(out, strings.TrimPrefix(src, "\uFEFF"))
	p := &parser{Parsed: out, text: out.Text, codes: codes.reader(), src: src, notes: map[string]*note{}, once: map[string]bool{}}
	blocks := p.blocks()
	for i := range blocks {
		if blocks[i].mark.other == footnote {
			p.define(&blocks[i])
		}
	}
	for i := range blocks {
		p.block(&blocks[i])
	}
	p.finish()
	warnHidden(p, src)
	out.order()
	return out
}

// clean replaces what is no text at all: bytes that are no UTF-8, and control
// characters.
func clean(out *Parsed, src string) string {
	bad := func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7F || r == utf8.RuneError
	}
	at := strings.IndexFunc(src, bad)
	if at < 0 {
		return src
	}
	line := 1 + strings.Count(src[:at], "\n")
	start := 1 + strings.LastIndexByte(src[:at], '\n')
	where := place{line, 1 + utf8.RuneCountInString(src[start:at])}
	if r, n := utf8.DecodeRuneInString(src[at:]); r == utf8.RuneError && n < 2 {
		out.lose(where, "not-utf8")
	} else {
		out.lose(where, "control-character")
	}
	return strings.Map(func(r rune) rune {
		if bad(r) {
			return utf8.RuneError
		}
		return r
	}, src)
}

// parser reads one source.
type parser struct {
	*Parsed
	text  *Text
	codes reader
	src   string
	notes map[string]*note // footnotes by label
	once  map[string]bool  // losses that were warned of already
	refs  []conditionRef

	brackets int
	options  *Choice // choice of paragraphs that the last clause ends with, while it goes on
	taken    bool    // whether the last clause can still take a choice of paragraphs after a blank line
	column   columnAt
}

// note is a footnote as defined: words, or a reserve.
type note struct {
	words   string
	reserve *Reservation
	id      ID // once it is in the text
	used    bool
	block   *block
}

// A block is what makes one clause, option or line of the apparatus.
type block struct {
	mark   mark
	indent int
	apart  bool // a blank line stands before it
	lines  []line
}

// A line of a block, from where its words begin.
type line struct {
	words string
	src   int // where the words begin in the source
	at    int // where they begin in the joined words of the block
	no    int
	start int // where the line begins in the source
}

// blocks divides the source.
func (p *parser) blocks() []block {
	var blocks []block
	apart, no := true, 0
	for start := 0; start < len(p.src); {
		no++
		end, next := lineEnd(p.src, start)
		raw := p.src[start:end]
		words := strings.TrimLeft(raw, " \t")
		l := line{words: words, src: end - len(words), no: no, start: start}
		start = next
		if strings.TrimRight(words, " \t") == "" {
			apart = true
			continue
		}
		m := detect(words)
		if !apart && m.kind == "" && m.other == nothing && len(blocks) > 0 {
			b := &blocks[len(blocks)-1]
			last := b.lines[len(b.lines)-1]
			l.at = last.at + len(last.words) + 1
			b.lines = append(b.lines, l)
			continue
		}
		if len(blocks) >= 4*MaxClauses {
			p.lose(place{no, 1}, "too-many-clauses", "Limit", MaxClauses)
			return blocks
		}
		l.words, l.src = words[m.rest:], l.src+m.rest
		blocks = append(blocks, block{mark: m, indent: indentation(raw), apart: apart, lines: []line{l}})
		apart = false
	}
	return blocks
}

// lineEnd finds the end of a line and the beginning of the next.
func lineEnd(s string, start int) (end, next int) {
	i := strings.IndexAny(s[start:], "\r\n")
	if i < 0 {
		return len(s), len(s)
	}
	end = start + i
	if strings.HasPrefix(s[end:], "\r\n") {
		return end, end + 2
	}
	return end, end + 1
}

func indentation(raw string) (n int) {
	for _, c := range raw {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 4
		default:
			return n
		}
	}
	return n
}

// words joins the lines of a block.
func (b *block) words() string {
	if len(b.lines) == 1 {
		return b.lines[0].words
	}
	var s strings.Builder
	for i, l := range b.lines {
		if i > 0 {
			s.WriteByte(' ')
		}
		s.WriteString(l.words)
	}
	return s.String()
}

// columnAt remembers the last column that was counted, so that a long line is
// not counted from its beginning for every warning.
type columnAt struct{ start, src, column int }

// place says where in the source a place in the words of a block is.
func (p *parser) place(b *block, at int) place {
	l := b.lines[0]
	for _, k := range b.lines[1:] {
		if k.at > at {
			break
		}
		l = k
	}
	src := min(l.src+at-l.at, len(p.src))
	c := &p.column
	if c.start != l.start || c.src > src || c.column == 0 {
		*c = columnAt{l.start, l.start, 1}
	}
	c.column += utf8.RuneCountInString(p.src[c.src:src])
	c.src = src
	return place{l.no, c.column}
}

// doubt warns, unless there are enough warnings.
func (p *parser) doubt(b *block, at int, key string, args ...any) {
	if len(p.Warnings) >= maxWarnings {
		p.More++
		return
	}
	p.warn(p.place(b, at), key, args...)
}

// miss warns of a loss, once for each reason.
func (p *parser) miss(b *block, at int, key string, args ...any) {
	if !p.once[key] {
		p.once[key] = true
		p.lose(p.place(b, at), key, args...)
	}
}

// block reads one block into the text.
func (p *parser) block(b *block) {
	switch m := b.mark; {
	case m.other == footnote:
		p.endOptions()
		p.taken = false
	case m.other == title && p.text.Title == "" && len(p.text.Clauses) == 0:
		p.text.Title = strings.Trim(squeeze(b.words()), " ")
	case m.other == apparatus && len(p.text.Clauses) > 0:
		p.endOptions()
		p.taken = false
		p.apparatus(&p.text.Clauses[len(p.text.Clauses)-1], strings.TrimRight(b.words(), " \t"), p.place(b, 0))
	case m.other == option || m.other == alt:
		p.option(b, m)
	default:
		p.clause(b)
	}
}

// clause begins a clause. Its words may themselves begin with Option 1.
func (p *parser) clause(b *block) {
	c := p.begin(b, b.mark.kind, b.mark.word, b.mark.number)
	if c == nil {
		return
	}
	if !c.Kind.IsHeading() && c.Kind != Plain {
		words := strings.TrimLeft(b.lines[0].words, " ")
		if m, ok := optionMark(words); ok {
			first := &b.lines[0]
			cut := len(first.words) - len(words) + m.rest
			first.words, first.src = first.words[cut:], first.src+cut
			for i := range b.lines[1:] {
				b.lines[1+i].at -= cut
			}
			p.taken, b.apart = true, false
			p.option(b, m)
			return
		}
	}
	x := &scan{p: p, b: b, s: b.words()}
	body, reserves := x.clause()
	c.Body, c.Reserves = tidy(body, true), reserves
	p.taken = len(c.Body) == 0 && b.mark.other != literal && !strings.HasPrefix(strings.TrimLeft(x.s, " "), `\`)
}

// begin appends a clause, as deep as its mark and its surroundings say.
func (p *parser) begin(b *block, kind Kind, word, number string) *Clause {
	p.endOptions()
	if len(p.text.Clauses) >= MaxClauses {
		p.miss(b, 0, "too-many-clauses", "Limit", MaxClauses)
		return nil
	}
	switch kind {
	case "":
		kind = Plain
	case Point:
		if p.isSubpoint(b.indent, number) {
			kind = Subpoint
		}
	}
	p.text.Given.Clauses++
	p.text.Clauses = append(p.text.Clauses, Clause{ID: id("c", p.text.Given.Clauses), Kind: kind, Word: word, Number: number})
	return &p.text.Clauses[len(p.text.Clauses)-1]
}

// isSubpoint tells (i) the subpoint from (i) the ninth point: by indentation
// if there is any, else by what stands before it.
func (p *parser) isSubpoint(indent int, number string) bool {
	if indent > 0 {
		return indent >= 4
	}
	if !isRoman(number) {
		return false
	}
	for i := len(p.text.Clauses) - 1; i >= 0; i-- {
		switch c := &p.text.Clauses[i]; {
		case c.Kind == Subpoint:
			return len(number) > 1 || number == "v" || number == "x" || number == "i"
		case c.Kind == Point:
			return number == "i" && c.Number != "h" || isRoman(c.Number) && len(number) > 1 && c.Number == "a"
		case c.Kind.Depth() < Point.Depth():
			return false
		}
	}
	return false
}

// option reads one paragraph of a choice of paragraphs.
func (p *parser) option(b *block, m mark) {
	form := Options
	if m.other == alt {
		form = Alts
	}
	if p.options == nil || m.number == "1" || p.options.Form != form {
		p.beginOptions(b, form)
	}
	if p.options == nil {
		return
	}
	p.brackets++
	x := &scan{p: p, b: b, s: b.words()}
	parts, _ := x.run(0, 2, true)
	c := p.options
	c.Options = append(c.Options, p.makeOption(b, c, parts[0]))
}

func (p *parser) beginOptions(b *block, form Form) {
	n := len(p.text.Clauses)
	goesOn := p.options == nil && n > 0 && !p.text.Clauses[n-1].Kind.IsHeading() && (p.taken || !b.apart && len(p.text.Clauses[n-1].Body) > 0 && !p.endsInOptions(n-1))
	if !goesOn {
		if p.begin(b, Plain, "", "") == nil {
			p.options = nil
			return
		}
	}
	p.taken = false
	p.options = p.newChoice(form)
	c := &p.text.Clauses[len(p.text.Clauses)-1]
	c.Body = append(c.Body, Piece{Choice: p.options})
}

func (p *parser) endsInOptions(i int) bool {
	b := p.text.Clauses[i].Body
	if len(b) == 0 || b[len(b)-1].Choice == nil {
		return false
	}
	f := b[len(b)-1].Choice.Form
	return f == Options || f == Alts
}

// endOptions closes a choice of paragraphs. One option alone is a bracket.
func (p *parser) endOptions() {
	if p.options == nil {
		return
	}
	c := &p.text.Clauses[len(p.text.Clauses)-1]
	settleOptions(p.options)
	if p.options.Options == nil {
		c.Body = c.Body[:len(c.Body)-1]
	}
	c.Body = tidy(c.Body, true)
	p.options = nil
}

func (p *parser) newChoice(form Form) *Choice {
	p.text.Given.Brackets++
	return &Choice{ID: id("b", p.text.Given.Brackets), Form: form}
}

// define reads a footnote.
func (p *parser) define(b *block) {
	words := strings.Trim(squeeze(b.words()), " ")
	n := &note{block: b}
	if rest, ok := strings.CutPrefix(words, `\`); ok {
		n.words = rest
	} else {
		n.words = words
		n.reserve = p.reserve(b, words)
	}
	switch label := b.mark.number; {
	case n.words == "":
		p.doubt(b, 0, "footnote-empty", "Label", label)
	case p.notes[label] != nil:
		p.doubt(b, 0, "footnote-twice", "Label", label)
		p.notes[label+"\x00"+string(id("f", len(p.notes)))] = n
	default:
		p.notes[label] = n
	}
}

// reserve reads the words of a footnote as a reserve, or returns nil.
func (p *parser) reserve(b *block, words string) *Reservation {
	code, rest, ok := strings.Cut(words, ": ")
	side, known := p.codes.side(code)
	if !ok || !known {
		return nil
	}
	kind, rest, _ := strings.Cut(rest, " ")
	r := &Reservation{Party: side, Kind: ReservationKind(strings.ToLower(kind))}
	if r.Kind != Scrutiny && r.Kind != General && r.Kind != Linguistic {
		return nil
	}
	rest, ok = cutNoun(rest)
	if !ok {
		return nil
	}
	on, until, _ := strings.Cut(" "+strings.TrimLeft(rest, " "), ", until ")
	if strings.HasPrefix(rest, ", until ") {
		on, until = "", rest[len(", until "):]
	}
	r.Until = strings.TrimSpace(until)
	if on = strings.Trim(on, "., "); on != "" {
		p.doubt(b, 0, "reserve-remark", "Given", on)
	}
	return r
}

// cutNoun takes "reserve" or "reservation" off the beginning.
func cutNoun(s string) (string, bool) {
	for _, noun := range []string{"reserve", "reservation"} {
		if rest, ok := strings.CutPrefix(s, noun); ok && (rest == "" || strings.ContainsAny(rest[:1], " ,.")) {
			return rest, true
		}
	}
	return s, false
}

// finish brings the text to its end: what was left open, footnotes that
// nothing refers to, and conditions.
func (p *parser) finish() {
	p.endOptions()
	for _, n := range p.definitions() {
		if !n.used {
			p.doubt(n.block, 0, "footnote-unused", "Label", n.block.mark.number)
			p.addFootnote(n)
		}
	}
	p.resolve()
}

// definitions returns the footnotes in the order of the source.
func (p *parser) definitions() []*note {
	list := make([]*note, 0, len(p.notes))
	for _, n := range p.notes {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *note) int { return cmp.Compare(a.block.lines[0].src, b.block.lines[0].src) })
	return list
}

func (p *parser) addFootnote(n *note) {
	p.text.Given.Footnotes++
	n.id = id("f", p.text.Given.Footnotes)
	p.text.Footnotes = append(p.text.Footnotes, Footnote{ID: n.id, Words: n.words})
}
