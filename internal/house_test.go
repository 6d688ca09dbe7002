package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/docs"
	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/room"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

// sources parses the program's own Go files: all packages, no tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	for _, pattern := range []string{"*/*.go", "*/*/*.go", "../cmd/*/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = f
		}
	}
	return files
}

// TestCatalogueIsWhole checks that every act and event that is written is
// listed, so that none can be written and then forgotten.
func TestCatalogueIsWhole(t *testing.T) {
	for _, p := range []struct {
		dir          string
		acts, events *catalogue.List
	}{{"talks", talks.Acts, talks.Events}, {"room", room.Acts, room.Events}} {
		written := map[string][]string{}
		for name, f := range sources(t) {
			if filepath.Dir(name) != p.dir {
				continue
			}
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Recv == nil {
					continue
				}
				if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
					written[fn.Name.Name] = append(written[fn.Name.Name], kebab(id.Name))
				}
			}
		}
		for _, a := range text.Acts() { // wrapped by one generic type
			written["decide"] = append(written["decide"], talks.TextActName(a)+map[string]string{"room": "-in-room"}[p.dir])
		}
		compare(t, p.dir+": acts", written["decide"], p.acts)
		compare(t, p.dir+": events", written["Phrase"], p.events)
	}
}

// kebab is the public name of a type or field, as the catalogue spells it.
func kebab(id string) string {
	var b strings.Builder
	for i, r := range id {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteString(strings.ToLower(string(r)))
	}
	return b.String()
}

func compare(t *testing.T, what string, written []string, list *catalogue.List) {
	t.Helper()
	var listed []string
	for _, s := range list.Specs() {
		listed = append(listed, s.Name)
	}
	slices.Sort(written)
	slices.Sort(listed)
	if !slices.Equal(written, listed) {
		t.Errorf("%s written: %v\n listed: %v", what, written, listed)
	}
}

var ruleHead = regexp.MustCompile(`(?m)^\*\*Rule (\d+)\.`)

// TestRules checks that every rule that is cited exists, and that every rule
// that exists is cited, but for those that only say how things are.
func TestRules(t *testing.T) {
	descriptive := []int{2, 4}
	var written []int
	for _, m := range ruleHead.FindAllStringSubmatch(docs.Rules, -1) {
		n, _ := strconv.Atoi(m[1])
		if len(written) > 0 && n <= written[len(written)-1] {
			t.Errorf("rule %d is out of order", n)
		}
		written = append(written, n)
	}
	cited := map[int]bool{}
	for _, s := range secretariat.Acts.Specs() {
		cited[s.Rule] = true
	}
	for name, f := range sources(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !isNo(call) || len(call.Args) < 3 {
				return true
			}
			if lit, ok := call.Args[1].(*ast.BasicLit); ok {
				rule, _ := strconv.Atoi(lit.Value)
				cited[rule] = true
				if rule != 0 && !slices.Contains(written, rule) {
					t.Errorf("%s cites rule %d, which is not in the rules of procedure", name, rule)
				}
			}
			return true
		})
	}
	for _, n := range written {
		if !cited[n] && !slices.Contains(descriptive, n) {
			t.Errorf("rule %d is cited by no refusal", n)
		}
	}
}

func isNo(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "No"
}

// TestPhrases checks that everything that can be said has a phrase: refusals,
// events, acts, their fields and choices, roles and powers.
func TestPhrases(t *testing.T) {
	book := phrasebook.MustOpen()
	want := func(key, why string) {
		if !book.Has(key) {
			t.Errorf("there is no phrase %q (%s)", key, why)
		}
	}
	for name, f := range sources(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if isNo(n) && len(n.Args) >= 3 {
					if key, ok := literal(n.Args[2]); ok {
						want("refusal."+key, name)
					}
				}
			case *ast.BasicLit:
				if key, ok := literal(n); ok && wholeKey.MatchString(key) && !strings.HasSuffix(key, "-") && !strings.HasSuffix(key, ".templ") {
					want(key, name)
				}
			}
			return true
		})
	}
	for _, s := range secretariat.Acts.Specs() {
		want("act."+s.Name, "an act")
		for _, f := range s.Fields {
			want("field."+f.Name, s.Name)
		}
	}
	for _, r := range seat.Roles() {
		want("role."+string(r), "a role")
	}
	for _, p := range seat.Powers() {
		want("power."+string(p), "a power")
	}
	for key, choices := range map[string][]string{
		"turning": talks.Turning("").Choices(), "part": talks.Part("").Choices(), "level": talks.Level("").Choices(),
		"template": talks.Template("").Choices(), "role": talks.Rank("").Choices(),
	} {
		for _, c := range choices {
			want(key+"."+c, "a choice")
		}
	}
}

var wholeKey = regexp.MustCompile(`^(event|aside|refusal|kind|page|audience|cli|api)\.[a-z-]+$`)

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// TestPermitsIsWhole checks that the one table of who may do what speaks of
// every act in the catalogue and of nothing else.
func TestPermitsIsWhole(t *testing.T) {
	var acts []string
	for _, s := range secretariat.Acts.Specs() {
		acts = append(acts, s.Name)
	}
	slices.Sort(acts)
	if got := seat.Permitted(); !slices.Equal(got, acts) {
		t.Errorf("the table speaks of %v\n the catalogue of %v", got, acts)
	}
}

// TestFieldNames checks that a field of more than one word is spelled the same
// in JSON as in forms.
func TestFieldNames(t *testing.T) {
	for name, f := range sources(t) {
		if dir := filepath.Dir(name); dir != "talks" && dir != "room" {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			s, ok := n.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range s.Fields.List {
				for _, id := range field.Names {
					words := strings.Contains(kebab(id.Name), "-")
					if id.IsExported() && words && tagged(s) && (field.Tag == nil || !strings.Contains(field.Tag.Value, "json:")) {
						t.Errorf("%s: field %s of more than one word has no json tag", name, id.Name)
					}
				}
			}
			return true
		})
	}
}

// tagged reports whether a struct has tags, and so is an act or an event.
func tagged(s *ast.StructType) bool {
	return slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool { return f.Tag != nil })
}

// TestMapIsCorrect checks that what ARCHITECTURE, GLOSSARY, README and
// CONTRIBUTING name in backquotes as a file or a package is there.
func TestMapIsCorrect(t *testing.T) {
	path := regexp.MustCompile("`((?:internal|cmd|docs|third_party|bench|\\.ci)/[A-Za-z0-9_./-]+)`")
	for _, name := range []string{"README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile("../" + name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range path.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat("../" + m[1]); err != nil {
				t.Errorf("%s names %s, which is not there", name, m[1])
			}
		}
	}
}
