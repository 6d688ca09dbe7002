package scenario

import (
	"path"
	"strings"

	"parley/internal/bargain"
)

// GeniusWeb: a profile is {"LinearAdditiveUtilitySpace": {issueUtilities, issueWeights, domain, name, reservationBid}};
// the domain also stands alone. Issues keep the order of the domain's keys. Both spellings of the value tables are read,
// "DiscreteValueSetUtilities" and the older "discreteutils", and likewise "NumberValueSetUtilities" and "numberutils".
// A reservation is a bid, perhaps a partial one: it is worth what its issues are worth, and nothing for the rest.

func readGeniusWeb(dom *parsedFile, profiles []parsedFile, n *notes) (*Scenario, error) {
	b := newBuilder(GeniusWeb, n)
	var tree *node
	if dom != nil {
		tree = dom.tree
	} else {
		tree = profiles[0].tree.get("LinearAdditiveUtilitySpace").get("domain")
		if tree == nil {
			return nil, fault(profiles[0].tree.at, "the profile names no domain, and there is no domain file")
		}
	}
	if err := b.geniusWebDomain(tree); err != nil {
		return nil, err
	}
	for _, p := range profiles {
		if err := b.geniusWebProfile(p); err != nil {
			return nil, err
		}
	}
	return b.s, nil
}

func (b *builder) geniusWebDomain(t *node) error {
	issues := t.get("issuesValues")
	if issues == nil {
		return fault(t.at, "the domain has no issuesValues")
	}
	if err := issues.want(object, "issuesValues"); err != nil {
		return err
	}
	if n := t.get("name"); n != nil && n.kind == scalar {
		b.s.Template.Title = n.text
	}
	for k, id := range issues.keys {
		v := issues.kids[k]
		id, err := checkName(v.at, "the issue's name", id)
		if err != nil {
			return err
		}
		i, err := b.addIssue(v.at, id)
		if err != nil {
			return err
		}
		switch values, rng := v.get("values"), v.get("range"); {
		case values != nil && values.kind == list:
			for _, o := range values.kids {
				name, err := o.name("the option")
				if err != nil {
					return err
				}
				if err := b.addOption(o.at, i, name); err != nil {
					return err
				}
			}
		case rng != nil:
			if err := b.geniusWebRange(rng, i); err != nil {
				return err
			}
		default:
			return fault(v.at, "issue %q has neither values nor a range", id)
		}
	}
	if len(issues.twice) > 0 {
		return fault(issues.twice[0].at, "an issue is given twice; keep one")
	}
	return b.checkIssues(issues.at)
}

// geniusWebRange reads {"range": [low, high, step]} or the same by name.
func (b *builder) geniusWebRange(t *node, issue int) error {
	get := func(k int, name string) (bargain.Number, error) {
		n := t.get(name)
		if t.kind == list && k < len(t.kids) {
			n = t.kids[k]
		}
		if n == nil {
			return bargain.Number{}, fault(t.at, "the range needs low, high and step")
		}
		return n.number(name)
	}
	lo, err := get(0, "low")
	if err != nil {
		return err
	}
	hi, err := get(1, "high")
	if err != nil {
		return err
	}
	step, err := get(2, "step")
	if err != nil {
		return err
	}
	if step.Sign() <= 0 || lo.Cmp(hi) > 0 {
		return fault(t.at, "the range from %s to %s in steps of %s has no values", lo, hi, step)
	}
	if hi.Sub(lo).Quo(step).Cmp(bargain.Whole(bargain.MaxOptions-1)) > 0 {
		return fault(t.at, "the range from %s to %s in steps of %s has more than %d values", lo, hi, step, bargain.MaxOptions)
	}
	for v := lo; v.Cmp(hi) <= 0; v = v.Add(step) {
		if err := b.addOption(t.at, issue, v.String()); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) geniusWebProfile(p parsedFile) error {
	t := p.tree.get("LinearAdditiveUtilitySpace")
	if err := t.want(object, "LinearAdditiveUtilitySpace"); err != nil {
		return err
	}
	name := strings.TrimSuffix(path.Base(p.name), path.Ext(p.name))
	if n := t.get("name"); n != nil && n.kind == scalar && strings.TrimSpace(n.text) != "" {
		name = strings.TrimSpace(n.text)
	}
	sc := b.addParty(name)
	utils, weights := t.get("issueUtilities"), t.get("issueWeights")
	if utils == nil || weights == nil || utils.kind != object || weights.kind != object {
		return fault(t.at, "the profile needs issueUtilities and issueWeights")
	}
	for k, id := range weights.keys {
		if _, known := b.issue[id]; !known {
			b.notes.add(weights.kids[k].at, "the weight of %q belongs to no issue of the domain; it is left aside", id)
			continue
		}
		w, err := weights.kids[k].number("the weight of " + id)
		if err != nil {
			return err
		}
		sc.Weights[id] = w
	}
	for k, id := range utils.keys {
		i, known := b.issue[id]
		if !known {
			b.notes.add(utils.kids[k].at, "issue %q is not in the domain; it is left aside", id)
			continue
		}
		if err := b.geniusWebIssue(utils.kids[k], i, sc.Values[id]); err != nil {
			return err
		}
	}
	b.duplicates(utils, weights)
	b.fill(t.at, sc)
	b.weighSum(weights.at, sc)
	if err := b.reservationBid(t.get("reservationBid"), sc); err != nil {
		return err
	}
	b.checkRange(t.at, sc)
	return nil
}

func (b *builder) duplicates(ns ...*node) {
	for _, n := range ns {
		for _, d := range n.twice {
			b.notes.add(d.at, "a key is given twice; the last value counts")
		}
	}
}

// geniusWebIssue reads the value table of an issue, or a line between the ends of a range.
func (b *builder) geniusWebIssue(t *node, issue int, values map[string]bargain.Number) error {
	is := &b.s.Template.Issues[issue]
	table := t.get("DiscreteValueSetUtilities")
	if table == nil {
		table = t.get("discreteutils")
	}
	if table != nil {
		vs := table.get("valueUtilities")
		if vs == nil || vs.kind != object {
			return fault(table.at, "issue %q needs valueUtilities", is.ID)
		}
		b.duplicates(vs)
		for k, name := range vs.keys {
			if _, known := b.opt[issue][strings.TrimSpace(name)]; !known {
				b.notes.add(vs.kids[k].at, "option %q of issue %q is not in the domain; it is left aside", name, is.ID)
				continue
			}
			v, err := vs.kids[k].number("the worth of " + name)
			if err != nil {
				return err
			}
			values[strings.TrimSpace(name)] = v
		}
		return nil
	}
	line := t.get("NumberValueSetUtilities")
	if line == nil {
		line = t.get("numberutils")
	}
	if line == nil {
		return fault(t.at, "issue %q has a value table of a kind that is not read; DiscreteValueSetUtilities and NumberValueSetUtilities are", is.ID)
	}
	var p [4]bargain.Number
	for k, name := range []string{"lowValue", "lowUtility", "highValue", "highUtility"} {
		var err error
		if p[k], err = line.get(name).number(name + " of issue " + is.ID); err != nil {
			return err
		}
	}
	width := p[2].Sub(p[0])
	for _, o := range is.Options {
		v, err := bargain.ParseNumber(o.ID)
		if err != nil {
			return fault(line.at, "issue %q is scored as a number, but its option %q is none", is.ID, o.ID)
		}
		worth := p[1]
		if width.Sign() != 0 {
			worth = p[1].Add(v.Sub(p[0]).Mul(p[3].Sub(p[1])).Quo(width))
		}
		values[o.ID] = worth
	}
	return nil
}

// reservationBid turns the bid a party would rather keep to into a reservation value.
func (b *builder) reservationBid(t *node, sc *bargain.Scoring) error {
	if t == nil || t.kind == nothing {
		return nil
	}
	bid := t.get("issuevalues")
	if bid == nil || bid.kind != object {
		return fault(t.at, "the reservationBid needs issuevalues")
	}
	var sum bargain.Number
	for k, id := range bid.keys {
		i, known := b.issue[id]
		if !known {
			b.notes.add(bid.kids[k].at, "issue %q of the reservationBid is not in the domain; it is left aside", id)
			continue
		}
		opt, err := bid.kids[k].name("the option of issue " + id)
		if err != nil {
			return err
		}
		if _, known := b.opt[i][opt]; !known {
			return fault(bid.kids[k].at, "the reservationBid takes option %q, which issue %q does not have", opt, id)
		}
		sum = sum.Add(sc.Weights[id].Mul(sc.Values[id][opt]))
	}
	if n := len(b.s.Template.Issues) - len(bid.keys); n > 0 {
		b.notes.add(t.at, "the reservationBid of party %q leaves %d issues open; they count as worth nothing in it", sc.Party, n)
	}
	sc.Reservation = &sum
	return nil
}
