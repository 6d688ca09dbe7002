package scenario

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"parley/internal/bargain"
)

// Write writes a scenario as YAML, JSON or CSV, numbers exactly. It refuses what the form cannot hold: worths that have no
// structure in any of them; rules, pairs, caps and named deals in CSV.
func Write(w io.Writer, f Format, s *Scenario) error {
	for _, sc := range s.Scorings {
		if sc.Opaque != nil {
			return fmt.Errorf("the worths of party %q are constraints over ranges, which %s cannot hold; analyse the file it came from", sc.Party, f)
		}
	}
	switch f {
	case YAML:
		e := yaml.NewEncoder(w)
		e.SetIndent(2)
		if err := e.Encode(s.tree().yaml()); err != nil {
			return err
		}
		return e.Close()
	case JSON:
		var b bytes.Buffer
		s.tree().json(&b, "")
		b.WriteByte('\n')
		_, err := w.Write(b.Bytes())
		return err
	case CSV:
		return s.writeCSV(w)
	}
	return fmt.Errorf("scenarios are written as yaml, json or csv, not as %q", f)
}

// twig is a value to be written: a mapping in order, a list, a text or a number.
type twig struct {
	keys  []string
	kids  []*twig
	list  bool
	text  string
	num   bool
	short bool // set on one line in YAML
}

func text(s string) *twig             { return &twig{text: s} }
func number(n bargain.Number) *twig   { return &twig{text: n.String(), num: true} }
func (t *twig) leaf() bool            { return !t.list && t.keys == nil }
func (t *twig) empty() bool           { return len(t.kids) == 0 && t.text == "" }
func (t *twig) add(k string, v *twig) { t.keys, t.kids = append(t.keys, k), append(t.kids, v) }

// put adds a key unless its value is empty.
func (t *twig) put(k string, v *twig) {
	if !v.empty() {
		t.add(k, v)
	}
}

func mapping(short bool) *twig { return &twig{keys: []string{}, short: short} }

func (s *Scenario) tree() *twig {
	t := mapping(false)
	t.add("parley", text(ownVersion))
	t.put("id", text(s.Template.ID))
	t.put("title", text(s.Template.Title))
	parties := &twig{list: true}
	for _, p := range s.Template.Parties {
		m := mapping(false)
		m.add("id", text(p.ID))
		m.put("name", text(p.Name))
		if sc, ok := s.Scoring(p.ID); ok {
			if sc.Reservation != nil {
				m.add("reservation", number(*sc.Reservation))
			}
			if sc.Discount != nil {
				m.add("discount", number(*sc.Discount))
			}
		}
		if c, ok := s.Caps[p.ID]; ok {
			m.add("cap", number(c))
		}
		parties.kids = append(parties.kids, m)
	}
	t.add("parties", parties)
	issues := &twig{list: true}
	for _, is := range s.Template.Issues {
		issues.kids = append(issues.kids, s.issueTree(is))
	}
	t.add("issues", issues)
	t.put("rules", s.rulesTree())
	t.put("pairs", s.pairsTree())
	deals := &twig{list: true}
	for _, d := range s.Deals {
		m, picks := mapping(false), mapping(true)
		m.add("id", text(d.ID))
		m.put("name", text(d.Name))
		for _, p := range s.Template.Picks(d.Deal) {
			picks.add(p.Issue, text(p.Option))
		}
		m.add("picks", picks)
		deals.kids = append(deals.kids, m)
	}
	t.put("deals", deals)
	return t
}

func (s *Scenario) issueTree(is bargain.Issue) *twig {
	m := mapping(false)
	m.add("id", text(is.ID))
	m.put("label", text(is.Label))
	m.put("origin", text(is.Origin))
	weights := mapping(true)
	for _, sc := range s.Scorings {
		if len(sc.Weights) > 0 {
			weights.add(sc.Party, number(sc.Weights[is.ID]))
		}
	}
	m.put("weights", weights)
	options := &twig{list: true}
	for _, o := range is.Options {
		om := mapping(false)
		om.add("id", text(o.ID))
		om.put("label", text(o.Label))
		om.put("origin", text(o.Origin))
		worth := mapping(true)
		for _, sc := range s.Scorings {
			worth.add(sc.Party, number(sc.Values[is.ID][o.ID]))
		}
		om.put("worth", worth)
		options.kids = append(options.kids, om)
	}
	m.add("options", options)
	return m
}

func choice(p bargain.Pick) *twig {
	m := mapping(true)
	m.add(p.Issue, text(p.Option))
	return m
}

func (s *Scenario) rulesTree() *twig {
	rules := &twig{list: true}
	for _, r := range s.Template.Rules {
		m, yes, no := mapping(false), &twig{list: true}, &twig{list: true}
		m.put("id", text(r.ID))
		m.put("why", text(r.Why))
		for _, l := range r.Any {
			if l.Not {
				no.kids = append(no.kids, choice(l.Pick))
			} else {
				yes.kids = append(yes.kids, choice(l.Pick))
			}
		}
		m.put("any", yes)
		m.put("not", no)
		rules.kids = append(rules.kids, m)
	}
	return rules
}

func (s *Scenario) pairsTree() *twig {
	pairs := &twig{list: true}
	for _, sc := range s.Scorings {
		for _, p := range sc.Pairs {
			m, worth := mapping(false), mapping(true)
			m.add("both", &twig{list: true, kids: []*twig{choice(p.A), choice(p.B)}})
			worth.add(sc.Party, number(p.Value))
			m.add("worth", worth)
			pairs.kids = append(pairs.kids, m)
		}
	}
	return pairs
}

func (t *twig) yaml() *yaml.Node {
	if t.leaf() {
		n := &yaml.Node{Kind: yaml.ScalarNode, Value: t.text}
		if !t.num || strings.Contains(t.text, "/") {
			n.SetString(t.text)
		}
		return n
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	if t.list {
		n.Kind = yaml.SequenceNode
	}
	if t.short {
		n.Style = yaml.FlowStyle
	}
	for i, k := range t.kids {
		if !t.list {
			key := &yaml.Node{Kind: yaml.ScalarNode}
			key.SetString(t.keys[i])
			n.Content = append(n.Content, key)
		}
		n.Content = append(n.Content, k.yaml())
	}
	return n
}

func (t *twig) json(b *bytes.Buffer, indent string) {
	if t.leaf() {
		if t.num && !strings.Contains(t.text, "/") {
			b.WriteString(t.text)
		} else {
			b.WriteString(quoted(t.text))
		}
		return
	}
	open, end := "{", "}"
	if t.list {
		open, end = "[", "]"
	}
	b.WriteString(open)
	for i, k := range t.kids {
		if i > 0 {
			b.WriteString(",")
			if t.short {
				b.WriteString(" ")
			}
		}
		if !t.short {
			b.WriteString("\n" + indent + "  ")
		}
		if !t.list {
			b.WriteString(quoted(t.keys[i]) + ": ")
		}
		k.json(b, indent+"  ")
	}
	if !t.short && len(t.kids) > 0 {
		b.WriteString("\n" + indent)
	}
	b.WriteString(end)
}

func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// writeCSV writes one row an option, after rows for reservation values, discounts and weights. Cells that a spreadsheet
// would take for a formula begin with an apostrophe.
func (s *Scenario) writeCSV(w io.Writer) error {
	if len(s.Template.Rules) > 0 || len(s.Deals) > 0 || len(s.Caps) > 0 {
		return fmt.Errorf("CSV holds no rules, caps or named deals; write YAML or JSON")
	}
	c := csv.NewWriter(w)
	head := []string{"issue", "option"}
	for _, p := range s.Template.Parties {
		head = append(head, safe(p.ID))
	}
	rows := [][]string{head}
	row := func(a, b string, of func(*bargain.Scoring) *bargain.Number) {
		r, any := []string{safe(a), safe(b)}, false
		for _, p := range s.Template.Parties {
			cell := ""
			if sc, ok := s.Scoring(p.ID); ok {
				if v := of(sc); v != nil {
					cell, any = v.String(), true
				}
			}
			r = append(r, cell)
		}
		if any || a != "" && b != "" {
			rows = append(rows, r)
		}
	}
	row("", "reservation", func(sc *bargain.Scoring) *bargain.Number { return sc.Reservation })
	row("", "discount", func(sc *bargain.Scoring) *bargain.Number { return sc.Discount })
	for _, sc := range s.Scorings {
		if len(sc.Pairs) > 0 {
			return fmt.Errorf("CSV holds no pairs of options; write YAML or JSON")
		}
	}
	for _, is := range s.Template.Issues {
		row(is.ID, "", func(sc *bargain.Scoring) *bargain.Number {
			if v, ok := sc.Weights[is.ID]; ok {
				return &v
			}
			return nil
		})
		for _, o := range is.Options {
			row(is.ID, o.ID, func(sc *bargain.Scoring) *bargain.Number { v := sc.Values[is.ID][o.ID]; return &v })
		}
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	return c.Error()
}

// safe keeps spreadsheets from reading a text as a formula; unsafe undoes it.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@'\t", rune(s[0])) {
		return "'" + s
	}
	return s
}

func unsafe(s string) string { return strings.TrimPrefix(s, "'") }
