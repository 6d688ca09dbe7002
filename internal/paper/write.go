package paper

import (
	"fmt"
	"io"
	"regexp"

	"parley/internal/text"
)

// A Mode says which words of a text a document shows.
type Mode string

const (
	Brackets Mode = "brackets" // all of them, as they stand
	Changes  Mode = "changes"  // all of them, as tracked changes against a base
	Clean    Mode = "clean"    // a reading: one option of every bracket, and nothing of who wants what
)

// A Writer says how a document is to be written. Its zero value writes
// brackets, and sides as their keys in capitals.
type Writer struct {
	Codes  text.Codes
	Mode   Mode       // CSV and JSON have no modes; tracked changes are for DOCX
	Base   *text.Text // what changes are tracked against
	Author string     // to whom tracked changes are put down; empty is "Draft"
	Side   string     // whose reading a clean one is; empty is that of whoever mediates
	Date   string     // of an Akoma Ntoso document, as 2026-11-22; empty is 1970-01-01
}

var isDate = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)

// Write writes a text in the given format. Nothing is written before all of it
// is ready. A text that text.Text.Check refuses, and one that the format cannot
// hold, is refused.
func (o Writer) Write(w io.Writer, t *text.Text, f Format) error {
	data, err := o.Bytes(t, f)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// Bytes returns a text in the given format. See [Writer.Write].
func (o Writer) Bytes(t *text.Text, f Format) ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	switch o.Mode {
	case "", Brackets:
	case Clean:
		t = reading(t, o.Side)
	case Changes:
		if f != DOCX || o.Base == nil {
			return nil, fmt.Errorf("changes are tracked in DOCX, against a base; give both")
		}
		if err := o.Base.Check(); err != nil {
			return nil, fmt.Errorf("the base: %w", err)
		}
	default:
		return nil, fmt.Errorf("%q is no mode; the modes are brackets, changes and clean", o.Mode)
	}
	switch f {
	case Plain:
		return []byte(text.Print(t, o.Codes)), nil
	case Markdown:
		return []byte(toMarkdown(t, o.Codes)), nil
	case DOCX:
		return o.docx(t)
	case AKN:
		return o.akn(t)
	case JSON:
		return text.Encode(t)
	case PDF:
		return o.pdf(t)
	case CSV:
		return o.csv(t)
	}
	return nil, fmt.Errorf("%q is no format; the formats are text, markdown, docx, akn, json, pdf and csv", f)
}

// reading returns one clean reading, without anything of the negotiation.
func reading(t *text.Text, side string) *text.Text {
	r := t.ChairReading()
	if side != "" {
		r = t.Clean(side)
	}
	clean := *r.Text
	clean.Clauses = nil
	for _, c := range r.Text.Clauses {
		if len(c.Body) == 0 && !c.Kind.IsHeading() {
			continue // it has come to no text
		}
		clean.Clauses = append(clean.Clauses, text.Clause{ID: c.ID, Kind: c.Kind, Word: c.Word, Number: c.Number, Body: bare(c.Body)})
	}
	return clean.Fresh()
}

// bare takes reserves, and all stances that need not be there, out of a body
// in which nothing is open.
func bare(b text.Body) text.Body {
	out := make(text.Body, len(b))
	for i, p := range b {
		if p.Choice != nil {
			c := *p.Choice
			c.Options = nil
			for _, o := range p.Choice.Options {
				c.Options = append(c.Options, text.Option{Key: o.Key, None: o.None, Gap: o.Gap, Body: bare(o.Body), Proposer: o.Proposer})
			}
			p.Choice = &c
		}
		out[i] = p
	}
	return out
}
