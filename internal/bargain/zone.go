package bargain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/internal/certificate"
)

// Zone says whether there is a zone of possible agreement: a deal in which
// every party has at least its reservation value.
type Zone struct {
	Exists    bool
	Witness   Point      // when it exists: the deal whose least gain is largest
	Why       *Shortfall // when it does not
	Guarantee Guarantee  // Exact when existence or absence is proved
}

// Zone finds out whether any deal is acceptable to all, and proves it: a deal
// that is, or prices at which even the best deal falls short.
func (p *Problem) Zone(ctx context.Context, o Options) (Zone, error) {
	a, err := p.asking(ctx, o)
	if err != nil {
		return Zone{}, err
	}
	s := a.least(ctx)
	z := Zone{Witness: a.point(s.best), Guarantee: Guarantee{Limit: s.limit}}
	if a.s.simple {
		z.Guarantee.Proof = s.proof(z.Witness.Deal, p.digest)
	}
	switch {
	case slices.Min(s.best.gains) >= 0:
		// The witness itself is the proof, however the search ended.
		z.Exists, z.Guarantee.Limit = true, NoLimit
	case a.s.limit == NoLimit && (s.limit == NoLimit || s.dear < 0):
		z.Why, z.Guarantee.Limit = a.shortfall(s), NoLimit
		z.Witness = Point{}
	default:
		z.Guarantee.Kind, z.Guarantee.Eps = Stopped, 1
	}
	return z, nil
}

// Sentence says in English why there is no zone, naming the parties as the
// template does; a surface with other words builds its own from the fields.
func (x *Shortfall) Sentence(t *Template) string {
	var weights, lacks []string
	for q, party := range t.Parties {
		weights = append(weights, fmt.Sprintf("%.0f %% of %s", 100*x.Weights[q], called(party)))
		if x.Missing[q].Sign() > 0 {
			lacks = append(lacks, fmt.Sprintf("%s would lack %s", called(party), x.Missing[q]))
		}
	}
	near := " In the deal that comes nearest " + strings.Join(lacks, " and ") + "."
	if x.Searched {
		return "No deal gives every party its reservation value: all deals that could have done so were examined." + near
	}
	return fmt.Sprintf("No deal gives every party its reservation value: counting %s, even the best deal falls %.4g short of what all need together.",
		strings.Join(weights, " and "), -x.Best) + near
}

func called(p Party) string {
	if p.Name != "" {
		return p.Name
	}
	return p.ID
}

// Improvement is the answer to Improve.
type Improvement struct {
	Solution
	// DraftEfficient: no deal is better for one party and worse for none. The
	// solution is then as good as the draft for everybody.
	DraftEfficient bool
}

// Improve looks for the deal that improves on a draft most, with no party
// worse off than in the draft: post-settlement settlement (Raiffa 1985). The
// objective counts gains from the draft. DraftEfficient is decided exactly
// whenever the guarantee is Exact.
func (p *Problem) Improve(ctx context.Context, draft Deal, obj Objective, o Options) (Improvement, error) {
	at, err := p.Score(draft)
	if err != nil {
		return Improvement{}, err
	}
	a, err := p.asking(ctx, o)
	if err != nil {
		return Improvement{}, err
	}
	q := p.from(at.Utilities, a.s)
	sol, err := q.Solve(ctx, obj, o)
	if err != nil {
		return Improvement{}, err
	}
	im := Improvement{Solution: sol}
	if sol.Agreement && !slices.Equal(sol.Utilities, at.Utilities) {
		return im, nil
	}
	// The objective may be content with the draft (a party cannot gain, so the
	// least gain is 0); the sum of gains tells whether anything can be gained.
	whole, err := q.total(ctx, o)
	if err != nil {
		return Improvement{}, err
	}
	if whole.Agreement && !slices.Equal(whole.Utilities, at.Utilities) {
		im.Solution = whole
		return im, nil
	}
	im.DraftEfficient = whole.Guarantee.Kind == Exact
	im.Solution, im.Point, im.Agreement = whole, at, true
	return im, nil
}

// from is the same problem with other disagreement points. Its tables differ
// only in the offsets, so what was worked out for the groups is shared.
func (p *Problem) from(reserve []int64, s *space) *Problem {
	q := &Problem{t: p.t, scorings: slices.Clone(p.scorings), n: p.n, denom: p.denom, values: p.values,
		pairs: p.pairs, clauses: p.clauses, opaque: p.opaque, reserve: reserve}
	for i := range q.scorings {
		r := Ratio(reserve[i], p.denom[i])
		q.scorings[i].Reservation = &r
	}
	shared := *s
	shared.reserve = reserve
	q.keep(&shared)
	q.once.Do(func() {})
	return q
}

// total solves the plain sum of gains in units: positive exactly if somebody
// can gain while nobody loses, whatever the units.
func (p *Problem) total(ctx context.Context, o Options) (Solution, error) {
	a, err := p.asking(ctx, o)
	if err != nil {
		return Solution{}, err
	}
	return a.sum(ctx, certificate.Question{Aim: certificate.Sum, Weights: slices.Repeat([]int64{1}, p.n), Floors: zeros(p.n)})
}
