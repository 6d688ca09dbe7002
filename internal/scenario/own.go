package scenario

import (
	"path"
	"strings"

	"parley/internal/bargain"
)

// Parley's own form, in YAML and JSON alike, is described in docs/formats.md. It is strict: a key that is not known, given
// twice, or of another kind than described is refused, because here every word was meant.

// ownVersion is the value of the key "parley".
const ownVersion = "scenario/1"

type own struct {
	*builder
	party map[string]bool
}

func readOwn(f parsedFile, n *notes) (*Scenario, error) {
	o := &own{builder: newBuilder(f.format, n), party: map[string]bool{}}
	t := f.tree
	if v := t.get("parley"); v.kind != scalar || v.text != ownVersion {
		return nil, fault(v.at, "this is Parley's form %q; this program reads %q", v.text, ownVersion)
	}
	if err := o.keys(t, "scenario", "parley", "id", "title", "parties", "issues", "rules", "pairs", "deals"); err != nil {
		return nil, err
	}
	tpl := &o.s.Template
	var err error
	if tpl.ID, err = o.text(t, "id"); err != nil {
		return nil, err
	}
	if tpl.ID == "" {
		tpl.ID = strings.TrimSuffix(path.Base(f.name), path.Ext(f.name))
	}
	if tpl.Title, err = o.text(t, "title"); err != nil {
		return nil, err
	}
	for _, step := range []struct {
		key string
		do  func(*node) error
	}{{"parties", o.parties}, {"issues", o.issues}, {"rules", o.rules}, {"pairs", o.pairs}, {"deals", o.deals}} {
		if err := o.each(t, step.key, step.do); err != nil {
			return nil, err
		}
	}
	if err := tpl.Check(); err != nil {
		return nil, fault(t.at, "%v", err)
	}
	return o.s, o.whole(t)
}

// keys refuses a mapping with other keys than these, or with one given twice.
func (o *own) keys(n *node, what string, known ...string) error {
	if err := n.want(object, "the "+what); err != nil {
		return err
	}
	if len(n.twice) > 0 {
		return fault(n.twice[0].at, "a key of the %s is given twice; keep one", what)
	}
	for i, k := range n.keys {
		ok := false
		for _, w := range known {
			ok = ok || k == w
		}
		if !ok {
			return fault(n.kids[i].at, "a %s has no key %q; it may have %s", what, k, strings.Join(known, ", "))
		}
	}
	return nil
}

// each walks a list that may be left out.
func (o *own) each(n *node, key string, do func(*node) error) error {
	l := n.get(key)
	if l == nil || l.kind == nothing {
		return nil
	}
	if err := l.want(list, key); err != nil {
		return err
	}
	for _, k := range l.kids {
		if err := do(k); err != nil {
			return err
		}
	}
	return nil
}

func (o *own) text(n *node, key string) (string, error) {
	v := n.get(key)
	if v == nil || v.kind == nothing {
		return "", nil
	}
	return v.name(key)
}

func (o *own) id(n *node, what string) (string, error) {
	v := n.get("id")
	if v == nil || v.kind != scalar {
		return "", fault(n.at, "a %s needs an id", what)
	}
	s, err := v.name("id")
	if err == nil && s == "" {
		err = fault(v.at, "the id of a %s is empty", what)
	}
	return s, err
}

func (o *own) parties(n *node) error {
	if err := o.keys(n, "party", "id", "name", "reservation", "discount", "cap"); err != nil {
		return err
	}
	id, err := o.id(n, "party")
	if err != nil {
		return err
	}
	name, err := o.text(n, "name")
	if err != nil {
		return err
	}
	if o.party[id] {
		return fault(n.at, "the party %q is given twice", id)
	}
	o.party[id] = true
	sc := o.addParty(id)
	o.s.Template.Parties[len(o.s.Template.Parties)-1].Name = name
	if r := n.get("reservation"); r != nil && r.kind != nothing {
		v, err := r.number("the reservation value")
		if err != nil {
			return err
		}
		sc.Reservation = &v
	}
	if d := n.get("discount"); d != nil && d.kind != nothing {
		v, err := d.number("the discount factor")
		if err != nil {
			return err
		}
		if v.Sign() <= 0 || v.Cmp(bargain.Whole(1)) > 0 {
			return fault(d.at, "the discount factor %s lies outside 0 to 1; leave it out for none", brief(v))
		}
		sc.Discount = &v
	}
	if c := n.get("cap"); c != nil && c.kind != nothing {
		v, err := c.number("the cap")
		if err != nil {
			return err
		}
		o.cap(id, v)
	}
	return nil
}

func (o *own) issues(n *node) error {
	if err := o.keys(n, "issue", "id", "label", "origin", "weights", "options"); err != nil {
		return err
	}
	id, err := o.id(n, "issue")
	if err != nil {
		return err
	}
	if _, twice := o.issue[id]; twice {
		return fault(n.at, "the issue %q is given twice", id)
	}
	i, err := o.addIssue(n.at, id)
	if err != nil {
		return err
	}
	is := &o.s.Template.Issues[i]
	if is.Label, err = o.text(n, "label"); err != nil {
		return err
	}
	if is.Origin, err = o.text(n, "origin"); err != nil {
		return err
	}
	for k := range o.s.Scorings {
		o.s.Scorings[k].Values[id] = map[string]bargain.Number{}
	}
	if err := o.perParty(n.get("weights"), "weights", func(sc *bargain.Scoring, v bargain.Number, at Place) error {
		if v.Sign() < 0 {
			return fault(at, "the weight %s is negative; weights are 0 or more", v)
		}
		sc.Weights[id] = v
		return nil
	}); err != nil {
		return err
	}
	return o.each(n, "options", func(k *node) error { return o.option(k, i, id) })
}

func (o *own) option(n *node, i int, issue string) error {
	if err := o.keys(n, "option", "id", "label", "origin", "worth"); err != nil {
		return err
	}
	id, err := o.id(n, "option")
	if err != nil {
		return err
	}
	if _, twice := o.opt[i][id]; twice {
		return fault(n.at, "the option %q of issue %q is given twice", id, issue)
	}
	if err := o.addOption(n.at, i, id); err != nil {
		return err
	}
	is := &o.s.Template.Issues[i]
	op := &is.Options[len(is.Options)-1]
	if op.Label, err = o.text(n, "label"); err != nil {
		return err
	}
	if op.Origin, err = o.text(n, "origin"); err != nil {
		return err
	}
	return o.perParty(n.get("worth"), "worth", func(sc *bargain.Scoring, v bargain.Number, _ Place) error {
		sc.Values[issue][id] = v
		return nil
	})
}

// perParty reads a mapping from party id to number.
func (o *own) perParty(n *node, what string, set func(*bargain.Scoring, bargain.Number, Place) error) error {
	if n == nil || n.kind == nothing {
		return nil
	}
	if err := n.want(object, what); err != nil {
		return err
	}
	if len(n.twice) > 0 {
		return fault(n.twice[0].at, "a party's %s is given twice; keep one", what)
	}
	for k, p := range n.keys {
		sc, ok := o.s.Scoring(p)
		if !ok {
			return fault(n.kids[k].at, "%s: there is no party %q; parties are listed before issues", what, p)
		}
		v, err := n.kids[k].number(what + " of " + p)
		if err != nil {
			return err
		}
		if err := set(sc, v, n.kids[k].at); err != nil {
			return err
		}
	}
	return nil
}

// pick reads {issue: option} with exactly one entry.
func (o *own) pick(n *node) (bargain.Pick, error) {
	if err := n.want(object, "a choice"); err != nil {
		return bargain.Pick{}, err
	}
	if len(n.keys) != 1 || len(n.twice) > 0 || n.kids[0].kind != scalar {
		return bargain.Pick{}, fault(n.at, "a choice is written {issue: option}, one at a time")
	}
	p := bargain.Pick{Issue: n.keys[0], Option: n.kids[0].text}
	if _, _, err := o.s.Template.Find(p); err != nil {
		return p, fault(n.at, "%v", err)
	}
	return p, nil
}

func (o *own) picks(n *node, key string) ([]bargain.Pick, error) {
	var out []bargain.Pick
	err := o.each(n, key, func(k *node) error {
		p, err := o.pick(k)
		out = append(out, p)
		return err
	})
	return out, err
}

// rules reads a clause: the literals of which at least one must be true.
func (o *own) rules(n *node) error {
	if err := o.keys(n, "rule", "id", "why", "any", "not"); err != nil {
		return err
	}
	var r bargain.Rule
	var err error
	if r.ID, err = o.text(n, "id"); err != nil {
		return err
	}
	if r.Why, err = o.text(n, "why"); err != nil {
		return err
	}
	yes, err := o.picks(n, "any")
	if err != nil {
		return err
	}
	no, err := o.picks(n, "not")
	if err != nil {
		return err
	}
	for _, p := range yes {
		r.Any = append(r.Any, bargain.Literal{Pick: p})
	}
	for _, p := range no {
		r.Any = append(r.Any, bargain.Literal{Pick: p, Not: true})
	}
	if len(r.Any) == 0 {
		return fault(n.at, "rule %q says nothing; give it choices under any or not", r.ID)
	}
	o.s.Template.Rules = append(o.s.Template.Rules, r)
	return nil
}

func (o *own) pairs(n *node) error {
	if err := o.keys(n, "pair", "both", "worth"); err != nil {
		return err
	}
	both, err := o.picks(n, "both")
	if err != nil {
		return err
	}
	if len(both) != 2 || both[0].Issue == both[1].Issue {
		return fault(n.at, "a pair names two choices of different issues under both")
	}
	return o.perParty(n.get("worth"), "worth", func(sc *bargain.Scoring, v bargain.Number, _ Place) error {
		sc.Pairs = append(sc.Pairs, bargain.PairTerm{A: both[0], B: both[1], Value: v})
		return nil
	})
}

func (o *own) deals(n *node) error {
	if err := o.keys(n, "deal", "id", "name", "picks"); err != nil {
		return err
	}
	id, err := o.id(n, "deal")
	if err != nil {
		return err
	}
	for _, d := range o.s.Deals {
		if d.ID == id {
			return fault(n.at, "the deal %q is given twice", id)
		}
	}
	name, err := o.text(n, "name")
	if err != nil {
		return err
	}
	picks := n.get("picks")
	if picks == nil || picks.kind != object {
		return fault(n.at, "deal %q needs picks, one option for each issue", id)
	}
	if len(picks.twice) > 0 {
		return fault(picks.twice[0].at, "an issue is picked twice; keep one")
	}
	var ps []bargain.Pick
	for k, issue := range picks.keys {
		if picks.kids[k].kind != scalar {
			return fault(picks.kids[k].at, "the pick of issue %q should be the id of an option", issue)
		}
		ps = append(ps, bargain.Pick{Issue: issue, Option: picks.kids[k].text})
	}
	d, err := o.s.Template.Deal(ps...)
	if err != nil {
		return fault(picks.at, "deal %q: %v", id, err)
	}
	o.s.Deals = append(o.s.Deals, NamedDeal{id, name, d})
	return nil
}

// whole settles what was left out: a party without any worth has no scoring; one with some must have all. Weights left
// out everywhere count as 1 each.
func (o *own) whole(t *node) error {
	var kept []bargain.Scoring
	for _, sc := range o.s.Scorings {
		given, missing := 0, bargain.Pick{}
		for _, is := range o.s.Template.Issues {
			for _, op := range is.Options {
				if _, ok := sc.Values[is.ID][op.ID]; ok {
					given++
				} else if missing.Issue == "" {
					missing = bargain.Pick{Issue: is.ID, Option: op.ID}
				}
			}
		}
		if given == 0 && len(sc.Weights) == 0 && len(sc.Pairs) == 0 && sc.Reservation == nil && sc.Discount == nil {
			continue
		}
		if missing.Issue != "" {
			return fault(t.at, "party %q gives no worth to option %q of issue %q; give every option one, 0 if it is worth nothing", sc.Party, missing.Option, missing.Issue)
		}
		if len(sc.Weights) == 0 {
			sc.Weights = nil
		}
		for _, is := range o.s.Template.Issues {
			if _, ok := sc.Weights[is.ID]; !ok && sc.Weights != nil {
				return fault(t.at, "party %q gives issue %q no weight; weight every issue or none", sc.Party, is.ID)
			}
		}
		if len(sc.Weights) > 0 {
			o.weighSum(t.at, &sc)
		}
		o.checkRange(t.at, &sc)
		kept = append(kept, sc)
	}
	o.s.Scorings = kept
	return nil
}
