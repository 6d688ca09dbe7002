package scenario

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"parley/internal/bargain"
)

// CSV: a head "issue,option,<party>,<party>…" and one row an option, in the order of the issues. A row without an option
// holds the issue's weights; rows without an issue hold "reservation" and "discount". Commas, semicolons and tabs
// separate; between semicolons and tabs a decimal comma is read as a point.

func readCSV(name string, data []byte, n *notes) (*Scenario, error) {
	data = bytes.TrimPrefix(data, []byte{0xEF, 0xBB, 0xBF})
	if !utf8.Valid(data) {
		data = fromLatin1(data)
		n.add(Place{File: name}, "the file is not UTF-8; its bytes are read as Latin-1 (Windows-1252)")
	}
	c := &csvTable{own: &own{builder: newBuilder(CSV, n), party: map[string]bool{}}, name: name}
	c.s.Template.ID = strings.TrimSuffix(path.Base(name), path.Ext(name))
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = separator(data)
	c.comma = r.Comma != ','
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	for {
		rec, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			var pe *csv.ParseError
			if errors.As(err, &pe) {
				return nil, fault(Place{name, pe.Line, pe.Column}, "this is not CSV: %v", pe.Err)
			}
			return nil, fault(Place{File: name}, "this is not CSV: %v", err)
		}
		line, _ := r.FieldPos(0)
		if err := c.row(rec, Place{name, line, 1}); err != nil {
			return nil, err
		}
	}
	at := Place{File: name}
	if len(c.s.Template.Parties) == 0 {
		return nil, fault(at, "the file has no head; begin with issue,option and one column for each party")
	}
	if err := c.s.Template.Check(); err != nil {
		return nil, fault(at, "%v", err)
	}
	return c.s, c.whole(&node{at: at})
}

type csvTable struct {
	*own
	name  string
	comma bool
}

// separator is the one that stands most often in the first line.
func separator(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte{'\n'})
	best, most := ',', bytes.Count(first, []byte{','})
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func (c *csvTable) row(rec []string, at Place) error {
	if strings.Join(rec, "") == "" {
		return nil
	}
	for i := range rec {
		s, err := checkName(at, "a cell", rec[i])
		if err != nil {
			return err
		}
		rec[i] = s
	}
	if len(c.s.Template.Parties) == 0 {
		return c.head(rec, at)
	}
	if len(rec) < 2 || len(rec) > 2+len(c.s.Template.Parties) && strings.Join(rec[2+len(c.s.Template.Parties):], "") != "" {
		return fault(at, "the row has %d cells, and the head has %d", len(rec), 2+len(c.s.Template.Parties))
	}
	issue, option, cells := unsafe(rec[0]), unsafe(rec[1]), rec[2:]
	if len(cells) > len(c.s.Template.Parties) {
		cells = cells[:len(c.s.Template.Parties)]
	}
	if issue == "" {
		return c.facts(option, cells, at)
	}
	i, known := c.issue[issue]
	if !known {
		var err error
		if i, err = c.addIssue(at, issue); err != nil {
			return err
		}
		for k := range c.s.Scorings {
			c.s.Scorings[k].Values[issue] = map[string]bargain.Number{}
		}
	}
	if option == "" {
		return c.cells(cells, at, func(sc *bargain.Scoring, v bargain.Number) error {
			if _, twice := sc.Weights[issue]; twice {
				return fault(at, "the weight of issue %q is given twice", issue)
			}
			if v.Sign() < 0 {
				return fault(at, "the weight %s is negative; weights are 0 or more", v)
			}
			sc.Weights[issue] = v
			return nil
		})
	}
	if _, twice := c.opt[i][option]; twice {
		return fault(at, "the option %q of issue %q is given twice", option, issue)
	}
	if err := c.addOption(at, i, option); err != nil {
		return err
	}
	return c.cells(cells, at, func(sc *bargain.Scoring, v bargain.Number) error {
		sc.Values[issue][option] = v
		return nil
	})
}

func (c *csvTable) head(rec []string, at Place) error {
	if len(rec) < 3 || !strings.EqualFold(rec[0], "issue") || !strings.EqualFold(rec[1], "option") {
		return fault(at, "the file should begin with issue,option and one column for each party")
	}
	if len(rec)-2 > bargain.MaxParties {
		return fault(at, "there are %d parties; the engine takes 1 to %d, so choose who is at the table", len(rec)-2, bargain.MaxParties)
	}
	for _, p := range rec[2:] {
		p = unsafe(p)
		if p == "" || c.party[p] {
			return fault(at, "the party's name %q is empty or used twice", p)
		}
		c.party[p] = true
		c.addParty(p)
		c.s.Template.Parties[len(c.s.Template.Parties)-1].Name = ""
	}
	return nil
}

func (c *csvTable) facts(what string, cells []string, at Place) error {
	return c.cells(cells, at, func(sc *bargain.Scoring, v bargain.Number) error {
		switch strings.ToLower(what) {
		case "reservation":
			sc.Reservation = &v
		case "discount":
			if v.Sign() <= 0 || v.Cmp(bargain.Whole(1)) > 0 {
				return fault(at, "the discount factor %s lies outside 0 to 1; leave it out for none", brief(v))
			}
			sc.Discount = &v
		default:
			return fault(at, "a row without an issue holds reservation or discount, not %q", what)
		}
		return nil
	})
}

func (c *csvTable) cells(cells []string, at Place, set func(*bargain.Scoring, bargain.Number) error) error {
	for k, text := range cells {
		if text == "" {
			continue
		}
		if c.comma && strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
			text = strings.Replace(text, ",", ".", 1)
		}
		v, err := bargain.ParseNumber(text)
		if err != nil {
			return fault(at, "column %d: %v", k+3, err)
		}
		if err := set(&c.s.Scorings[k], v); err != nil {
			return err
		}
	}
	return nil
}
