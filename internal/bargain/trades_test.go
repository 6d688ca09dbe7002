package bargain

import (
	"math/rand/v2"
	"slices"
	"testing"

	"parley/internal/certificate"
)

func TestZoneExistsExactlyWhenSomeDealIsAcceptable(t *testing.T) {
	for seed := range uint64(cases() / 4) {
		k := small(seed)
		k.reserve = []float64{0.5, 0.6, 0.7, 0.8, 0.9}[seed%5]
		p := k.made(t, seed)
		exists := slices.ContainsFunc(listed(t, p), func(x Point) bool { return slices.Min(gainsOf(p, x)) >= 0 })
		z, err := p.Zone(t.Context(), Options{})
		if err != nil || z.Guarantee.Kind != Exact || z.Exists != exists {
			t.Fatalf("seed %d: zone %v (%+v, %v), by enumeration %v", seed, z.Exists, z.Guarantee, err, exists)
		}
		if err := certificate.Verify(t.Context(), p.Tables(), z.Guarantee.Proof, 0); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !exists && (z.Why == nil || z.Why.Sentence(p.Template()) == "" || !z.Why.Searched && z.Why.Best >= 0) {
			t.Fatalf("seed %d: no reason given: %+v", seed, z.Why)
		}
	}
}

// A draft is improved exactly when it is not on the frontier.
func TestImproveKnowsWhetherTheDraftIsEfficient(t *testing.T) {
	for seed := range uint64(cases() / 10) {
		p := small(seed).made(t, seed)
		all := listed(t, p)
		front := efficient(all)
		r := rand.New(rand.NewPCG(seed, 5))
		for range 4 {
			draft := all[r.IntN(len(all))]
			for _, obj := range []Objective{Nash{}, Egalitarian{}, KalaiSmorodinsky{}, Utilitarian{}} {
				im, err := p.Improve(t.Context(), draft.Deal, obj, Options{})
				if err != nil || im.Guarantee.Kind != Exact {
					t.Fatalf("seed %d: %v, %v", seed, im.Guarantee, err)
				}
				on := slices.ContainsFunc(front, func(u []int64) bool { return slices.Equal(u, draft.Utilities) })
				if im.DraftEfficient != on || !covers(im.Utilities, draft.Utilities) || slices.Equal(im.Utilities, draft.Utilities) != on {
					t.Fatalf("seed %d: %T: draft %v on the frontier: %v; improved to %v, efficient %v", seed, obj, draft.Utilities, on, im.Utilities, im.DraftEfficient)
				}
			}
		}
	}
}

func TestTradesAreAllTheSmallChangesThatHurtNobody(t *testing.T) {
	for seed := range uint64(cases() / 10) {
		p := small(seed).made(t, seed)
		all := listed(t, p)
		draft := all[rand.New(rand.NewPCG(seed, 5)).IntN(len(all))]
		got, err := p.Trades(t.Context(), draft.Deal, 3, Options{})
		if err != nil || got.Guarantee.Kind != Exact {
			t.Fatal(err, got.Guarantee)
		}
		good := func(x Point) bool {
			return covers(x.Utilities, draft.Utilities) && !slices.Equal(x.Utilities, draft.Utilities)
		}
		changed := func(x Point) (c []int) {
			for i := range x.Deal {
				if x.Deal[i] != draft.Deal[i] {
					c = append(c, i)
				}
			}
			return c
		}
		// part: y changes some but not all of what x changes, and in the same way.
		part := func(y, x Point) bool {
			for i := range x.Deal {
				if y.Deal[i] != draft.Deal[i] && y.Deal[i] != x.Deal[i] {
					return false
				}
			}
			return !slices.Equal(x.Deal, y.Deal)
		}
		var want []Deal
		for _, x := range all {
			if len(changed(x)) <= 3 && good(x) && !slices.ContainsFunc(all, func(y Point) bool { return good(y) && part(y, x) }) {
				want = append(want, x.Deal)
			}
		}
		var have []Deal
		for _, x := range got.List {
			have = append(have, x.Deal)
		}
		slices.SortFunc(have, slices.Compare)
		slices.SortFunc(want, slices.Compare)
		if !slices.EqualFunc(have, want, slices.Equal) {
			t.Fatalf("seed %d: trades %v, by enumeration %v", seed, have, want)
		}
	}
}
