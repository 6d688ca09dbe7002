package bargain

import (
	"context"
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"parley/internal/certificate"
)

// best picks by exhaustive comparison the utilities of all deals that are
// best among those allowed; better compares gains exactly.
func best(p *Problem, all []Point, floors bool, compare func(x, y []int64) int) [][]int64 {
	var top [][]int64
	for _, x := range all {
		g := gainsOf(p, x)
		if floors && slices.Min(g) < 0 {
			continue
		}
		r := 1
		if len(top) > 0 {
			r = compare(g, gainsOf(p, Point{Utilities: top[0]}))
		}
		if r > 0 {
			top = nil
		}
		if r >= 0 {
			top = append(top, x.Utilities)
		}
	}
	slices.SortFunc(top, descending)
	return slices.CompactFunc(top, slices.Equal)
}

func gainsOf(p *Problem, x Point) []int64 {
	g := slices.Clone(x.Utilities)
	for q := range g {
		g[q] -= p.reserve[q]
	}
	return g
}

// mostNash compares gains as maximum Nash welfare does: by who can gain at
// all, then by the product over them.
func mostNash(w []int64) func(x, y []int64) int {
	size := func(g []int64) (n int, set int) {
		for q, v := range g {
			if v > 0 {
				n, set = n+1, set|1<<(len(g)-1-q)
			}
		}
		return n, set
	}
	product := func(g []int64) *big.Int {
		v := big.NewInt(1)
		for q, x := range g {
			if x > 0 {
				v.Mul(v, new(big.Int).Exp(big.NewInt(x), big.NewInt(w[q]), nil))
			}
		}
		return v
	}
	return func(x, y []int64) int {
		nx, sx := size(x)
		ny, sy := size(y)
		if nx != ny {
			return nx - ny
		}
		if sx != sy {
			return sx - sy
		}
		return product(x).Cmp(product(y))
	}
}

func leastShare(scale []int64) func(x, y []int64) int {
	shares := func(g []int64) []*big.Rat {
		var s []*big.Rat
		for q, v := range g {
			s = append(s, big.NewRat(v, scale[q]))
		}
		slices.SortFunc(s, func(a, b *big.Rat) int { return a.Cmp(b) })
		return s
	}
	return func(x, y []int64) int {
		return slices.CompareFunc(shares(x), shares(y), func(a, b *big.Rat) int { return a.Cmp(b) })
	}
}

func weighted(w []int64) func(x, y []int64) int {
	return func(x, y []int64) int {
		d := int64(0)
		for q := range x {
			d += w[q] * (x[q] - y[q])
		}
		return int(min(1, max(-1, d)))
	}
}

// checked asks the problem and compares the answer with the enumerated one,
// ties included, and with the independent checker.
func checked(t *testing.T, seed uint64, p *Problem, obj Objective, want [][]int64) Solution {
	t.Helper()
	sol, err := p.Solve(t.Context(), obj, Options{})
	if err != nil {
		t.Fatalf("seed %d: %T: %v", seed, obj, err)
	}
	if sol.Guarantee.Kind != Exact || sol.Agreement != (len(want) > 0) {
		t.Fatalf("seed %d: %T: agreement %v, guarantee %+v; enumeration finds %d", seed, obj, sol.Agreement, sol.Guarantee, len(want))
	}
	if sol.Guarantee.Proof != nil {
		if err := certificate.Verify(t.Context(), p.Tables(), sol.Guarantee.Proof, 0); err != nil {
			t.Fatalf("seed %d: %T: %v", seed, obj, err)
		}
	} else if p.Tables() != nil {
		t.Fatalf("seed %d: %T: no certificate", seed, obj)
	}
	if !sol.Agreement {
		return sol
	}
	if y, err := p.Score(sol.Deal); err != nil || !slices.Equal(y.Utilities, sol.Utilities) {
		t.Fatalf("seed %d: %T: the deal is worth %v, not %v (%v)", seed, obj, y.Utilities, sol.Utilities, err)
	}
	got := [][]int64{sol.Utilities}
	for _, x := range sol.Also {
		got = append(got, x.Utilities)
	}
	slices.SortFunc(got, descending)
	if !sol.AlsoMore && !slices.EqualFunc(got, want, slices.Equal) {
		t.Fatalf("seed %d: %T: %v, by enumeration %v", seed, obj, got, want)
	}
	return sol
}

func ones(n int) []int64 { return slices.Repeat([]int64{1}, n) }

func TestSolutionsAreWhatComparingEveryDealFinds(t *testing.T) {
	for seed := range uint64(cases()) {
		p := small(seed).made(t, seed)
		all := listed(t, p)
		against(t, seed, p, all)
	}
}

// against compares every objective with the list of all deals.
func against(t *testing.T, seed uint64, p *Problem, all []Point) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 3))
	w := make([]int64, p.n)
	for q := range w {
		w[q] = 1 + r.Int64N(3)
	}
	// Sums and ideals tie with dominated deals when a weight is 0 or a gain is
	// of no use to the aim; the engine lists the efficient ones.
	ideals := make([]int64, p.n)
	for q := range p.n {
		e := zeros(p.n)
		e[q] = 1
		if b := best(p, all, true, weighted(e)); len(b) > 0 {
			ideals[q] = max(1, b[0][q]-p.reserve[q])
			sol, err := p.Solve(t.Context(), MaxParty{q}, Options{})
			if err != nil || sol.Guarantee.Kind != Exact || sol.Utilities[q] != b[0][q] {
				t.Fatalf("seed %d: party %d: %v %v, by enumeration %v", seed, q, sol.Utilities, err, b[0][q])
			}
			if tb := p.Tables(); tb != nil {
				if err := certificate.Verify(t.Context(), tb, sol.Guarantee.Proof, 0); err != nil {
					t.Fatalf("seed %d: party %d: %v", seed, q, err)
				}
			}
		}
	}
	checked(t, seed, p, Nash{}, best(p, all, true, mostNash(ones(p.n))))
	checked(t, seed, p, Nash{Weights: w}, best(p, all, true, mostNash(w)))
	checked(t, seed, p, Egalitarian{}, best(p, all, true, leastShare(p.denom)))
	checked(t, seed, p, Utilitarian{}, best(p, all, true, weighted(ones(p.n))))
	checked(t, seed, p, Utilitarian{Weights: w}, best(p, all, true, weighted(w)))
	if ideals[0] > 0 {
		checked(t, seed, p, KalaiSmorodinsky{}, best(p, all, true, leastShare(ideals)))
	}
}

func TestCorruptedCertificatesAreRefused(t *testing.T) {
	for seed := range uint64(100) {
		p := small(seed).made(t, seed)
		sol, err := p.Solve(t.Context(), Nash{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		good := *sol.Guarantee.Proof
		for what, spoil := range map[string]func(*certificate.Proof){
			"prices": func(c *certificate.Proof) { c.Prices = slices.Clone(c.Prices); c.Prices[0]++ },
			"deal":   func(c *certificate.Proof) { c.Deal = slices.Clone(c.Deal); c.Deal[0]++ },
			"exact":  func(c *certificate.Proof) { c.Exact = !c.Exact },
			"bound":  func(c *certificate.Proof) { c.Bound = big.NewRat(1, 1) },
			"tables": func(c *certificate.Proof) { c.Tables = flipped(c.Tables) },
			"aim":    func(c *certificate.Proof) { c.Question.Aim = "most" },
			"seal":   func(c *certificate.Proof) { c.Seal = flipped(c.Seal) },
		} {
			bad := good
			spoil(&bad)
			var r *certificate.Refused
			if err := certificate.Verify(t.Context(), p.Tables(), &bad, 0); !errors.As(err, &r) {
				t.Fatalf("seed %d: a certificate with its %s altered was accepted", seed, what)
			}
		}
	}
}

func TestFalseClaimsAreRefusedEvenUnderAGoodSeal(t *testing.T) {
	for seed := range uint64(60) {
		p := small(seed).made(t, seed)
		for _, obj := range []Objective{Nash{}, Egalitarian{}, Utilitarian{}} {
			sol, err := p.Solve(t.Context(), obj, Options{})
			if err != nil {
				t.Fatal(err)
			}
			good := sol.Guarantee.Proof
			s := newSearch(p.ready, good.Question, 1000)
			value := func(d Deal) []int64 { x, _ := p.Score(d); return gainsOf(p, x) }
			for _, x := range listed(t, p) {
				g := gainsOf(p, x)
				if s.aims.allowed(g) && s.aims.compare(g, value(good.Deal)) == 0 {
					continue
				}
				bad := *good
				bad.Deal = x.Deal
				bad.Close()
				if certificate.Verify(t.Context(), p.Tables(), &bad, 0) == nil {
					t.Fatalf("seed %d: %T: a worse deal was certified as best", seed, obj)
				}
			}
		}
	}
}

func TestACancelledSearchStillKnowsItsGap(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for seed := range uint64(60) {
		p := kind{parties: 2 + int(seed%4), issues: 20, options: 6, opposed: seed%2 == 0, weight: 1000, value: 100, reserve: 0.2}.made(t, seed)
		for _, obj := range []Objective{Nash{}, Egalitarian{}, Utilitarian{}} {
			whole, err := p.Solve(context.Background(), obj, Options{})
			if err != nil {
				t.Fatal(err)
			}
			short, err := p.Solve(ended, obj, Options{})
			if err != nil {
				t.Fatal(err)
			}
			slack := 1e-9 * max(1, whole.Value)
			if short.Agreement && (short.Value > whole.Value+slack || short.Upper < whole.Value-slack) {
				t.Fatalf("seed %d: %T: %v ≤ %v ≤ %v does not hold", seed, obj, short.Value, whole.Value, short.Upper)
			}
			if short.Guarantee.Kind == Within {
				if err := certificate.Verify(t.Context(), p.Tables(), short.Guarantee.Proof, 0); err != nil {
					t.Fatalf("seed %d: %T: %v", seed, obj, err)
				}
			}
		}
	}
}

// flipped changes the first digit of a digest.
func flipped(s string) string {
	if s[0] == '0' {
		return "1" + s[1:]
	}
	return "0" + s[1:]
}

func TestTheLargestSumMayAlsoBeAskedWithoutFloors(t *testing.T) {
	for seed := range uint64(cases() / 10) {
		p := small(seed).made(t, seed)
		want := best(p, listed(t, p), false, weighted(ones(p.n)))
		sol, err := p.Solve(t.Context(), Utilitarian{Anyhow: true}, Options{})
		if err != nil || sol.Guarantee.Kind != Exact || !slices.ContainsFunc(want, func(u []int64) bool { return slices.Equal(u, sol.Utilities) }) {
			t.Fatalf("seed %d: %v (%v, %v), by enumeration %v", seed, sol.Utilities, sol.Guarantee, err, want)
		}
		total := int64(0)
		for _, u := range sol.Utilities {
			total += u
		}
		if int64(sol.Value+0.5) != total || sol.Agreement != (slices.Min(sol.Gains) >= 0) {
			t.Fatalf("seed %d: the sum is %v, not %v; agreement %v with gains %v", seed, total, sol.Value, sol.Agreement, sol.Gains)
		}
		if err := certificate.Verify(t.Context(), p.Tables(), sol.Guarantee.Proof, 0); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
