package bargain

import (
	"context"
	"fmt"
	"math/big"
	"slices"
)

// Uncertainty says how far the weights may be off.
type Uncertainty struct {
	// PerMille is the largest error of any (party, issue) weight in thousandths
	// of it: 100 means every weight may be 10 % larger or smaller, evenly and
	// independently.
	PerMille int64
	Samples  int    // how many draws; at least 1
	Seed     uint64 // the draws follow from it alone
}

// Sensitivity is how a solution answers to uncertain weights.
type Sensitivity struct {
	Samples int
	// Shares[issue][option] is how many draws settled the issue so (the
	// issue's acceptability index, after SMAA).
	Shares [][]int
	// Same is how many draws led to the very deal found without error.
	Same int
	// Open lists the issues that not every draw settled alike.
	Open []int
	// Base is the deal without error; Often the one met most often.
	Base, Often Deal
	// None is how many draws left no acceptable deal, Unproved how many were
	// solved without complete proof.
	None, Unproved int
	Guarantee      Guarantee // Exact if every draw was
}

// Sensitivity solves the objective again and again with weights drawn about
// those given, each time exactly, and counts how every issue is settled. Pair
// terms and reservation values are left as they are. Opaque scorings have no
// weights and are refused.
func (p *Problem) Sensitivity(ctx context.Context, u Uncertainty, obj Objective, o Options) (Sensitivity, error) {
	if u.PerMille < 1 || u.PerMille >= 1000 || u.Samples < 1 {
		return Sensitivity{}, &Refusal{Fault: BadScoring, Why: fmt.Sprintf("an uncertainty of %d per mille over %d draws cannot be examined; use 1 to 999 per mille and at least one draw", u.PerMille, u.Samples)}
	}
	base, err := p.Solve(ctx, obj, o)
	if err != nil {
		return Sensitivity{}, err
	}
	s := Sensitivity{Base: base.Deal, Guarantee: Guarantee{Kind: base.Guarantee.Kind, Eps: base.Guarantee.Eps, Limit: base.Guarantee.Limit}}
	for _, i := range p.t.Issues {
		s.Shares = append(s.Shares, make([]int, len(i.Options)))
	}
	met := map[string]int{}
	draw := splitMix(u.Seed)
	quiet := Options{Budget: o.Budget}
	for ; s.Samples < u.Samples; s.Samples++ {
		if ctx.Err() != nil {
			s.Guarantee = Guarantee{Kind: Stopped, Eps: 1, Limit: Cancelled}
			break
		}
		q, err := p.drawn(&draw, u.PerMille)
		if err != nil {
			return Sensitivity{}, err
		}
		sol, err := q.Solve(ctx, obj, quiet)
		if err != nil {
			return Sensitivity{}, err
		}
		s.count(sol, met)
		o.tell(Progress{Phase: "sensitivity", Done: int64(s.Samples + 1), Total: int64(u.Samples)})
	}
	for i, shares := range s.Shares {
		if slices.Max(shares) < s.Samples-s.None {
			s.Open = append(s.Open, i)
		}
	}
	return s, nil
}

// count enters one draw's solution.
func (s *Sensitivity) count(sol Solution, met map[string]int) {
	if sol.Guarantee.Kind != Exact {
		s.Unproved++
		if s.Guarantee.Kind == Exact || sol.Guarantee.Eps > s.Guarantee.Eps {
			s.Guarantee = Guarantee{Kind: sol.Guarantee.Kind, Eps: sol.Guarantee.Eps, Limit: sol.Guarantee.Limit}
		}
	}
	if !sol.Agreement {
		s.None++
		return
	}
	for i, opt := range sol.Deal {
		s.Shares[i][opt]++
	}
	if slices.Equal(sol.Deal, s.Base) {
		s.Same++
	}
	key := fmt.Sprint(sol.Deal)
	if met[key]++; s.Often == nil || met[key] > met[fmt.Sprint(s.Often)] {
		s.Often = sol.Deal
	}
}

// drawn is the problem with every weight off by chance, in units a thousand
// times finer.
func (p *Problem) drawn(draw *splitMix, most int64) (*Problem, error) {
	q := &Problem{t: p.t, scorings: p.scorings, n: p.n, clauses: p.clauses, opaque: p.opaque, bare: true,
		denom: make([]int64, p.n), reserve: make([]int64, p.n), values: make([][]int64, len(p.values))}
	least := make([]int64, p.n)
	total := make([]int64, p.n)
	for i, vs := range p.values {
		ws := make([]int64, len(vs))
		q.values[i] = ws
		for x := range p.n {
			if p.opaque[x] != nil {
				return nil, badScoring(p.t.Parties[x].ID, "", "", "it is opaque and has no weights that could be uncertain")
			}
			f := 1000 - most + int64(draw.next()%uint64(2*most+1))
			low, top := vs[x], int64(0)
			for o := x; o < len(vs); o += p.n {
				low, top = min(low, vs[o]), max(top, vs[o], -vs[o])
				if top > roomForSums/2000/int64(len(p.values)+1) {
					return nil, p.tooFine(&p.scorings[x], big.NewInt(p.denom[x]))
				}
				ws[o] = vs[o] * f
			}
			least[x] += low * f
			total[x] += top * 2000
		}
	}
	for _, t := range p.pairs {
		v := make([]int64, p.n)
		for x := range v {
			v[x] = t.v[x] * 1000
			least[x] += min(0, v[x])
			if total[x] += max(v[x], -v[x]); total[x] > roomForSums || t.v[x] > roomForSums/2000 || t.v[x] < -roomForSums/2000 {
				return nil, p.tooFine(&p.scorings[x], big.NewInt(p.denom[x]))
			}
		}
		q.pairs = append(q.pairs, pair{t.i, t.a, t.j, t.b, v})
	}
	for x := range p.n {
		if p.denom[x] > roomForSums/1000 || p.reserve[x] > roomForSums/1000 || p.reserve[x] < -roomForSums/1000 {
			return nil, p.tooFine(&p.scorings[x], big.NewInt(p.denom[x]))
		}
		q.denom[x], q.reserve[x] = p.denom[x]*1000, p.reserve[x]*1000
		if _, given := p.Reserve(x); !given {
			q.reserve[x] = least[x]
		}
	}
	return q, nil
}

// splitMix is the SplitMix64 generator (Steele, Lea, Flood 2014): its draws
// follow from the seed alone.
type splitMix uint64

func (s *splitMix) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
