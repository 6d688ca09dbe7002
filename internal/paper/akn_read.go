package paper

import (
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"parley/internal/seat"
	"parley/internal/text"
)

// akn reads a document: one of ours to the letter, ids and all; any other as
// far as it has articles and paragraphs.
func (o Reader) akn(data []byte) (*Document, error) {
	if err := isText(data); err != nil {
		return nil, err
	}
	elements := 0
	root, err := readXML("", data, &elements)
	if err != nil {
		return nil, err
	}
	if root.Tag != "akomaNtoso" || root.NamespaceURI() != aknNS {
		return nil, fault("", "The root is <%s> of %q, not <akomaNtoso> of Akoma Ntoso 3.0", brief(root.Tag), brief(root.NamespaceURI()))
	}
	docs := root.ChildElements()
	if len(docs) == 0 {
		return nil, fault("", "There is no document in <akomaNtoso>")
	}
	doc := docs[0]
	body := child(doc, "body")
	if body == nil {
		body = child(doc, "mainBody")
	}
	if body == nil {
		return nil, fault("", "<%s> has neither a body nor a mainBody; a bill, an act, a doc or a statement is read", brief(doc.Tag))
	}
	var own *etree.Element
	for _, p := range children(child(doc, "meta")) {
		if x := child(p, "text"); p.Tag == "proprietary" && x != nil && x.NamespaceURI() == parleyNS {
			own = x
		}
	}
	if own == nil {
		return o.foreignAKN(doc, body)
	}
	r := aknReader{t: &text.Text{}, metadata: own, clauses: map[text.ID]int{}}
	if v := attr(own, "version"); v != "1" {
		return nil, fault("", "The negotiation in this document is of version %q; version 1 is read", brief(v))
	}
	if err := r.read(doc, body); err != nil {
		return nil, err
	}
	if err := r.t.Check(); err != nil {
		return nil, fault("", "The document is no longer as Parley wrote it: %v", err)
	}
	return &Document{Text: r.t, whole: true}, nil
}

type aknReader struct {
	t        *text.Text
	metadata *etree.Element
	clauses  map[text.ID]int // places in the text
	choices  map[text.ID]*text.Choice
	err      error
}

func (r *aknReader) wrong(format string, args ...any) {
	if r.err == nil {
		r.err = fault("", format, args...)
	}
}

// own returns an attribute of our namespace.
func own(e *etree.Element, key string) string {
	for _, a := range e.Attr {
		if a.Key == key && a.NamespaceURI() == parleyNS {
			return a.Value
		}
	}
	return ""
}

func (r *aknReader) count(key string) int {
	n, err := strconv.Atoi(attr(r.metadata, key))
	if err != nil || n < 0 || n > 1_000_000_000 {
		r.wrong("<text> says %q for its %s, which is no count", brief(attr(r.metadata, key)), key)
	}
	return n
}

func (r *aknReader) read(doc, body *etree.Element) error {
	r.t.Given = text.Given{Clauses: r.count("clauses"), Brackets: r.count("brackets"), Footnotes: r.count("footnotes"), Reserves: r.count("reserves"), Notes: r.count("notes")}
	if e := doc.FindElement("preface/p/docTitle"); e != nil {
		r.t.Title = e.Text()
	}
	for _, notes := range children(child(doc, "meta")) {
		if notes.Tag != "notes" {
			continue
		}
		for _, n := range notes.ChildElements() {
			p := child(n, "p")
			if p == nil {
				r.wrong("note %s has no <p>", brief(attr(n, "eId")))
				return r.err
			}
			r.t.Footnotes = append(r.t.Footnotes, text.Footnote{ID: text.ID(attr(n, "eId")), Words: p.Text()})
		}
	}
	r.choices = map[text.ID]*text.Choice{}
	r.hierarchy(body)
	for _, e := range r.metadata.ChildElements() {
		r.said(e)
	}
	return r.err
}

// hierarchy reads the clauses in the order of reading.
func (r *aknReader) hierarchy(e *etree.Element) {
	for _, c := range e.ChildElements() {
		if attr(c, "name") == "empty" && c.Tag == "hcontainer" || slices.Contains([]string{"num", "heading", "content", "intro"}, c.Tag) {
			continue
		}
		k := text.Clause{ID: text.ID(own(c, "id")), Kind: text.Kind(own(c, "kind")), Number: own(c, "number"), Word: own(c, "word")}
		if k.Kind.Depth() == 0 {
			r.wrong("<%s> %s is no clause of ours; a document that others have added to is read without its proprietary metadata", brief(c.Tag), brief(attr(c, "eId")))
			return
		}
		for _, part := range c.ChildElements() {
			switch part.Tag {
			case "heading":
				k.Body = r.body(part)
			case "content", "intro":
				if p := child(part, "p"); p != nil && len(part.ChildElements()) == 1 {
					k.Body = r.body(p)
				} else {
					r.wrong("<%s> of clause %s has not exactly one <p>", part.Tag, brief(string(k.ID)))
				}
			}
		}
		if _, twice := r.clauses[k.ID]; twice {
			r.wrong("clause %s stands twice", brief(string(k.ID)))
		}
		r.clauses[k.ID] = len(r.t.Clauses)
		r.t.Clauses = append(r.t.Clauses, k)
		r.hierarchy(c)
	}
}

// body reads words, brackets and marks of footnotes.
func (r *aknReader) body(e *etree.Element) (b text.Body) {
	for _, token := range e.Child {
		switch c := token.(type) {
		case *etree.CharData:
			if n := len(b); n > 0 && b[n-1].Words != "" {
				b[n-1].Words += c.Data
			} else if c.Data != "" {
				b = append(b, text.Piece{Words: c.Data})
			}
		case *etree.Element:
			switch {
			case c.Tag == "noteRef":
				b = append(b, text.Piece{Footnote: text.ID(strings.TrimPrefix(attr(c, "href"), "#"))})
			case c.Tag == "inline" && attr(c, "name") == "bracket":
				b = append(b, text.Piece{Choice: r.choice(c)})
			case c.Tag == "inline" && attr(c, "name") == "sign":
			default:
				r.wrong("<%s> within words is not of ours; take it out, keeping the words", brief(c.Tag))
			}
		}
	}
	return b
}

func (r *aknReader) choice(e *etree.Element) *text.Choice {
	c := &text.Choice{ID: text.ID(own(e, "id")), Form: text.Form(own(e, "form"))}
	c.Given, _ = strconv.Atoi(own(e, "given"))
	for _, x := range e.ChildElements() {
		switch attr(x, "name") {
		case "sign":
		case "option":
			c.Options = append(c.Options, text.Option{
				Key: own(x, "key"), None: own(x, "none") == "yes", Gap: own(x, "gap") == "yes", Body: r.body(x),
				Proposer: own(x, "proposer"), Supporters: fields(own(x, "supporters")), Opponents: fields(own(x, "opponents")),
			})
		default:
			r.wrong("<%s> within bracket %s is no option", brief(x.Tag), brief(string(c.ID)))
		}
	}
	if r.choices[c.ID] != nil {
		r.wrong("bracket %s stands twice", brief(string(c.ID)))
	}
	r.choices[c.ID] = c
	return c
}

// fields divides a list at its spaces; an empty one is nil.
func fields(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Fields(s)
}

// said reads what the metadata says of a clause or an option.
func (r *aknReader) said(e *etree.Element) {
	switch e.Tag {
	case "option":
		c := r.choices[text.ID(attr(e, "bracket"))]
		if c == nil || c.Option(attr(e, "key")) == nil {
			r.wrong("the metadata speaks of option %s of bracket %s, which is not there", brief(attr(e, "key")), brief(attr(e, "bracket")))
			return
		}
		c.Option(attr(e, "key")).Reserves = r.reserves(e)
	case "clause":
		at, ok := r.clauses[text.ID(attr(e, "id"))]
		if !ok {
			r.wrong("the metadata speaks of clause %s, which is not there", brief(attr(e, "id")))
			return
		}
		r.standing(&r.t.Clauses[at], e)
	default:
		r.wrong("<%s> is nothing that the metadata of a text holds", brief(e.Tag))
	}
}

func (r *aknReader) standing(c *text.Clause, e *etree.Element) {
	c.ForLeaders = attr(e, "for-leaders") == "yes"
	if s := attr(e, "status"); s != "" {
		if err := c.Status.UnmarshalText([]byte(s)); err != nil {
			r.wrong("%v", err)
		}
	}
	c.Reserves = r.reserves(e)
	for _, x := range e.ChildElements() {
		switch x.Tag {
		case "assent":
			a := text.Assent{Party: seat.Party(attr(x, "party")), Firm: attr(x, "firm") == "yes"}
			for _, on := range x.ChildElements() {
				a.If = append(a.If, text.Condition{Text: attr(on, "text"), Clause: text.ID(attr(on, "clause"))})
			}
			c.Assents = append(c.Assents, a)
		case "defines":
			c.Defines = append(c.Defines, x.Text())
		case "note":
			c.Notes = append(c.Notes, text.Note{ID: text.ID(attr(x, "id")), By: attr(x, "by"), Audience: fields(attr(x, "audience")), Words: x.Text()})
		case "reserve":
		default:
			r.wrong("<%s> is nothing that is said of a clause", brief(x.Tag))
		}
	}
}

func (r *aknReader) reserves(e *etree.Element) (list []text.Reservation) {
	for _, x := range e.ChildElements() {
		if x.Tag == "reserve" {
			list = append(list, text.Reservation{ID: text.ID(attr(x, "id")), Party: attr(x, "party"), Kind: text.ReservationKind(attr(x, "kind")), Until: attr(x, "until")})
		}
	}
	return list
}
