package web_test

import (
	"bytes"
	"go/format"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ/generator"
	parser "github.com/a-h/templ/parser/v2"
	"github.com/google/go-cmp/cmp"

	"parley/internal/secretariat"
)

// TestHeaders: every answer has them.
func TestHeaders(t *testing.T) {
	s := inSession(t)
	for _, path := range append(paths(), "/nowhere") {
		for _, who := range []string{"", "njeri", "ada"} {
			a := s.get(who, path)
			if csp := a.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'self'; script-src 'self';") || strings.Contains(csp, "unsafe") {
				t.Errorf("%s: %s", path, csp)
			}
			if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %v", path, a.Header)
			}
			if strings.Contains(a.Body, " style=") || strings.Contains(a.Body, "<style") || strings.Contains(a.Body, "<script>") || strings.Contains(a.Body, " onclick=") {
				t.Errorf("%s has style or script in the page", path)
			}
			if i := strings.Index(a.Body, "{page"); i >= 0 {
				t.Errorf("%s lacks a phrase: %s", path, a.Body[i:min(i+60, len(a.Body))])
			}
			for _, raw := range []string{"{field.", "{act.", "{role.", "{level.", "{heading", "{refusal"} {
				if i := strings.Index(a.Body, raw); i >= 0 {
					t.Errorf("%s lacks a phrase: %s", path, a.Body[i:min(i+60, len(a.Body))])
				}
			}
		}
	}
}

// TestInert: what people write is text, wherever it shows.
func TestInert(t *testing.T) {
	s := seated(t)
	corpus := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'><svg onload=alert(1)>`, `</textarea><script>alert(1)</script>`,
		`<a href="javascript:alert(1)">x</a>`, `{{.Name}} ${alert(1)}`, `</title><script>alert(1)</script>`, "data: x\n\nevent: piece\ndata: <b id=\"main\">gone</b>",
		`&lt;b&gt;bold&lt;/b&gt;`, `\u003cscript\u003e`,
	}
	for i, x := range corpus {
		s.do("ada", `arrange-venue place=`+quote(x)+` format=`+quote(x)+` seating=`+quote(x))
		s.do("ada", `disclose text=`+quote(x))
		s.do("njeri", `name-party party=uganda name=`+quote(x))
		s.do("njeri", `pass-note to=uganda text=`+quote(x))
		s.do("njeri", `propose-modality heading=venue text=`+quote(x))
		if i == 0 {
			s.do("ada", `announce title=`+quote(x)+` text=`+quote(x))
			s.do("ada", `open-meeting title=`+quote(x))
		}
		s.do("njeri", `raise-point-of-order point=`+quote(x))
		s.do("ada", `rule-on-point upheld=yes ruling=`+quote(x))
		s.do("ada", `speak kept=exact language=en text=`+quote(x)+` delivered-by=`+quote(x))
		s.do("ada", `publish words=`+quote(x))
		for _, who := range []string{"njeri", "ada", "", "hosni"} {
			for _, path := range paths() {
				s.inert(who, path, s.get(who, path))
			}
		}
		a := s.post("njeri", "/talks/lake/acts/raise-point-of-order", url.Values{"point": {x}, "nosuch": {x}})
		s.inert("njeri", "the refusal", a)
	}
	events, _ := s.live("njeri", "/talks/lake/stream/meeting?after=0", "")
	next(t, events, "entry")
	s.do("ada", `speak kept=exact text=`+quote(corpus[7]))
	for {
		e := next(t, events, "entry")
		if strings.Contains(e, "gone") {
			if strings.Contains(e, "\nevent: piece") || !strings.Contains(e, "data: &lt;b") && !strings.Contains(e, "data: data: &lt;b") {
				t.Errorf("words break out of the stream: %q", e)
			}
			break
		}
	}
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`"`, `”`, "\n", `\n`).Replace(s) + `"`
}

// inert fails if anything that people wrote became an element.
func (s *stage) inert(who, path string, a answer) {
	s.t.Helper()
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || a.Status == http.StatusSeeOther {
		return
	}
	p := read(s.t, a.Body)
	if n := len(p.all("script")); n != 1 {
		s.t.Errorf("%s on %s: %d scripts", who, path, n)
	}
	if p.has("img") || p.has("[onerror]") || p.has("[onload]") {
		s.t.Errorf("%s on %s: words have become markup", who, path)
	}
	for _, n := range p.all("a") {
		if href, _ := attr(n, "href"); strings.HasPrefix(strings.TrimSpace(strings.ToLower(href)), "javascript:") {
			s.t.Errorf("%s on %s: a link to script", who, path)
		}
	}
}

// TestTemplatesAreCurrent: what was generated is what the templates say.
func TestTemplatesAreCurrent(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	for _, file := range files {
		template, err := parser.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if _, err := generator.Generate(template, &want, generator.WithFileName(file)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(strings.TrimSuffix(file, ".templ") + "_templ.go")
		if err != nil {
			t.Fatal(err)
		}
		made, err := format.Source(want.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if cmp.Diff(uncommented(got), uncommented(made)) != "" {
			t.Errorf("%s is not what was generated from it: run templ generate (v0.3.977) in internal/web", file)
		}
	}
}

// uncommented leaves out the line that names the generator's version.
func uncommented(source []byte) string {
	return strings.Replace(string(source), "// templ: version: v0.3.977\n", "", 1)
}

// TestEveryActHasAForm: an act that somebody may do is found on a page.
func TestEveryActHasAForm(t *testing.T) {
	for _, spec := range secretariat.Acts.Specs() {
		if !book.Has("act." + spec.Name) {
			t.Errorf("%s has no name for people", spec.Name)
		}
		for _, f := range spec.Fields {
			if !book.Has("field."+f.Name) && !book.Has("page.label-"+spec.Name+"-"+f.Name) {
				t.Errorf("%s: the field %s has no name for people", spec.Name, f.Name)
			}
		}
	}
}
