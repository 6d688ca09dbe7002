package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/internal/bargain"
)

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// sameScenario compares all that Parley's own form holds.
func sameScenario(t fataler, what string, want, got *Scenario) {
	t.Helper()
	numbers := cmp.Comparer(func(a, b bargain.Number) bool { return a.Equal(b) })
	a, b := *want, *got
	a.Format, b.Format = "", ""
	if a.Template.ID == "" {
		b.Template.ID = ""
	}
	for i := range b.Template.Parties {
		if a.Template.Parties[i].Name == "" {
			b.Template.Parties[i].Name = ""
		}
	}
	if d := cmp.Diff(a, b, numbers, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s came back otherwise (-want +got):\n%s", what, d)
	}
}

// names are ids and labels of every kind that a file might spoil.
var names = rapid.OneOf(
	rapid.SampledFrom([]string{"yes", "null", "1", "0.10", "~", "=1+1", "-x", "'quoted'", `"q"`, "a: b", "# no", "{a}", "ні", "@home", "a,b", "a;b", "x\ty", "- l", "<&>", "1e3", "2/15", "İ"}),
	rapid.StringMatching(`[a-zA-Zéü]{1,8}`),
)

var decimals = rapid.Custom(func(t *rapid.T) bargain.Number {
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return bargain.MustNumber(fmt.Sprintf("%d.%04d", rapid.IntRange(0, 9).Draw(t, "whole"), rapid.IntRange(0, 9999).Draw(t, "part")))
	case 1:
		return bargain.Ratio(int64(rapid.IntRange(-30, 30).Draw(t, "num")), int64(rapid.IntRange(1, 30).Draw(t, "den")))
	case 2:
		return bargain.MustNumber("0.46266351006808551e-3")
	}
	return bargain.Whole(int64(rapid.IntRange(-1000, 1000).Draw(t, "n")))
})

func weight(t *rapid.T) bargain.Number {
	n := decimals.Draw(t, "weight")
	if n.Sign() < 0 {
		n = bargain.Number{}.Sub(n)
	}
	return n
}

// randomScenario draws what Parley's own form can hold; plain leaves out what CSV cannot.
func randomScenario(t *rapid.T, plain bool) *Scenario {
	s := &Scenario{Template: bargain.Template{ID: "id", Title: rapid.SampledFrom([]string{"", "A title"}).Draw(t, "title")}}
	ids := func(n int, what string) []string { return rapid.SliceOfNDistinct(names, n, n, rapid.ID).Draw(t, what) }
	if plain {
		s.Template.Title = ""
	}
	for _, id := range ids(rapid.IntRange(1, 4).Draw(t, "parties"), "party") {
		id = strings.TrimSpace(id)
		p := bargain.Party{ID: id}
		if !plain {
			p.Name = rapid.SampledFrom([]string{"", "Name"}).Draw(t, "name")
		}
		s.Template.Parties = append(s.Template.Parties, p)
	}
	for _, id := range ids(rapid.IntRange(1, 3).Draw(t, "issues"), "issue") {
		is := bargain.Issue{ID: id}
		if !plain {
			is.Label = rapid.SampledFrom([]string{"", "Label", "1.0"}).Draw(t, "label")
		}
		for _, o := range ids(rapid.IntRange(1, 4).Draw(t, "options"), "option") {
			is.Options = append(is.Options, bargain.Option{ID: o})
		}
		s.Template.Issues = append(s.Template.Issues, is)
	}
	for _, p := range s.Template.Parties {
		if rapid.IntRange(0, 5).Draw(t, "silent") == 0 {
			continue
		}
		s.Scorings = append(s.Scorings, randomScoring(t, s, p.ID))
	}
	if plain {
		for i := range s.Template.Issues {
			s.Template.Issues[i].Label = s.Template.Issues[i].ID
			for k := range s.Template.Issues[i].Options {
				s.Template.Issues[i].Options[k].Label = s.Template.Issues[i].Options[k].ID
			}
		}
		return s
	}
	pick := func(i int) bargain.Pick {
		is := s.Template.Issues[i]
		return bargain.Pick{Issue: is.ID, Option: is.Options[rapid.IntRange(0, len(is.Options)-1).Draw(t, "pick")].ID}
	}
	if rapid.Bool().Draw(t, "rule") {
		s.Template.Rules = []bargain.Rule{{ID: "r", Why: "because", Any: []bargain.Literal{{Pick: pick(0)}, {Pick: pick(0), Not: true}}}}
	}
	if len(s.Template.Issues) > 1 && len(s.Scorings) > 0 && rapid.Bool().Draw(t, "pair") {
		s.Scorings[0].Pairs = []bargain.PairTerm{{A: pick(0), B: pick(1), Value: decimals.Draw(t, "pair worth")}}
	}
	if rapid.Bool().Draw(t, "draft") {
		d := make(bargain.Deal, len(s.Template.Issues))
		s.Deals = []NamedDeal{{"draft", "Rev. 4", d}}
	}
	return s
}

func randomScoring(t *rapid.T, s *Scenario, party string) bargain.Scoring {
	sc := bargain.Scoring{Party: party, Values: map[string]map[string]bargain.Number{}}
	weighted := rapid.Bool().Draw(t, "weighted")
	for _, is := range s.Template.Issues {
		if weighted {
			if sc.Weights == nil {
				sc.Weights = map[string]bargain.Number{}
			}
			sc.Weights[is.ID] = weight(t)
		}
		vs := map[string]bargain.Number{}
		for _, o := range is.Options {
			vs[o.ID] = decimals.Draw(t, "worth")
		}
		sc.Values[is.ID] = vs
	}
	if rapid.Bool().Draw(t, "reserve") {
		v := decimals.Draw(t, "reservation")
		sc.Reservation = &v
	}
	if rapid.Bool().Draw(t, "discounted") {
		v := bargain.MustNumber("0.9")
		sc.Discount = &v
	}
	return sc
}

func TestOwnFormsRoundTrip(t *testing.T) {
	for _, f := range []Format{YAML, JSON, CSV} {
		t.Run(string(f), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := randomScenario(t, f == CSV)
				var b bytes.Buffer
				if err := Write(&b, f, s); err != nil {
					t.Fatal(err)
				}
				got, _, err := Reader{}.ReadFiles("id", []File{{Name: "id." + string(f), Data: b.Bytes()}}, nil)
				if err != nil {
					t.Fatalf("%v\n%s", err, b.String())
				}
				sameScenario(t, b.String(), s, got)
			})
		})
	}
}

// read reads files given as name, content, name, content.
func read(t *testing.T, files ...string) (*Scenario, []Warning, error) {
	t.Helper()
	m := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		m[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return Read(m)
}

const (
	gDomain = `<negotiation_template><utility_space number_of_issues="2"><objective index="0" name="root" type="objective">
<issue index="1" name="Price" type="discrete"><item index="1" value="low"/><item index="2" value="high"/></issue>
<issue index="2" name="Days" type="integer" lowerbound="-1" upperbound="1"/>
</objective></utility_space></negotiation_template>`
	gProfile = `<utility_space><objective index="0" name="root">
<issue index="1" name="Price" type="discrete"><item index="1" value="low" evaluation="%s"/><item index="2" value="high" evaluation="4"/></issue>
<issue index="2" name="Days" type="integer" lowerbound="-1" upperbound="1"><evaluator slope="0.5" offset="0" ftype="linear"/></issue>
<weight index="1" value="0.6"/><weight index="2" value="%s"/></objective>%s</utility_space>`
)

func geniusProfile(low, weight, tail string) string {
	return fmt.Sprintf(gProfile, low, weight, tail)
}

// TestGENIUSFaults walks the traps of real files: each is read as GENIUS reads it, and said.
func TestGENIUSFaults(t *testing.T) {
	good := geniusProfile("2", "0.4", `<reservation value="0.5"/><discount_factor value="0.9"/>`)
	for _, c := range []struct {
		name, a   string
		warn      string // a warning with these words
		fault     string // or a refusal with these
		low, high string // worth of {low, -1} and {high, 1}
	}{
		{"as it should be", good, "", "", "0.3", "1"},
		{"weights sum to 0.99", geniusProfile("2", "0.39", `<reservation value="0"/>`), "sum to 0.99", "", "0.3", "0.99"},
		{"weights sum to 1.1", geniusProfile("2", "0.5", `<reservation value="0"/>`), "sum to 1.1", "", "0.3", "1"},
		{"weights sum to 2", geniusProfile("2", "1.4", `<reservation value="0"/>`), "counts everything above 1 as 1", "", "0.3", "1"},
		{"no reservation", geniusProfile("2", "0.4", ""), "no reservation value; it counts as 0", "", "0.3", "1"},
		{"discount 0", geniusProfile("2", "0.4", `<reservation value="0"/><discount_factor value="0"/>`), "means no discount", "", "0.3", "1"},
		{"discount 2", geniusProfile("2", "0.4", `<reservation value="0"/><discount_factor value="2.0"/>`), "means no discount", "", "0.3", "1"},
		{"reservation out of reach", geniusProfile("2", "0.4", `<reservation value="1.5"/>`), "nothing to agree on", "", "0.3", "1"},
		{"evaluation null", geniusProfile("null", "0.4", `<reservation value="0"/>`), "no evaluation; it counts as 0", "", "0", "1"},
		{"all-zero evaluator", strings.Replace(geniusProfile("0", "0.4", `<reservation value="0"/>`), `evaluation="4"`, `evaluation="0"`, 1), "every option of issue \"Price\" is worth 0", "", "0", "0.4"},
		{"junk before the root", "saved by hand\n\n" + good, "before the first tag", "", "0.3", "1"},
		{"declaration after blank lines", "\n\n<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + good, "", "", "0.3", "1"},
		{"Latin-1", strings.Replace(good, `name="root"`, "name=\"caf\xe9\"", 1), "Latin-1", "", "0.3", "1"},
		{"byte order mark", "\xef\xbb\xbf" + good, "", "", "0.3", "1"},
		{"UTF-16", utf16Of(good), "UTF-16", "", "0.3", "1"},
		{"issue missing", cut(good, `<issue index="2"`, `</issue>`), "says nothing about issue \"Days\"", "", "0.3", "0.6"},
		{"weight missing", strings.Replace(good, `<weight index="2" value="0.4"/>`, "", 1), "no weight; it counts as 0", "", "0.3", "0.6"},
		{"no weights", strings.NewReplacer(`<weight index="1" value="0.6"/>`, "", `<weight index="2" value="0.4"/>`, "").Replace(good), "no weights at all", "", "0", "0"},
		{"unknown issue", strings.Replace(good, `<weight index="1"`, `<issue index="7" name="Moon"/><weight index="1"`, 1), "not in the domain", "", "0.3", "1"},
		{"renamed issue", strings.Replace(good, `name="Days"`, `name="Tage"`, 1), "matched by its index", "", "0.3", "1"},
		{"option twice", strings.Replace(good, `<item index="2" value="high"`, `<item index="1" value="low" evaluation="3"/><item index="2" value="high"`, 1), "evaluated twice", "", "0.45", "1"},
		{"shifted lower bound", strings.Replace(good, `lowerbound="-1" upperbound="1"><eval`, `lowerbound="-3" upperbound="1"><eval`, 1), "begins at -3 here", "", "0.7", "1"},
		{"trailing junk", good + "<oops", "left aside", "", "0.3", "1"},
		{"negative weight", geniusProfile("2", "-0.4", ""), "", "negative", "", ""},
		{"weight is text", geniusProfile("2", "much", ""), "", "not a number", "", ""},
		{"weight not a number", geniusProfile("2", "NaN", ""), "", "not a number", "", ""},
		{"truncated", good[:300], "", "a.xml:", "", ""},
		{"entities", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + good, "", "declares entities", "", ""},
		{"deep", strings.Repeat("<a>", 100) + good, "", "nested more than", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, ws, err := Read(fstest.MapFS{"domain.xml": {Data: []byte(gDomain)}, "a.xml": {Data: []byte(c.a)}, "b.xml": {Data: []byte(good)}}, "domain.xml", "a.xml", "b.xml")
			if c.fault != "" {
				var f *Fault
				if !errors.As(err, &f) || !strings.Contains(err.Error(), c.fault) || f.Place.File != "a.xml" {
					t.Fatalf("read with %v, want a refusal of a.xml with %q", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.warn == "" && len(ws) > 0 || c.warn != "" && !said(ws, c.warn) {
				t.Errorf("warnings %v, want %q", ws, c.warn)
			}
			for _, w := range []struct {
				d    bargain.Deal
				want string
			}{{bargain.Deal{0, 0}, c.low}, {bargain.Deal{1, 2}, c.high}} {
				if got, err := s.Worth("a", w.d); err != nil || got.String() != w.want {
					t.Errorf("%v is worth %s (%v), want %s", w.d, got, err, w.want)
				}
			}
		})
	}
}

func utf16Of(s string) string {
	b := []byte{0xFF, 0xFE}
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

// cut drops what lies from the first mark to the next end mark.
func cut(s, from, to string) string {
	i := strings.Index(s, from)
	j := strings.Index(s[i:], to)
	return s[:i] + s[i+j+len(to):]
}

func TestRealIssuesAreReadOnAStatedGrid(t *testing.T) {
	domain := `<negotiation_template><utility_space><objective index="0"><issue index="2" type="real" vtype="real" name="Price"><range lowerbound="-1" upperbound="1"/></issue></objective></utility_space></negotiation_template>`
	profile := `<utility_space><objective index="0"><issue index="2" type="real" name="Price"><range lowerbound="-1" upperbound="1"/><evaluator ftype="linear" parameter0="0.25" parameter1="0.5"/></issue><weight index="2" value="1"/></objective><reservation value="0"/></utility_space>`
	fsys := fstest.MapFS{"d.xml": {Data: []byte(domain)}, "a.xml": {Data: []byte(profile)}, "b.xml": {Data: []byte(profile)}}
	s, ws, err := Reader{Grid: 5}.Read(fsys, ".")
	if err != nil {
		t.Fatal(err)
	}
	if !said(ws, "grid of 5 values, 0.5 apart") {
		t.Errorf("the grid is not stated: %v", ws)
	}
	want := []string{"0", "0", "0.25", "0.5", "0.75"} // 0.5·v + 0.25, not counted from the bound, kept within 0 to 1
	for k := range want {
		if got, _ := s.Worth("a", bargain.Deal{uint16(k)}); got.String() != want[k] {
			t.Errorf("value %s is worth %s, want %s", s.Template.Issues[0].Options[k].ID, got, want[k])
		}
	}
}

func TestFoldersThatCannotBeOneScenario(t *testing.T) {
	web := `{"LinearAdditiveUtilitySpace":{"issueUtilities":{"a":{"discreteutils":{"valueUtilities":{"x":1}}}},"issueWeights":{"a":1},"domain":{"name":"d","issuesValues":{"a":{"values":["x"]}}},"name":"%s"}}`
	var many []string
	for i := range 65 {
		many = append(many, fmt.Sprintf("p%d.json", i), fmt.Sprintf(web, fmt.Sprint("p", i)))
	}
	for _, c := range []struct {
		name  string
		files []string
		want  string
	}{
		{"nothing", nil, "nothing here that can be read"},
		{"only a domain", []string{"d.xml", gDomain}, "no profile"},
		{"two domains", []string{"d.xml", gDomain, "e.xml", gDomain, "a.xml", geniusProfile("2", "0.4", "")}, "two domains"},
		{"two tools", []string{"a.xml", geniusProfile("2", "0.4", ""), "b.json", fmt.Sprintf(web, "b")}, "name the files of one scenario"},
		{"65 profiles", many, "65 profiles are more than the 8 parties"},
		{"not JSON", []string{"a.json", `{"a": 1,}`}, "a.json:1:"},
		{"deep JSON", []string{"a.json", strings.Repeat("[", 500) + strings.Repeat("]", 500)}, "nested more than"},
		{"deep YAML", []string{"a.yaml", strings.Repeat("[", 500) + strings.Repeat("]", 500)}, "nested more than"},
		{"alias bomb", []string{"a.yaml", bomb()}, "more than"},
		{"circular alias", []string{"a.yaml", "a: &a [*a]\n"}, ""},
		{"two documents", []string{"a.yaml", "a: 1\n---\nb: 2\n"}, "more than one YAML document"},
		{"other version", []string{"a.yaml", "parley: scenario/2\n"}, "reads \"scenario/1\""},
		{"unknown profile kind", []string{"a.json", `{"SumOfGroupsUtilitySpace": {}}`}, "nothing here that can be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, ws, err := read(t, c.files...)
			if err == nil || !strings.Contains(err.Error(), c.want) && !said(ws, c.want) {
				t.Errorf("read with %v (%v), want a refusal with %q", err, ws, c.want)
			}
		})
	}
}

func bomb() string {
	var b strings.Builder
	b.WriteString("a: &a [x,x,x,x,x,x,x,x,x,x]\n")
	for c := 'b'; c < 'k'; c++ {
		fmt.Fprintf(&b, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	return b.String()
}

func TestOwnFormIsStrict(t *testing.T) {
	const good = `parley: scenario/1
parties:
  - {id: n, reservation: 1}
  - {id: s}
issues:
  - id: level
    weights: {n: 1, s: 1}
    options:
      - {id: low, worth: {n: 1, s: 2}}
      - {id: high, worth: {n: 2/3, s: 0}}
deals:
  - {id: draft, picks: {level: low}}
`
	if s, ws, err := read(t, "a.yaml", good); err != nil || s.Size().Int64() != 2 || len(ws) != 0 {
		t.Fatalf("the good file: %v %v", err, ws)
	}
	for _, c := range []struct{ old, new, want string }{
		{"reservation: 1", "reserve: 1", `a.yaml:3:22: a party has no key "reserve"`},
		{"id: high, worth", "id: low, worth", "given twice"},
		{"- {id: s}", "- {id: n}", "given twice"},
		{"s: 0}}", "m: 0}}", `no party "m"`},
		{"n: 2/3, s: 0", "n: 2/3", `gives no worth to option "high"`},
		{"n: 2/3", "n: two", "not a number"},
		{"n: 2/3", "n: .nan", "not a number"},
		{"n: 2/3", "n: 1e999", "exponent"},
		{"n: 1, s: 1}", "n: -0.5, s: 1}", "negative"},
		{"{level: low}", "{level: middle}", `no option "middle"`},
		{"{level: low}", "{}", "not settled"},
		{"reservation: 1", "discount: 0", "outside 0 to 1"},
		{"reservation: 1", "discount: 2", "outside 0 to 1"},
		{"id: level", "id: level\n    id: level", "given twice"},
		{"parties:", "parties: 3\nx:", ""},
		{"id: draft", "id: ''", "is empty"},
	} {
		if _, _, err := read(t, "a.yaml", strings.Replace(good, c.old, c.new, 1)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("with %q: %v, want a refusal with %q", c.new, err, c.want)
		}
	}
}

func TestAnIssueWith1001Options(t *testing.T) {
	var b strings.Builder
	b.WriteString("issue,option,a,b\n")
	for i := range 1001 {
		fmt.Fprintf(&b, "share,%d,%d,%d\n", i, i, 1000-i)
	}
	s, _, err := read(t, "pie.csv", b.String())
	if err != nil || s.Size().Int64() != 1001 {
		t.Fatal(err)
	}
	if w, _ := s.Worth("b", bargain.Deal{1000}); w.Sign() != 0 {
		t.Errorf("the last option is worth %s to b", w)
	}
}

func TestCSVFaults(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a,b\n", "should begin with issue,option"},
		{"issue,option,n\nx,y,1\nx,y,2\n", "given twice"},
		{"issue,option,n\nx,y,1,2,3\n", "4 cells, and the head has 3"},
		{"issue,option,n\nx,y,one\n", "x.csv:2:1: column 3"},
		{"issue,option,n,n\nx,y,1,1\n", "used twice"},
		{"issue,option,n\n,colour,1\n", "reservation or discount"},
		{"issue,option,n\n\"x,y,1\n", "not CSV"},
		{"issue,option,n,s\nx,y,1\n", ""},
	} {
		_, _, err := read(t, "x.csv", c.in)
		if c.want == "" {
			if err != nil {
				t.Errorf("%q: %v", c.in, err)
			}
			continue
		}
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "5 cells", "4 cells"), c.want) {
			t.Errorf("%q: %v, want %q", c.in, err, c.want)
		}
	}
	s, _, err := read(t, "x.csv", "issue;option;n\nx;y;0,25\n")
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := s.Worth("n", bargain.Deal{0}); w.String() != "0.25" {
		t.Errorf("a decimal comma between semicolons: %s", w)
	}
}

// TestRoundingKeepsTies: equal weights with seventeen digits are rounded alike, so that what ties still ties.
func TestRoundingKeepsTies(t *testing.T) {
	s := &Scenario{Template: bargain.Template{Parties: []bargain.Party{{ID: "n"}, {ID: "s"}}}}
	for _, p := range []string{"n", "s"} {
		s.Scorings = append(s.Scorings, bargain.Scoring{Party: p, Weights: map[string]bargain.Number{}, Values: map[string]map[string]bargain.Number{}})
	}
	for _, id := range []string{"a", "b", "c"} {
		s.Template.Issues = append(s.Template.Issues, bargain.Issue{ID: id, Options: []bargain.Option{{ID: "x"}, {ID: "y"}}})
		for i := range s.Scorings {
			s.Scorings[i].Weights[id] = bargain.MustNumber("0.33333333333333331")
			s.Scorings[i].Values[id] = map[string]bargain.Number{"x": bargain.Ratio(1, 7), "y": bargain.Ratio(1, 11)}
		}
	}
	p, ws, err := s.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if len(ws) != 2 || !said(ws, "rounded to 15 decimals") {
		t.Errorf("warnings %v", ws)
	}
	u, err := p.Score(bargain.Deal{0, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	v, err := p.Score(bargain.Deal{1, 0, 0})
	if err != nil {
		t.Fatal(err)
	}
	if u.Utilities[0] != v.Utilities[0] {
		t.Errorf("two packages of the same worth are %d and %d after rounding", u.Utilities[0], v.Utilities[0])
	}
}

// TestTheManualsExamplesAreRead reads the examples of docs/formats.md and holds them against each other.
func TestTheManualsExamplesAreRead(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*Scenario{}
	for _, b := range block.FindAllStringSubmatch(string(data), -1) {
		if b[1] != "yaml" && b[1] != "csv" {
			continue
		}
		s, ws, err := read(t, "example."+b[1], b[2])
		if err != nil || len(ws) > 0 {
			t.Fatalf("the %s example: %v %v", b[1], err, ws)
		}
		found[b[1]] = s
	}
	y, c := found["yaml"], found["csv"]
	if y == nil || c == nil {
		t.Fatal("the manual should have an example in YAML and one in CSV")
	}
	draft, ok := y.Draft()
	if w, err := y.Worth("north", draft); !ok || err != nil || w.String() != "0.45" {
		t.Errorf("the draft is worth %s to north (%v)", w, err)
	}
	if w, _ := y.Worth("north", bargain.Deal{2, 1}); w.String() != "1.05" {
		t.Errorf("the pair is left out: %s", w)
	}
	if w, _ := c.Worth("south", bargain.Deal{1, 0}); w.String() != "0.82" {
		t.Errorf("in the table level 211.55 without a season is worth %s to south", w)
	}
	p, _, err := y.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Score(bargain.Deal{0, 0}); err == nil {
		t.Error("the rule is left out: a low lake without a season was scored")
	}
}

// TestNumbersBeyondTheEngineAreRefusedNotWrapped: worths past 2^63 end in the engine's sentence.
func TestNumbersBeyondTheEngineAreRefusedNotWrapped(t *testing.T) {
	for _, v := range []string{"9223372036854775808", "1e40", "-1e30"} {
		s, _, err := read(t, "a.csv", "issue,option,n,s\nlevel,low,1,0.5\nlevel,high,"+v+",1\n")
		if err != nil {
			t.Fatal(err)
		}
		var refusal *bargain.Refusal
		if _, _, err := s.Compile(); !errors.As(err, &refusal) || refusal.Fault != bargain.TooFine {
			t.Errorf("a worth of %s: %v, want a refusal", v, err)
		}
		if w, _ := s.Worth("n", bargain.Deal{1}); w.Cmp(bargain.MustNumber(v)) != 0 {
			t.Errorf("a worth of %s became %s", v, w)
		}
	}
}
