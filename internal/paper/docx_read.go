package paper

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"parley/internal/seat"
	"parley/internal/text"
)

// A DOCX is read by bringing it to bracketed text, one paragraph a block, and
// parsing that. So there is one grammar, whoever typed it and wherever.

// docx reads a package.
func (o Reader) docx(data []byte) (*Document, error) {
	p, err := openPack(data)
	if err != nil {
		return nil, err
	}
	d := &docxReader{Reader: o, pack: p, out: &Document{whole: true}, strangers: map[string]bool{}, told: map[string]bool{}}
	if err := d.open(); err != nil {
		return nil, err
	}
	body := child(d.document, "body")
	if body == nil {
		return nil, fault(d.name, "There is no body in this part; is it a document of Word?")
	}
	d.blocks(body)
	d.endClause()
	d.footnoteLines()
	src := strings.Join(d.lines, "\n")
	if len(src) > text.MaxSource {
		return nil, fault(d.name, "The text is larger than %d MB; divide the document", text.MaxSource>>20)
	}
	parsed := text.Parse(src, o.Codes)
	d.out.Text = parsed.Text
	for _, w := range parsed.Warnings {
		w.Line = d.paragraphOf[w.Line-1]
		d.out.Warnings = append(d.out.Warnings, w)
	}
	d.out.whole = d.out.whole && parsed.Whole()
	return d.out, nil
}

type docxReader struct {
	Reader
	*pack
	out       *Document
	name      string // of the main part
	document  *etree.Element
	styles    map[string]*wordStyle
	numbering *numbering
	footnotes map[string]*etree.Element // by id; endnotes with "e" before it
	comments  map[string]*etree.Element

	lines       []string
	paragraphOf []int // by line
	paragraph   int   // which one is being read, from 1
	bare        *wordParagraph
	pending     []string         // notes on the clause that is being read
	heard       []string         // notes on the paragraph that is being read
	clauses     bool             // whether a clause has begun
	notes       []*etree.Element // footnotes in the order in which they were referred to
	strangers   map[string]bool  // authors that are no side
	told        map[string]bool  // remarks that are made once
}

// open reads the parts that make the text.
func (d *docxReader) open() error {
	top, _, err := d.related("")
	if err != nil {
		return err
	}
	if d.name = top["officeDocument"]; d.name == "" {
		d.name = documentPart
	}
	if d.document, err = d.part(d.name); err != nil {
		return err
	}
	if d.document == nil {
		return fault(d.name, "The package has no such part, so it is no document of Word; is it a spreadsheet or a renamed file?")
	}
	inner, outside, err := d.related(d.name)
	if err != nil {
		return err
	}
	for _, kind := range outside {
		d.remark(fmt.Sprintf("it refers to something outside of the document (%s), which is not fetched", brief(kind)), false)
	}
	get := func(kind string) (*etree.Element, error) {
		if inner[kind] == "" {
			return nil, nil
		}
		return d.part(inner[kind])
	}
	sheets, err := get("styles")
	if err != nil {
		return err
	}
	d.styles = readStyles(sheets)
	lists, err := get("numbering")
	if err != nil {
		return err
	}
	d.numbering = readNumbering(lists)
	d.footnotes, d.comments = map[string]*etree.Element{}, map[string]*etree.Element{}
	for kind, into := range map[string]struct {
		to     map[string]*etree.Element
		prefix string
	}{"footnotes": {d.footnotes, ""}, "endnotes": {d.footnotes, "e"}, "comments": {d.comments, ""}} {
		root, err := get(kind)
		if err != nil {
			return err
		}
		for _, e := range children(root) {
			into.to[into.prefix+attr(e, "id")] = e
		}
	}
	return nil
}

// remark says something about the paragraph that is being read, once.
func (d *docxReader) remark(why string, lost bool) {
	key := fmt.Sprint(d.paragraph, why)
	if !d.told[key] {
		d.told[key] = true
		d.out.remark(Remark{Part: d.name, Paragraph: d.paragraph, Why: why, Lost: lost})
	}
}

func children(e *etree.Element) []*etree.Element {
	if e == nil {
		return nil
	}
	return e.ChildElements()
}

func child(e *etree.Element, tag string) *etree.Element {
	for _, c := range children(e) {
		if c.Tag == tag {
			return c
		}
	}
	return nil
}

// attr returns an attribute, whatever its namespace is called.
func attr(e *etree.Element, key string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.Attr {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// on reports whether a switch such as w:vanish is there and not off.
func on(e *etree.Element) bool {
	v := attr(e, "val")
	return e != nil && v != "0" && v != "false" && v != "off"
}

// blocks reads what stands in a body, a cell or a content control.
func (d *docxReader) blocks(e *etree.Element) {
	for _, c := range e.ChildElements() {
		switch c.Tag {
		case "p":
			d.paragraph++
			d.block(c)
		case "tbl":
			d.remark("there is a table; its cells are read one after the other", false)
			d.blocks(c)
		case "tr", "tc", "sdt", "sdtContent", "customXml", "ins", "smartTag":
			d.blocks(c)
		case "altChunk":
			d.remark("another document is set in here and not read; save the document again with it in place", true)
		}
	}
}

// A wordParagraph is a paragraph of Word on its way to a line.
type wordParagraph struct {
	style    *wordStyle
	centred  bool
	label    string // of automatic numbering, brought to our grammar
	segments []segment
	broken   op // what became of its end
}

// block reads one paragraph and writes its line.
func (d *docxReader) block(e *etree.Element) {
	pr := child(e, "pPr")
	w := &wordParagraph{style: d.styles[attr(child(pr, "pStyle"), "val")]}
	w.centred = attr(child(pr, "jc"), "val") == "center" || w.style.centred()
	num, level := w.style.numbering()
	if n := child(pr, "numPr"); n != nil {
		if v := child(n, "numId"); v != nil {
			num = attr(v, "val")
		}
		level, _ = strconv.Atoi(attr(child(n, "ilvl"), "val"))
	}
	end := child(pr, "rPr")
	switch {
	case child(end, "ins") != nil || child(end, "moveTo") != nil:
		w.broken = inserted
	case child(end, "del") != nil || child(end, "moveFrom") != nil:
		w.broken = deleted
	}
	s := speller{d: d, w: w}
	s.inline(e, segment{})
	if w.text() == "" && num == "" {
		d.emit("", false)
		return
	}
	if w.broken != kept && !w.wholly(w.broken) {
		d.remark("where a paragraph begins or ends was changed with tracking; it is read as it stands now", false)
	}
	if num != "" && num != "0" {
		w.label = d.numbering.next(num, level)
	}
	d.line(w)
}

// line writes the line of a paragraph.
func (d *docxReader) line(w *wordParagraph) {
	src := w.source(d)
	own := w.style.own()
	switch {
	case own == "Title", w.style.is("title") && len(strings.Join(d.lines, "")) == 0:
		d.emit("# "+src, false)
	case own == "Heading":
		d.emit("## "+src, false)
	case own == "Point":
		d.emit("  "+src, false)
	case own == "Subpoint":
		d.emit("    "+src, false)
	case own == "Item":
		d.emit("-"+strings.TrimPrefix(src, "•"), false)
	case own != "":
		d.emit(src, isOption(src) || own == "Standing")
	case d.bare != nil && d.names(w, src):
		d.emit(src, true)
	case w.style.heading() > 0 && w.label == "":
		d.emit("## "+src, false)
	default:
		d.emit(src, isOption(src))
	}
	d.bare = nil
	if own == "" && (w.centred || w.style.heading() > 0) && isBareHeading(src, d.Codes) {
		d.bare = w
	}
}

// names reports whether a paragraph is the name of the heading before it:
// "Article 3" on one line, "Closed season" on the next.
func (d *docxReader) names(w *wordParagraph, src string) bool {
	if !w.centred && w.style.heading() == 0 || len(src) > 200 || w.label != "" {
		return false
	}
	p := text.Parse(src, d.Codes).Text
	return len(p.Clauses) == 1 && p.Clauses[0].Kind == text.Plain
}

func isBareHeading(src string, codes text.Codes) bool {
	if len(src) > 40 {
		return false
	}
	p := text.Parse(src, codes).Text
	return len(p.Clauses) == 1 && p.Clauses[0].Kind.IsHeading() && p.Clauses[0].Number != "" && len(p.Clauses[0].Body) == 0
}

// emit appends a line, after a blank one unless it belongs to the line before.
// A new clause ends the one before, whose notes are then said.
func (d *docxReader) emit(line string, tight bool) {
	tight = tight && len(d.lines) > 0 && d.lines[len(d.lines)-1] != ""
	if !tight && line != "" {
		d.endClause()
		d.put("")
	}
	d.put(line)
	if d.pending = append(d.pending, d.heard...); len(d.pending) > 0 && !d.begun(line) {
		d.remark("a comment stands before the first clause; it is not read", false)
		d.pending = nil
	}
	d.heard = nil
}

// begun reports whether there is a clause yet that a note can be on.
func (d *docxReader) begun(line string) bool {
	d.clauses = d.clauses || line != "" && !strings.HasPrefix(line, "# ")
	return d.clauses
}

// put appends a line, which is one whatever the document has in its attributes.
func (d *docxReader) put(line string) {
	d.lines = append(d.lines, blanks.ReplaceAllStringFunc(line, func(s string) string {
		if strings.ContainsAny(s, "\r\n\t") {
			return " "
		}
		return s
	}))
	d.paragraphOf = append(d.paragraphOf, d.paragraph)
}

// endClause says the notes on a clause after its last line.
func (d *docxReader) endClause() {
	for _, n := range d.pending {
		d.put("> note " + n)
	}
	d.pending = nil
}

// footnoteLines says the footnotes after everything else.
func (d *docxReader) footnoteLines() {
	for i, e := range d.notes {
		d.put("")
		d.put("[^" + strconv.Itoa(i+1) + "]: " + d.words(e))
	}
}

// words returns the words of a footnote or a comment as they stand.
func (d *docxReader) words(e *etree.Element) string {
	var b strings.Builder
	for _, p := range e.FindElements(".//p") {
		w := &wordParagraph{}
		s := speller{d: d, w: w, aside: true}
		s.inline(p, segment{})
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		for _, g := range w.segments {
			if g.deletedBy == "" {
				b.WriteString(g.words)
			}
		}
	}
	return trim(blanks.ReplaceAllString(b.String(), " "))
}

// comment keeps a comment for the clause it is on.
func (d *docxReader) comment(id string) {
	c := d.comments[id]
	if c == nil {
		return
	}
	delete(d.comments, id)
	author, words := attr(c, "author"), d.words(c)
	side, known := d.side(author)
	to := ""
	if rest, ok := strings.CutPrefix(words, toAll); ok {
		words = rest
	} else if m := audience.FindStringSubmatch(words); m != nil {
		to, words = " to "+m[1], m[2]
	}
	switch {
	case words == "":
	case !known:
		d.remark(fmt.Sprintf("a comment is by %q, who is no side, and is not read; say which side it is", brief(author)), false)
	default:
		d.heard = append(d.heard, side+to+": "+words)
	}
}

// audience is how a comment says to whom it is addressed; see commentWords.
var audience = regexp.MustCompile(`^to ([a-z0-9:-]+(?:, [a-z0-9:-]+)*): (.*)$`)

// side returns how the side is written for which an author of Word writes.
func (d *docxReader) side(author string) (string, bool) {
	if side, ok := d.Authors[author]; ok {
		return d.Codes.Write(side), true
	}
	for side, code := range d.Codes {
		if strings.EqualFold(author, code) || strings.EqualFold(author, side) {
			return code, true
		}
	}
	low := strings.ToLower(strings.Join(strings.Fields(author), "-"))
	if low == seat.Mediation || low == seat.ChairGroup || d.Codes == nil && seat.Party(low).Valid() {
		return d.Codes.Write(low), true
	}
	return "", false
}

// Blanks are spaces and breaks of lines. A no-break space is not one: somebody
// put it there.
var blanks = regexp.MustCompile(`[ \t\r\n]+`)

func trim(s string) string { return strings.Trim(s, " ") }
