package bargain

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// altered compiles a variation of a negotiation.
func altered(t *testing.T, p *Problem, change func(*Template, []Scoring)) *Problem {
	t.Helper()
	tm, ss := p.t, slices.Clone(p.scorings)
	tm.Issues = slices.Clone(tm.Issues)
	tm.Parties = slices.Clone(tm.Parties)
	for i := range tm.Issues {
		tm.Issues[i].Options = slices.Clone(tm.Issues[i].Options)
	}
	for q := range ss {
		ss[q].Weights = maps.Clone(ss[q].Weights)
		vs := map[string]map[string]Number{}
		for i, os := range ss[q].Values {
			vs[i] = maps.Clone(os)
		}
		ss[q].Values = vs
	}
	change(&tm, ss)
	q, err := Compile(tm, ss)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func solved(t *testing.T, p *Problem, obj Objective) Solution {
	t.Helper()
	s, err := p.Solve(t.Context(), obj, Options{})
	if err != nil || s.Guarantee.Kind != Exact {
		t.Fatal(err, s.Guarantee)
	}
	return s
}

// medium makes a negotiation too large to list, with something to agree on.
func medium(seed uint64) kind {
	return kind{parties: 2 + int(seed%4), issues: 12, options: 5, opposed: seed%2 == 0, weight: 1000, value: 100, reserve: 0.2}
}

func TestNashAndKalaiSmorodinskyIgnoreScaleAndOrigin(t *testing.T) {
	for seed := range uint64(60) {
		p := medium(seed).made(t, seed)
		q := altered(t, p, func(tm *Template, ss []Scoring) {
			for x := range ss {
				a, b := Whole(int64(2+x)), Whole(int64(50*x))
				for id := range ss[x].Weights {
					ss[x].Weights[id] = ss[x].Weights[id].Mul(a)
				}
				// One issue of weight 1 that everybody settles alike shifts the origin.
				ss[x].Weights["origin"], ss[x].Values["origin"] = Whole(1), map[string]Number{"only": b}
				r := ss[x].Reservation.Mul(a).Add(b)
				ss[x].Reservation = &r
			}
			tm.Issues = append(tm.Issues, Issue{ID: "origin", Options: []Option{{ID: "only"}}})
		})
		for _, obj := range []Objective{Nash{}, KalaiSmorodinsky{}} {
			a, b := solved(t, p, obj), solved(t, q, obj)
			if len(a.Also) == 0 && !slices.Equal(a.Deal, b.Deal[:len(a.Deal)]) && !slices.Equal(a.Utilities, p.score1(b.Deal[:len(a.Deal)])) {
				t.Fatalf("seed %d: %T: %v became %v", seed, obj, a.Deal, b.Deal)
			}
		}
	}
}

func TestOrderOfPartiesIssuesAndOptionsDoesNotMatter(t *testing.T) {
	for seed := range uint64(60) {
		p := medium(seed).made(t, seed)
		r := rand.New(rand.NewPCG(seed, 9))
		turn := r.Perm(p.n)
		q := altered(t, p, func(tm *Template, ss []Scoring) {
			r.Shuffle(len(tm.Issues), func(i, j int) { tm.Issues[i], tm.Issues[j] = tm.Issues[j], tm.Issues[i] })
			for _, i := range tm.Issues {
				r.Shuffle(len(i.Options), func(a, b int) { i.Options[a], i.Options[b] = i.Options[b], i.Options[a] })
			}
			ps := slices.Clone(tm.Parties)
			for x, y := range turn {
				tm.Parties[x] = ps[y]
			}
		})
		for _, obj := range []Objective{Nash{}, KalaiSmorodinsky{}, Egalitarian{}, Utilitarian{}} {
			a, b := solved(t, p, obj), solved(t, q, obj)
			all := [][]int64{}
			for _, x := range append([]Point{b.Point}, b.Also...) {
				u := make([]int64, p.n)
				for x2, y := range turn {
					u[y] = x.Utilities[x2]
				}
				all = append(all, u)
			}
			if !a.AlsoMore && !slices.ContainsFunc(all, func(u []int64) bool { return slices.Equal(u, a.Utilities) }) {
				t.Fatalf("seed %d: %T: %v became %v", seed, obj, a.Utilities, all)
			}
		}
	}
}

func TestDuplicatesAndDominatedOptionsChangeNothing(t *testing.T) {
	for seed := range uint64(60) {
		p := medium(seed).made(t, seed)
		q := altered(t, p, func(tm *Template, ss []Scoring) {
			for i := range tm.Issues {
				is := &tm.Issues[i]
				is.Options = append(is.Options, Option{ID: "again"}, Option{ID: "worse"})
				for x := range ss {
					v := ss[x].Values[is.ID]["o0"]
					ss[x].Values[is.ID]["again"], ss[x].Values[is.ID]["worse"] = v, v.Sub(Whole(1))
				}
			}
		})
		for _, obj := range []Objective{Nash{}, KalaiSmorodinsky{}, Egalitarian{}, Utilitarian{}} {
			if a, b := solved(t, p, obj), solved(t, q, obj); !slices.Equal(a.Utilities, b.Utilities) {
				t.Fatalf("seed %d: %T: %v became %v", seed, obj, a.Utilities, b.Utilities)
			}
		}
	}
}

func TestNashIsIndependentOfIrrelevantAlternatives(t *testing.T) {
	for seed := range uint64(60) {
		p := medium(seed).made(t, seed)
		a := solved(t, p, Nash{})
		q := altered(t, p, func(tm *Template, ss []Scoring) {
			for i := range tm.Issues {
				is := &tm.Issues[i]
				gone := (int(a.Deal[i]) + 1 + int(seed)%4) % 5
				if gone == int(a.Deal[i]) {
					continue
				}
				for x := range ss {
					delete(ss[x].Values[is.ID], is.Options[gone].ID)
				}
				is.Options = slices.Delete(is.Options, gone, gone+1)
			}
		})
		if b := solved(t, q, Nash{}); len(a.Also) == 0 && !slices.Equal(a.Utilities, b.Utilities) {
			t.Fatalf("seed %d: %v became %v", seed, a.Utilities, b.Utilities)
		}
	}
}

func TestEverySolutionIsEfficient(t *testing.T) {
	for seed := range uint64(40) {
		p := medium(seed).made(t, seed)
		for _, obj := range []Objective{Nash{}, KalaiSmorodinsky{}, Egalitarian{}, Utilitarian{}, MaxParty{0}} {
			s := solved(t, p, obj)
			if _, alone := obj.(MaxParty); alone {
				continue // the others' gains only break ties among equals found
			}
			im, err := p.Improve(t.Context(), s.Deal, Nash{}, Options{})
			if err != nil || !im.DraftEfficient {
				t.Fatalf("seed %d: %T: %v can be improved to %v (%v)", seed, obj, s.Utilities, im.Utilities, err)
			}
		}
	}
}

// Two issues told as one with every pair of options change nothing; this finds
// most faults of elimination.
func TestMergingTwoIssuesChangesNothing(t *testing.T) {
	for seed := range uint64(cases() / 10) {
		p := tied(t, seed)
		f, err := p.Frontier(t.Context(), Region{}, Options{})
		if err != nil {
			continue // contradictory rules, tested elsewhere
		}
		// Rules and pair terms that tie everything leave one group; splitting
		// off nothing but telling the same by streaming must agree.
		ss := slices.Clone(p.scorings)
		for q := range ss {
			r := Ratio(p.reserve[q], p.denom[q])
			ss[q] = Scoring{Party: ss[q].Party, Reservation: &r, Opaque: &Opaque{Denominator: p.denom[q], Score: func(d Deal) int64 { return p.score1(d)[q] }}}
		}
		o, err := Compile(p.t, ss)
		if err != nil {
			t.Fatal(err)
		}
		g, err := o.Frontier(t.Context(), Region{}, Options{})
		if err != nil || !slices.EqualFunc(utilities(f), utilities(g), slices.Equal) {
			t.Fatalf("seed %d: %v, streamed %v", seed, utilities(f), utilities(g))
		}
	}
}

func TestSensitivityCountsEveryDraw(t *testing.T) {
	for seed := range uint64(8) {
		p := medium(seed).made(t, seed)
		u := Uncertainty{PerMille: 100, Samples: 30, Seed: seed}
		a, err := p.Sensitivity(t.Context(), u, Nash{}, Options{})
		b, _ := p.Sensitivity(t.Context(), u, Nash{}, Options{})
		if err != nil || a.Samples != 30 || a.Same != b.Same || !slices.Equal(a.Often, b.Often) {
			t.Fatalf("seed %d: %+v, %v", seed, a, err)
		}
		for i, shares := range a.Shares {
			n := 0
			for _, s := range shares {
				n += s
			}
			if n != a.Samples-a.None || slices.Contains(a.Open, i) != (slices.Max(shares) < n) {
				t.Fatalf("seed %d: issue %d: %v of %d, open %v", seed, i, shares, a.Samples, a.Open)
			}
		}
	}
}

// The example of the analysis: NegMAS's Kalai-Smorodinsky takes the point with
// the smaller difference although the other has the larger least share.
func TestPeersDefinitionsDiffer(t *testing.T) {
	n := MustNumber
	tm := Template{Parties: []Party{{ID: "a"}, {ID: "b"}}, Issues: []Issue{{ID: "deal", Options: []Option{{ID: "A"}, {ID: "B"}, {ID: "C"}, {ID: "D"}}}}}
	zero := n("0")
	p, err := Compile(tm, []Scoring{
		{Party: "a", Reservation: &zero, Values: map[string]map[string]Number{"deal": {"A": n("0.7"), "B": n("0.5"), "C": n("1"), "D": n("0")}}},
		{Party: "b", Reservation: &zero, Values: map[string]map[string]Number{"deal": {"A": n("0.55"), "B": n("0.64"), "C": n("0"), "D": n("1")}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := solved(t, p, KalaiSmorodinsky{}); s.Deal[0] != 0 {
		t.Errorf("our Kalai-Smorodinsky deal is %d", s.Deal[0])
	}
	for d, want := range map[Peer]uint16{NegmasKS: 1, GeniusKalai: 1, NegologKalai: 0, NegmasKalai: 0, NegmasNash: 0, GeniusNash: 0} {
		ps, g, err := p.Peer(t.Context(), d, Options{})
		if err != nil || g.Kind != Exact || len(ps) != 1 || ps[0].Deal[0] != want {
			t.Errorf("%s: %v, %v", d, ps, err)
		}
	}
}
