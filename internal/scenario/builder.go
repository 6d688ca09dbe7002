package scenario

import (
	"strconv"

	"parley/internal/bargain"
)

// builder puts a scenario together from the domain and profiles of another tool's files, giving ids and saying what it
// had to settle by itself.
type builder struct {
	notes *notes
	s     *Scenario
	issue map[string]int   // position by id
	opt   []map[string]int // position by issue and id
	count int              // options of all issues so far
}

func newBuilder(f Format, n *notes) *builder {
	return &builder{notes: n, s: &Scenario{Format: f}, issue: map[string]int{}}
}

// addIssue appends an issue and returns its position. A name that is empty or taken gets an id of its own.
func (b *builder) addIssue(at Place, name string) (int, error) {
	i := len(b.s.Template.Issues)
	if i >= bargain.MaxIssues {
		return 0, fault(at, "there are more than %d issues", bargain.MaxIssues)
	}
	id := name
	if _, taken := b.issue[id]; taken || id == "" {
		id = "issue-" + strconv.Itoa(i+1)
		for n := 2; ; n++ {
			if _, taken := b.issue[id]; !taken {
				break
			}
			id = "issue-" + strconv.Itoa(i+1) + "-" + strconv.Itoa(n)
		}
		b.notes.add(at, "the issue's name %q is empty or used before; it is called %q here", name, id)
	}
	b.issue[id] = i
	b.opt = append(b.opt, map[string]int{})
	b.s.Template.Issues = append(b.s.Template.Issues, bargain.Issue{ID: id, Label: name})
	return i, nil
}

// addOption appends an option; one given twice is kept once, as every reference implementation does.
func (b *builder) addOption(at Place, issue int, name string) error {
	is := &b.s.Template.Issues[issue]
	if _, twice := b.opt[issue][name]; twice {
		b.notes.add(at, "option %q of issue %q is listed twice; it is kept once", name, is.ID)
		return nil
	}
	if len(is.Options) >= bargain.MaxOptions {
		return fault(at, "issue %q has more than %d options", is.ID, bargain.MaxOptions)
	}
	if b.count++; b.count > maxCells/bargain.MaxParties {
		return fault(at, "the issues have more than %d options together", maxCells/bargain.MaxParties)
	}
	id := name
	if id == "" {
		id = "option-" + strconv.Itoa(len(is.Options)+1)
		b.notes.add(at, "an option of issue %q has no name; it is called %q here", is.ID, id)
	}
	b.opt[issue][id] = len(is.Options)
	is.Options = append(is.Options, bargain.Option{ID: id, Label: name})
	return nil
}

// checkIssues refuses a domain without issues, and issues without options.
func (b *builder) checkIssues(at Place) error {
	if len(b.s.Template.Issues) == 0 {
		return fault(at, "the domain has no issues")
	}
	for _, i := range b.s.Template.Issues {
		if len(i.Options) == 0 {
			return fault(at, "issue %q has no options", i.ID)
		}
	}
	return nil
}

// addParty appends a party with an id of its own and an empty scoring, and returns the scoring.
func (b *builder) addParty(name string) *bargain.Scoring {
	id := name
	if id == "" {
		id = "party-" + strconv.Itoa(len(b.s.Scorings)+1)
	}
	for n := 2; ; n++ {
		if _, taken := b.s.Scoring(id); !taken {
			break
		}
		id = name + "-" + strconv.Itoa(n)
	}
	b.s.Template.Parties = append(b.s.Template.Parties, bargain.Party{ID: id, Name: name})
	sc := bargain.Scoring{Party: id, Weights: map[string]bargain.Number{}, Values: map[string]map[string]bargain.Number{}}
	for _, is := range b.s.Template.Issues {
		sc.Values[is.ID] = make(map[string]bargain.Number, len(is.Options))
	}
	b.s.Scorings = append(b.s.Scorings, sc)
	return &b.s.Scorings[len(b.s.Scorings)-1]
}

// fill gives worth 0 to every option a profile left out, and weight 0 to every issue, saying so.
func (b *builder) fill(at Place, sc *bargain.Scoring) {
	for _, is := range b.s.Template.Issues {
		vs := sc.Values[is.ID]
		if len(vs) == 0 && len(is.Options) > 0 {
			b.notes.add(at, "party %q says nothing about issue %q; it counts as worth nothing to it", sc.Party, is.ID)
		}
		missing := 0
		for _, o := range is.Options {
			if _, ok := vs[o.ID]; !ok {
				if missing++; missing == 1 && len(vs) > 0 {
					b.notes.add(at, "party %q gives no worth to option %q of issue %q; it counts as 0", sc.Party, o.ID, is.ID)
				}
				vs[o.ID] = bargain.Number{}
			}
		}
		if _, ok := sc.Weights[is.ID]; !ok {
			sc.Weights[is.ID] = bargain.Number{}
			if len(vs) > missing {
				b.notes.add(at, "party %q gives issue %q no weight; it counts as 0", sc.Party, is.ID)
			}
		}
	}
}

// weighSum remarks on weights that do not sum to 1, beyond what floating point leaves.
func (b *builder) weighSum(at Place, sc *bargain.Scoring) {
	var sum bargain.Number
	for _, w := range sc.Weights {
		if sum = sum.Add(w); bits(sum) > maxBits {
			return
		}
	}
	off := sum.Sub(bargain.Whole(1))
	if off.Sign() < 0 {
		off = bargain.Number{}.Sub(off)
	}
	if off.Cmp(bargain.MustNumber("1e-9")) > 0 {
		b.notes.add(at, "the weights of party %q sum to %s, not 1; they are taken as written", sc.Party, brief(sum))
	}
}

// maxBits bounds the denominators of sums that are only looked at in passing. Real files need about 120 bits.
const maxBits = 4096

// ranges gives the least and the largest worth a party could have, issue by issue; false where the numbers are so fine
// that adding them up would take long.
func (s *Scenario) ranges(sc *bargain.Scoring) (lo, hi bargain.Number, ok bool) {
	for _, is := range s.Template.Issues {
		w := weightOf(sc, is.ID)
		var least, most bargain.Number
		for i, o := range is.Options {
			v := sc.Values[is.ID][o.ID]
			if i == 0 || v.Cmp(least) < 0 {
				least = v
			}
			if i == 0 || v.Cmp(most) > 0 {
				most = v
			}
		}
		if w.Sign() < 0 {
			least, most = most, least
		}
		lo, hi = lo.Add(w.Mul(least)), hi.Add(w.Mul(most))
		if bits(lo) > maxBits || bits(hi) > maxBits {
			return lo, hi, false
		}
	}
	return lo, hi, true
}

func bits(n bargain.Number) int { return n.Rat().Denom().BitLen() }

// checkRange remarks on a reservation value nothing can reach, and on a party to whom everything is worth the same.
func (b *builder) checkRange(at Place, sc *bargain.Scoring) {
	if sc.Opaque != nil {
		return
	}
	lo, hi, ok := b.s.ranges(sc)
	if !ok {
		return
	}
	if lo.Equal(hi) {
		b.notes.add(at, "every package is worth %s to party %q; its worths or weights are all zero or all alike", brief(lo), sc.Party)
	}
	if sc.Reservation != nil && sc.Reservation.Cmp(hi) > 0 {
		b.notes.add(at, "party %q accepts from %s, but no package is worth more than %s to it: there is nothing to agree on", sc.Party, brief(*sc.Reservation), brief(hi))
	}
}

// discount keeps a factor strictly between 0 and 1; anything else means none, and is remarked on unless it is 1.
func (b *builder) discount(at Place, sc *bargain.Scoring, d bargain.Number) {
	switch {
	case d.Equal(bargain.Whole(1)):
	case d.Sign() <= 0 || d.Cmp(bargain.Whole(1)) > 0:
		b.notes.add(at, "the discount factor %s of party %q lies outside 0 to 1; it means no discount", brief(d), sc.Party)
	default:
		sc.Discount = &d
	}
}

// brief writes a number for a sentence: exactly where that is short, else to six decimals.
func brief(n bargain.Number) string {
	if s := n.String(); len(s) <= 12 {
		return s
	}
	return "about " + strconv.FormatFloat(n.Float(), 'g', 6, 64)
}
