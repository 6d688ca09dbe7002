package paper

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/beevik/etree"

	"parley/internal/text"
)

// DOCX is made by hand: a handful of parts of ECMA-376, written from the rows
// of a page. There are no document properties, no settings that name a session
// of editing, no dates on comments and changes, because Word does not need any
// of it and all of it tells tales.

const wordNS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// docx writes a text as a package.
func (o Writer) docx(t *text.Text) ([]byte, error) {
	if err := checkWords(t); err != nil {
		return nil, err
	}
	d := &docxWriter{codes: o.Codes, author: o.Author, said: map[text.ID]bool{}, footnotes: part("footnotes"), comments: part("comments")}
	if d.author == "" {
		d.author = "Draft"
	}
	d.separators()
	doc := part("document")
	d.body = add(doc.Root(), "body")
	if o.Mode == Changes {
		if err := d.merge(o.Base, t); err != nil {
			return nil, err
		}
	} else {
		d.page = layout(t, o.Codes)
		for _, r := range d.page.rows {
			d.row(r, text.Keep, []text.Edit{{Op: text.Keep, Words: r.words}})
		}
	}
	d.section()
	return d.pack(doc)
}

type docxWriter struct {
	codes     text.Codes
	author    string // of tracked changes
	page      page
	body      *etree.Element
	footnotes *etree.Document
	comments  *etree.Document
	notes     int              // footnotes so far
	again     bool             // write a footnote wherever it is referred to
	said      map[text.ID]bool // notes that are written, as comments
	changed   int              // tracked changes so far
}

// part begins a part of the package with its root.
func part(root string) *etree.Document {
	d := etree.NewDocument()
	d.CreateProcInst("xml", `version="1.0" encoding="UTF-8" standalone="yes"`)
	e := d.CreateElement("w:" + root)
	e.CreateAttr("xmlns:w", wordNS)
	e.CreateAttr("xmlns:r", relationNS)
	return d
}

// add appends an element of Word's namespace, with attributes by turns of name and value.
func add(to *etree.Element, tag string, attrs ...string) *etree.Element {
	e := to.CreateElement("w:" + tag)
	for i := 0; i+1 < len(attrs); i += 2 {
		e.CreateAttr("w:"+attrs[i], attrs[i+1])
	}
	return e
}

// row writes a paragraph whose words are kept, inserted or deleted; all says
// what becomes of the paragraph itself.
func (d *docxWriter) row(r row, all text.Op, edits []text.Edit) {
	p := add(d.body, "p")
	pr := add(p, "pPr")
	add(pr, "pStyle", "val", styleOf(r))
	rtl := startsRTL(r.words)
	if rtl {
		add(pr, "bidi")
	}
	if all != text.Keep {
		d.track(add(pr, "rPr"), all)
	}
	for _, e := range edits {
		to, tag := p, "t"
		if e.Op != text.Keep {
			to = d.track(p, e.Op)
		}
		if e.Op == text.Delete {
			tag = "delText"
		}
		for piece, mark := range pieces(e.Words) {
			if mark && d.reference(to, piece) {
				continue
			}
			d.runs(to, tag, piece)
		}
	}
	if all != text.Delete {
		d.remarks(p, r)
	}
}

// track begins a tracked change.
func (d *docxWriter) track(to *etree.Element, op text.Op) *etree.Element {
	tag := "ins"
	if op == text.Delete {
		tag = "del"
	}
	d.changed++
	return add(to, tag, "id", strconv.Itoa(d.changed), "author", d.author)
}

// runs writes words. Brackets are set in bold, and each run is of one direction.
func (d *docxWriter) runs(to *etree.Element, tag, words string) {
	for s, rtl := range stretches(words) {
		for piece, bracket := range signs(s) {
			r := add(to, "r")
			if rtl || bracket {
				pr := add(r, "rPr")
				if bracket {
					add(pr, "b")
					add(pr, "bCs")
				}
				if rtl {
					add(pr, "rtl")
				}
			}
			t := add(r, tag)
			t.CreateAttr("xml:space", "preserve")
			t.SetText(piece)
		}
	}
}

// signs yields words and the brackets between them.
func signs(s string) func(func(string, bool) bool) {
	return func(yield func(string, bool) bool) {
		from := 0
		for i := 0; i < len(s); i++ {
			if s[i] == '\\' {
				i++
				continue
			}
			if !strings.ContainsRune("[]{}", rune(s[i])) {
				continue
			}
			if from < i && !yield(s[from:i], false) || !yield(s[i:i+1], true) {
				return
			}
			from = i + 1
		}
		if from < len(s) {
			yield(s[from:], false)
		}
	}
}

// stretches yields words by direction. What has none goes with what stands
// around it, or, between two directions, with that of the paragraph.
func stretches(s string) func(func(string, bool) bool) {
	base := startsRTL(s)
	return func(yield func(string, bool) bool) {
		from, strong, now := 0, 0, base // where the stretch begins; where its last letter ends
		for i, r := range s {
			rtl := isRTL(r)
			if !rtl && !unicode.IsLetter(r) {
				continue
			}
			if rtl != now {
				at := i
				if now != base {
					at = strong
				}
				if from < at && !yield(s[from:at], now) {
					return
				}
				from, now = at, rtl
			}
			strong = i + utf8.RuneLen(r)
		}
		if now != base && strong < len(s) {
			if !yield(s[from:strong], now) {
				return
			}
			from, now = strong, base
		}
		if from < len(s) {
			yield(s[from:], now)
		}
	}
}

// startsRTL reports whether the first letter of s is one that runs from right to left.
func startsRTL(s string) bool {
	for _, r := range s {
		if isRTL(r) {
			return true
		}
		if unicode.IsLetter(r) {
			return false
		}
	}
	return false
}

func isRTL(r rune) bool {
	return r >= 0x0590 && (unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana)) && unicode.IsLetter(r)
}

// reference refers to a footnote and writes it. A second reference to the same
// stays as it is typed, because Word knows only one.
func (d *docxWriter) reference(to *etree.Element, mark string) bool {
	words, ok := d.page.footnotes[mark]
	if !ok {
		return false
	}
	delete(d.page.footnotes, mark)
	d.notes++
	id := strconv.Itoa(d.notes)
	r := add(to, "r")
	add(add(r, "rPr"), "rStyle", "val", "ParleyMark")
	add(r, "footnoteReference", "id", id)

	p := add(add(d.footnotes.Root(), "footnote", "id", id), "p")
	add(add(p, "pPr"), "pStyle", "val", "ParleyFootnote")
	r = add(p, "r")
	add(add(r, "rPr"), "rStyle", "val", "ParleyMark")
	add(r, "footnoteRef")
	d.runs(p, "t", " "+words)
	return true
}

// separators are the two footnotes that Word wants to find.
func (d *docxWriter) separators() {
	for i, kind := range []string{"separator", "continuationSeparator"} {
		f := add(d.footnotes.Root(), "footnote", "type", kind, "id", strconv.Itoa(i-1))
		add(add(add(f, "p"), "r"), kind)
	}
}

// remarks writes the notes on a clause as comments at the end of its first row.
// They have no range: LibreOffice turns the order of those that begin together.
func (d *docxWriter) remarks(p *etree.Element, r row) {
	if r.clause == nil || r.role == gap {
		return
	}
	for _, n := range r.clause.Notes {
		if d.said[n.ID] {
			continue
		}
		d.said[n.ID] = true
		id, side := strconv.Itoa(len(d.said)), d.codes.Write(n.By)
		add(add(p, "r"), "commentReference", "id", id)
		c := add(d.comments.Root(), "comment", "id", id, "author", side, "initials", side)
		cp := add(c, "p")
		add(add(cp, "pPr"), "pStyle", "val", "ParleyComment")
		d.runs(cp, "t", commentWords(n))
	}
}

// commentWords writes a note as a comment says it: to whom, if not to
// everyone, then the words.
func commentWords(n text.Note) string {
	switch {
	case len(n.Audience) > 0:
		return "to " + strings.Join(n.Audience, ", ") + ": " + n.Words
	case strings.HasPrefix(n.Words, "to "):
		return toAll + n.Words
	}
	return n.Words
}

const toAll = "to ALL: " // no group is written in capitals

// section ends the body with the page: A4, margins of 2.5 cm, numbered at the foot.
func (d *docxWriter) section() {
	s := add(d.body, "sectPr")
	f := add(s, "footerReference", "type", "default")
	f.CreateAttr("r:id", "rId4")
	add(s, "pgSz", "w", "11906", "h", "16838")
	add(s, "pgMar", "top", "1417", "right", "1417", "bottom", "1417", "left", "1417", "header", "708", "footer", "708", "gutter", "0")
}
