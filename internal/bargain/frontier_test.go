package bargain

import (
	"context"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
)

var long = flag.Bool("long", false, "compare 100,000 random negotiations with the enumerator instead of 2,000")

// cases is how many random negotiations a comparison makes.
func cases() int {
	if *long {
		return 100_000
	}
	return 2_000
}

// small makes a negotiation that can be enumerated; the seed decides all.
func small(seed uint64) kind {
	r := rand.New(rand.NewPCG(seed, 1))
	k := kind{parties: 2 + r.IntN(3), issues: 1 + r.IntN(5), options: 1 + r.IntN(4), opposed: r.IntN(2) == 0,
		weight: []int{5, 100, 1000}[r.IntN(3)], value: []int{1, 3, 10, 100}[r.IntN(4)], reserve: []float64{-1, 0, 0.3, 0.5, 0.7}[r.IntN(5)]}
	if r.IntN(20) == 0 {
		k.parties = 5 + r.IntN(4)
	}
	return k
}

// listed is every deal of a small negotiation with its utilities.
func listed(t testing.TB, p *Problem) []Point {
	t.Helper()
	var all []Point
	err := p.Enumerate(t.Context(), func(d Deal, u []int64) bool {
		all = append(all, Point{slices.Clone(u), slices.Clone(d)})
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// efficient are the utilities of all that nothing surpasses, by comparing
// each with each.
func efficient(all []Point) [][]int64 {
	var kept [][]int64
	for _, x := range all {
		if !slices.ContainsFunc(all, func(y Point) bool {
			return covers(y.Utilities, x.Utilities) && !slices.Equal(x.Utilities, y.Utilities)
		}) {
			kept = append(kept, x.Utilities)
		}
	}
	slices.SortFunc(kept, descending)
	return slices.CompactFunc(kept, slices.Equal)
}

func utilities(f Frontier) [][]int64 {
	var us [][]int64
	for _, x := range f.Points {
		us = append(us, x.Utilities)
	}
	return us
}

func TestFrontierIsWhatComparingEveryDealFinds(t *testing.T) {
	for seed := range uint64(cases()) {
		p := small(seed).made(t, seed)
		all := listed(t, p)
		for _, region := range []Region{{}, p.AboveReserves()} {
			within := slices.DeleteFunc(slices.Clone(all), func(x Point) bool {
				return region.Floor != nil && !covers(x.Utilities, region.Floor)
			})
			f, err := p.Frontier(t.Context(), region, Options{})
			if err != nil || f.Guarantee.Kind != Exact {
				t.Fatalf("seed %d: %v, %v", seed, f.Guarantee, err)
			}
			if got, want := utilities(f), efficient(within); !slices.EqualFunc(got, want, slices.Equal) {
				t.Fatalf("seed %d: frontier %v, by enumeration %v", seed, got, want)
			}
			for _, x := range f.Points {
				if y, err := p.Score(x.Deal); err != nil || !slices.Equal(x.Utilities, y.Utilities) {
					t.Fatalf("seed %d: the witness of %v is worth %v", seed, x.Utilities, y.Utilities)
				}
			}
		}
	}
}

func TestGridAndSparseSumsAgree(t *testing.T) {
	for seed := range uint64(20) {
		p := kind{parties: 2, issues: 12, options: 6, opposed: seed%2 == 0, weight: 1000, value: 100, reserve: 0.3}.made(t, seed)
		s, err := p.space(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := newSums(s, p.reserve)
		grid, sparse := &grid2{sums: w}, &sumsN{sums: w}
		done, _ := grid.frontier(t.Context(), Options{})
		sparse.frontier(t.Context(), Options{})
		a := p.gather(w, grid, done, nil)
		b := p.gather(w, sparse, done, nil)
		if !slices.EqualFunc(a, b, func(x, y Point) bool { return slices.Equal(x.Utilities, y.Utilities) }) {
			t.Fatalf("seed %d: %d points on the grid, %d by sparse sums", seed, len(a), len(b))
		}
	}
}

func TestStoppedFrontierStillCoversEveryDeal(t *testing.T) {
	for seed := range uint64(50) {
		p := kind{parties: 2 + int(seed%3), issues: 5, options: 4, opposed: true, weight: 100, value: 100, reserve: -1}.made(t, seed)
		f, err := p.Frontier(t.Context(), Region{}, Options{Budget: Budget{Points: 5}})
		if err != nil {
			t.Fatal(err)
		}
		if (f.Guarantee.Limit == PointLimit) == (f.Guarantee.Kind == Exact) {
			t.Fatalf("seed %d: %+v", seed, f.Guarantee)
		}
		s, _ := p.space(context.Background(), Options{})
		for _, x := range listed(t, p) {
			if !slices.ContainsFunc(f.Points, func(y Point) bool {
				for q := range p.n {
					if float64(x.Utilities[q]-y.Utilities[q]) > f.Guarantee.Eps*float64(s.span(q))+1e-6 {
						return false
					}
				}
				return true
			}) {
				t.Fatalf("seed %d: %v is farther than %v from every point", seed, x.Utilities, f.Guarantee.Eps)
			}
		}
	}
}
