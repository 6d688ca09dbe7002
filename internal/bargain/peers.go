package bargain

import (
	"context"
	"fmt"
	"math/big"
	"slices"
)

// Peer names a definition used by another tool under the name of a bargaining
// solution. They are offered for comparison; Solve uses the literature's.
type Peer string

// The peers' definitions, each a choice among the points of the frontier of
// all deals. u is utility and r the reservation value on the own scale.
const (
	// GeniusNash (GENIUS 10.4): the largest Π (u - r) over the whole frontier.
	// Acceptability is not asked, so two negative gains make a large product.
	GeniusNash Peer = "genius-nash"
	// GeniusKalai (GENIUS 10.4, ANL): the least Σ over pairs of |u - u'|; GENIUS
	// calls it Kalai-Smorodinsky.
	GeniusKalai Peer = "genius-kalai"
	// NegologKalai (NegoLog): the largest Σ u, which is the utilitarian point.
	NegologKalai Peer = "negolog-kalai"
	// NegmasKalai (NegMAS 0.15): the largest min (u - d), where d is r raised
	// to the party's least utility of any deal.
	NegmasKalai Peer = "negmas-kalai"
	// NegmasKS (NegMAS 0.15): the least difference between the largest and the
	// least (u - d)/(best - d), over frontier points with u ≥ r. Its documents
	// say the largest least ratio.
	NegmasKS Peer = "negmas-ks"
	// NegmasNash (NegMAS 0.15): the largest Π (u - d) over frontier points with
	// u ≥ r.
	NegmasNash Peer = "negmas-nash"
)

// Peers lists the definitions there are.
func Peers() []Peer {
	return []Peer{GeniusNash, GeniusKalai, NegologKalai, NegmasKalai, NegmasKS, NegmasNash}
}

// Peer finds the points a peer's definition chooses, ties included, with
// exact arithmetic on the exact frontier. r is the reservation value as
// given, 0 if none was.
func (p *Problem) Peer(ctx context.Context, d Peer, o Options) ([]Point, Guarantee, error) {
	if !slices.Contains(Peers(), d) {
		return nil, Guarantee{}, &Refusal{Fault: BadTemplate, Why: fmt.Sprintf("there is no peer definition %q; known are %v", d, Peers())}
	}
	f, err := p.Frontier(ctx, Region{}, o)
	if err != nil {
		return nil, Guarantee{}, err
	}
	if f.Guarantee.Kind != Exact {
		f.Guarantee.Kind, f.Guarantee.Eps = Stopped, 1 // the choice depends on every point
	}
	y := &yardstick{p: p, d: d}
	if err := y.measure(ctx, f.Points, o); err != nil {
		return nil, Guarantee{}, err
	}
	var best []Point
	var top *big.Rat
	for _, x := range f.Points {
		v := y.of(x)
		if v == nil {
			continue
		}
		c := 1
		if top != nil {
			c = v.Cmp(top)
		}
		if c > 0 {
			best, top = nil, v
		}
		if c >= 0 {
			best = append(best, x)
		}
	}
	return best, f.Guarantee, nil
}

// yardstick computes a peer's measure of a point: the larger the better.
type yardstick struct {
	p       *Problem
	d       Peer
	reserve []*big.Rat // r
	raised  []*big.Rat // d
	best    []*big.Rat // the most each party has on the frontier
}

func (y *yardstick) measure(ctx context.Context, points []Point, o Options) error {
	least, err := y.p.leasts(ctx, o)
	if err != nil {
		return err
	}
	for q := range y.p.n {
		r := new(big.Rat)
		if given := y.p.scorings[q].Reservation; given != nil {
			r = given.Rat()
		}
		d := r
		if l := y.p.Utility(q, least[q]).rat(); l.Cmp(d) > 0 {
			d = l
		}
		top := new(big.Rat).Set(d)
		for _, x := range points {
			if u := y.p.Utility(q, x.Utilities[q]).rat(); u.Cmp(top) > 0 {
				top = u
			}
		}
		y.reserve, y.raised, y.best = append(y.reserve, r), append(y.raised, d), append(y.best, top)
	}
	return nil
}

// leasts are the parties' least utilities over all deals.
func (p *Problem) leasts(ctx context.Context, o Options) ([]int64, error) {
	if !p.coupled() {
		least := make([]int64, p.n)
		for i := range p.values {
			for q := range p.n {
				lo, _ := p.extremes(i, q)
				least[q] += lo
			}
		}
		return least, nil
	}
	if p.Deals().Cmp(big.NewInt(MaxOpaqueDeals)) > 0 {
		return nil, &Refusal{Fault: TooLarge, Why: "the least utilities of so many tied deals cannot be listed, which this peer's definition needs"}
	}
	var least []int64
	err := p.Enumerate(ctx, func(_ Deal, u []int64) bool {
		if least == nil {
			least = slices.Clone(u)
		}
		for q, v := range u {
			least[q] = min(least[q], v)
		}
		return true
	})
	return least, err
}

// of is the measure of a point, nil where the peer leaves the point out.
func (y *yardstick) of(x Point) *big.Rat {
	us := make([]*big.Rat, len(x.Utilities))
	for q, u := range x.Utilities {
		us[q] = y.p.Utility(q, u).rat()
	}
	switch y.d {
	case GeniusNash:
		return product(us, y.reserve)
	case GeniusKalai:
		v := new(big.Rat)
		for i := range us {
			for j := range i {
				v.Sub(v, new(big.Rat).Abs(new(big.Rat).Sub(us[i], us[j])))
			}
		}
		return v
	case NegologKalai:
		v := new(big.Rat)
		for _, u := range us {
			v.Add(v, u)
		}
		return v
	}
	for q, u := range us {
		if u.Cmp(y.reserve[q]) < 0 {
			return nil
		}
	}
	switch y.d {
	case NegmasNash:
		return product(us, y.raised)
	case NegmasKalai:
		lo, _ := y.spread(us, false)
		return lo
	}
	lo, hi := y.spread(us, true)
	return new(big.Rat).Sub(lo, hi)
}

func product(us, less []*big.Rat) *big.Rat {
	v := big.NewRat(1, 1)
	for q, u := range us {
		v.Mul(v, new(big.Rat).Sub(u, less[q]))
	}
	return v
}

// spread is the least and the largest of the gains, or of their ratios to the
// best gains.
func (y *yardstick) spread(us []*big.Rat, ratios bool) (lo, hi *big.Rat) {
	for q, u := range us {
		v := new(big.Rat).Sub(u, y.raised[q])
		if whole := new(big.Rat).Sub(y.best[q], y.raised[q]); ratios && whole.Sign() > 0 {
			v.Quo(v, whole)
		}
		if lo == nil || v.Cmp(lo) < 0 {
			lo = v
		}
		if hi == nil || v.Cmp(hi) > 0 {
			hi = v
		}
	}
	return lo, hi
}
