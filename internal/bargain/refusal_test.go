package bargain

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// plain is a small negotiation between a buyer and a seller.
func plain() (Template, []Scoring) {
	n := MustNumber
	t := Template{ID: "house", Parties: []Party{{ID: "buyer"}, {ID: "seller"}}, Issues: []Issue{
		{ID: "price", Options: []Option{{ID: "low"}, {ID: "high"}}},
		{ID: "date", Options: []Option{{ID: "soon"}, {ID: "late"}}},
	}}
	return t, []Scoring{
		{Party: "buyer", Weights: map[string]Number{"price": n("0.7"), "date": n("0.3")},
			Values: map[string]map[string]Number{"price": {"low": n("1"), "high": n("0")}, "date": {"soon": n("0.2"), "late": n("1")}}},
		{Party: "seller", Weights: map[string]Number{"price": n("0.6"), "date": n("0.4")},
			Values: map[string]map[string]Number{"price": {"low": n("0"), "high": n("1")}, "date": {"soon": n("1"), "late": n("0.1")}}},
	}
}

func TestBadModelsAreRefusedInASentence(t *testing.T) {
	for what, c := range map[string]struct {
		spoil func(*Template, []Scoring)
		fault Fault
		says  string
	}{
		"too many parties": {func(t *Template, _ []Scoring) {
			for i := range 9 {
				t.Parties = append(t.Parties, Party{ID: fmt.Sprint(i)})
			}
		}, BadTemplate, "choose who is at the table"},
		"option twice":    {func(t *Template, _ []Scoring) { t.Issues[0].Options[1].ID = "low" }, BadTemplate, `"low" is empty or used twice`},
		"issue twice":     {func(t *Template, _ []Scoring) { t.Issues[1].ID = "price" }, BadTemplate, "used twice"},
		"no options":      {func(t *Template, _ []Scoring) { t.Issues[0].Options = nil }, BadTemplate, "it needs 1 to"},
		"unknown rule":    {func(t *Template, _ []Scoring) { t.Rules = []Rule{Forbid("r", "", Pick{"price", "mid"})} }, BadTemplate, `no option "mid"`},
		"empty rule":      {func(t *Template, _ []Scoring) { t.Rules = []Rule{{ID: "r"}} }, BadTemplate, "says nothing"},
		"missing value":   {func(_ *Template, s []Scoring) { delete(s[0].Values["date"], "soon") }, BadScoring, `"soon" of issue "date" has no value`},
		"missing weight":  {func(_ *Template, s []Scoring) { delete(s[0].Weights, "date") }, BadScoring, "has no weight"},
		"negative weight": {func(_ *Template, s []Scoring) { s[0].Weights["date"] = Whole(-1) }, BadScoring, "cannot be negative"},
		"unknown issue":   {func(_ *Template, s []Scoring) { s[0].Weights["car"] = Whole(1) }, BadScoring, `"car"`},
		"unknown option":  {func(_ *Template, s []Scoring) { s[0].Values["date"]["never"] = Whole(1) }, BadScoring, `"never"`},
		"stranger":        {func(_ *Template, s []Scoring) { s[1].Party = "mallory" }, BadScoring, "missing"},
		"twice":           {func(_ *Template, s []Scoring) { s[1].Party = "buyer" }, BadScoring, "given twice"},
		"discount 2":      {func(_ *Template, s []Scoring) { d := Whole(2); s[0].Discount = &d }, BadScoring, "discount factor 2"},
		"discount 0":      {func(_ *Template, s []Scoring) { s[0].Discount = new(Number) }, BadScoring, "discount factor 0"},
		"2^63":            {func(_ *Template, s []Scoring) { s[0].Values["price"]["low"] = Whole(1 << 62) }, TooFine, "62 bits"},
		"far beyond 2^63": {func(_ *Template, s []Scoring) { s[0].Values["price"]["low"] = MustNumber("1e60") }, TooFine, "62 bits"},
		"too fine":        {func(_ *Template, s []Scoring) { s[0].Weights["price"] = MustNumber("0.333333333333333333333") }, TooFine, "round them first"},
		"own pair": {func(_ *Template, s []Scoring) {
			s[0].Pairs = []PairTerm{{Pick{"price", "low"}, Pick{"price", "high"}, Whole(1)}}
		}, BadScoring, "same issue"},
		"opaque and plain": {func(_ *Template, s []Scoring) { s[0].Opaque = &Opaque{1, func(Deal) int64 { return 0 }} }, BadScoring, "keep one"},
	} {
		tm, ss := plain()
		c.spoil(&tm, ss)
		_, err := Compile(tm, ss)
		var r *Refusal
		if !errors.As(err, &r) || r.Fault != c.fault || !strings.Contains(r.Why, c.says) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestWeightsAreTakenAsWritten(t *testing.T) {
	tm, ss := plain()
	for _, sum := range []string{"0.99", "1.1", "2"} {
		ss[0].Weights["price"] = MustNumber(sum).Sub(MustNumber("0.3"))
		p, err := Compile(tm, ss)
		if err != nil {
			t.Fatal(err)
		}
		x, err := p.Score(Deal{0, 1})
		if err != nil || !p.Utility(0, x.Utilities[0]).Equal(MustNumber(sum)) {
			t.Errorf("weights of %s in all: %v, %v", sum, p.Utility(0, x.Utilities[0]), err)
		}
	}
}

func TestAPartyThatValuesNothingIsLeftOutOfTheProduct(t *testing.T) {
	tm, ss := plain()
	for _, vs := range ss[1].Values {
		for o := range vs {
			vs[o] = Number{}
		}
	}
	p, err := Compile(tm, ss)
	if err != nil {
		t.Fatal(err)
	}
	sol, err := p.Solve(t.Context(), Nash{}, Options{})
	if err != nil || !sol.Agreement || len(sol.Left) != 1 || sol.Left[0] != 1 || !p.Utility(0, sol.Utilities[0]).Equal(Whole(1)) {
		t.Fatalf("%+v, %v", sol, err)
	}
}

func TestNoZoneIsSaidWithAReason(t *testing.T) {
	tm, ss := plain()
	for q := range ss {
		r := MustNumber("0.9")
		ss[q].Reservation = &r
	}
	p, err := Compile(tm, ss)
	if err != nil {
		t.Fatal(err)
	}
	z, err := p.Zone(t.Context(), Options{})
	if err != nil || z.Exists || z.Guarantee.Kind != Exact {
		t.Fatalf("%+v, %v", z, err)
	}
	if got := z.Why.Sentence(&tm); !strings.Contains(got, "buyer") || !strings.Contains(got, "would lack") {
		t.Error(got)
	}
	for _, obj := range []Objective{Nash{}, KalaiSmorodinsky{}, Egalitarian{}, Utilitarian{}, MaxParty{1}} {
		sol, err := p.Solve(t.Context(), obj, Options{})
		if err != nil || sol.Agreement || sol.InfeasibleWhy == nil {
			t.Errorf("%T: %+v, %v", obj, sol, err)
		}
	}
}

func TestAThousandAndOneOptions(t *testing.T) {
	p := kind{parties: 2, issues: 2, options: 1001, weight: 1000, value: 1000, reserve: 0.2, opposed: true}.made(t, 1)
	all := listed(t, kind{parties: 2, issues: 1, options: 1001, weight: 1000, value: 1000, reserve: 0.2, opposed: true}.made(t, 1))
	if len(all) != 1001 {
		t.Fatal(len(all))
	}
	f, err := p.Frontier(t.Context(), Region{}, Options{})
	if err != nil || f.Guarantee.Kind != Exact {
		t.Fatal(err)
	}
	s := &sumsN{sums: newSums(p.reduced, nil)}
	s.frontier(t.Context(), Options{})
	if len(f.Points) != s.size() {
		t.Errorf("%d points, by the other method %d", len(f.Points), s.size())
	}
	last := false
	for _, x := range f.Points {
		last = last || x.Deal[0] == 1000 || x.Deal[1] == 1000
	}
	if !last {
		t.Error("the thousand and first option was never used")
	}
}

func TestAModelTooLargeForMemoryGetsASentence(t *testing.T) {
	k := kind{parties: 2, issues: 12, options: 8, weight: 100, value: 100, reserve: -1}
	p := k.made(t, 1)
	ss := append([]Scoring(nil), p.scorings...)
	ss[0] = Scoring{Party: "p0", Opaque: &Opaque{1, func(Deal) int64 { return 0 }}}
	var r *Refusal
	if _, err := Compile(p.t, ss); !errors.As(err, &r) || r.Fault != TooLarge {
		t.Errorf("opaque over 8^12 deals: %v", err)
	}
	// Every issue tied to every other: nothing can be settled separately.
	ss = append([]Scoring(nil), p.scorings...)
	for i := range 12 {
		for j := range i {
			ss[0].Pairs = append(ss[0].Pairs, PairTerm{Pick{fmt.Sprintf("i%d", i), "o0"}, Pick{fmt.Sprintf("i%d", j), "o1"}, Whole(1)})
		}
	}
	q, err := Compile(p.t, ss)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Solve(t.Context(), Nash{}, Options{}); !errors.As(err, &r) || r.Fault != TooLarge {
		t.Errorf("all issues tied: %v", err)
	}
}

func TestNumbersAreReadExactly(t *testing.T) {
	for in, want := range map[string]string{"0.1": "0.1", "-2.50": "-2.5", "1e-3": "0.001", "2/15": "2/15", "1E3": "1000", "+3": "3", " 7 ": "7", "4/2": "2"} {
		n, err := ParseNumber(in)
		if err != nil || n.String() != want {
			t.Errorf("%q: %v, %v", in, n, err)
		}
	}
	for _, in := range []string{"", "nan", "inf", "0x10", "1_000", "1/0", "1e99", "--1", "1/2/3", "0.5/2", "1e", ".", "1p5", strings.Repeat("9", 81)} {
		if n, err := ParseNumber(in); err == nil {
			t.Errorf("%q was read as %v", in, n)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"0.1", "2/15", "1e-3", "-0", "1e60"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNumber(s)
		if err != nil {
			return
		}
		if len(n.String()) > maxNumberBytes {
			return // written out in full it may be longer than what is read
		}
		if m, err := ParseNumber(n.String()); err != nil || !m.Equal(n) {
			t.Errorf("%q reads as %v, which reads as %v, %v", s, n, m, err)
		}
	})
}

func TestAScoringTooFineCanBeRounded(t *testing.T) {
	tm, ss := plain()
	ss[0].Weights["price"] = MustNumber("0.33333333333333333333")
	r, off, err := ss[0].Rounded(9)
	if err != nil {
		t.Fatal(err)
	}
	if off.Sign() <= 0 || off.Cmp(MustNumber("1e-9")) > 0 {
		t.Errorf("rounding to 9 decimals may change a deal by %v", off)
	}
	ss[0] = r
	p, err := Compile(tm, ss)
	if err != nil {
		t.Fatal(err)
	}
	if x, _ := p.Score(Deal{0, 1}); !p.Utility(0, x.Utilities[0]).Equal(MustNumber("0.633333333")) {
		t.Errorf("rounded to %v", p.Utility(0, x.Utilities[0]))
	}
}
