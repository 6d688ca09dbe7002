package bargain

import (
	"encoding/json"
	"os"
	"testing"
)

// published is a case from the literature, with its known result.
type published struct {
	ID      string                         `json:"id"`
	Parties []string                       `json:"parties"`
	Weights map[string][2]json.Number      `json:"weights"`
	Options map[string]map[string][2]int64 `json:"options"`
	Winner  struct {
		Split  string `json:"split_issue"`
		Share  string `json:"share_first"`
		Points any    `json:"points_each"`
	} `json:"adjusted_winner"`
}

// theCase reads a published case from the shared data; without it the test is
// skipped, and says so.
func theCase(t *testing.T, id string) published {
	t.Helper()
	b, err := os.ReadFile("../../../shared/data/cases.json")
	if err != nil {
		t.Skipf("SKIPPED: the published cases are not here (%v)", err)
	}
	var all struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, raw := range all.Cases {
		var head struct{ ID string }
		if json.Unmarshal(raw, &head) == nil && head.ID == id {
			var c published
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			return c
		}
	}
	t.Fatalf("there is no case %q", id)
	return published{}
}

func TestAdjustedWinnerOnPublishedCases(t *testing.T) {
	for id, each := range map[string]string{"panama-1974": "66", "camp-david-1978": "395/6"} {
		c := theCase(t, id)
		var items []string
		var a, b []Number
		for name, w := range c.Weights {
			items, a, b = append(items, name), append(a, MustNumber(w[0].String())), append(b, MustNumber(w[1].String()))
		}
		w, err := AdjustedWinner(items, a, b)
		if err != nil {
			t.Fatal(err)
		}
		if !w.Points[0].Equal(MustNumber(each)) || !w.Points[1].Equal(MustNumber(each)) {
			t.Errorf("%s: %v and %v points, published %s each", id, w.Points[0], w.Points[1], each)
		}
		if w.Split < 0 || items[w.Split] != c.Winner.Split || !w.Awards[w.Split].First.Equal(MustNumber(c.Winner.Share)) {
			t.Errorf("%s: split %+v, published %s at %s", id, w.Awards, c.Winner.Split, c.Winner.Share)
		}
	}
}

// Where every issue can be divided in fifteenths the fairest deal, the Nash
// deal and Adjusted Winner coincide: 66 each, 2/15 of land and water.
func TestPanamaInFifteenths(t *testing.T) {
	c := theCase(t, "panama-1974")
	tm := Template{Parties: []Party{{ID: "US"}, {ID: "Panama"}}}
	us := Scoring{Party: "US", Values: map[string]map[string]Number{}, Reservation: new(Number)}
	pa := Scoring{Party: "Panama", Values: map[string]map[string]Number{}, Reservation: new(Number)}
	for name, w := range c.Weights {
		is := Issue{ID: name}
		x, y := map[string]Number{}, map[string]Number{}
		for k := range int64(16) {
			o := Ratio(k, 15).String()
			is.Options = append(is.Options, Option{ID: o})
			x[o] = MustNumber(w[0].String()).Mul(Ratio(k, 15))
			y[o] = MustNumber(w[1].String()).Mul(Ratio(15-k, 15))
		}
		us.Values[name], pa.Values[name] = x, y
		tm.Issues = append(tm.Issues, is)
	}
	p, err := Compile(tm, []Scoring{us, pa})
	if err != nil {
		t.Fatal(err)
	}
	for _, obj := range []Objective{Nash{}, Egalitarian{}} {
		sol, err := p.Solve(t.Context(), obj, Options{})
		if err != nil || sol.Guarantee.Kind != Exact {
			t.Fatal(err, sol.Guarantee)
		}
		for q := range 2 {
			if !p.Utility(q, sol.Utilities[q]).Equal(Whole(66)) {
				t.Errorf("%T: party %d gets %v", obj, q, p.Utility(q, sol.Utilities[q]))
			}
		}
		for _, k := range tm.Picks(sol.Deal) {
			if k.Issue == "Land and water" && k.Option != Ratio(2, 15).String() {
				t.Errorf("%T: the US get %s of land and water", obj, k.Option)
			}
		}
	}
}

func TestPoliceUnionAndCity(t *testing.T) {
	c := theCase(t, "ampo-city")
	tm := Template{}
	var ss []Scoring
	for q, id := range c.Parties {
		tm.Parties = append(tm.Parties, Party{ID: id})
		s := Scoring{Party: id, Weights: map[string]Number{}, Values: map[string]map[string]Number{}, Reservation: new(Number)}
		for name, os := range c.Options {
			top := int64(1)
			for _, v := range os {
				top = max(top, v[q])
			}
			s.Weights[name], s.Values[name] = MustNumber(c.Weights[name][q].String()), map[string]Number{}
			for o, v := range os {
				s.Values[name][o] = Ratio(v[q], top)
			}
		}
		ss = append(ss, s)
	}
	for name, os := range c.Options {
		is := Issue{ID: name}
		for o := range os {
			is.Options = append(is.Options, Option{ID: o})
		}
		tm.Issues = append(tm.Issues, is)
	}
	p, err := Compile(tm, ss)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Deals().String(); got != "1944000" {
		t.Errorf("%s packages, published 1,944,000", got)
	}
	f, err := p.Frontier(t.Context(), Region{}, Options{})
	if err != nil || f.Guarantee.Kind != Exact {
		t.Fatal(err)
	}
	many, err := p.FrontierDeals(t.Context(), Region{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d points, %v deals on the frontier", len(f.Points), many)
	if len(f.Points) != 192 && many.String() != "192" {
		t.Errorf("%d points and %v deals on the frontier, published 192", len(f.Points), many)
	}
	for obj, want := range map[Objective][2]float64{&Nash{}: {0.706, 0.783}, Egalitarian{}: {0.734, 0.7385}} {
		if n, ok := obj.(*Nash); ok {
			obj = *n
		}
		sol, err := p.Solve(t.Context(), obj, Options{})
		if err != nil || sol.Guarantee.Kind != Exact {
			t.Fatal(err)
		}
		for q := range 2 {
			if got := p.Utility(q, sol.Utilities[q]).Float(); got < want[q]-0.0005 || got > want[q]+0.0005 {
				t.Errorf("%T: party %d gets %v, published %v", obj, q, got, want[q])
			}
		}
	}
}
