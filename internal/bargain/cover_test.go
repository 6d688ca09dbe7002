package bargain

import (
	"context"
	"slices"
	"testing"
)

// coversAll says whether every deal in the region is within the guarantee of
// some listed point.
func coversAll(t *testing.T, p *Problem, f Frontier, all []Point, floor []int64) {
	t.Helper()
	s, _ := p.space(context.Background(), Options{})
	for _, x := range all {
		if floor != nil && !covers(x.Utilities, floor) {
			continue
		}
		if !slices.ContainsFunc(f.Points, func(y Point) bool {
			for q := range p.n {
				if float64(x.Utilities[q]-y.Utilities[q]) > f.Guarantee.Eps*float64(s.span(q))+1e-6 {
					return false
				}
			}
			return true
		}) {
			t.Fatalf("%v is farther than %v from every point of %v", x.Utilities, f.Guarantee.Eps, utilities(f))
		}
	}
}

func TestCoverCoversEveryDeal(t *testing.T) {
	for seed := range uint64(cases() / 30) {
		p := small(seed).made(t, seed)
		all := listed(t, p)
		for _, r := range []Region{{}, p.AboveReserves()} {
			f, err := p.Cover(t.Context(), []float64{0.02, 0.1, 0.3}[seed%3], r, Options{})
			if err != nil || f.Guarantee.Kind != Within || f.Guarantee.Limit != NoLimit {
				t.Fatalf("seed %d: %+v, %v", seed, f.Guarantee, err)
			}
			coversAll(t, p, f, all, r.Floor)
		}
	}
}

func TestACancelledCoverKeepsItsWord(t *testing.T) {
	for seed := range uint64(30) {
		p := kind{parties: 3, issues: 6, options: 4, opposed: true, weight: 100, value: 100, reserve: -1}.made(t, seed)
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		f, err := p.Cover(ctx, 0.02, Region{}, Options{OnProgress: func(Progress) {
			if n++; n == 12 {
				cancel()
			}
		}})
		cancel()
		if err != nil || f.Guarantee.Limit != Cancelled {
			t.Fatalf("seed %d: %+v, %v", seed, f.Guarantee, err)
		}
		coversAll(t, p, f, listed(t, p), nil)
	}
}
