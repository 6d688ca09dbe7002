package paper_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/paper"
	"parley/internal/text"
)

// back writes a text and reads it again.
func back(t interface {
	Helper()
	Fatal(...any)
}, x *text.Text, f paper.Format) *paper.Document {
	t.Helper()
	data, err := paper.Writer{}.Bytes(x, f)
	if err != nil {
		t.Fatal(err)
	}
	d, err := paper.Reader{}.Read(bytes.NewReader(data), f)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What is written as DOCX, Markdown or plain text comes back whole, with ids
// given anew.
func TestTextsComeBack(t *testing.T) {
	for _, f := range []paper.Format{paper.Plain, paper.Markdown, paper.DOCX, paper.AKN, paper.JSON} {
		t.Run(string(f), rapid.MakeCheck(func(t *rapid.T) {
			x := Texts().Draw(t, "text")
			got := back(t, x, f)
			want := x.Fresh()
			if f == paper.AKN || f == paper.JSON {
				want = x // ids and all
			}
			if diff := cmp.Diff(want, got.Text); diff != "" {
				t.Fatalf("it comes back otherwise:\n%s\nfrom\n%s", diff, text.Print(x, nil))
			}
			if len(got.Remarks) > 0 {
				t.Fatalf("remarks: %v", got.Remarks)
			}
		}))
	}
}

func fuzz(f *testing.F, format paper.Format) {
	x := text.Parse("# T\n\nArticle 1. Of [a][b]\n\n1. The [RU: closed][UA: open (-RU)] lake.[^1]\n> agreed\n> note CHAIR: words\n\n[^1]: see\n", nil).Text
	data, err := paper.Writer{}.Bytes(x, format)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := paper.Reader{}.Read(bytes.NewReader(data), format)
		if err != nil {
			return
		}
		if err := d.Text.Check(); err != nil {
			t.Fatalf("what was read is no text: %v", err)
		}
	})
}
