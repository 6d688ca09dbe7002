package scenario

import (
	"path"
	"strings"

	"parley/internal/bargain"
)

// NegoLog: {"reservationValue": r, "issueWeights": {issue: w}, "issues": {issue: {option: worth}}}, one file a party. The
// first profile's issues and options, in its order, are the domain; there is no discount.

func readNegoLog(profiles []parsedFile, n *notes) (*Scenario, error) {
	b := newBuilder(NegoLog, n)
	first := profiles[0].tree.get("issues")
	if err := first.want(object, "issues"); err != nil {
		return nil, err
	}
	for k, id := range first.keys {
		v := first.kids[k]
		id, err := checkName(v.at, "the issue's name", id)
		if err != nil {
			return nil, err
		}
		i, err := b.addIssue(v.at, id)
		if err != nil {
			return nil, err
		}
		if err := v.want(object, "issue "+id); err != nil {
			return nil, err
		}
		for _, name := range v.keys {
			name, err := checkName(v.at, "the option's name", name)
			if err != nil {
				return nil, err
			}
			if err := b.addOption(v.at, i, name); err != nil {
				return nil, err
			}
		}
	}
	if err := b.checkIssues(first.at); err != nil {
		return nil, err
	}
	for _, p := range profiles {
		if err := b.negoLogProfile(p); err != nil {
			return nil, err
		}
	}
	return b.s, nil
}

func (b *builder) negoLogProfile(p parsedFile) error {
	sc := b.addParty(strings.TrimSuffix(path.Base(p.name), path.Ext(p.name)))
	t := p.tree
	weights, issues := t.get("issueWeights"), t.get("issues")
	if weights.kind != object || issues.kind != object {
		return fault(t.at, "the profile needs issueWeights and issues as mappings")
	}
	b.duplicates(weights, issues)
	for k, id := range weights.keys {
		if _, known := b.issue[id]; !known {
			b.notes.add(weights.kids[k].at, "the weight of %q belongs to no issue of %s; it is left aside", id, "the first profile")
			continue
		}
		w, err := weights.kids[k].number("the weight of " + id)
		if err != nil {
			return err
		}
		sc.Weights[id] = w
	}
	for k, id := range issues.keys {
		i, known := b.issue[id]
		if !known {
			b.notes.add(issues.kids[k].at, "issue %q is not in the first profile; it is left aside", id)
			continue
		}
		vs := issues.kids[k]
		if err := vs.want(object, "issue "+id); err != nil {
			return err
		}
		b.duplicates(vs)
		for m, name := range vs.keys {
			name = strings.TrimSpace(name)
			if _, known := b.opt[i][name]; !known {
				b.notes.add(vs.kids[m].at, "option %q of issue %q is not in the first profile; it is left aside", name, id)
				continue
			}
			v, err := vs.kids[m].number("the worth of " + name)
			if err != nil {
				return err
			}
			sc.Values[id][name] = v
		}
	}
	b.fill(t.at, sc)
	b.weighSum(weights.at, sc)
	r := bargain.Whole(0)
	if n := t.get("reservationValue"); n != nil && n.kind != nothing {
		var err error
		if r, err = n.number("the reservation value"); err != nil {
			return err
		}
	} else {
		b.notes.add(t.at, "party %q has no reservation value; it counts as 0", sc.Party)
	}
	sc.Reservation = &r
	b.checkRange(t.at, sc)
	return nil
}
