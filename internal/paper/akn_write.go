package paper

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"parley/internal/text"
)

// Akoma Ntoso 3.0 (OASIS LegalDocML, 2018) knows articles and alternatives, but
// no negotiation. The words stand where any program for legal texts looks for
// them; a bracket is an inline that holds its options, each an alternative
// (@alternativeTo) to the first; who wants what is said in attributes and in
// the proprietary metadata, in a namespace of our own.

const (
	aknNS    = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
	parleyNS = "urn:parley:text:1"
)

// akn writes a text.
func (o Writer) akn(t *text.Text) ([]byte, error) {
	date := o.Date
	if date == "" {
		date = "1970-01-01"
	}
	if !isDate.MatchString(date) {
		return nil, fmt.Errorf("%q is no date; write it like 2026-11-22", date)
	}
	if err := checkWords(t); err != nil {
		return nil, err
	}
	d := etree.NewDocument()
	d.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := d.CreateElement("akomaNtoso")
	root.CreateAttr("xmlns", aknNS)
	root.CreateAttr("xmlns:parley", parleyNS)
	w := aknWriter{t: t, codes: o.Codes, ids: map[string]int{}, sides: map[string]bool{}}
	bill := begin(root, "bill", "name", "agreement")
	meta := begin(bill, "meta")
	if t.Title != "" {
		begin(begin(begin(bill, "preface"), "p"), "docTitle").SetText(t.Title)
	}
	body := begin(bill, "body")
	w.hierarchy(body)
	w.meta(meta, date) // now that it is known which sides there are
	return d.WriteToBytes()
}

// checkWords refuses characters that no XML document can hold.
func checkWords(t *text.Text) error {
	s := text.Print(t, nil)
	if i := strings.IndexAny(s, "\uFFFE\uFFFF"); i >= 0 {
		return fmt.Errorf("line %d of the text holds a noncharacter (U+FFFE or U+FFFF), which no XML document can; take it out", 1+strings.Count(s[:i], "\n"))
	}
	return nil
}

// begin appends an element on a line of its own, with attributes by turns of
// name and value; those that are empty are left out.
func begin(to *etree.Element, tag string, attrs ...string) *etree.Element {
	if to.Tag != "p" && to.Tag != "heading" {
		to.CreateText("\n")
	}
	return within(to, tag, attrs...)
}

// within appends an element to what stands on the line.
func within(to *etree.Element, tag string, attrs ...string) *etree.Element {
	e := to.CreateElement(tag)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			e.CreateAttr(attrs[i], attrs[i+1])
		}
	}
	return e
}

type aknWriter struct {
	t     *text.Text
	codes text.Codes
	ids   map[string]int // eIds that were given, and how often they were asked for
	sides map[string]bool
}

// aknNames are the elements for the kinds of clauses; the others are containers
// that are named after them.
var aknNames = map[text.Kind]string{
	text.Part: "part", text.Chapter: "chapter", text.Section: "section", text.Article: "article",
	text.Paragraph: "paragraph", text.Plain: "alinea", text.Point: "point", text.Item: "indent",
}

// aknShort are what eIds call them (Akoma Ntoso Naming Convention 1.0, 5.3).
var aknShort = map[text.Kind]string{
	text.Chapter: "chp", text.Section: "sec", text.Article: "art", text.Paragraph: "para", text.Plain: "al",
}

// hierarchy writes the clauses, each within the one it stands under.
func (w *aknWriter) hierarchy(body *etree.Element) {
	if len(w.t.Clauses) == 0 {
		begin(body, "hcontainer", "name", "empty", "eId", "empty")
		return
	}
	type open struct {
		e     *etree.Element
		eID   string
		depth int
	}
	stack := []open{{e: body}}
	for i := range w.t.Clauses {
		c := &w.t.Clauses[i]
		depth := c.Kind.Depth()
		for stack[len(stack)-1].depth >= depth {
			stack = stack[:len(stack)-1]
		}
		above := stack[len(stack)-1]
		leaf := i+1 == len(w.t.Clauses) || w.t.Clauses[i+1].Kind.Depth() <= depth
		eID := w.eID(above.eID, c)
		stack = append(stack, open{w.clause(above.e, c, eID, leaf), eID, depth})
	}
}

// eID names an element: art_3__para_1, with a number behind if it is not the first.
func (w *aknWriter) eID(above string, c *text.Clause) string {
	name := aknShort[c.Kind]
	if name == "" {
		name = string(c.Kind)
	}
	if c.Number != "" {
		name += "_" + strings.ReplaceAll(c.Number, " ", "-")
	}
	if above != "" {
		name = above + "__" + name
	}
	return w.unique(name)
}

func (w *aknWriter) unique(name string) string {
	for {
		w.ids[name]++
		n := w.ids[name]
		if n == 1 {
			return name
		}
		name = fmt.Sprintf("%s-%d", name, n)
	}
}

// clause writes one clause without what stands under it.
func (w *aknWriter) clause(to *etree.Element, c *text.Clause, eID string, leaf bool) *etree.Element {
	tag, name := aknNames[c.Kind], ""
	if tag == "" {
		tag, name = "hcontainer", string(c.Kind)
	}
	e := begin(to, tag, "name", name, "eId", eID, "parley:id", string(c.ID), "parley:kind", string(c.Kind), "parley:number", c.Number, "parley:word", c.Word)
	if num := w.num(c); num != "" {
		begin(e, "num").SetText(num)
	}
	switch {
	case len(c.Body) == 0:
	case c.Kind.IsHeading():
		w.body(begin(e, "heading"), c.Body)
	case leaf:
		w.body(begin(begin(e, "content"), "p"), c.Body)
	default:
		w.body(begin(begin(e, "intro"), "p"), c.Body)
	}
	return e
}

// num is the number as people read it.
func (w *aknWriter) num(c *text.Clause) string {
	switch {
	case c.Kind == text.Heading, c.Kind == text.Plain:
		return ""
	case c.Kind == text.Item:
		return "–"
	case c.Kind == text.Paragraph:
		return c.Number + "."
	case c.Kind == text.Point, c.Kind == text.Subpoint:
		return "(" + c.Number + ")"
	}
	word := c.Word
	if word == "" {
		word = strings.ToUpper(string(c.Kind[:1])) + string(c.Kind[1:])
	}
	return strings.TrimSpace(word + " " + c.Number)
}

// body writes words, brackets and marks of footnotes.
func (w *aknWriter) body(to *etree.Element, b text.Body) {
	for _, p := range b {
		switch {
		case p.Choice != nil:
			w.choice(to, p.Choice)
		case p.Footnote != "":
			mark := 1 + slices.IndexFunc(w.t.Footnotes, func(f text.Footnote) bool { return f.ID == p.Footnote })
			within(to, "noteRef", "href", "#"+string(p.Footnote), "marker", number(mark))
		default:
			to.CreateText(p.Words)
		}
	}
}

// choice writes a bracket. The signs are there for readers who know nothing of
// us: without them, two alternatives would read as one sentence.
func (w *aknWriter) choice(to *etree.Element, c *text.Choice) {
	open, closing := "[", "]"
	if c.Form == text.Both {
		open, closing = "{", "}"
	}
	e := within(to, "inline", "name", "bracket", "parley:id", string(c.ID), "parley:form", string(c.Form), "parley:given", number(c.Given))
	first := w.unique(string(c.ID) + "-" + c.Options[0].Key)
	for i := range c.Options {
		o := &c.Options[i]
		eID, to := first, ""
		if i > 0 {
			eID, to = w.unique(string(c.ID)+"-"+o.Key), first
		}
		within(e, "inline", "name", "sign").SetText(open)
		x := within(e, "inline", "name", "option", "eId", eID, "alternativeTo", to, "parley:key", o.Key, "parley:none", yes(o.None), "parley:gap", yes(o.Gap),
			"parley:proposer", w.side(o.Proposer), "parley:supporters", w.list(o.Supporters), "parley:opponents", w.list(o.Opponents))
		if o.None {
			within(x, "inline", "name", "sign").SetText("no text")
		}
		w.body(x, o.Body)
		within(e, "inline", "name", "sign").SetText(closing)
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func (w *aknWriter) side(s string) string {
	if s != "" {
		w.sides[s] = true
	}
	return s
}

func (w *aknWriter) list(sides []string) string {
	for _, s := range sides {
		w.side(s)
	}
	return strings.Join(sides, " ")
}

// meta writes what is said about the document: what it is, who the sides are,
// the footnotes, and how far the negotiation has come.
func (w *aknWriter) meta(meta *etree.Element, date string) {
	own := begin(etree.NewElement("x"), "proprietary", "source", "#parley")
	w.negotiation(own)
	id := begin(meta, "identification", "source", "#parley")
	for _, level := range []string{"Work", "Expression", "Manifestation"} {
		uri := "/akn/un/bill/agreement/" + date + "/draft"
		switch level {
		case "Expression":
			uri += "/und@"
		case "Manifestation":
			uri += "/und@.akn"
		}
		e := begin(id, "FRBR"+level)
		begin(e, "FRBRthis", "value", uri+"/!main")
		begin(e, "FRBRuri", "value", uri)
		begin(e, "FRBRdate", "date", date, "name", "draft")
		begin(e, "FRBRauthor", "href", "#parley")
		switch level {
		case "Work":
			begin(e, "FRBRcountry", "value", "un")
		case "Expression":
			begin(e, "FRBRlanguage", "language", "und")
		}
	}
	refs := begin(meta, "references", "source", "#parley")
	begin(refs, "TLCOrganization", "eId", "parley", "href", "/akn/ontology/organization/un/parley", "showAs", "Parley")
	sides := make([]string, 0, len(w.sides))
	for s := range w.sides {
		sides = append(sides, s)
	}
	slices.Sort(sides)
	for _, s := range sides {
		begin(refs, "TLCOrganization", "eId", w.unique("side-"+s), "href", "/akn/ontology/organization/un/"+s, "showAs", w.codes.Write(s))
	}
	if len(w.t.Footnotes) > 0 {
		notes := begin(meta, "notes", "source", "#parley")
		for i, f := range w.t.Footnotes {
			begin(begin(notes, "note", "eId", string(f.ID), "marker", number(i+1)), "p").SetText(f.Words)
		}
	}
	meta.CreateText("\n")
	meta.AddChild(own)
}

// negotiation writes what Akoma Ntoso has no place for.
func (w *aknWriter) negotiation(to *etree.Element) {
	g := w.t.Given
	e := begin(to, "parley:text", "version", "1", "clauses", number(g.Clauses), "brackets", number(g.Brackets), "footnotes", number(g.Footnotes), "reserves", number(g.Reserves), "notes", number(g.Notes))
	for i := range w.t.Clauses {
		c := &w.t.Clauses[i]
		status := ""
		if c.Status != text.Tabled {
			status = c.Status.String()
		}
		x := etree.NewElement("parley:clause")
		for _, r := range c.Reserves {
			w.reserve(x, r)
		}
		for _, a := range c.Assents {
			y := begin(x, "parley:assent", "party", w.side(string(a.Party)), "firm", yes(a.Firm))
			for _, on := range a.If {
				begin(y, "parley:if", "text", on.Text, "clause", string(on.Clause))
			}
		}
		for _, d := range c.Defines {
			begin(x, "parley:defines").SetText(d)
		}
		for _, n := range c.Notes {
			begin(x, "parley:note", "id", string(n.ID), "by", w.side(n.By), "audience", strings.Join(n.Audience, " ")).SetText(n.Words)
		}
		if status != "" || c.ForLeaders || len(x.Child) > 0 {
			x.CreateAttr("id", string(c.ID))
			for _, a := range [][2]string{{"status", status}, {"for-leaders", yes(c.ForLeaders)}} {
				if a[1] != "" {
					x.CreateAttr(a[0], a[1])
				}
			}
			e.CreateText("\n")
			e.AddChild(x)
		}
		for ch := range c.Body.Choices {
			for k := range ch.Options {
				if o := &ch.Options[k]; len(o.Reserves) > 0 {
					y := begin(e, "parley:option", "bracket", string(ch.ID), "key", o.Key)
					for _, r := range o.Reserves {
						w.reserve(y, r)
					}
				}
			}
		}
	}
}

func (w *aknWriter) reserve(to *etree.Element, r text.Reservation) {
	begin(to, "parley:reserve", "id", string(r.ID), "party", w.side(r.Party), "kind", string(r.Kind.Outward()), "until", r.Until)
}
