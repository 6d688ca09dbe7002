package paper

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/liberation/liberationserifbold"
	"codeberg.org/go-fonts/liberation/liberationserifregular"
	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"

	"parley/internal/text"
)

// A PDF is a picture of the text on A4, for those who will not change it: the
// rows of a page without escapes, the footnotes at the end. The fonts are
// embedded: Liberation Serif, and DejaVu Sans for what that does not have,
// Arabic above all.

const (
	pageWidth, pageHeight = 210.0, 297.0 // mm
	margin                = 25.0
	mmPerPoint            = 25.4 / 72
)

// pdf writes a text.
func (o Writer) pdf(t *text.Text) ([]byte, error) {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	f.SetCreationDate(epoch)
	f.SetModificationDate(epoch)
	f.SetProducer("Parley", true)
	if t.Title != "" {
		f.SetTitle(t.Title, true)
	}
	p, err := newPress(f)
	if err != nil {
		return nil, err
	}
	p.turn()
	g := layout(t, o.Codes)
	for _, r := range g.rows {
		p.row(lookOf(r), display(r.words))
	}
	p.footnotes(g)
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, err
	}
	return tellLetters(out.Bytes())
}

// A press sets lines on pages.
type press struct {
	f     *fpdf.Fpdf
	fonts []pressFont // in the order in which they are asked for a character
	y     float64     // of the next line's top, in mm
	buf   sfnt.Buffer
}

type pressFont struct {
	name string
	bold bool
	font *sfnt.Font
}

func newPress(f *fpdf.Fpdf) (*press, error) {
	p := &press{f: f}
	for _, x := range []struct {
		name string
		bold bool
		ttf  []byte
	}{{"serif", false, liberationserifregular.TTF}, {"serifbold", true, liberationserifbold.TTF}, {arabicFont, false, dejavusans.TTF}} {
		font, err := sfnt.Parse(x.ttf)
		if err != nil {
			return nil, err
		}
		f.AddUTF8FontFromBytes(x.name, "", x.ttf)
		p.fonts = append(p.fonts, pressFont{x.name, x.bold, font})
	}
	return p, f.Error()
}

// arabicFont is the name of the font that shows Arabic.
const arabicFont = "arabic"

// turn begins a page and numbers it.
func (p *press) turn() {
	p.f.AddPage()
	n := arrange([]rune(strconv.Itoa(p.f.PageNo())), false).all()
	p.draw(n, false, 10, (pageWidth-p.width(n, false, 10))/2, pageHeight-margin/2)
	p.y = margin
}

func lookOf(r row) look {
	id := styleOf(r)
	l := looks[slices.IndexFunc(looks, func(l look) bool { return l.id == id })]
	if l.size == 0 {
		l.size = 23
	}
	return l
}

// display returns the words of a row as people read them: without escapes,
// with small raised figures for footnotes, and with what does not show named.
func display(s string) string {
	var b strings.Builder
	for piece, mark := range pieces(s) {
		if mark {
			b.WriteString(raised(piece[2 : len(piece)-1]))
			continue
		}
		for i := 0; i < len(piece); i++ {
			switch {
			case piece[i] == '\\' && i+1 < len(piece):
				i++
				b.WriteByte(piece[i])
			case strings.HasPrefix(piece[i:], "{}"):
				i++
			default:
				b.WriteByte(piece[i])
			}
		}
	}
	words := b.String()
	b.Reset()
	from := 0
	for h := range func(yield func(text.Hidden) bool) { text.FindHidden(words, yield) } {
		if h.Why == "looks-like-another" {
			continue
		}
		b.WriteString(words[from:h.At] + "⟨" + h.Code() + "⟩")
		from = h.At + len(string(h.Rune))
	}
	return b.String() + words[from:]
}

var superscripts = []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")

func raised(digits string) string {
	return strings.Map(func(r rune) rune { return superscripts[r-'0'] }, digits)
}

// row sets a paragraph.
func (p *press) row(l look, words string) {
	size := float64(l.size) / 2
	height := size * mmPerPoint * 1.32
	bold := strings.Contains(l.flags, "b")
	if strings.Contains(l.flags, "k") {
		p.y += height * 0.6
		if p.y+3*height > pageHeight-margin {
			p.turn() // a heading does not stand alone at the foot
		}
	}
	left := margin + float64(l.indent)/20*mmPerPoint
	width := pageWidth - margin - left
	o := arrange(p.known(shape([]rune(words))), startsRTL(words))
	for from := 0; from < len(o.words); {
		to, next := p.fit(o.words, from, width, bold, size)
		if p.y+height > pageHeight-margin {
			p.turn()
		}
		line := o.line(from, to)
		x := left
		switch w := p.width(line, bold, size); {
		case strings.Contains(l.flags, "c"):
			x += (width - w) / 2
		case o.base == 1:
			x = pageWidth - (left - margin) - margin - w
		}
		p.draw(line, bold, size, x, p.y+height*0.75)
		p.y += height
		from = next
	}
	p.y += height * 0.35
}

// known replaces what no font has.
func (p *press) known(words []rune) []rune {
	for i, r := range words {
		if r > 0xFFFF || !unicode.IsSpace(r) && p.fontOf(r, false) < 0 {
			words[i] = '\uFFFD'
		}
	}
	return words
}

// fontOf returns which font shows a character, or -1.
func (p *press) fontOf(r rune, bold bool) int {
	for i := range p.fonts {
		if p.fonts[i].bold && !bold || !p.fonts[i].bold && bold && i == 0 {
			continue
		}
		if g, err := p.fonts[i].font.GlyphIndex(&p.buf, r); err == nil && g != 0 {
			return i
		}
	}
	return -1
}

// fit returns where a line ends that begins at from, and where the next begins.
func (p *press) fit(words []rune, from int, width float64, bold bool, size float64) (to, next int) {
	space := -1
	w := 0.0
	for i := from; i < len(words); i++ {
		w += p.width([]drawn{{seen: words[i]}}, bold, size)
		if words[i] == ' ' {
			space = i
		} else if w > width && i > from {
			if space > from {
				return space, space + 1
			}
			return i, i
		}
	}
	return len(words), len(words)
}

// runs yields stretches of one font. A mirrored bracket is one by itself.
func (p *press) runs(words []drawn, bold bool) func(func(int, []drawn) bool) {
	return func(yield func(int, []drawn) bool) {
		from, now := 0, 0
		for i, d := range words {
			k := now
			if d.seen != ' ' || i == 0 {
				k = max(0, p.fontOf(d.seen, bold))
			}
			if i > from && (k != now || d.is != 0 || words[i-1].is != 0) {
				if !yield(now, words[from:i]) {
					return
				}
				from = i
			}
			now = k
		}
		if from < len(words) {
			yield(now, words[from:])
		}
	}
}

func seen(words []drawn) string {
	var b strings.Builder
	for _, d := range words {
		b.WriteRune(d.seen)
	}
	return b.String()
}

func (p *press) width(words []drawn, bold bool, size float64) (w float64) {
	for k, run := range p.runs(words, bold) {
		p.f.SetFont(p.fonts[k].name, "", size)
		w += p.f.GetStringWidth(seen(run))
	}
	return w
}

func (p *press) draw(words []drawn, bold bool, size, x, y float64) {
	for k, run := range p.runs(words, bold) {
		p.f.SetFont(p.fonts[k].name, "", size)
		s := seen(run)
		if is := run[0].is; is != 0 {
			p.f.RawWriteStr(fmt.Sprintf("/Span <</ActualText <FEFF%04X>>> BDC", is))
			p.f.Text(x, y, s)
			p.f.RawWriteStr("EMC")
		} else {
			p.f.Text(x, y, s)
		}
		x += p.f.GetStringWidth(s)
	}
}

// footnotes sets the footnotes at the end, under a rule.
func (p *press) footnotes(g page) {
	marks := g.marks()
	if len(marks) == 0 {
		return
	}
	p.y += 3
	if p.y > pageHeight-margin-10 {
		p.turn()
	}
	p.f.Line(margin, p.y, margin+40, p.y)
	p.y += 2
	for _, m := range marks {
		p.row(look{size: 18}, raised(m[2:len(m)-1])+" "+display(strings.TrimPrefix(g.footnotes[m], `\`)))
	}
}

// A PDF names its characters in a table for each font (ToUnicode), and fpdf
// gives one in which every character is itself. Under it a search for an
// Arabic word finds nothing, because what is drawn are forms. An incremental
// update (ISO 32000-1, 7.5.6) puts a table there that gives the letters.

var fontTable = regexp.MustCompile(`/BaseFont /utf8` + arabicFont + `\n/Encoding /Identity-H\n/DescendantFonts \[\d+ 0 R\]\n/ToUnicode (\d+) 0 R`)

func tellLetters(pdf []byte) ([]byte, error) {
	m := fontTable.FindSubmatch(pdf)
	if m == nil {
		return pdf, nil // the font is not used
	}
	trailer := bytes.LastIndex(pdf, []byte("trailer\n<<"))
	end := bytes.LastIndex(pdf, []byte(">>\nstartxref\n"))
	if trailer < 0 || end < trailer {
		return nil, fmt.Errorf("the PDF has no trailer where it was looked for")
	}
	var start int
	if _, err := fmt.Sscanf(string(pdf[end+len(">>\nstartxref\n"):]), "%d", &start); err != nil {
		return nil, fmt.Errorf("the PDF does not say where its table of objects is")
	}
	out := bytes.NewBuffer(bytes.TrimRight(pdf, "\n"))
	out.WriteByte('\n')
	object := out.Len()
	table := letterTable()
	fmt.Fprintf(out, "%s 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", m[1], len(table), table)
	xref := out.Len()
	fmt.Fprintf(out, "xref\n%s 1\n%010d 00000 n \n%s/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n", m[1], object, pdf[trailer:end], start, xref)
	return out.Bytes(), nil
}

// letterTable is a ToUnicode table in which forms are the letters they show.
func letterTable() string {
	forms := make([]rune, 0, len(unshaped))
	for f := range unshaped {
		forms = append(forms, f)
	}
	slices.Sort(forms)
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n<</Registry (Adobe)\n/Ordering (UCS)\n/Supplement 0\n>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	b.WriteString("1 beginbfrange\n<0000> <FAFF> <0000>\nendbfrange\n")
	for part := range slices.Chunk(forms, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, f := range part {
			fmt.Fprintf(&b, "<%04X> <", f)
			for _, r := range unshaped[f] {
				fmt.Fprintf(&b, "%04X", r)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
	return b.String()
}
