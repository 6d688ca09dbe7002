package bargain

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// tied adds pair terms and rules by chance to a small negotiation.
func tied(t testing.TB, seed uint64) *Problem {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 11))
	k := small(seed)
	k.issues, k.parties = 2+r.IntN(4), 2+r.IntN(2)
	tm, ss := k.tables(r)
	pick := func() Pick {
		return Pick{fmt.Sprintf("i%d", r.IntN(k.issues)), fmt.Sprintf("o%d", r.IntN(k.options))}
	}
	for range r.IntN(4) {
		tm.Rules = append(tm.Rules, Forbid("no", "", pick(), pick()))
	}
	for range r.IntN(2) {
		tm.Rules = append(tm.Rules, Require("then", "", pick(), pick(), pick()))
	}
	for q := range ss {
		for range r.IntN(6) {
			x := PairTerm{A: pick(), B: pick(), Value: Whole(r.Int64N(400) - 100)}
			if x.A.Issue != x.B.Issue {
				ss[q].Pairs = append(ss[q].Pairs, x)
			}
		}
	}
	p, err := Compile(tm, ss)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTiedIssuesAreSolvedAsByEnumeration(t *testing.T) {
	impossible := 0
	for seed := range uint64(cases() / 4) {
		p := tied(t, seed)
		all := listed(t, p)
		if len(all) == 0 {
			impossible++
			if _, err := p.Frontier(t.Context(), Region{}, Options{}); err == nil {
				t.Fatalf("seed %d: contradictory rules were not noticed", seed)
			}
			continue
		}
		f, err := p.Frontier(t.Context(), Region{}, Options{})
		if err != nil || f.Guarantee.Kind != Exact {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got, want := utilities(f), efficient(all); !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("seed %d: frontier %v, by enumeration %v", seed, got, want)
		}
		counts, err := p.Ties(t.Context(), utilities(f), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range f.Points {
			n := 0
			for _, y := range all {
				if slices.Equal(x.Utilities, y.Utilities) {
					n++
				}
			}
			if counts[i].Int64() != int64(n) {
				t.Fatalf("seed %d: %v deals give %v, by enumeration %d", seed, counts[i], x.Utilities, n)
			}
		}
		against(t, seed, p, all)
	}
	t.Logf("%d of the negotiations had contradictory rules", impossible)
}

// The same negotiation told as an opaque worth has the same answers.
func TestOpaqueWorthsAreStreamed(t *testing.T) {
	for seed := range uint64(cases() / 20) {
		p := small(seed).made(t, seed)
		ss := slices.Clone(p.scorings)
		for q := range ss {
			if q > 0 && seed%2 == 0 {
				continue // a mix of opaque and plain
			}
			ss[q] = Scoring{Party: ss[q].Party, Reservation: ss[q].Reservation, Opaque: &Opaque{Denominator: 1, Score: func(d Deal) int64 { return p.score1(d)[q] }}}
			if ss[q].Reservation == nil {
				r := Whole(p.reserve[q])
				ss[q].Reservation = &r
			}
		}
		o, err := Compile(p.t, ss)
		if err != nil {
			t.Fatal(err)
		}
		against(t, seed, o, listed(t, p))
	}
}

func TestOpaqueStoppedEarlyAnswersFromWhatItSaw(t *testing.T) {
	k := kind{parties: 2, issues: 8, options: 8, weight: 100, value: 100, reserve: 0}
	p := k.made(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	ss := slices.Clone(p.scorings)
	ss[0] = Scoring{Party: ss[0].Party, Reservation: ss[0].Reservation, Opaque: &Opaque{Denominator: 1, Score: func(d Deal) int64 {
		if asked++; asked == 50_000 {
			cancel()
		}
		return p.score1(d)[0]
	}}}
	o, err := Compile(p.t, ss)
	if err != nil {
		t.Fatal(err)
	}
	sol, err := o.Solve(ctx, Nash{}, Options{})
	if err != nil || sol.Guarantee.Kind != Stopped || sol.Guarantee.Limit != Cancelled || !sol.Agreement {
		t.Fatalf("%+v, %v", sol, err)
	}
}
