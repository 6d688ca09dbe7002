package paper_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/paper"
	"parley/internal/text"
)

type fataler interface {
	Helper()
	Fatal(...any)
}

// unpack returns the parts of a package by name.
func unpack(t fataler, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(part)
	}
	return parts
}

// repack makes a package of parts, which need not be a good one.
func repack(t fataler, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, part := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, part)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// settle accepts all tracked changes of a document, or rejects them, as
// ECMA-376 says what they mean.
func settle(t fataler, data []byte, reject bool) []byte {
	t.Helper()
	parts := unpack(t, data)
	d := etree.NewDocument()
	if err := d.ReadFromString(parts["word/document.xml"]); err != nil {
		t.Fatal(err)
	}
	gone, stays := "del", "ins"
	if reject {
		gone, stays = stays, gone
	}
	body := d.FindElement("//w:body")
	for _, p := range body.SelectElements("p") {
		if p.FindElement("w:pPr/w:rPr/w:"+gone) != nil {
			body.RemoveChild(p)
			continue
		}
		for _, c := range p.ChildElements() {
			switch c.Tag {
			case gone:
				p.RemoveChild(c)
			case stays:
				at := c.Index()
				for _, r := range c.ChildElements() {
					p.InsertChildAt(at, r)
					at++
				}
				p.RemoveChild(c)
			}
		}
		if mark := p.FindElement("w:pPr/w:rPr/w:" + stays); mark != nil {
			mark.Parent().RemoveChild(mark)
		}
	}
	out, err := d.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	parts["word/document.xml"] = out
	return repack(t, parts)
}

// Who accepts all changes has the later text, who rejects them has the base,
// whatever the two are.
func TestChangesLeadToBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, later := Texts().Draw(t, "base"), Texts().Draw(t, "later")
		data, err := paper.Writer{Mode: paper.Changes, Base: base}.Bytes(later, paper.DOCX)
		if err != nil {
			t.Fatal(err)
		}
		for reject, want := range map[bool]*text.Text{false: later, true: base} {
			got, err := paper.Reader{}.Read(bytes.NewReader(settle(t, data, reject)), paper.DOCX)
			if err != nil {
				t.Fatal(err)
			}
			want, found := want.Fresh(), got.Text.Fresh()
			if reject { // comments are only on what stands now
				want, found = withoutNotes(want), withoutNotes(found)
			}
			if diff := cmp.Diff(text.Print(want, nil), text.Print(found, nil)); diff != "" {
				t.Fatalf("rejected %v:\n%s", reject, diff)
			}
		}
	})
}

func withoutNotes(x *text.Text) *text.Text {
	y := *x
	y.Clauses = nil
	for _, c := range x.Clauses {
		c.Notes = nil
		y.Clauses = append(y.Clauses, c)
	}
	return &y
}

// A document tells nothing but the text, and the same text makes the same bytes.
func TestNothingLeaks(t *testing.T) {
	x := parse(t, lake)
	for _, w := range []paper.Writer{{}, {Mode: paper.Clean}, {Mode: paper.Changes, Base: parse(t, strings.Replace(lake, "15 May", "31 May", 1))}} {
		data := docx(t, w, x)
		if !bytes.Equal(data, docx(t, w, x)) {
			t.Errorf("mode %s: the same text makes other bytes", w.Mode)
		}
		for name, part := range unpack(t, data) {
			for _, planted := range []string{"rsid", "w:date", "docProps", "creator", "lastModified", "vanish", "2026", "Application", "Template"} {
				if strings.Contains(name+part, planted) {
					t.Errorf("mode %s: %s says %q", w.Mode, name, planted)
				}
			}
			if w.Mode == paper.Clean {
				for _, planted := range []string{"TR", "NORTHLAND", "they are close", "scrutiny", "ad ref", "["} {
					if name != "[Content_Types].xml" && strings.Contains(part, ">"+planted) || strings.Contains(part, planted+"<") {
						t.Errorf("the clean reading says %q in %s", planted, name)
					}
				}
			}
		}
	}
}

// What a document brings in of its author and times is not carried on.
func TestWhatCameInDoesNotGoOut(t *testing.T) {
	parts := unpack(t, docx(t, paper.Writer{}, parse(t, lake)))
	parts["docProps/core.xml"] = `<cp:coreProperties xmlns:cp="c"><creator>Planted Petrov</creator><created>2019-09-09T09:09:09Z</created></cp:coreProperties>`
	parts["word/document.xml"] = strings.Replace(parts["word/document.xml"], "<w:p>", `<w:p w:rsidR="00ABCDEF" w:rsidRDefault="00ABCDEF">`, 1)
	d := readDOCX(t, repack(t, parts))
	for name, part := range unpack(t, docx(t, paper.Writer{}, d.Text)) {
		for _, planted := range []string{"Planted", "Petrov", "2019", "ABCDEF"} {
			if strings.Contains(part, planted) {
				t.Errorf("%s still says %q", name, planted)
			}
		}
	}
}
