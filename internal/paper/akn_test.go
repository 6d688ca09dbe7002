package paper_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/paper"
	"parley/internal/text"
)

// Akoma Ntoso is valid against the schema of OASIS, whatever the text.
func TestAKNIsValid(t *testing.T) {
	needs(t, "xmllint")
	schema, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data", "akn", "akomantoso30.xsd"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(schema); err != nil {
		t.Skip("the schema of OASIS is not here, so validity is not shown")
	}
	dir := t.TempDir()
	args := []string{"--nonet", "--noout", "--schema", schema}
	texts := []*text.Text{{}, parse(t, lake), parse(t, "# Only a title")}
	for seed := range 25 {
		texts = append(texts, Texts().Example(seed))
	}
	for i, x := range texts {
		data, err := paper.Writer{Date: "2026-11-22"}.Bytes(x, paper.AKN)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if said, err := exec.Command("xmllint", args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%.4000s", err, said)
	}
}

// A document that another program wrote is read as far as it has articles.
func TestForeignAKN(t *testing.T) {
	d, err := paper.Reader{}.Read(strings.NewReader(`<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="x"><meta/>
<preface><p><docTitle>Lake
 Act</docTitle></p></preface>
<body>
 <part eId="p"><num>Part II</num><heading>Use</heading>
  <article eId="a"><num>3 bis</num><heading>Closed season</heading>
   <paragraph><num>1.</num><content><p>The lake is <del>open</del> <ins>closed</ins><authorialNote><p>see above</p></authorialNote>.</p></content></paragraph>
   <paragraph><num>2.</num><list><intro><p>It opens</p></intro>
     <point><num>(a)</num><content><p>in [May][June];</p></content></point>
     <point><num>b.</num><content><p>and in autumn.</p></content></point></list></paragraph>
  </article></part>
</body></act></akomaNtoso>`), "")
	if err != nil {
		t.Fatal(err)
	}
	want := `# Lake Act

Part II. Use

Article 3 bis. Closed season

1. The lake is [open] [closed][^1].

2. It opens

  (a) in [May][June];

  (b) and in autumn.

[^1]: see above
`
	if diff := cmp.Diff(want, text.Print(d.Text, nil)); diff != "" {
		t.Error(diff)
	}
}

// What is not what it says is refused in one sentence, with the place.
func TestBadAKN(t *testing.T) {
	good, err := paper.Writer{}.Bytes(parse(t, lake), paper.AKN)
	if err != nil {
		t.Fatal(err)
	}
	change := func(from, to string) string {
		if !strings.Contains(string(good), from) {
			t.Fatalf("%q is not in the document", from)
		}
		return strings.Replace(string(good), from, to, 1)
	}
	for _, c := range []struct{ name, src, want string }{
		{"another root", `<html/>`, `The root is <html>`},
		{"no namespace", `<akomaNtoso><bill/></akomaNtoso>`, `The root is <akomaNtoso> of ""`},
		{"cut off", string(good[:len(good)/2]), "The XML is broken"},
		{"entity bomb", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><akomaNtoso>&b;</akomaNtoso>`, "The XML has a document type"},
		{"external entity", `<!DOCTYPE a SYSTEM "file:///etc/passwd"><akomaNtoso/>`, "The XML has a document type"},
		{"deep", strings.Repeat("<a>", 10_000), "more than 256 deep"},
		{"Latin", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><akomaNtoso>é</akomaNtoso>", `says it is "ISO-8859-1"`},
		{"broken UTF-8", "<akomaNtoso>\xe9</akomaNtoso>", "E9 is not UTF-8"},
		{"UTF-16", "\xff\xfe<\x00a\x00", "UTF-16"},
		{"version", change(`version="1"`, `version="7"`), `of version "7"`},
		{"kind", change(`parley:kind="article"`, `parley:kind="ballad"`), "is no clause of ours"},
		{"clause twice", change(`parley:id="c3"`, `parley:id="c2"`), "clause c2 stands twice"},
		{"metadata of nothing", change(`<parley:clause id="c3"`, `<parley:clause id="c99"`), "clause c99, which is not there"},
		{"one option", change(`parley:none="yes"`, ``), "no longer as Parley wrote it"},
		{"bold", change(`The Parties, `, `The <b>Parties</b>, `), "<b> within words"},
	} {
		_, err := paper.Reader{}.Read(strings.NewReader(c.src), paper.AKN)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
