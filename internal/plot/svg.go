package plot

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	sansStack  = `"IBM Plex Sans","Liberation Sans",Arial,Helvetica,sans-serif`
	serifStack = `"Source Serif 4","Liberation Serif",Georgia,"Times New Roman",serif`
)

// SVG writes the drawing as a file that stands alone: its own paper, its own inks, and a dark set of them for readers
// whose system asks for one. Printers get the light set.
func (d *Drawing) SVG(w io.Writer) error { return d.write(w, true) }

// Inline writes the drawing as an <svg> element for a page: no XML declaration, no <style>, no style attribute, so that
// it passes a strict content policy. Its classes follow the page's sheet; the light inks stand as presentation
// attributes, which any rule of the sheet overrides.
func (d *Drawing) Inline(w io.Writer) error { return d.write(w, false) }

func (d *Drawing) write(w io.Writer, alone bool) error {
	b := bufio.NewWriter(w)
	class := "plot"
	if d.opt.narrow() {
		class = "plot narrow"
	}
	id := d.opt.ID
	if alone {
		fmt.Fprintf(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" ", num(d.Width), num(d.Height))
	} else {
		b.WriteString("<svg ")
	}
	fmt.Fprintf(b, "class=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\" aria-labelledby=\"%s-t %s-d\">\n<title id=\"%s-t\">%s</title>\n<desc id=\"%s-d\">%s</desc>\n",
		class, num(d.Width), num(d.Height), id, id, id, escape(d.opt.Title), id, escape(d.opt.Desc))
	if alone {
		b.WriteString(darkStyle())
		writeMark(b, mark{shape: rectMark, class: "ground", rect: box{0, 0, d.Width, d.Height}}, paint("ground"))
	}
	for i := 0; i < len(d.marks); {
		j := i + 1
		for j < len(d.marks) && d.marks[j].class == d.marks[i].class && d.marks[i].shape != textMark && d.marks[j].shape != textMark {
			j++
		}
		if j-i > 2 {
			fmt.Fprintf(b, "<g%s>", paint(d.marks[i].class))
			for _, m := range d.marks[i:j] {
				writeMark(b, m, "")
			}
			b.WriteString("</g>\n")
		} else {
			for _, m := range d.marks[i:j] {
				writeMark(b, m, paint(m.class))
				b.WriteByte('\n')
			}
		}
		i = j
	}
	b.WriteString("</svg>\n")
	return b.Flush()
}

// paint gives the class of a mark and its light inks.
func paint(class string) string {
	l := lookOf()[class]
	var s strings.Builder
	if l.halo {
		class += " halo"
	}
	fmt.Fprintf(&s, ` class="%s" fill="%s"`, class, ink(l.fill))
	if l.text {
		stack := sansStack
		if l.serif {
			stack = serifStack
		}
		fmt.Fprintf(&s, ` font-family='%s'`, stack)
		if l.bold {
			s.WriteString(` font-weight="600"`)
		}
		if l.halo {
			fmt.Fprintf(&s, ` stroke="%s" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`, light["paper"])
		}
		return s.String()
	}
	if l.stroke != "" {
		fmt.Fprintf(&s, ` stroke="%s" stroke-width="%s"`, light[l.stroke], num(l.width))
	}
	if l.dash != nil {
		fmt.Fprintf(&s, ` stroke-dasharray="%s"`, nums(l.dash))
	}
	if l.opacity != 0 {
		fmt.Fprintf(&s, ` opacity="%s"`, num(l.opacity))
	}
	return s.String()
}

func ink(token string) string {
	if token == "" {
		return "none"
	}
	return light[token]
}

func writeMark(b *bufio.Writer, m mark, paint string) {
	switch m.shape {
	case pathMark:
		b.WriteString("<path" + paint)
		if m.line.width != 0 {
			fmt.Fprintf(b, ` stroke-width="%s"`, num(m.line.width))
		}
		if m.line.dash != nil {
			fmt.Fprintf(b, ` stroke-dasharray="%s"`, nums(m.line.dash))
		}
		if m.line.round {
			b.WriteString(` stroke-linecap="round"`)
		}
		b.WriteString(` d="`)
		for _, l := range m.lines {
			writeLine(b, l)
			if m.closed {
				b.WriteByte('Z')
			}
		}
		b.WriteString(`"/>`)
	case circleMark:
		fmt.Fprintf(b, `<circle%s cx="%s" cy="%s" r="%s"/>`, paint, num(m.c.x), num(m.c.y), num(m.r))
	case rectMark:
		fmt.Fprintf(b, `<rect%s x="%s" y="%s" width="%s" height="%s"/>`, paint, num(m.rect.x), num(m.rect.y), num(m.rect.w), num(m.rect.h))
	case textMark:
		fmt.Fprintf(b, `<text%s font-size="%s" x="%s" y="%s"%s>%s</text>`, paint, num(m.size), num(m.c.x), num(m.c.y),
			[...]string{"", ` text-anchor="middle"`, ` text-anchor="end"`}[m.anchor], escape(m.text))
	}
}

func writeLine(b *bufio.Writer, l []vec) {
	for i, p := range l {
		switch {
		case i == 0:
			b.WriteString("M" + num(p.x) + " " + num(p.y))
		case p.y == l[i-1].y:
			b.WriteString("H" + num(p.x))
		case p.x == l[i-1].x:
			b.WriteString("V" + num(p.y))
		default:
			b.WriteString("L" + num(p.x) + " " + num(p.y))
		}
	}
}

// darkStyle sets the inks of a file that stands alone for readers in the dark.
func darkStyle() string {
	var s strings.Builder
	s.WriteString("<style>@media screen and (prefers-color-scheme:dark){")
	for _, l := range looks {
		fmt.Fprintf(&s, ".%s{", l.class)
		if l.fill != "" {
			fmt.Fprintf(&s, "fill:%s;", dark[l.fill])
		}
		if l.stroke != "" {
			fmt.Fprintf(&s, "stroke:%s", dark[l.stroke])
		}
		if l.halo {
			fmt.Fprintf(&s, "stroke:%s", dark["paper"])
		}
		s.WriteString("}")
	}
	s.WriteString("}</style>\n")
	return s.String()
}

// num writes a coordinate to a tenth of a pixel (opacities to a hundredth), without trailing zeros.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	if v > 1 || v < -1 {
		s = strconv.FormatFloat(v, 'f', 1, 64)
	}
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "" || s == "-0" || s == "-" {
		return "0"
	}
	return s
}

func nums(vs []float64) string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = num(v)
	}
	return strings.Join(out, " ")
}

// escape makes text safe for XML; characters that XML cannot hold become the replacement character.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
