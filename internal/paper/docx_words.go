package paper

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// An op is what tracked changes did to words.
type op uint8

const (
	kept op = iota
	inserted
	deleted
)

// A segment is a stretch of words with who inserted or deleted it.
type segment struct {
	words      string
	insertedBy string // author, or empty
	deletedBy  string
}

func (s segment) fate() op {
	switch {
	case s.deletedBy != "":
		return deleted
	case s.insertedBy != "":
		return inserted
	}
	return kept
}

// A speller collects the words of one paragraph.
type speller struct {
	d     *docxReader
	w     *wordParagraph
	aside bool   // the words of a footnote or comment, in which there are no further ones
	field []bool // the fields that are open: whether their instructions are being read
}

// nobody is the author of a change that names none.
const nobody = "somebody"

// inline reads what stands in a paragraph, under what has been done to it.
func (s *speller) inline(e *etree.Element, under segment) {
	for _, c := range e.ChildElements() {
		switch c.Tag {
		case "r":
			s.run(c, under)
		case "ins", "moveTo":
			in := under
			in.insertedBy = author(c)
			s.inline(c, in)
		case "del", "moveFrom":
			in := under
			in.deletedBy = author(c)
			s.inline(c, in)
		case "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "bdo", "dir", "ruby", "rubyBase":
			s.inline(c, under)
		case "commentRangeStart":
			s.comment(c)
		case "oMath", "oMathPara":
			s.lose("there is a formula, which cannot be read; write it in words")
		}
	}
}

func author(e *etree.Element) string {
	if a := attr(e, "author"); a != "" {
		return a
	}
	return nobody
}

func (s *speller) lose(why string) { s.d.remark(why, true) }

func (s *speller) comment(e *etree.Element) {
	if !s.aside {
		s.d.comment(attr(e, "id"))
	}
}

// run reads one run.
func (s *speller) run(e *etree.Element, under segment) {
	if pr := child(e, "rPr"); on(child(pr, "vanish")) {
		if e.FindElement("t") != nil {
			s.lose("there is hidden text, which is not read; show it or delete it")
		}
		return
	}
	for _, c := range e.ChildElements() {
		switch c.Tag {
		case "t", "delText":
			if !slices.Contains(s.field, true) {
				s.add(c.Text(), under)
			}
		case "tab", "br", "cr", "ptab":
			s.add(" ", under)
		case "noBreakHyphen":
			s.add("\u2011", under)
		case "fldChar":
			switch attr(c, "fldCharType") {
			case "begin":
				s.field = append(s.field, true)
			case "separate":
				if n := len(s.field); n > 0 {
					s.field[n-1] = false
				}
			case "end":
				s.field = s.field[:max(0, len(s.field)-1)]
			}
		case "footnoteReference":
			s.reference(attr(c, "id"), under)
		case "endnoteReference":
			s.reference("e"+attr(c, "id"), under)
		case "commentReference":
			s.comment(c)
		case "sym":
			s.lose("there is a character of a symbol font, which cannot be read; type it")
		case "drawing", "pict", "object", "AlternateContent":
			s.lose("there is a picture, a text box or an embedded object, which is not read; put its words into the text")
		}
	}
}

// reference refers to a footnote. In a deleted stretch it still does.
func (s *speller) reference(id string, under segment) {
	e := s.d.footnotes[id]
	if e == nil || s.aside {
		return
	}
	if n := slices.Index(s.d.notes, e); n >= 0 {
		s.add("[^"+strconv.Itoa(n+1)+"]", under)
		return
	}
	s.d.notes = append(s.d.notes, e)
	s.add("[^"+strconv.Itoa(len(s.d.notes))+"]", under)
}

func (s *speller) add(words string, under segment) {
	under.words = strings.Map(func(r rune) rune {
		switch r {
		case '\t', '\n', '\r':
			return ' '
		}
		return r
	}, words)
	list := s.w.segments
	if n := len(list); n > 0 && list[n-1].insertedBy == under.insertedBy && list[n-1].deletedBy == under.deletedBy {
		list[n-1].words += under.words
		return
	}
	s.w.segments = append(list, under)
}

// text returns all words of a paragraph, deleted ones too, without spaces around.
func (w *wordParagraph) text() string {
	return trim(w.as(func(segment) bool { return true }))
}

func (w *wordParagraph) as(which func(segment) bool) string {
	var b strings.Builder
	for _, s := range w.segments {
		if which(s) {
			b.WriteString(s.words)
		}
	}
	return b.String()
}

// wholly reports whether all words of a paragraph met the same fate.
func (w *wordParagraph) wholly(fate op) bool {
	return !slices.ContainsFunc(w.segments, func(s segment) bool { return s.fate() != fate })
}

// firstMark is what a line may begin with that is the mark of a clause and not
// part of its words.
var firstMark = regexp.MustCompile(`^\s*(?:\d[\d.]{0,10}[A-Z]?(?: bis| ter| quater)?[.)]|\([a-z0-9]{1,5}\)|[a-z]\)|[-•]|(?i:article|part|chapter|section|annex|статья|стаття|madde|المادة)\s+[\dIVXA-Z]{1,6}(?: bis| ter| quater)?[.:])(?:\s+|$)`)

// source writes a paragraph as bracketed text. What was inserted becomes an
// option of whoever inserted it; what was deleted, an option that whoever
// deleted it opposes; one in place of the other, alternatives.
func (w *wordParagraph) source(d *docxReader) string {
	label := w.label
	if label != "" {
		label += " "
	}
	if w.wholly(kept) {
		return strings.TrimRight(label+w.text(), " ")
	}
	w.freeMark()
	for _, s := range w.segments {
		if s.fate() != kept && !balanced(s.words) {
			return label + w.wholeChange(d)
		}
	}
	o := joiner{}
	for i := 0; i < len(w.segments); i++ {
		s := w.segments[i]
		switch {
		case s.fate() == kept, trim(s.words) == "":
			o.keep(s.words)
		case i+1 < len(w.segments) && w.replaces(i):
			first, second := s, w.segments[i+1]
			if first.fate() == inserted {
				first, second = second, first
			}
			o.choice(d.option(first), d.option(second), first.words+second.words)
			i++
		default:
			o.choice(d.option(s), "", s.words)
		}
	}
	return label + trim(o.b.String())
}

// freeMark takes the mark of a clause out of a change that begins with it.
func (w *wordParagraph) freeMark() {
	first := w.segments[0]
	mark := firstMark.FindString(first.words)
	if mark == "" || first.fate() == kept || w.label != "" {
		return
	}
	w.segments[0].words = first.words[len(mark):]
	w.segments = slices.Insert(w.segments, 0, segment{words: mark})
}

// replaces reports whether the next segment stands in place of this one: one
// deleted, the other inserted, by the same author.
func (w *wordParagraph) replaces(i int) bool {
	a, b := w.segments[i], w.segments[i+1]
	if trim(b.words) == "" || a.insertedBy != "" && a.deletedBy != "" || b.insertedBy != "" && b.deletedBy != "" {
		return false
	}
	return a.deletedBy != "" && a.deletedBy == b.insertedBy || b.deletedBy != "" && b.deletedBy == a.insertedBy
}

// option writes a segment as what stands between brackets.
func (d *docxReader) option(s segment) string {
	words := trim(inBracket(s.words))
	opponent, proposer := d.by(s.deletedBy), d.by(s.insertedBy)
	switch {
	case proposer != "":
		words = proposer + ": " + words
	case saidBy.MatchString(words) || words == "no text":
		words = `\` + words
	}
	if opponent != "" {
		words += " (-" + opponent + ")"
	}
	return "[" + words + "]"
}

var saidBy = regexp.MustCompile(`^[^\[\](){}/\\;.]{1,40}:`)

// by returns how the side of an author is written, or nothing if it is none.
func (d *docxReader) by(author string) string {
	if author == "" {
		return ""
	}
	side, ok := d.side(author)
	if !ok && !d.strangers[author] {
		d.strangers[author] = true
		d.remark(fmt.Sprintf("changes are tracked by %q, who is no side; they stand in brackets without a name unless you say which side it is", brief(author)), false)
	}
	return side
}

// wholeChange writes a paragraph in which changes cut through brackets as two
// alternatives: as it was, and as it would be.
func (w *wordParagraph) wholeChange(d *docxReader) string {
	before := w.as(func(s segment) bool { return s.insertedBy == "" })
	after := w.as(func(s segment) bool { return s.deletedBy == "" })
	mark := ""
	if m := firstMark.FindString(before); m != "" && strings.HasPrefix(after, m) {
		mark, before, after = m, before[len(m):], after[len(m):]
	}
	var sides []string
	for _, s := range w.segments {
		for _, a := range []string{s.insertedBy, s.deletedBy} {
			if side := d.by(a); side != "" && !slices.Contains(sides, side) {
				sides = append(sides, side)
			}
		}
	}
	before, after = trim(inBracket(before)), trim(inBracket(after))
	if after == "" {
		after = "no text"
	}
	if before == "" {
		before = "no text"
	}
	if len(sides) > 0 {
		after = strings.Join(sides, ", ") + ": " + after
	}
	return mark + "[" + before + "][" + after + "]"
}

// balanced reports whether every bracket in words has its other one.
func balanced(s string) bool {
	var open []byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			i++
		case '[', '{':
			open = append(open, c+2) // its other one, in ASCII
		case ']', '}':
			if len(open) == 0 || open[len(open)-1] != c {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}

// inBracket escapes the slashes that would be read as dividing options once
// the words stand in a bracket.
func inBracket(s string) string {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			b.WriteByte(c)
			i++
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == '/' && depth == 0:
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// A joiner puts words and brackets together, with the spaces outside of the
// brackets and something between brackets that are not alternatives.
type joiner struct{ b strings.Builder }

func (o *joiner) keep(words string) {
	if strings.HasPrefix(strings.TrimLeft(words, " "), "[") {
		o.apart()
	}
	o.b.WriteString(words)
}

// choice writes one option or two. Their words say where spaces stood.
func (o *joiner) choice(first, second, words string) {
	if strings.HasPrefix(words, " ") {
		o.b.WriteByte(' ')
	}
	o.apart()
	o.b.WriteString(first + second)
	if strings.HasSuffix(words, " ") {
		o.b.WriteByte(' ')
	}
}

// apart keeps the next bracket from being an alternative to the one before.
func (o *joiner) apart() {
	s := strings.TrimRight(o.b.String(), " ")
	if strings.HasSuffix(s, "]") && !strings.HasSuffix(s, `\]`) {
		o.b.WriteString("{}")
	}
}
