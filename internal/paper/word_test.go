package paper_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/paper"
	"parley/internal/text"
)

const w = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// word makes a package as Word does: styles with the names of Word, automatic
// numbers, ids of sessions of editing, authors and times.
func word(t *testing.T, body string) map[string]string {
	t.Helper()
	rel := func(n int, kind string) string {
		return fmt.Sprintf(`<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s.xml"/>`, n, kind, kind)
	}
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	return map[string]string{
		"[Content_Types].xml":          `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":                  rels + `<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels": rels + rel(1, "styles") + rel(2, "numbering") + rel(3, "footnotes") + rel(4, "comments") + `</Relationships>`,
		"word/styles.xml": `<w:styles ` + w + `>
			<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style>
			<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
			<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/></w:style>
			<w:style w:type="paragraph" w:styleId="my2"><w:name w:val="Mine"/><w:basedOn w:val="2"/></w:style>
		</w:styles>`,
		"word/numbering.xml": `<w:numbering ` + w + `>
			<w:abstractNum w:abstractNumId="0">
				<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
				<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
				<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%3."/></w:lvl>
			</w:abstractNum>
			<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Article %1"/></w:lvl></w:abstractNum>
			<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
			<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
			<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
			<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
			<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
		</w:numbering>`,
		"word/footnotes.xml": `<w:footnotes ` + w + `><w:footnote w:id="-1"/><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> UA: general reserve</w:t></w:r></w:p></w:footnote></w:footnotes>`,
		"word/comments.xml":  `<w:comments ` + w + `><w:comment w:id="0" w:author="Ada Mediator" w:date="2026-01-02T03:04:05Z" w:initials="AM"><w:p><w:r><w:t>they are close</w:t></w:r></w:p></w:comment></w:comments>`,
		"word/document.xml":  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document ` + w + `><w:body>` + body + `</w:body></w:document>`,
	}
}

func par(style string, runs ...string) string {
	pr := ""
	if style != "" {
		pr = style
		if !strings.HasPrefix(style, "<") {
			pr = `<w:pStyle w:val="` + style + `"/>`
		}
		pr = "<w:pPr>" + pr + "</w:pPr>"
	}
	return `<w:p w:rsidR="00AA11BB">` + pr + strings.Join(runs, "") + "</w:p>"
}

func run(s string) string { return `<w:r><w:t xml:space="preserve">` + s + `</w:t></w:r>` }
func gone(by, s string) string {
	return `<w:del w:id="9" w:author="` + by + `" w:date="2026-01-02T03:04:05Z"><w:r><w:delText xml:space="preserve">` + s + `</w:delText></w:r></w:del>`
}
func added(by, s string) string {
	return `<w:ins w:id="9" w:author="` + by + `" w:date="2026-01-02T03:04:05Z">` + run(s) + `</w:ins>`
}
func numbered(num, level int) string {
	return fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, level, num)
}

var delegates = paper.Reader{Authors: map[string]string{"Olena Petrenko": "ua", "Igor Volkov": "ru", "Ada Mediator": "mediation"}}

// A draft as Word's people make it: Word numbers, delegates track changes and
// comment. What was tracked becomes options of those who tracked it.
func TestWordsConventions(t *testing.T) {
	parts := word(t, par("a3", run("Treaty on the Lake"))+
		par("1", run("Closed season"))+
		par(numbered(1, 0), run("The Lake is "), gone("Olena Petrenko", "closed"), added("Olena Petrenko", "open"), run(" in spring"), `<w:r><w:footnoteReference w:id="2"/></w:r>`, run("."))+
		par(numbered(1, 0), `<w:commentRangeStart w:id="0"/>`, run("They "), added("Igor Volkov", "shall "), run("meet"), gone("Igor Volkov", " each year"), `<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>`, run(" to:"))+
		par(numbered(1, 1), run("set [RU: 211 m][UA: 212 m]"), added("Olena Petrenko", "[213 m]"), run(";"))+
		par(numbered(1, 1), run("count and/or weigh"), added("Igor Volkov", " fish/eels"), run("."))+
		par(numbered(1, 2), run("once"))+
		par(numbered(3, 0), run("a list"))+
		par("1", run("Borders"))+
		par(numbered(4, 0), added("Igor Volkov", "Nothing"), gone("Igor Volkov", "Much"), `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`, run(" here"), `<w:r><w:fldChar w:fldCharType="end"/></w:r>`, run("."))+
		par("<w:rPr><w:ins w:id=\"3\" w:author=\"Olena Petrenko\"/></w:rPr>", added("Olena Petrenko", "2. A new paragraph."))+
		par("", run("3. from "), gone("Igor Volkov", "[15 March"), run("] on"))+
		par("my2", run("Final provisions"))+
		par("", run("Signed"), `<w:r><w:tab/></w:r>`, run("at"), `<w:r><w:br/><w:noBreakHyphen/></w:r>`, run("night")))
	d, err := delegates.Read(bytes.NewReader(repack(t, parts)), "")
	if err != nil {
		t.Fatal(err)
	}
	want := `# Treaty on the Lake

Article 3. Closed season

1. The Lake is [closed (-UA)][UA: open] in spring.[^1]

2. They [RU: shall] meet [each year (-RU)] to:
> note MEDIATION: they are close

  (a) set [RU: 211 m][UA: 212 m]{}[UA: [213 m]];

  (b) count and/or weigh [RU: fish\/eels].

    (i) once

    - a list

Article 4. Borders

1. [Much (-RU)][RU: Nothing] here.

2. [UA: A new paragraph.]

3. from [[15 March] on][RU: ] on]

## Final provisions

Signed at ` + "\u2011" + `night

[^1]: UA: general reserve
`
	got := text.Print(d.Text, nil)
	// A change that cuts through a bracket leaves one that is not closed, as it
	// does in Word; that paragraph stands as two alternatives with a warning.
	for i, line := range strings.Split(want, "\n") {
		if strings.HasPrefix(line, "3. from") {
			if !strings.HasPrefix(strings.Split(got, "\n")[i], "3. [from [15 March] on][RU: from") {
				t.Errorf("the change through a bracket: %s", strings.Split(got, "\n")[i])
			}
			want = strings.Replace(want, line, strings.Split(got, "\n")[i], 1)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, r := range d.Remarks {
		t.Errorf("remark: %v", r)
	}
	if len(d.Warnings) == 0 || d.Warnings[0].Line != 12 {
		t.Errorf("the warning of the paragraph in which a bracket is left open: %v", d.Warnings)
	}
}

// Whoever is no side is not made one.
func TestAuthorsWhoAreNoSide(t *testing.T) {
	parts := word(t, par("", run("The Lake is "), gone("Мария Иванова", "closed"), added("Мария Иванова", "open"), run(".")))
	d := readDOCX(t, repack(t, parts))
	if got, want := text.Print(d.Text, nil), "The Lake is [closed][open].\n"; got != want {
		t.Errorf("got %s", got)
	}
	if len(d.Remarks) != 1 || !strings.Contains(d.Remarks[0].String(), `word/document.xml, paragraph 1: changes are tracked by "Мария Иванова", who is no side`) || !d.Whole() {
		t.Errorf("remarks: %v", d.Remarks)
	}
}

// What is in the document and not in the text is said, with the paragraph, and
// such a text is not whole.
func TestWhatIsLostIsSaid(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"hidden text", par("", `<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>`, run("shown")), "paragraph 1: there is hidden text"},
		{"a picture", par("", run("see"), `<w:r><w:drawing/></w:r>`), "paragraph 1: there is a picture"},
		{"a symbol", par("", `<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>`, run("x")), "character of a symbol font"},
		{"another document", `<w:altChunk r:id="rId9"/>` + par("", run("x")), "another document is set in here"},
		{"a formula", par("", run("x"), `<m:oMath xmlns:m="m"/>`), "there is a formula"},
	} {
		d := readDOCX(t, repack(t, word(t, c.body)))
		if d.Whole() || len(d.Remarks) != 1 || !strings.Contains(d.Remarks[0].String(), c.want) {
			t.Errorf("%s: whole %v, remarks %v", c.name, d.Whole(), d.Remarks)
		}
		if strings.Contains(text.Print(d.Text, nil), "secret") {
			t.Errorf("%s: it is read", c.name)
		}
	}
	d := readDOCX(t, repack(t, word(t, "<w:tbl><w:tr><w:tc>"+par("", run("a"))+"</w:tc><w:tc>"+par("", run("b"))+"</w:tc></w:tr></w:tbl>")))
	if got := text.Print(d.Text, nil); got != "a\n\nb\n" || !d.Whole() || len(d.Remarks) != 1 {
		t.Errorf("of a table: %q, remarks %v", got, d.Remarks)
	}
}

// A hostile or broken package ends in a sentence that names the part.
func TestBadDOCX(t *testing.T) {
	with := func(name, part string) []byte {
		parts := word(t, par("", run("x")))
		parts[name] = part
		return repack(t, parts)
	}
	without := func(name string) []byte {
		parts := word(t, par("", run("x")))
		delete(parts, name)
		return repack(t, parts)
	}
	twice := append([]byte{}, with("WORD/document.xml", "<a/>")...)
	deep := `<w:document ` + w + `><w:body>` + strings.Repeat("<w:sdt>", 300) + strings.Repeat("</w:sdt>", 300) + `</w:body></w:document>`
	whole := repack(t, word(t, par("", run("x"))))
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"no ZIP", []byte("PK, but no"), "This is no whole DOCX"},
		{"cut off", whole[:len(whole)-30], "This is no whole DOCX"},
		{"before 2007", append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, make([]byte, 100)...), "before 2007 or one under a password"},
		{"path upwards", with("../../etc/passwd", "x"), "../../etc/passwd: The package has a part that would lie outside"},
		{"path from the root", with("/etc/passwd", "x"), "would lie outside"},
		{"path of Windows", with(`word\..\x`, "x"), "would lie outside"},
		{"macros", with("word/vbaProject.bin", "x"), "word/vbaProject.bin: The document carries macros"},
		{"twice", twice, "The package has this part twice"},
		{"bomb", with("word/document.xml", strings.Repeat(" ", 33<<20)), "word/document.xml: The part is larger than 32 MB when unpacked"},
		{"bomb beside", with("word/styles.xml", "<w:styles>"+strings.Repeat("\n", 33<<20)), "word/styles.xml: The part is larger than 32 MB"},
		{"deep", with("word/document.xml", deep), "word/document.xml line 1: Elements stand in one another more than 256 deep"},
		{"entities", with("word/document.xml", `<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>`), "word/document.xml line 1: The XML has a document type"},
		{"entity in styles", with("word/styles.xml", `<!DOCTYPE x SYSTEM "http://example.com/x">`), "word/styles.xml line 1: The XML has a document type"},
		{"encoding", with("word/document.xml", `<?xml version="1.0" encoding="windows-1251"?><x/>`), `word/document.xml: The XML says it is "windows-1251"`},
		{"UTF-16", with("word/document.xml", "\xff\xfe<\x00"), "word/document.xml: The XML is UTF-16"},
		{"broken XML", with("word/document.xml", "<w:document>\n<w:body></w:document>"), "word/document.xml"},
		{"no document", without("word/document.xml"), "word/document.xml: The package has no such part"},
		{"a spreadsheet", with("word/document.xml", "<workbook/>"), "There is no body in this part"},
		{"too large", append(whole, make([]byte, paper.MaxFile)...), "The file is larger than 16 MB"},
	} {
		d, err := paper.Reader{}.Read(bytes.NewReader(c.data), paper.DOCX)
		if err == nil || !strings.Contains(err.Error(), c.want) || d != nil {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// Bytes that are no UTF-8 are refused with their line; a guess would put words
// into somebody's mouth.
func TestEncodings(t *testing.T) {
	for src, want := range map[string]string{
		"1. ok\n2. \xcf\xf0\xe8\xe2\xe5\xf2": "line 2: The byte CF is not UTF-8",
		"\xff\xfe1\x00":                      "The file is UTF-16",
		"1. a\x00b":                          "line 1: There is a zero byte",
	} {
		for _, f := range []paper.Format{paper.Plain, paper.Markdown} {
			if _, err := (paper.Reader{}).Read(strings.NewReader(src), f); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %q: %v", f, src, err)
			}
		}
	}
}

// A spreadsheet must not compute what a delegation wrote.
func TestCSVIsNoFormula(t *testing.T) {
	x := parse(t, "1. The [=HYPERLINK(1)][RU: +1][-2 (+UA)][@x] lake.\n> agreed ad ref\n> assent: UA ad ref if LAKE/2:c9\n")
	data, err := paper.Writer{}.Bytes(x, paper.CSV)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"clause", "kind", "bracket", "depth", "option", "words", "proposer", "supporters", "opponents", "reserves", "status", "assents"},
		{"1", "paragraph", "", "", "", "The [=HYPERLINK(1)][RU: +1][-2 (+UA)][@x] lake.", "", "", "", "", "agreed ad ref", "UA ad ref if LAKE/2:c9"},
		{"1", "paragraph", "b1", "1", "a", "'=HYPERLINK(1)", "", "", "", "", "", ""},
		{"1", "paragraph", "b1", "1", "b", "'+1", "RU", "", "", "", "", ""},
		{"1", "paragraph", "b1", "1", "c", "'-2", "", "UA", "", "", "", ""},
		{"1", "paragraph", "b1", "1", "d", "'@x", "", "", "", "", "", ""},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

// Markdown as people write it is read, too.
func TestForeignMarkdown(t *testing.T) {
	d, err := paper.Reader{}.Read(strings.NewReader("# Treaty\n\n## Article 1. Of **the lake**\n\n1\\. The lake is [RU: closed][UA: open]\\*.\n"), paper.Markdown)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := text.Print(d.Text, nil), "# Treaty\n\nArticle 1. Of the lake\n\n1. The lake is [RU: closed][UA: open]*.\n"; got != want {
		t.Errorf("got %s", got)
	}
}

// Characters that no XML document can hold are refused, not lost.
func TestWhatXMLCannotHold(t *testing.T) {
	x := &text.Text{Clauses: []text.Clause{{ID: "c1", Kind: text.Plain, Body: text.Words("a\uFFFEb")}}, Given: text.Given{Clauses: 1}}
	for _, f := range []paper.Format{paper.DOCX, paper.AKN} {
		if _, err := (paper.Writer{}).Bytes(x, f); err == nil || !strings.Contains(err.Error(), "line 1 of the text holds a noncharacter") {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// What is in the parts is as hostile as the package can be.
func FuzzReadParts(f *testing.F) {
	t := &testing.T{}
	parts := word(t, par("1", run("Closed season"))+par(numbered(1, 1), gone("A", "x"), added("A", "y [z"), `<w:r><w:footnoteReference w:id="2"/></w:r>`, `<w:commentRangeStart w:id="0"/>`)+par("", added("B", "2. a/b")))
	f.Add(parts["word/document.xml"], parts["word/styles.xml"], parts["word/numbering.xml"], parts["word/footnotes.xml"])
	f.Fuzz(func(t *testing.T, document, styles, numbering, footnotes string) {
		parts := word(t, "")
		parts["word/document.xml"], parts["word/styles.xml"], parts["word/numbering.xml"], parts["word/footnotes.xml"] = document, styles, numbering, footnotes
		d, err := paper.Reader{}.Read(bytes.NewReader(repack(t, parts)), paper.DOCX)
		if err != nil {
			return
		}
		if err := d.Text.Check(); err != nil {
			t.Fatalf("what was read is no text: %v", err)
		}
	})
}
