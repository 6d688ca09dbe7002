package scenario

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"parley/internal/bargain"
)

// The examples of docs/analysis-definitions.md are computed here, line by line: Parley's answers by the engine, the
// others' by their definitions, written down independently below.

var block = regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```")

// toy is one issue whose options are the packages of an example.
type toy struct {
	names []string
	u     [][2]float64
	r     [2]float64
	s     *Scenario
}

func parseToy(t *testing.T, lines map[string]string) *toy {
	t.Helper()
	y := &toy{s: &Scenario{Template: bargain.Template{Parties: []bargain.Party{{ID: "1"}, {ID: "2"}}, Issues: []bargain.Issue{{ID: "package"}}}}}
	for p := range 2 {
		r := bargain.MustNumber(strings.Fields(lines["reservation"])[p])
		y.r[p] = r.Float()
		y.s.Scorings = append(y.s.Scorings, bargain.Scoring{Party: strconv.Itoa(p + 1), Reservation: &r, Values: map[string]map[string]bargain.Number{"package": {}}})
	}
	for _, c := range strings.Split(lines["packages"], "|") {
		f := strings.Fields(c)
		y.names = append(y.names, f[0])
		y.s.Template.Issues[0].Options = append(y.s.Template.Issues[0].Options, bargain.Option{ID: f[0]})
		var u [2]float64
		for p := range 2 {
			v := bargain.MustNumber(f[p+1])
			y.s.Scorings[p].Values["package"][f[0]] = v
			u[p] = v.Float()
		}
		y.u = append(y.u, u)
	}
	return y
}

func (y *toy) onFrontier(i int) bool {
	for _, v := range y.u {
		if v != y.u[i] && v[0] >= y.u[i][0] && v[1] >= y.u[i][1] {
			return false
		}
	}
	return true
}

// pick names the frontier package of largest value.
func (y *toy) pick(value func(u [2]float64) float64) string {
	best, at := math.Inf(-1), -1
	for i, u := range y.u {
		if v := value(u); y.onFrontier(i) && v > best {
			best, at = v, i
		}
	}
	return y.names[at]
}

func (y *toy) of(name string) [2]float64 {
	for i, n := range y.names {
		if n == name {
			return y.u[i]
		}
	}
	panic("no package " + name)
}

func distance(u, v [2]float64) string {
	return fmt.Sprint(math.Round(1e4*math.Hypot(u[0]-v[0], u[1]-v[1])) / 1e4)
}

// raised is NegMAS's disagreement point: never under the party's own least worth.
func (y *toy) raised() [2]float64 {
	r, low := y.r, [2]float64{math.Inf(1), math.Inf(1)}
	for _, u := range y.u {
		low[0], low[1] = math.Min(low[0], u[0]), math.Min(low[1], u[1])
	}
	return [2]float64{math.Max(r[0], low[0]), math.Max(r[1], low[1])}
}

// shares are what a package gives each of what it could have at most, counted as NegMAS does.
func (y *toy) shares(u [2]float64) [2]float64 {
	r := y.raised()
	var ideal [2]float64
	for _, v := range y.u {
		ideal[0], ideal[1] = math.Max(ideal[0], v[0]-r[0]), math.Max(ideal[1], v[1]-r[1])
	}
	return [2]float64{(u[0] - r[0]) / ideal[0], (u[1] - r[1]) / ideal[1]}
}

// parley asks the engine.
func (y *toy) parley(t *testing.T, obj bargain.Objective) string {
	t.Helper()
	p, _, err := y.s.Compile()
	if err != nil {
		t.Fatal(err)
	}
	sol, err := p.Solve(context.Background(), obj, bargain.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !sol.Agreement {
		return "none"
	}
	return y.names[sol.Deal[0]]
}

// engines are the others' definitions as the engine offers them by name.
var engines = map[string]bargain.Peer{
	"Nash, GENIUS": bargain.GeniusNash, "Kalai, ANL": bargain.GeniusKalai, "Kalai, NegoLog": bargain.NegologKalai,
	"Kalai, NegMAS": bargain.NegmasKalai, "Kalai-Smorodinsky, NegMAS": bargain.NegmasKS, "Nash, NegMAS": bargain.NegmasNash,
}

// peer asks the engine for another tool's answer.
func (y *toy) peer(t *testing.T, d bargain.Peer) string {
	t.Helper()
	p, _, err := y.s.Compile()
	if err != nil {
		t.Fatal(err)
	}
	pts, _, err := p.Peer(context.Background(), d, bargain.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, pt := range pts {
		names = append(names, y.names[pt.Deal[0]])
	}
	return strings.Join(names, " ")
}

// answer computes one line of an example.
func (y *toy) answer(t *testing.T, what string) string {
	count := func(yes func(i int) bool) string {
		n := 0
		for i := range y.u {
			if yes(i) {
				n++
			}
		}
		return strconv.Itoa(n)
	}
	sum := func(u [2]float64) float64 { return u[0] + u[1] }
	alike := func(u [2]float64) float64 { return -math.Abs(u[0] - u[1]) }
	one := [2]float64{1, 1}
	switch what {
	case "Nash, Parley":
		return y.parley(t, bargain.Nash{})
	case "egalitarian, Parley":
		return y.parley(t, bargain.Egalitarian{})
	case "Kalai-Smorodinsky, Parley":
		return y.parley(t, bargain.KalaiSmorodinsky{})
	case "packages on the frontier, Parley":
		p, _, err := y.s.Compile()
		if err != nil {
			t.Fatal(err)
		}
		n, err := p.FrontierDeals(context.Background(), bargain.Region{}, bargain.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return n.String()
	case "Nash, GENIUS":
		return y.pick(func(u [2]float64) float64 { return (u[0] - y.r[0]) * (u[1] - y.r[1]) })
	case "Nash, NegMAS":
		r := y.raised()
		return y.pick(func(u [2]float64) float64 { return (u[0] - r[0]) * (u[1] - r[1]) })
	case "Kalai, ANL":
		return y.pick(alike)
	case "Kalai, NegoLog":
		return y.pick(sum)
	case "Kalai, NegMAS":
		r := y.raised()
		return y.pick(func(u [2]float64) float64 { return math.Min(u[0]-r[0], u[1]-r[1]) })
	case "Kalai-Smorodinsky, NegMAS":
		return y.pick(func(u [2]float64) float64 { s := y.shares(u); return -math.Abs(s[0] - s[1]) })
	case "opposition, ANL":
		return distance(y.of(y.pick(alike)), one)
	case "opposition, NegoLog":
		return distance(y.of(y.pick(sum)), one)
	case "opposition, NegMAS":
		return distance(y.of(y.pick(func(u [2]float64) float64 { return -math.Hypot(1-u[0], 1-u[1]) })), one)
	case "packages on the frontier, NegMAS":
		seen := map[[2]float64]bool{}
		return count(func(i int) bool { first := !seen[y.u[i]]; seen[y.u[i]] = true; return first && y.onFrontier(i) })
	case "acceptable packages, Parley":
		return count(func(i int) bool { return y.u[i][0] >= y.r[0] && y.u[i][1] >= y.r[1] })
	case "acceptable packages, NegMAS":
		return count(func(i int) bool { return y.u[i][0] > y.r[0] && y.u[i][1] > y.r[1] })
	}
	t.Errorf("the example has a line %q, which no definition here computes", what)
	return ""
}

func TestDefinitionsAreComputed(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "analysis-definitions.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := block.FindAllStringSubmatch(string(data), -1)
	if len(blocks) < 8 {
		t.Fatalf("%d examples found; the page has more", len(blocks))
	}
	for _, b := range blocks {
		lines, order := map[string]string{}, []string{}
		for _, l := range strings.Split(strings.TrimSpace(b[2]), "\n") {
			k, v, ok := strings.Cut(l, ": ")
			if !ok {
				t.Fatalf("the line %q has no colon", l)
			}
			lines[k] = v
			order = append(order, k)
		}
		switch b[1] {
		case "example":
			y := parseToy(t, lines)
			for _, k := range order[2:] {
				if p, ok := engines[k]; ok {
					if got := y.peer(t, p); got != lines[k] {
						t.Errorf("%s: the page says %s, the engine's %s says %s", k, lines[k], p, got)
					}
				}
				if got := y.answer(t, k); got != lines[k] {
					t.Errorf("%s: the page says %s, computed %s (packages %s)", k, lines[k], got, lines["packages"])
				}
			}
		case "evaluations":
			checkEvaluations(t, lines)
		case "integer":
			checkInteger(t, lines)
		case "discount":
			d, _ := strconv.ParseFloat(lines["factor"], 64)
			n, _ := strconv.ParseFloat(lines["rounds"], 64)
			for k, v := range map[string]float64{"GENIUS": math.Pow(d, 1), "NegMAS": math.Pow(d, n)} {
				if got := strconv.FormatFloat(v, 'f', 4, 64); got != lines[k] {
					t.Errorf("discount, %s: the page says %s, computed %s", k, lines[k], got)
				}
			}
		default:
			t.Errorf("an example of the kind %q is computed by nothing", b[1])
		}
	}
}

// checkEvaluations reads the example as a GENIUS file and, beside, adds the bare evaluations.
func checkEvaluations(t *testing.T, lines map[string]string) {
	t.Helper()
	var e [2][2]float64
	for i, name := range []string{"x", "y"} {
		var most [2]float64
		if _, err := fmt.Sscanf(lines[name], "%g of %g, %g of %g", &e[i][0], &most[0], &e[i][1], &most[1]); err != nil {
			t.Fatal(err)
		}
	}
	profile := fmt.Sprintf(`<utility_space><objective><issue index="1" name="a"><item value="x" evaluation="%g"/><item value="y" evaluation="%g"/></issue>`+
		`<issue index="2" name="b"><item value="x" evaluation="%g"/><item value="y" evaluation="%g"/></issue>`+
		`<weight index="1" value="0.5"/><weight index="2" value="0.5"/></objective><reservation value="0"/></utility_space>`, e[0][0], e[1][0], e[0][1], e[1][1])
	s, _, err := Reader{}.ReadFiles("p", []File{{Name: "p.xml", Data: []byte(profile)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, _ := s.Worth("p", bargain.Deal{0, 0})
	y, _ := s.Worth("p", bargain.Deal{1, 1})
	if got := fmt.Sprintf("x %s, y %s", x, y); got != lines["GENIUS and Parley"] {
		t.Errorf("evaluations: the page says %s, read %s", lines["GENIUS and Parley"], got)
	}
	if got := fmt.Sprintf("x %g, y %g", 0.5*e[0][0]+0.5*e[0][1], 0.5*e[1][0]+0.5*e[1][1]); got != lines["NegMAS"] {
		t.Errorf("evaluations: the page says %s for NegMAS, computed %s", lines["NegMAS"], got)
	}
}

func checkInteger(t *testing.T, lines map[string]string) {
	t.Helper()
	b := strings.Fields(lines["bounds"])
	issue := fmt.Sprintf(`<issue index="1" name="a" type="integer" lowerbound="%s" upperbound="%s"><evaluator slope="%s" offset="%s"/></issue>`, b[0], b[1], lines["slope"], lines["offset"])
	s, _, err := Reader{}.ReadFiles("p", []File{{Name: "p.xml", Data: []byte(`<utility_space><objective>` + issue + `<weight index="1" value="1"/></objective></utility_space>`)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := s.Worth("p", bargain.Deal{10}); got.String() != lines["value 5, GENIUS and Parley"] {
		t.Errorf("integer: the page says %s, read %s", lines["value 5, GENIUS and Parley"], got)
	}
	slope, offset := bargain.MustNumber(lines["slope"]), bargain.MustNumber(lines["offset"])
	if got := slope.Mul(bargain.Whole(5)).Add(offset); got.String() != lines["value 5, NegMAS"] {
		t.Errorf("integer: the page says %s for NegMAS, computed %s", lines["value 5, NegMAS"], got)
	}
}
