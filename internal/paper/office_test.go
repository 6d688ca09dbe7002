package paper_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"

	"parley/internal/paper"
	"parley/internal/text"
)

// convert has LibreOffice convert documents, all by one process: starting it
// takes longer than the work. It returns where the results are.
func convert(t *testing.T, to string, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	args := []string{"--headless", "--norestore", "--nologo", "-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--convert-to", to, "--outdir", filepath.Join(dir, "out")}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if said, err := exec.Command("soffice", args...).CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice: %v\n%s", err, said)
	}
	return filepath.Join(dir, "out")
}

func file(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readDOCX(t *testing.T, data []byte) *paper.Document {
	t.Helper()
	d, err := paper.Reader{}.Read(bytes.NewReader(data), paper.DOCX)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// needs skips a test aloud where a program is missing.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("programs of others are left out of short tests")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed, so what it would say is not shown", p)
		}
	}
}

// lake is a text with something of everything, and lake2 what became of it.
const lake = `# Treaty on the Lake

Preamble: The Parties, [RU: recalling][UA: mindful of] the talks in İstanbul,[^1]

Article 1. Of the [closed / open] season

1. The Lake shall be [closed][open (+TR)] from [15 March {RU: (old style)} {UA: (new style)}] to 15 May.[^2]
> under discussion
> assent: TR ad ref if 2
> note MEDIATION: they are close
> note CHAIR to mediation, party:ru: to be taken up at [3]

  (a) the joint commission [and its secretariat (+NORTHLAND; -BR)] decides;

    (i) within thirty days;

- km/h \[sic\] and [a\/b]

Option 1: RU: гарантії безпеки [a][b]
Option 2: no text
> agreed ad ref

Article 2

المادة 3. موسم [مغلق][UA: مفتوح] لا شيء

2. об'єднання территорий

## Final [UA: provisions]

Annex A: of nothing
> for leaders
> defines: the Lake; водозбір

[^1]: see above
[^2]: RU: scrutiny reserve, until the drought rule is settled
`

func parse(t *testing.T, src string) *text.Text {
	t.Helper()
	p := text.Parse(src, nil)
	for _, w := range p.Warnings {
		t.Errorf("unexpected: %v", w)
	}
	return p.Text
}

func docx(t *testing.T, w paper.Writer, x *text.Text) []byte {
	t.Helper()
	data, err := w.Bytes(x, paper.DOCX)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func sameText(t *testing.T, what string, want *text.Text, got *paper.Document) {
	t.Helper()
	if diff := cmp.Diff(want.Fresh(), got.Text); diff != "" {
		t.Errorf("%s:\n%s", what, diff)
	}
	for _, r := range got.Remarks {
		t.Errorf("%s: remark: %v", what, r)
	}
}

// LibreOffice opens what is written and gives it back with every bracket,
// option and side.
func TestLibreOfficeGivesBack(t *testing.T) {
	needs(t, "soffice")
	x := parse(t, lake)
	files := map[string][]byte{
		"brackets.docx": docx(t, paper.Writer{}, x),
		"own.fodt":      file(t, "testdata", "office.fodt"),
	}
	var made []*text.Text
	for seed := range 12 {
		made = append(made, Texts().Example(seed))
		files[fmt.Sprintf("made%d.docx", seed)] = docx(t, paper.Writer{}, made[seed])
	}
	out := convert(t, "docx:MS Word 2007 XML", files)
	for seed, x := range made {
		sameText(t, fmt.Sprintf("a text by chance, %d", seed), x, readDOCX(t, file(t, out, fmt.Sprintf("made%d.docx", seed))))
	}
	sameText(t, "with brackets", x, readDOCX(t, file(t, out, "brackets.docx")))

	own := readDOCX(t, file(t, out, "own.docx"))
	got := text.Print(own.Text, nil)
	if want := string(file(t, "testdata", "office.txt")); got != want {
		t.Errorf("of LibreOffice's own document (-want +got):\n%s", cmp.Diff(want, got))
	}
}

// To LibreOffice, a document with tracked changes is the base with exactly
// these words taken out and those put in: without the one it reads as the
// later text does, without the other as the base.
func TestLibreOfficeSeesChanges(t *testing.T) {
	needs(t, "soffice")
	base := parse(t, lake)
	later := changed(t, base)
	out := convert(t, "fodt", map[string][]byte{
		"base.docx":    docx(t, paper.Writer{Mode: paper.Changes, Base: base}, base),
		"later.docx":   docx(t, paper.Writer{Mode: paper.Changes, Base: later}, later),
		"changes.docx": docx(t, paper.Writer{Mode: paper.Changes, Base: base}, later),
	})
	changes := file(t, out, "changes.fodt")
	if diff := cmp.Diff(flat(t, file(t, out, "later.fodt"), false), flat(t, changes, false)); diff != "" {
		t.Errorf("accepted:\n%s", diff)
	}
	if diff := cmp.Diff(flat(t, file(t, out, "base.fodt"), false), flat(t, changes, true)); diff != "" {
		t.Errorf("rejected:\n%s", diff)
	}
}

// flat returns the paragraphs of a flat ODF text with all its tracked changes
// accepted, or rejected, as LibreOffice writes them: words that were deleted
// stand in their place between two marks, as those that were inserted do.
func flat(t *testing.T, data []byte, reject bool) []string {
	t.Helper()
	d := etree.NewDocument()
	if err := d.ReadFromBytes(data); err != nil {
		t.Fatal(err)
	}
	f := flattener{reject: reject, inserted: map[string]bool{}}
	for _, r := range d.FindElements("//changed-region") {
		f.inserted[r.SelectAttrValue("text:id", "")] = r.SelectElement("insertion") != nil
	}
	f.walk(d.FindElement("//office:text"))
	var lines []string
	for line := range strings.SplitSeq(f.b.String(), "\n") {
		if line != "" {
			lines = append(lines, line)
		}
	}
	// Which number a footnote has depends on what else there is.
	numbers := map[string]string{}
	for i := range lines {
		lines[i] = noteMark.ReplaceAllStringFunc(lines[i], func(m string) string {
			if numbers[m] == "" {
				numbers[m] = fmt.Sprintf("[^%d]", len(numbers)+1)
			}
			return numbers[m]
		})
	}
	return lines
}

var noteMark = regexp.MustCompile(`\[\^[0-9]+\]`)

type flattener struct {
	b        strings.Builder
	reject   bool
	out      bool            // within what does not stand
	inserted map[string]bool // by id of a change: it was inserted, not deleted
}

func (f *flattener) say(s string) {
	if !f.out {
		f.b.WriteString(s)
	}
}

func (f *flattener) walk(e *etree.Element) {
	for _, token := range e.Child {
		switch c := token.(type) {
		case *etree.CharData:
			if strings.TrimSpace(c.Data) != "" || e.Tag == "p" || e.Tag == "span" || e.Tag == "h" {
				f.say(c.Data)
			}
		case *etree.Element:
			f.element(c)
		}
	}
}

func (f *flattener) element(e *etree.Element) {
	id := e.SelectAttrValue("text:change-id", "")
	switch e.Tag {
	case "tracked-changes", "annotation", "annotation-end", "note-citation", "sequence-decls", "forms":
	case "s":
		f.say(" ")
	case "change-start":
		f.out = f.inserted[id] == f.reject
	case "change-end":
		f.out = false
	case "p", "h":
		f.walk(e)
		f.say("\n")
	default:
		f.walk(e)
	}
}

// changed returns a later state of the text: words changed, a clause put in,
// one taken out, one moved.
func changed(t *testing.T, x *text.Text) *text.Text {
	t.Helper()
	src := text.Print(x, nil)
	for _, r := range [][2]string{
		{"[closed][open (+TR)]", "[closed][open (+TR)][TR: restricted]"},
		{"15 May.", "31 May of each year."},
		{"mindful of", "bearing in mind"},
		{"    (i) within thirty days;\n\n", ""},
		{"Article 2\n\n", "Article 2\n\n1. Nothing in this Treaty[^1] affects [UA: any] borders.\n\n"},
		{"see above", "see below"},
	} {
		if !strings.Contains(src, r[0]) {
			t.Fatalf("%q is not in the text", r[0])
		}
		src = strings.Replace(src, r[0], r[1], 1)
	}
	return parse(t, src).Align(x)
}
