package paper

import (
	"archive/zip"
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"

	"parley/internal/text"
)

const (
	relationNS   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageNS    = "http://schemas.openxmlformats.org/package/2006/relationships"
	contentNS    = "http://schemas.openxmlformats.org/package/2006/content-types"
	wordType     = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	documentPart = "word/document.xml"
)

// epoch is the time of every file in a package: the first that a ZIP can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// pack makes the package, its parts in fixed order.
func (d *docxWriter) pack(doc *etree.Document) ([]byte, error) {
	parts := []struct {
		name, content string
		doc           *etree.Document
	}{
		{documentPart, "document.main", doc},
		{"word/styles.xml", "styles", styles()},
		{"word/footnotes.xml", "footnotes", d.footnotes},
		{"word/comments.xml", "comments", d.comments},
		{"word/footer1.xml", "footer", footer()},
	}
	types := etree.NewDocument()
	types.CreateProcInst("xml", `version="1.0" encoding="UTF-8" standalone="yes"`)
	root := types.CreateElement("Types")
	root.CreateAttr("xmlns", contentNS)
	for _, v := range [][2]string{{"rels", "application/vnd.openxmlformats-package.relationships+xml"}, {"xml", "application/xml"}} {
		e := root.CreateElement("Default")
		e.CreateAttr("Extension", v[0])
		e.CreateAttr("ContentType", v[1])
	}
	top, inner := relations(), relations()
	relate(top, "rId1", "officeDocument", documentPart)
	for i, p := range parts {
		e := root.CreateElement("Override")
		e.CreateAttr("PartName", "/"+p.name)
		e.CreateAttr("ContentType", wordType+p.content+"+xml")
		if i > 0 {
			file := strings.TrimPrefix(p.name, "word/")
			relate(inner, "rId"+string(rune('0'+i)), strings.TrimRight(strings.TrimSuffix(file, ".xml"), "1"), file)
		}
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	put := func(name string, doc *etree.Document) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch})
		if err == nil {
			_, err = doc.WriteTo(w)
		}
		return err
	}
	files := []string{"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"}
	for i, doc := range []*etree.Document{types, top, inner} {
		if err := put(files[i], doc); err != nil {
			return nil, err
		}
	}
	for _, p := range parts {
		if err := put(p.name, p.doc); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func relations() *etree.Document {
	d := etree.NewDocument()
	d.CreateProcInst("xml", `version="1.0" encoding="UTF-8" standalone="yes"`)
	d.CreateElement("Relationships").CreateAttr("xmlns", packageNS)
	return d
}

func relate(d *etree.Document, id, kind, target string) {
	e := d.Root().CreateElement("Relationship")
	e.CreateAttr("Id", id)
	e.CreateAttr("Type", relationNS+"/"+kind)
	e.CreateAttr("Target", target)
}

// footer is the number of the page.
func footer() *etree.Document {
	d := part("ftr")
	p := add(d.Root(), "p")
	add(add(p, "pPr"), "jc", "val", "center")
	add(add(add(p, "fldSimple", "instr", " PAGE "), "r"), "t").SetText("1")
	return d
}

// A look is what the paragraphs of a style look like.
type look struct {
	id, name string
	outline  int    // level in the navigation, from 1; 0 for none
	size     int    // in half points; 0 for that of the text
	flags    string // c centred, b bold, i italic, k kept with the next, g grey
	indent   int    // from the left, in twentieths of a point
	hang     int    // of the first line
}

// stylePrefix begins the names of our styles, by which rows are known when
// they come back. Word and LibreOffice keep the names of styles.
const stylePrefix = "Parley "

var looks = []look{
	{id: "ParleyTitle", name: "Title", size: 32, flags: "cbk"},
	{id: "ParleyPart", name: "Part", outline: 1, size: 26, flags: "cbk"},
	{id: "ParleyChapter", name: "Chapter", outline: 2, size: 25, flags: "cbk"},
	{id: "ParleySection", name: "Section", outline: 3, flags: "cbk"},
	{id: "ParleyArticle", name: "Article", outline: 4, flags: "bk"},
	{id: "ParleyHeading", name: "Heading", outline: 4, flags: "bik"},
	{id: "ParleyParagraph", name: "Paragraph"},
	{id: "ParleyPoint", name: "Point", indent: 567},
	{id: "ParleySubpoint", name: "Subpoint", indent: 1134},
	{id: "ParleyItem", name: "Item", indent: 567, hang: 284},
	{id: "ParleyOption", name: "Option", indent: 567},
	{id: "ParleyStanding", name: "Standing", size: 18, flags: "ig", indent: 567},
	{id: "ParleyFootnote", name: "Footnote", size: 18},
	{id: "ParleyComment", name: "Comment", size: 18},
}

// styleOf returns the style of a row.
func styleOf(r row) string {
	switch r.role {
	case title:
		return "ParleyTitle"
	case option, gap:
		return "ParleyOption"
	case standing:
		return "ParleyStanding"
	case definition:
		return "ParleyFootnote"
	}
	switch k := r.clause.Kind; k {
	case text.Annex:
		return "ParleyPart"
	case text.Preamble:
		return "ParleyArticle"
	case text.Plain:
		return "ParleyParagraph"
	default:
		return "Parley" + strings.ToUpper(string(k[:1])) + string(k[1:])
	}
}

// styles are the looks, and what they are drawn from.
func styles() *etree.Document {
	d := part("styles")
	root := d.Root()
	defaults := add(root, "docDefaults")
	pr := add(add(defaults, "rPrDefault"), "rPr")
	add(pr, "rFonts", "ascii", "Liberation Serif", "hAnsi", "Liberation Serif", "eastAsia", "Liberation Serif", "cs", "Arial")
	add(pr, "sz", "val", "23")
	add(pr, "szCs", "val", "24")
	add(add(add(defaults, "pPrDefault"), "pPr"), "spacing", "after", "120", "line", "264", "lineRule", "auto")
	normal := add(root, "style", "type", "paragraph", "default", "1", "styleId", "Normal")
	add(normal, "name", "val", "Normal")
	for _, l := range looks {
		s := add(root, "style", "type", "paragraph", "customStyle", "1", "styleId", l.id)
		add(s, "name", "val", stylePrefix+l.name)
		add(s, "basedOn", "val", "Normal")
		add(s, "qFormat")
		l.paragraph(add(s, "pPr"))
		l.run(add(s, "rPr"))
	}
	mark := add(root, "style", "type", "character", "customStyle", "1", "styleId", "ParleyMark")
	add(mark, "name", "val", stylePrefix+"Mark")
	add(add(mark, "rPr"), "vertAlign", "val", "superscript")
	return d
}

func (l look) paragraph(pr *etree.Element) {
	if strings.Contains(l.flags, "k") {
		add(pr, "keepNext")
		add(pr, "spacing", "before", "240", "after", "120")
	}
	if l.indent > 0 {
		ind := add(pr, "ind", "left", number(l.indent))
		if l.hang > 0 {
			ind.CreateAttr("w:hanging", number(l.hang))
		}
	}
	if strings.Contains(l.flags, "c") {
		add(pr, "jc", "val", "center")
	}
	if l.outline > 0 {
		add(pr, "outlineLvl", "val", number(l.outline-1))
	}
}

func (l look) run(pr *etree.Element) {
	for _, f := range l.flags {
		switch f {
		case 'b':
			add(pr, "b")
			add(pr, "bCs")
		case 'i':
			add(pr, "i")
			add(pr, "iCs")
		case 'g':
			add(pr, "color", "val", "595959")
		}
	}
	if l.size > 0 {
		add(pr, "sz", "val", number(l.size))
		add(pr, "szCs", "val", number(l.size))
	}
}

func number(n int) string { return strconv.Itoa(n) }
