package paper

import (
	"strings"

	"github.com/beevik/etree"

	"parley/internal/text"
)

// A document that others wrote is brought to bracketed text, one block an
// element with a number, and parsed. Words put in or taken out stand in
// brackets, without a side.

// foreignAKN reads a document that is not ours.
func (o Reader) foreignAKN(doc, body *etree.Element) (*Document, error) {
	r := foreignReader{out: &Document{whole: true}}
	if e := doc.FindElement("preface//docTitle"); e != nil {
		r.line("# " + r.words(e))
	}
	if e := child(doc, "preamble"); e != nil {
		r.line("Preamble")
		r.walk(e)
	}
	r.walk(body)
	if e := child(doc, "attachments"); e != nil {
		r.out.remark(Remark{Part: "attachments", Why: "annexes that are documents of their own are not read; read each by itself", Lost: true})
	}
	for _, n := range r.notes {
		r.line(n)
	}
	p := text.Parse(strings.Join(r.lines, "\n\n"), o.Codes)
	r.out.Text, r.out.Warnings = p.Text, p.Warnings
	r.out.whole = r.out.whole && p.Whole()
	return r.out, nil
}

type foreignReader struct {
	out   *Document
	lines []string
	notes []string
}

func (r *foreignReader) line(s string) {
	if s = strings.TrimRight(s, " "); s != "" {
		r.lines = append(r.lines, s)
	}
}

// headed are the elements whose heading is a heading to us.
var headed = map[string]string{
	"part": "Part", "book": "Part", "title": "Part", "chapter": "Chapter", "section": "Section", "article": "Article", "annex": "Annex",
}

// walk reads what stands in an element, line by line.
func (r *foreignReader) walk(e *etree.Element) {
	num, heading := r.words(child(e, "num")), r.words(child(e, "heading"))
	first := ""
	switch word := headed[e.Tag]; {
	case num == "" && heading != "":
		r.line("## " + heading)
	case word != "" && num != "":
		num = strings.TrimRight(num, ". ")
		if p := text.Parse(num, nil).Text; len(p.Clauses) != 1 || !p.Clauses[0].Kind.IsHeading() {
			num = word + " " + num
		}
		r.line(num + ". " + heading)
	case num != "" && heading != "":
		r.line(mark(num) + " " + heading)
	case num != "":
		first = mark(num) + " "
	}
	for _, c := range e.ChildElements() {
		switch c.Tag {
		case "num", "heading", "meta":
		case "p", "block", "listIntroduction", "listWrapUp", "longTitle", "subheading", "crossHeading", "wrapUp":
			if child(c, "p") != nil {
				r.walk(c)
				continue
			}
			r.line(first + r.words(c))
			first = ""
		case "intro", "content", "blockList", "item", "list", "body":
			if first != "" && c.Tag != "item" {
				if p := c.FindElement(".//p"); p != nil {
					p.CreateAttr("parley-mark", first)
					first = ""
				}
			}
			r.walk(c)
		case "table", "img", "foreign", "embeddedStructure", "quotedStructure":
			r.out.remark(Remark{Part: attr(e, "eId"), Why: "<" + c.Tag + "> is not read; put its words into paragraphs", Lost: true})
		default:
			r.walk(c)
		}
	}
	r.line(first)
}

// mark brings a number to what our grammar reads.
func mark(num string) string {
	num = strings.TrimSpace(num)
	switch {
	case strings.Trim(num, "–—-•") == "":
		return "-"
	case strings.Trim(num, "0123456789.") == "" && !strings.HasSuffix(num, "."):
		return num + "."
	case len(num) > 1 && strings.HasSuffix(num, ".") && strings.Trim(num, "0123456789.") != "" && len(num) < 6:
		return "(" + strings.ToLower(strings.TrimSuffix(num, ".")) + ")"
	}
	return num
}

// words returns the words of an element on one line.
func (r *foreignReader) words(e *etree.Element) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	r.spell(&b, e)
	return attr(e, "parley-mark") + trim(blanks.ReplaceAllString(b.String(), " "))
}

func (r *foreignReader) spell(b *strings.Builder, e *etree.Element) {
	for _, token := range e.Child {
		switch c := token.(type) {
		case *etree.CharData:
			b.WriteString(c.Data)
		case *etree.Element:
			switch c.Tag {
			case "ins", "del":
				b.WriteString("[")
				r.spell(b, c)
				b.WriteString("]")
			case "eol", "br":
				b.WriteString(" ")
			case "authorialNote":
				n := number(len(r.notes) + 1)
				b.WriteString("[^" + n + "]")
				r.notes = append(r.notes, "")
				r.notes[len(r.notes)-1] = "[^" + n + "]: " + r.words(c)
			default:
				r.spell(b, c)
			}
		}
	}
}
