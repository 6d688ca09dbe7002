package scenario

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// Each fuzz test feeds one parser. Whatever comes in, it ends in a scenario whose template is whole, or in a Fault or
// Variants that says something; and what was read can be written in Parley's own form and read back the same.

func fuzzOne(f *testing.F, ext string, beside []File, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, ws, err := Reader{Grid: 3}.ReadFiles("in", append([]File{{Name: "in." + ext, Data: data}}, beside...), nil)
		for _, w := range ws {
			if w.Text == "" || !utf8.ValidString(w.String()) {
				t.Fatalf("the warning %q is no sentence", w)
			}
		}
		if err != nil {
			var fault *Fault
			var variants *Variants
			if !errors.As(err, &fault) && !errors.As(err, &variants) {
				t.Fatalf("the refusal %T %v has no place", err, err)
			}
			return
		}
		if err := s.Template.Check(); err != nil {
			t.Fatalf("a broken template was read: %v", err)
		}
		if len(s.Template.Issues) > 50 || s.Rectangles != nil {
			return
		}
		var b bytes.Buffer
		if err := Write(&b, YAML, s); err != nil {
			t.Fatalf("cannot be written: %v", err)
		}
		again, _, err := Reader{}.ReadFiles("in", []File{{Name: "in.yaml", Data: b.Bytes()}}, nil)
		if err != nil {
			t.Fatalf("cannot be read back: %v\n%s", err, b.String())
		}
		sameScenario(t, b.String(), s, again)
	})
}

func FuzzGeniusProfile(f *testing.F) {
	fuzzOne(f, "xml", []File{{Name: "domain.xml", Data: []byte(gDomain)}}, geniusProfile("2", "0.4", `<reservation value="0.5"/><discount_factor value="0.9"/>`),
		`<utility_space type="nonlinear"><objective><issue index="2" type="integer" lowerbound="0" upperbound="2"/><utility maxutility="10"><ufun aggregation="sum"><hyperRectangle utility="4"><EXCLUDES index="2" min="0" max="0"/></hyperRectangle></ufun></utility></objective></utility_space>`)
}

func FuzzGeniusDomain(f *testing.F) {
	fuzzOne(f, "xml", []File{{Name: "a.xml", Data: []byte(geniusProfile("2", "0.4", ""))}}, gDomain,
		`<negotiation_template><objective><issue index="1" name="p" type="real"><range lowerbound="0" upperbound="1"/></issue></objective></negotiation_template>`)
}

func FuzzGeniusWeb(f *testing.F) {
	fuzzOne(f, "json", nil,
		`{"LinearAdditiveUtilitySpace":{"issueUtilities":{"a":{"DiscreteValueSetUtilities":{"valueUtilities":{"x":1,"y":0.5}}},"b":{"numberutils":{"lowValue":0,"lowUtility":1,"highValue":2,"highUtility":0}}},"issueWeights":{"a":0.5,"b":0.5},"domain":{"name":"d","issuesValues":{"a":{"values":["x","y"]},"b":{"range":[0,2,1]}}},"name":"p","reservationBid":{"issuevalues":{"a":"x"}}}}`)
}

func FuzzNegoLog(f *testing.F) {
	fuzzOne(f, "json", nil, `{"reservationValue":0.1,"issueWeights":{"a":1},"issues":{"a":{"x":0.2,"y":1}}}`)
}

func FuzzNegMAS(f *testing.F) {
	fuzzOne(f, "yaml", []File{{Name: "d.yaml", Data: []byte("issues:\n- {name: q, type: ContiguousIssue, values: [1, 3]}\n- {name: p, type: CategoricalIssue, values: [a, b]}\nname: d\ntype: DiscreteCartesianOutcomeSpace\n")}},
		"name: buyer\nreserved_value: 0.1\ntype: LinearAdditiveUtilityFunction\nvalues:\n- {mapping: {1: 0.0, 2: 0.5, 3: 1.0}, type: TableFun}\n- {mapping: {a: 0.0, b: 1e-320}, type: TableFun}\nweights: [0.5, 0.5]\n")
}

func FuzzOwnYAML(f *testing.F) {
	fuzzOne(f, "yaml", nil, "parley: scenario/1\nparties: [{id: n, reservation: 0.5}]\nissues:\n- {id: a, weights: {n: 1}, options: [{id: x, worth: {n: 1}}, {id: y, worth: {n: 2/3}}]}\nrules: [{id: r, not: [{a: x}], any: [{a: y}]}]\ndeals: [{id: draft, picks: {a: y}}]\n",
		bomb(), "a: &a [*a]\n")
}

func FuzzOwnJSON(f *testing.F) {
	fuzzOne(f, "json", nil, `{"parley":"scenario/1","parties":[{"id":"n"},{"id":"s","cap":1}],"issues":[{"id":"a","options":[{"id":"x","worth":{"n":1,"s":0}}]},{"id":"b","options":[{"id":"x","worth":{"n":1,"s":0}}]}],"pairs":[{"both":[{"a":"x"},{"b":"x"}],"worth":{"n":2}}]}`)
}

func FuzzCSV(f *testing.F) {
	fuzzOne(f, "csv", nil, "issue,option,n,s\n,reservation,1,2\nlevel,,0.5,0.5\nlevel,low,1,2\nlevel,high,2,1\n", "issue;option;n\nx;y;0,25\n", strings.Repeat(",", 300))
}
