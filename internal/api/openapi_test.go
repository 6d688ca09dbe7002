package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/google/go-cmp/cmp"

	"parley/internal/api"
	"parley/internal/phrasebook"
	"parley/internal/secretariat"
)

var manual = flag.Bool("manual", false, "write docs/api.md anew")

// described reads the description that a house answers with somebody else's program.
func described(t testing.TB) *openapi3.T {
	t.Helper()
	text, err := api.OpenAPI(phrasebook.MustOpen())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestOpenAPI: the description is one, by somebody else's judgement; it has
// every act and every route, and is the same every time.
func TestOpenAPI(t *testing.T) {
	h := newHouse(t)
	one, two := h.get("", "/api/openapi.json"), newHouse(t).get("mallory", "/api/openapi.json")
	if one.body != two.body || one.status != 200 || one.header.Get("Content-Type") != "application/json" {
		t.Errorf("it is described in two ways: %d %v", one.status, one.header)
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(one.body))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil || !doc.IsOpenAPI31OrLater() {
		t.Fatalf("%s: %v", doc.OpenAPI, err)
	}
	ids := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for _, o := range item.Operations() {
			if ids[o.OperationID] || o.OperationID == "" || o.Summary == "" {
				t.Errorf("%s is called %q, and says %q", path, o.OperationID, o.Summary)
			}
			ids[o.OperationID] = true
		}
	}
	for _, s := range secretariat.Acts.Specs() {
		item := doc.Paths.Value("/api/talks/{id}/acts/" + s.Name)
		if item == nil || item.Post == nil {
			t.Errorf("%s is not described", s.Name)
			continue
		}
		schema := item.Post.RequestBody.Value.Content.Get("application/json").Schema.Value
		for _, f := range s.Fields {
			if p := schema.Properties[f.Name]; p == nil || p.Value.Description == "" || len(p.Value.Enum) != len(f.Choices) && p.Value.Items == nil {
				t.Errorf("%s of %s is not described", f.Name, s.Name)
			}
		}
		if len(schema.Properties) != len(s.Fields) {
			t.Errorf("%s has %d fields, and %d are described", s.Name, len(s.Fields), len(schema.Properties))
		}
	}
	if got, want := doc.Paths.Len(), len(secretariat.Acts.Specs())+9; got != want {
		t.Errorf("%d paths are described, want %d", got, want)
	}
}

// TestManual holds docs/api.md to the program.
func TestManual(t *testing.T) {
	const file = "../../docs/api.md"
	want := string(api.Manual(phrasebook.MustOpen()))
	if *manual {
		if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("docs/api.md is not current; run with -args -manual (-written +is):\n%s", diff)
	}
}

// A critic holds what is asked and answered to the description.
type critic struct {
	*house
	doc *openapi3.T
}

func newCritic(h *house) critic { return critic{h, described(h)} }

// options make no exception: a status that is not described is wrong.
var options = &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}

// ask asks, and compares request and answer with what is described for path.
// What was accepted must have been a request as described.
func (c critic) ask(who, method, path string, params map[string]string, query, body string) answer {
	c.Helper()
	at := path
	for name, value := range params {
		at = strings.ReplaceAll(at, "{"+name+"}", url.PathEscape(value))
	}
	header := http.Header{}
	if body != "" {
		header.Set("Content-Type", "application/json")
	}
	a := c.house.ask(who, method, at+query, strings.NewReader(body), header)
	r, err := http.NewRequest(method, c.URL+at+query, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	r.Header = header
	item := c.doc.Paths.Value(path)
	if item == nil {
		c.Fatalf("%s is not described", path)
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Options: options,
		Route: &routers.Route{Spec: c.doc, Path: path, PathItem: item, Method: method, Operation: item.GetOperation(method)}}
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil && a.status == 200 {
		c.Errorf("%s %s%s %s was taken, and is not as described: %v", method, at, query, body, err)
	}
	response := &openapi3filter.ResponseValidationInput{RequestValidationInput: input, Status: a.status, Header: a.header, Options: options}
	response.SetBodyBytes([]byte(a.body))
	if err := openapi3filter.ValidateResponse(context.Background(), response); err != nil {
		c.Errorf("%s %s%s as %q: %d is not as described: %v\n%.300s", method, at, query, who, a.status, err, a.body)
	}
	return a
}

// TestAnswersAreAsDescribed has everybody ask for everything.
func TestAnswersAreAsDescribed(t *testing.T) {
	c := newCritic(convened(t))
	c.do(`ada announce {"title":"The lake talks"}`)
	c.do(`ada admit-observer {"person":"@grace","name":"Grace Observer","as":"observer"}`)
	c.do(`ada open-meeting {}`)
	note := c.do(`njeri pass-note {"to":"uganda","text":"Shall we?"}`)
	room := string(note.Entries[len(note.Entries)-1].Record)
	statuses := map[string]map[int]bool{}
	for path, item := range c.doc.Paths.Map() {
		if item.Get == nil || strings.HasSuffix(path, "/stream") { // which does not end; see TestTheStream…
			continue
		}
		statuses[path] = map[int]bool{}
		for _, who := range []string{"", "ada", "njeri", "grace", "mallory"} {
			for _, id := range []string{"lake", "nowhere"} {
				for _, n := range []string{"1", "99"} {
					for _, query := range []string{"", "?record=public", "?record=nonsense", "?after=x", "?record=" + room} {
						if strings.Contains(query, "?") && item.Get.Parameters.GetByInAndName("query", strings.TrimPrefix(query[:strings.IndexByte(query, '=')], "?")) == nil {
							continue
						}
						params := map[string]string{}
						for _, p := range item.Get.Parameters {
							if p.Value.In == "path" {
								params[p.Value.Name] = map[string]string{"id": id, "n": n}[p.Value.Name]
							}
						}
						statuses[path][c.ask(who, "GET", path, params, query, "").status] = true
					}
				}
			}
		}
		if !statuses[path][200] {
			t.Errorf("%s was never answered", path)
		}
	}
	if got := slices.Sorted(maps.Keys(statuses["/api/talks/{id}/record"])); !slices.Equal(got, []int{200, 400, 404}) {
		t.Errorf("reading was answered with %v", got)
	}
	c.tokens["stale"] = "parley-nothing"
	if a := c.ask("stale", "GET", "/api/talks", nil, "", ""); a.status != 403 {
		t.Errorf("a token that is no good: %d", a.status)
	}
}

// TestEveryActIsTakenAsDescribed fills in every act as its description says, at
// the least and in full: the form is never what it is refused for. Then it does
// what the description does not allow, and is always refused for that.
func TestEveryActIsTakenAsDescribed(t *testing.T) {
	c := newCritic(convened(t))
	taken := 0
	for _, s := range secretariat.Acts.Specs() {
		path := "/api/talks/{id}/acts/" + s.Name
		schema := c.doc.Paths.Value(path).Post.RequestBody.Value.Content.Get("application/json").Schema.Value
		least, full := map[string]any{}, map[string]any{}
		for name, p := range schema.Properties {
			full[name] = example(p.Value)
			if slices.Contains(schema.Required, name) {
				least[name] = full[name]
			}
		}
		if s.Name == "close-talks" { // or nothing more could be tried
			least, full = map[string]any{}, map[string]any{"reason": "x", "nonsense": 1}
		}
		for _, who := range []string{"mallory", "njeri", "ada"} {
			for _, body := range []map[string]any{least, full} {
				a := c.ask(who, "POST", path, map[string]string{"id": "lake"}, "", written(t, body))
				if a.status == 200 {
					taken++
				} else if p := a.problem(t); p.Rule == 51 && s.Name != "close-talks" {
					t.Errorf("%s refuses the form of %s: %s", s.Name, written(t, body), p.Detail)
				}
			}
		}
		wrong := []map[string]any{with(full, "nonsense", "x")}
		for name, p := range schema.Properties {
			wrong = append(wrong, with(full, name, map[string]any{}))
			switch {
			case p.Value.Type.Is("string"):
				wrong = append(wrong, with(full, name, 7), with(full, name, []string{"x"}))
				if len(p.Value.Enum) > 0 {
					wrong = append(wrong, with(full, name, "nonsense"))
				}
			default:
				wrong = append(wrong, with(full, name, "x"))
			}
		}
		for _, body := range wrong {
			var value any
			if err := json.Unmarshal([]byte(written(t, body)), &value); err != nil {
				t.Fatal(err)
			}
			if schema.VisitJSON(value, openapi3.EnableJSONSchema2020()) == nil {
				t.Errorf("%s: %v is as described", s.Name, body)
			}
			a := c.house.ask("ada", "POST", "/api/talks/lake/acts/"+s.Name, strings.NewReader(written(t, body)), http.Header{"Content-Type": {"application/json"}})
			if p := a.problem(t); a.status != 400 || p.Rule != 51 {
				t.Errorf("%s takes %v: %d %s", s.Name, body, a.status, p.Detail)
			}
		}
	}
	if taken < 10 {
		t.Errorf("only %d were entered; the comparison sees too little", taken)
	}
}

// example is a value as its schema describes it.
func example(s *openapi3.Schema) any {
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type.Is("array"):
		return []any{example(s.Items.Value)}
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("integer"):
		return 1
	case s.Format == "date-time":
		return "2030-01-02T12:00:00+03:00"
	case s.ContentEncoding != "":
		return "aGVsbG8="
	}
	return "kenya"
}

func with(body map[string]any, name string, value any) map[string]any {
	body = maps.Clone(body)
	body[name] = value
	return body
}

func written(t testing.TB, body map[string]any) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestAPaperOf1MB: the largest paper that the rules allow comes in whole.
func TestAPaperOf1MB(t *testing.T) {
	c := newCritic(convened(t))
	for size, want := range map[int]int{1 << 20: 200, 1<<20 + 1: 400} {
		body := fmt.Sprintf(`{"name":"map.png","origin":"drawn by the secretariat","content":%q}`, base64Of(size))
		a := c.ask("ada", "POST", "/api/talks/{id}/acts/attach", map[string]string{"id": "lake"}, "", body)
		if a.status != want {
			t.Errorf("%d bytes: %d %.200s", size, a.status, a.body)
		}
	}
}

func base64Of(size int) string {
	text, _ := json.Marshal(bytes.Repeat([]byte{0xa5}, size))
	return strings.Trim(string(text), `"`)
}
