package scenario

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"parley/internal/bargain"
)

var long = flag.Bool("long", false, "also enumerate the nonlinear reference domains, a minute each")

// solved is a scenario with its exact frontier in numbers.
type solved struct {
	p     *bargain.Problem
	front []bargain.Point
}

func solve(t *testing.T, s *Scenario) solved {
	t.Helper()
	p, _, err := s.Compile()
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Frontier(context.Background(), bargain.Region{}, bargain.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Guarantee.Kind != bargain.Exact {
		t.Fatalf("the frontier is %s, want exact", f.Guarantee.Kind)
	}
	return solved{p, f.Points}
}

func (s solved) at(pt bargain.Point) []bargain.Number {
	out := make([]bargain.Number, len(pt.Utilities))
	for i, u := range pt.Utilities {
		out[i] = s.p.Utility(i, u)
	}
	return out
}

func (s solved) floats(pt bargain.Point) []float64 {
	var out []float64
	for _, n := range s.at(pt) {
		out = append(out, n.Float())
	}
	return out
}

// best is the first frontier point, in the frontier's order, with the largest value.
func (s solved) best(value func([]bargain.Number) bargain.Number) bargain.Point {
	var top bargain.Number
	at := -1
	for i, pt := range s.front {
		if v := value(s.at(pt)); at < 0 || v.Cmp(top) > 0 {
			top, at = v, i
		}
	}
	return s.front[at]
}

func sum(u []bargain.Number) bargain.Number     { return u[0].Add(u[1]) }
func product(u []bargain.Number) bargain.Number { return u[0].Mul(u[1]) }

// evenness is largest where the two are worth most nearly the same: what ANL and GENIUS call Kalai.
func evenness(u []bargain.Number) bargain.Number {
	d := u[0].Sub(u[1])
	if d.Sign() > 0 {
		d = bargain.Number{}.Sub(d)
	}
	return d
}

func near(a, b []float64, eps float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > eps {
			return false
		}
	}
	return len(a) == len(b)
}

func toIdeal(u []float64) float64 { return math.Hypot(1-u[0], 1-u[1]) }

// TestGoldenANL compares frontier, Nash, welfare, "Kalai" and opposition with the results stored beside the domains.
func TestGoldenANL(t *testing.T) {
	fsys := shared(t)
	folders, _ := fs.Glob(fsys, "geniusweb-*")
	for _, folder := range folders {
		s, _ := readShared(t, fsys, folder)
		g := solve(t, s)
		sp := readSpecials(t, fsys, folder)
		if len(g.front) != len(sp.Front) {
			t.Errorf("%s: %d points on the frontier, stored %d", folder, len(g.front), len(sp.Front))
			continue
		}
		sort.Slice(sp.Front, func(i, j int) bool { return sp.Front[i].Utility[0] > sp.Front[j].Utility[0] })
		for i, pt := range g.front {
			if !near(g.floats(pt), sp.Front[i].Utility, 1e-12) {
				t.Errorf("%s: frontier point %d is %v, stored %v", folder, i, g.floats(pt), sp.Front[i].Utility)
			}
		}
		for what, c := range map[string]struct {
			want special
			got  bargain.Point
		}{
			"nash":   {sp.Nash, g.best(product)},
			"kalai":  {sp.Kalai, g.best(evenness)},
			"social": {sp.Best, g.best(sum)},
		} {
			if c.want.Bid != nil && !near(g.floats(c.got), c.want.Utility, 1e-12) {
				t.Errorf("%s: %s is %v, stored %v", folder, what, g.floats(c.got), c.want.Utility)
			}
		}
		peer, _, err := g.p.Peer(context.Background(), bargain.GeniusKalai, bargain.Options{})
		if err != nil || len(peer) == 0 || !near(g.floats(peer[0]), sp.Kalai.Utility, 1e-12) {
			t.Errorf("%s: the engine's ANL Kalai is %v (%v), stored %v", folder, peer, err, sp.Kalai.Utility)
		}
		sol, err := g.p.Solve(context.Background(), bargain.Nash{}, bargain.Options{})
		if err != nil || !sol.Agreement || sol.Guarantee.Kind != bargain.Exact {
			t.Fatalf("%s: %v %+v", folder, err, sol.Guarantee)
		}
		// ANL takes utilities from 0; our Nash counts gains from the reservation value or, as here, from the worst: 0.
		if !near(g.floats(sol.Point), sp.Nash.Utility, 1e-12) && s.reachesZero() {
			t.Errorf("%s: Solve says Nash is %v, stored %v", folder, g.floats(sol.Point), sp.Nash.Utility)
		}
	}
}

// reachesZero says whether every party's worst worth is 0.
func (s *Scenario) reachesZero() bool {
	for i := range s.Scorings {
		if lo, _, ok := s.ranges(&s.Scorings[i]); !ok || lo.Sign() != 0 {
			return false
		}
	}
	return true
}

// TestGoldenNegoLog: its "Kalai" is the point of largest welfare, its opposition that point's distance to (1, 1).
func TestGoldenNegoLog(t *testing.T) {
	fsys := shared(t)
	folders, _ := fs.Glob(fsys, "negolog-*")
	for _, folder := range folders {
		s, _ := readShared(t, fsys, folder)
		g := solve(t, s)
		data, err := fs.ReadFile(fsys, folder+"/specs.json")
		if err != nil {
			t.Fatal(err)
		}
		var sp map[string]any
		if err := json.Unmarshal(data, &sp); err != nil {
			t.Fatal(err)
		}
		stored := func(keys ...string) float64 {
			for _, k := range keys {
				if v, ok := sp[k].(float64); ok {
					return v
				}
			}
			t.Fatalf("%s stores none of %v", folder, keys)
			return 0
		}
		nash, welfare := g.floats(g.best(product)), g.floats(g.best(sum))
		for what, c := range map[string][2]float64{
			"Nash product": {nash[0] * nash[1], stored("Nash Product", "Product Score")},
			"welfare":      {welfare[0] + welfare[1], stored("Social Welfare")},
			"Kalai sum":    {welfare[0] + welfare[1], stored("Kalai_A") + stored("Kalai_B")},
			"opposition":   {toIdeal([]float64{stored("Kalai_A"), stored("Kalai_B")}), stored("Opposition")},
		} {
			if math.Abs(c[0]-c[1]) > 1e-12 {
				t.Errorf("%s: %s %v, stored %v", folder, what, c[0], c[1])
			}
		}
		sol, err := g.p.Solve(context.Background(), bargain.Nash{}, bargain.Options{})
		if err != nil || math.Abs(sol.Value-nash[0]*nash[1]) > 1e-12 {
			t.Errorf("%s: Solve says %v (%v), the frontier %v", folder, sol.Value, err, nash[0]*nash[1])
		}
	}
}

// facts are the published cases with results worked out by hand.
type facts struct {
	Cases []struct {
		ID       string
		Parties  []string
		Weights  map[string][2]json.Number
		Options  map[string]map[string][2]json.Number
		Expected struct {
			Packages int64
			Pareto   int64              `json:"pareto_packages"`
			Product  map[string]float64 `json:"max_product"`
			Maximin  map[string]float64
		}
		Winner struct {
			Split string      `json:"split_issue"`
			Share string      `json:"share_first"`
			Each  json.Number `json:"points_each"`
		} `json:"adjusted_winner"`
	}
}

func cases(t *testing.T) facts {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "cases.json"))
	if err != nil {
		t.Skipf("the published cases are not here (%v): this test has checked nothing", err)
	}
	var f facts
	// The series at the end of the file are of other kinds; what does not fit is not a case of bargaining.
	var raw struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	for _, r := range raw.Cases {
		var one facts
		if json.Unmarshal([]byte(`{"Cases":[`+string(r)+`]}`), &one) == nil {
			f.Cases = append(f.Cases, one.Cases...)
		}
	}
	return f
}

// TestGoldenCases: AMPO v. City (Raiffa 1982), England and Zimbabwe, Itex and Cypress, each from its GENIUS files.
func TestGoldenCases(t *testing.T) {
	fsys := shared(t)
	folders := map[string]string{"ampo-city": "genius-ampovscity", "england-zimbabwe": "genius-y2010-englandzimbabwe", "itex-cypress": "genius-y2010-itexvscypress"}
	for _, c := range cases(t).Cases {
		folder, ok := folders[c.ID]
		if !ok {
			continue
		}
		delete(folders, c.ID)
		s, _ := readShared(t, fsys, folder)
		if s.Size().Cmp(big.NewInt(c.Expected.Packages)) != 0 {
			t.Errorf("%s has %s packages, want %d", c.ID, s.Size(), c.Expected.Packages)
		}
		g := solve(t, s)
		deals, err := g.p.FrontierDeals(context.Background(), bargain.Region{}, bargain.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if deals.Int64() != c.Expected.Pareto && int64(len(g.front)) != c.Expected.Pareto {
			t.Errorf("%s has %d frontier points and %s packages on it, want %d", c.ID, len(g.front), deals, c.Expected.Pareto)
		}
		named := func(pt bargain.Point, want map[string]float64, what string) {
			matched := 0
			defer func() {
				if matched != len(want) {
					t.Errorf("%s: %d of %d parties were found", c.ID, matched, len(want))
				}
			}()
			for i, p := range s.Template.Parties {
				for name, w := range want {
					if strings.EqualFold(lastWord(p.ID), name) {
						matched++
						if got := g.floats(pt)[i]; math.Abs(got-w) > 0.00051 {
							t.Errorf("%s: %s gives %s %.5f, want %v", c.ID, what, name, got, w)
						}
					}
				}
			}
		}
		named(g.best(product), c.Expected.Product, "the largest product")
		named(g.best(func(u []bargain.Number) bargain.Number {
			if u[0].Cmp(u[1]) < 0 {
				return u[0]
			}
			return u[1]
		}), c.Expected.Maximin, "the largest minimum")
	}
	if len(folders) > 0 {
		t.Errorf("not found among the cases: %v", folders)
	}
}

// lastWord is what distinguishes the parties' file names.
func lastWord(s string) string {
	s = strings.TrimSuffix(s, "_space")
	return s[strings.LastIndexAny(s, "_-")+1:]
}

// TestGoldenNonlinear reproduces the frontier of the ten-issue domain of 2014, 10^10 packages, by merging what nobody can
// tell apart and enumerating the rest; and shows the point that the stored frontier of another domain lacks.
func TestGoldenNonlinear(t *testing.T) {
	fsys := shared(t)
	if !*long {
		t.Skip("enumerating some 10^7 packages takes a minute a domain; run with -long")
	}
	for _, c := range []struct {
		folder string
		whole  bool // the stored frontier is complete
	}{{"genius-y2014-10issues", true}, {"genius-y2014-10issueswithrv", false}, {"genius-s-1nagunl-114", true}} {
		s, _ := readShared(t, fsys, c.folder)
		small, _ := s.Condense()
		g := solve(t, small)
		var got []string
		for _, pt := range g.front {
			u := g.floats(pt)
			got = append(got, fmt.Sprintf("%.6f %.6f", u[0], u[1]))
		}
		data, err := fs.ReadFile(fsys, c.folder+"/pareto.xml")
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		lines := bufio.NewScanner(bytes.NewReader(data))
		for lines.Scan() {
			var a, b float64
			if n, _ := fmt.Sscanf(lines.Text(), "%g, %g", &a, &b); n == 2 {
				want = append(want, fmt.Sprintf("%.6f %.6f", a, b))
			}
		}
		sort.Strings(got)
		sort.Strings(want)
		t.Logf("%s: %s packages, %s to examine, frontier %v", c.folder, s.Size(), small.Size(), got)
		if c.whole && strings.Join(got, "; ") != strings.Join(want, "; ") {
			t.Errorf("%s: frontier %v, stored %v", c.folder, got, want)
		}
		if missing := "0.710821 0.979200"; !c.whole && !strings.Contains(strings.Join(got, "; "), missing) {
			t.Errorf("%s: %s is not on the frontier %v", c.folder, missing, got)
		}
	}
}

// TestEveryAdditiveReferenceScenarioIsSolved compiles and solves all of them; where three parties' frontiers are long it
// is the whole work of the test.
func TestEveryAdditiveReferenceScenarioIsSolved(t *testing.T) {
	fsys := shared(t)
	for folder := range sources(t, fsys) {
		s, _ := readShared(t, fsys, folder)
		if s.Rectangles != nil || len(s.Template.Parties) > 3 || len(s.Scorings) < len(s.Template.Parties) {
			continue
		}
		if len(s.Caps) > 0 && s.Size().Int64() > 100000 {
			continue
		}
		g := solve(t, s)
		for _, pt := range g.front {
			for i, p := range s.Template.Parties {
				exact, err := s.Worth(p.ID, pt.Deal)
				if err != nil {
					t.Fatal(err)
				}
				if d := exact.Float() - g.p.Utility(i, pt.Utilities[i]).Float(); math.Abs(d) > 1e-8 {
					t.Fatalf("%s: a package is worth %s to %s and was solved as %s", folder, exact, p.ID, g.p.Utility(i, pt.Utilities[i]))
				}
			}
		}
	}
}
