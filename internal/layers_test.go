package internal

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layers says who may know whom. A package may import those on the lines
// above its own, and nothing else of ours. To add a package, add its word.
const layers = `
ruling phrasebook seat certificate
catalogue text floor consent bargain
talks record bell evidence
room record/recordtest access lan docket scenario paper plot
access/accesstest memory sqlite postgres
secretariat witness script
rehearse parleytest load
api web
`

// A pure package's results depend on its arguments alone: it may not import
// what reads the world, nor ask for the time or for a zone.
var (
	pure    = strings.Fields("ruling phrasebook seat certificate catalogue text floor consent bargain talks record room scenario paper plot")
	worldly = strings.Fields("crypto/rand database/sql log/slog math/rand net net/http os os/exec sync/atomic syscall")
	asking  = strings.Fields("Now Since Until LoadLocation Sleep After Tick NewTimer NewTicker")
)

func TestLayers(t *testing.T) {
	height := map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(layers), "\n") {
		for name := range strings.FieldsSeq(line) {
			height[name] = i
		}
	}
	err := filepath.WalkDir(".", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || dir == "." || d.Name() == "testdata" {
			return err
		}
		p, err := build.ImportDir(dir, 0)
		if _, none := err.(*build.NoGoError); none {
			return nil
		} else if err != nil {
			return err
		}
		name := filepath.ToSlash(dir)
		own, ok := height[name]
		if !ok {
			t.Errorf("package %s is in no layer", name)
		}
		for _, imp := range p.Imports {
			if of, ours := strings.CutPrefix(imp, "parley/internal/"); ours && height[of] >= own {
				t.Errorf("%s imports %s, which is not above it in the list", name, of)
			}
			if slices.Contains(pure, name) && slices.Contains(worldly, imp) {
				t.Errorf("%s is pure, but imports %s", name, imp)
			}
		}
		if slices.Contains(pure, name) {
			for _, file := range p.GoFiles {
				asksForTime(t, filepath.Join(dir, file))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// asksForTime reports calls of a pure package that ask what time it is.
func asksForTime(t *testing.T, file string) {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(asking, sel.Sel.Name) {
				t.Errorf("%s is of a pure package, but calls time.%s", file, sel.Sel.Name)
			}
		}
		return true
	})
}
