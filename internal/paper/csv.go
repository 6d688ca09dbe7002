package paper

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"parley/internal/text"
)

// csv writes one table of what is open and what is decided: a row for each
// option of each bracket, and one for each clause that has come further than
// the table. It begins with a byte order mark, by which Excel knows UTF-8.
func (o Writer) csv(t *text.Text) ([]byte, error) {
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	c := table{w: w, codes: o.Codes}
	c.row("clause", "kind", "bracket", "depth", "option", "words", "proposer", "supporters", "opponents", "reserves", "status", "assents")
	for i, label := range t.Labels() {
		c.clause(&t.Clauses[i], label, t)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

type table struct {
	w     *csv.Writer
	codes text.Codes
}

// row writes a row of which no cell is a formula.
func (c *table) row(cells ...string) {
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	_ = c.w.Write(cells) // the buffer takes everything; Flush reports
}

// harmless puts an apostrophe before what a spreadsheet would take for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func (c *table) clause(k *text.Clause, label string, t *text.Text) {
	if k.Status != text.Tabled || len(k.Assents)+len(k.Reserves) > 0 {
		c.row(label, string(k.Kind), "", "", "", text.PrintBody(k.Body, c.codes), "", "", "", c.reserves(k.Reserves), k.Status.String(), c.assents(k.Assents, t))
	}
	for ch, depth := range k.Body.Choices {
		for i := range ch.Options {
			p := &ch.Options[i]
			words := text.PrintBody(p.Body, c.codes)
			if p.None {
				words = "no text"
			}
			c.row(label, string(k.Kind), string(ch.ID), strconv.Itoa(depth), p.Key, words, c.sides(p.Proposer), c.sides(p.Supporters...), c.sides(p.Opponents...), c.reserves(p.Reserves), "", "")
		}
	}
}

func (c *table) sides(sides ...string) string {
	var list []string
	for _, s := range sides {
		if s != "" {
			list = append(list, c.codes.Write(s))
		}
	}
	return strings.Join(list, ", ")
}

func (c *table) reserves(reserves []text.Reservation) string {
	var list []string
	for _, r := range reserves {
		s := c.codes.Write(r.Party) + " " + string(r.Kind.Outward())
		if r.Until != "" {
			s += " until " + r.Until
		}
		list = append(list, s)
	}
	return strings.Join(list, "; ")
}

func (c *table) assents(assents []text.Assent, t *text.Text) string {
	var list []string
	for _, a := range assents {
		s := c.codes.Write(string(a.Party))
		if !a.Firm {
			s += " ad ref"
		}
		for i, on := range a.If {
			if i == 0 {
				s += " if "
			} else {
				s += ", "
			}
			if on.Text != "" {
				s += on.Text + ":" + string(on.Clause)
			} else {
				s += t.Label(on.Clause)
			}
		}
		list = append(list, s)
	}
	return strings.Join(list, "; ")
}
