package scenario

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"parley/internal/bargain"
)

// shared opens the collection of real files that stands beside the repository, or skips aloud.
func shared(t *testing.T) fs.FS {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "scenarios")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the reference scenarios are not here (%v): this test has checked nothing", err)
	}
	return os.DirFS(dir)
}

// sources reads, from the collection's own table, how many issues, profiles and outcomes each folder has.
func sources(t *testing.T, fsys fs.FS) map[string][3]string {
	data, err := fs.ReadFile(fsys, "SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][3]string{}
	for _, line := range strings.Split(string(data), "\n") {
		c := strings.Split(line, "|")
		if len(c) < 10 || strings.Contains(line, "---") || strings.TrimSpace(c[1]) == "folder" {
			continue
		}
		out[strings.TrimSpace(c[1])] = [3]string{strings.TrimSpace(c[6]), strings.TrimSpace(c[7]), strings.TrimSpace(c[8])}
	}
	if len(out) < 60 {
		t.Fatalf("the table of sources lists %d folders; it is not as this test expects", len(out))
	}
	return out
}

// parties picks, of folders with variants, the profiles that meet.
var parties = map[string][]string{
	"genius-y2015-group1-university":   {"University_util1.xml", "University_util4.xml", "University_util7.xml"},
	"genius-y2015-group3-bank_robbery": {"Bank_Robbery_util1.xml", "Bank_Robbery_util2.xml", "Bank_Robbery_util3.xml"},
	"genius-y2015-group5-car_domain":   {"car-Profile1.xml", "car-Profile2.xml", "car-Profile3.xml"},
	"genius-y2015-group7-movie":        {"movie-profile1.xml", "movie-profile2.xml", "movie-profile3.xml"},
	"genius-y2015-group8-holiday":      {"holiday-Profile1.xml", "holiday-Profile2.xml", "holiday-Profile3.xml"},
}

func readShared(t *testing.T, fsys fs.FS, folder string) (*Scenario, []Warning) {
	t.Helper()
	names := []string{folder}
	if ps := parties[folder]; ps != nil {
		names = nil
		for _, p := range ps {
			names = append(names, folder+"/"+p)
		}
	}
	s, ws, err := Read(fsys, names...)
	if err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	return s, ws
}

func TestEveryReferenceScenarioIsReadAtItsSize(t *testing.T) {
	fsys := shared(t)
	for folder, want := range sources(t, fsys) {
		s, ws := readShared(t, fsys, folder)
		if got := strconv.Itoa(len(s.Template.Issues)); got != want[0] {
			t.Errorf("%s has %s issues, want %s", folder, got, want[0])
		}
		if parties[folder] == nil {
			if got := strconv.Itoa(len(s.Template.Parties)); got != want[1] {
				t.Errorf("%s has %s parties, want %s", folder, got, want[1])
			}
		}
		if got := s.Size().String(); got != want[2] {
			t.Errorf("%s has %s packages, want %s", folder, got, want[2])
		}
		for _, w := range ws {
			if w.Text == "" || strings.Contains(w.Text, "%!") {
				t.Errorf("%s: the warning %q is no sentence", folder, w)
			}
		}
	}
}

func TestNineProfilesAskWhichOnesMeet(t *testing.T) {
	fsys := shared(t)
	_, _, err := Read(fsys, "genius-y2015-group1-university")
	v, ok := err.(*Variants)
	if !ok || len(v.Profiles) != 9 || !strings.Contains(err.Error(), "name one for each party") {
		t.Fatalf("nine profiles: %v", err)
	}
	if v.Profiles[0] != "genius-y2015-group1-university/University_util1.xml" {
		t.Errorf("the choice begins with %s", v.Profiles[0])
	}
}

// deal turns a bid of another tool into a deal.
func deal(t *testing.T, s *Scenario, bid map[string]string) bargain.Deal {
	t.Helper()
	var picks []bargain.Pick
	for issue, option := range bid {
		picks = append(picks, bargain.Pick{Issue: issue, Option: option})
	}
	d, err := s.Template.Deal(picks...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// worths are what a deal is worth to every party, as floats for comparison with stored ones.
func worths(t *testing.T, s *Scenario, d bargain.Deal) []float64 {
	t.Helper()
	var out []float64
	for _, p := range s.Template.Parties {
		v, err := s.Worth(p.ID, d)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v.Float())
	}
	return out
}

type specials struct {
	Size  int
	Nash  special
	Kalai special
	Best  special   `json:"social_welfare"`
	Front []special `json:"pareto_front"`
}

type special struct {
	Bid     map[string]string
	Utility []float64
}

func readSpecials(t *testing.T, fsys fs.FS, folder string) specials {
	t.Helper()
	data, err := fs.ReadFile(fsys, folder+"/specials.json")
	if err != nil {
		t.Fatal(err)
	}
	var sp specials
	if err := json.Unmarshal(data, &sp); err != nil {
		t.Fatal(err)
	}
	return sp
}

// TestGeniusWebBidsAreWorthWhatIsStored compares every bid that the collection stores with its utilities: these were
// added in floating point, which is right to about 15 digits.
func TestGeniusWebBidsAreWorthWhatIsStored(t *testing.T) {
	fsys := shared(t)
	folders, _ := fs.Glob(fsys, "geniusweb-*")
	if len(folders) < 9 {
		t.Fatalf("%d folders", len(folders))
	}
	for _, folder := range folders {
		s, ws := readShared(t, fsys, folder)
		if len(ws) > 0 {
			t.Errorf("%s: %v", folder, ws)
		}
		sp := readSpecials(t, fsys, folder)
		for _, x := range append(append([]special{}, sp.Front...), sp.Nash, sp.Kalai, sp.Best) {
			if x.Bid == nil {
				continue
			}
			for i, got := range worths(t, s, deal(t, s, x.Bid)) {
				if math.Abs(got-x.Utility[i]) > 1e-14 {
					t.Errorf("%s: %v is worth %v to party %d, stored %v", folder, x.Bid, got, i, x.Utility[i])
				}
			}
		}
	}
}

var pythonPair = regexp.MustCompile(`'([^']*)': '([^']*)'`)

func TestNegoLogBidsAreWorthWhatIsStored(t *testing.T) {
	fsys := shared(t)
	folders, _ := fs.Glob(fsys, "negolog-*")
	for _, folder := range folders {
		s, _ := readShared(t, fsys, folder)
		data, err := fs.ReadFile(fsys, folder+"/specs.json")
		if err != nil {
			t.Fatal(err)
		}
		var sp map[string]any
		if err := json.Unmarshal(data, &sp); err != nil {
			t.Fatal(err)
		}
		if n := s.Size().Int64(); float64(n) != sp["NumberOfBids"] {
			t.Errorf("%s has %d packages, stored %v", folder, n, sp["NumberOfBids"])
		}
		for _, point := range []string{"Nash", "Kalai"} {
			bid := map[string]string{}
			switch b := sp[point+"Bid"].(type) {
			case map[string]any:
				for k, v := range b {
					bid[k] = v.(string)
				}
			case string: // some files hold the bid as printed by Python
				for _, m := range pythonPair.FindAllStringSubmatch(b, -1) {
					bid[m[1]] = m[2]
				}
			}
			got := worths(t, s, deal(t, s, bid))
			for i, party := range []string{"A", "B"} {
				if want := sp[point+"_"+party].(float64); math.Abs(got[i]-want) > 1e-14 {
					t.Errorf("%s: the %s bid is worth %v to %s, stored %v", folder, point, got[i], party, want)
				}
			}
		}
	}
}

func TestNegMASOutcomesAreWorthWhatIsStored(t *testing.T) {
	fsys := shared(t)
	const folder = "negmas-yaml-itexcypress-stats"
	s, _ := readShared(t, fsys, folder)
	data, err := fs.ReadFile(fsys, folder+"/_stats.yaml")
	if err != nil {
		t.Fatal(err)
	}
	stats, err := parseYAML("_stats.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, what := range []string{"pareto", "nash", "kalai", "ks", "max_welfare"} {
		outcomes, utils := stats.get(what+"_outcomes"), stats.get(what+"_utils")
		for k := range outcomes.kids {
			d := make(bargain.Deal, len(s.Template.Issues))
			for i, o := range outcomes.kids[k].kids {
				_, at, err := s.Template.Find(bargain.Pick{Issue: s.Template.Issues[i].ID, Option: o.text})
				if err != nil {
					t.Fatal(err)
				}
				d[i] = uint16(at)
			}
			got := worths(t, s, d)
			for i, u := range utils.kids[k].kids {
				if want, _ := strconv.ParseFloat(u.text, 64); math.Abs(got[i]-want) > 1e-12 {
					t.Errorf("%s %d: worth %v to party %d, stored %v", what, k, got[i], i, want)
				}
				checked++
			}
		}
	}
	if checked < 20 {
		t.Fatalf("only %d numbers were compared", checked)
	}
}

// TestGENIUSIntegersCountFromTheLowerBound is the trap of IntegerDomain: slope·(v−lower)+offset.
func TestGENIUSIntegersCountFromTheLowerBound(t *testing.T) {
	s, ws := readShared(t, shared(t), "genius-integerdomain")
	for _, c := range []struct {
		price, other string
		want         [2]string // 0.75·e1 + 0.25·e2 and 0.25·e1 + 0.75·e2 by hand
	}{
		{"-5", "-5", [2]string{"0.225", "0"}},  // e = 0.3, 0 | 0, 0
		{"5", "5", [2]string{"1", "1"}},        // 0.08·10+0.3 = 1.1 is kept at 1
		{"0", "2", [2]string{"0.7", "0.65"}},   // 0.7, 0.7 | 0.5, 0.7
		{"3", "-1", [2]string{"0.805", "0.5"}}, // 0.94, 0.4 | 0.8, 0.4
	} {
		d := deal(t, s, map[string]string{"price": c.price, "otherprice": c.other})
		for i, p := range s.Template.Parties {
			got, err := s.Worth(p.ID, d)
			if err != nil || got.String() != c.want[i] {
				t.Errorf("price %s, other %s: worth %s to %s (%v), want %s", c.price, c.other, got, p.ID, err, c.want[i])
			}
		}
	}
	if !said(ws, "discount factor 0") {
		t.Errorf("a discount of 0 is passed over in silence: %v", ws)
	}
}

func said(ws []Warning, what string) bool {
	for _, w := range ws {
		if strings.Contains(w.Text, what) {
			return true
		}
	}
	return false
}

// TestAMPOTakesTheLastOfTwoEvaluations: the salary 0 is listed twice, with 0 and with 8.
func TestAMPOTakesTheLastOfTwoEvaluations(t *testing.T) {
	s, ws := readShared(t, shared(t), "genius-ampovscity")
	if !said(ws, "evaluated twice") {
		t.Error("the double evaluation is passed over in silence")
	}
	for i := range s.Scorings {
		v := s.Scorings[i].Values["Increase in starting salaries"]["0"].String()
		if v != "0.08" && v != "1" {
			t.Errorf("salary 0 is worth %s to %s", v, s.Scorings[i].Party)
		}
	}
}

// TestHyperRectanglesAsGENIUSHasThem evaluates the outcome that the stored pareto.xml lacks.
func TestHyperRectanglesAsGENIUSHasThem(t *testing.T) {
	s, _ := readShared(t, shared(t), "genius-y2014-10issueswithrv")
	d := bargain.Deal{0, 6, 7, 7, 0, 3, 0, 3, 6, 5}
	want := []string{"381/536", "0.9792"} // 612/625
	for i, p := range s.Template.Parties {
		got, err := s.Worth(p.ID, d)
		if err != nil || got.String() != want[i] && got.Rat().RatString() != want[i] {
			t.Errorf("worth %s to %s (%v), want %s", got, p.ID, err, want[i])
		}
		sc, _ := s.Scoring(p.ID)
		if v := bargain.Ratio(sc.Opaque.Score(d), sc.Opaque.Denominator); !v.Equal(got) {
			t.Errorf("the compiled score says %s, the tree %s", v, got)
		}
	}
}

// TestCondenseKeepsEveryWorth checks merged options against the originals, and the shrinking that makes enumeration
// possible.
func TestCondenseKeepsEveryWorth(t *testing.T) {
	fsys := shared(t)
	for _, folder := range []string{"genius-y2014-10issues", "genius-s-1nagunl-114", "genius-y2011-amsterdam"} {
		s, _ := readShared(t, fsys, folder)
		c, groups := s.Condense()
		t.Logf("%s: %s packages condense to %s", folder, s.Size(), c.Size())
		if c.Size().Cmp(s.Size()) > 0 {
			t.Fatalf("%s grew", folder)
		}
		seed := uint32(1)
		for range 200 {
			big, small := make(bargain.Deal, len(groups)), make(bargain.Deal, len(groups))
			for i, g := range groups {
				seed = seed*1664525 + 1013904223
				k := int(seed>>8) % len(g)
				seed = seed*1664525 + 1013904223
				small[i], big[i] = uint16(k), uint16(g[k][int(seed>>8)%len(g[k])])
			}
			for _, p := range s.Template.Parties {
				a, _ := s.Worth(p.ID, big)
				b, err := c.Worth(p.ID, small)
				if err != nil || !a.Equal(b) {
					t.Fatalf("%s: %v is worth %s, condensed %s (%v)", folder, big, a, b, err)
				}
			}
		}
	}
}

// TestReferenceScenariosSurviveParleysOwnForms writes every additive scenario of the collection and reads it back.
func TestReferenceScenariosSurviveParleysOwnForms(t *testing.T) {
	fsys := shared(t)
	for folder := range sources(t, fsys) {
		s, _ := readShared(t, fsys, folder)
		if s.Rectangles != nil {
			if err := Write(&bytes.Buffer{}, YAML, s); err == nil {
				t.Errorf("%s: constraints over ranges were written, and lost", folder)
			}
			continue
		}
		for _, f := range []Format{YAML, JSON} {
			var b bytes.Buffer
			if err := Write(&b, f, s); err != nil {
				t.Fatalf("%s as %s: %v", folder, f, err)
			}
			again, _, err := Reader{}.ReadFiles("x", []File{{Name: "x." + string(f), Data: b.Bytes()}}, nil)
			if err != nil {
				t.Fatalf("%s as %s: %v", folder, f, err)
			}
			sameScenario(t, folder+" as "+string(f), s, again)
		}
	}
}

// BenchmarkReadCollection reads all reference scenarios, files already in memory.
func BenchmarkReadCollection(b *testing.B) {
	dir := filepath.Join("..", "..", "..", "shared", "data", "scenarios")
	folders, _ := filepath.Glob(filepath.Join(dir, "*-*"))
	if len(folders) == 0 {
		b.Skip("the reference scenarios are not here: nothing is measured")
	}
	var scenarios [][]File
	for _, f := range folders {
		files, err := readFolder(os.DirFS(dir), filepath.Base(f))
		if err != nil {
			b.Fatal(err)
		}
		scenarios = append(scenarios, files)
	}
	for b.Loop() {
		for _, files := range scenarios {
			if _, _, err := (Reader{}).ReadFiles("x", files, nil); err != nil {
				if _, ask := err.(*Variants); !ask {
					b.Fatal(err)
				}
			}
		}
	}
	b.ReportMetric(float64(len(scenarios)), "scenarios")
}
