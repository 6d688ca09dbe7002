package lan

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// A Code is a QR code (ISO/IEC 18004): a square of dark and light modules. The
// zero Code is empty.
//
// The encoder is boombuler/barcode: MIT, without dependencies, released in 2025,
// and it weighs all eight masks, which rsc.io/qr does not; skip2/go-qrcode has
// had no release since 2020. Anything that gives modules would replace it.
type Code struct {
	size int
	dark []bool // row by row
}

// quiet is the light margin that the standard asks for, in modules.
const quiet = 4

// Encode makes the code of a text of up to some 2,000 bytes. Up to a quarter of
// a short one may be dirty or torn; of a long one, which would else be too fine
// to be photographed off paper, one in fourteen.
func Encode(text string) (Code, error) {
	level := qr.Q
	if len(text) > 200 {
		level = qr.L
	}
	b, err := qr.Encode(text, level, qr.Auto)
	if err != nil {
		return Code{}, fmt.Errorf("a text of %d bytes does not fit into a QR code: %w", len(text), err)
	}
	c := Code{size: b.Bounds().Dx()}
	for y := range c.size {
		for x := range c.size {
			r, _, _, _ := b.At(x, y).RGBA()
			c.dark = append(c.dark, r == 0)
		}
	}
	return c, nil
}

// at reports whether a module is dark. Beyond the edge lies the margin.
func (c Code) at(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.size && y < c.size && c.dark[y*c.size+x]
}

// SVG returns the code as one element, margin included, that scales to any size
// and prints black on white whatever the page's colours. title is what a screen
// reader says.
func (c Code) SVG(title string) string {
	var path strings.Builder
	for y := range c.size {
		for x := 0; x < c.size; x++ {
			from := x
			for c.at(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	side := c.size + 2*quiet
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-%d -%d %d %d" role="img" shape-rendering="crispEdges"><title>%s</title>`+
		`<rect x="-%d" y="-%d" width="%d" height="%d" fill="#fff"/><path fill="#000" d="%s"/></svg>`,
		quiet, quiet, side, side, escape(title), quiet, quiet, side, side, path.String())
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// Terminal returns the code in half blocks, two rows to a line, black on white
// whatever the terminal's colours. It needs 256 colours, which all have.
func (c Code) Terminal() string {
	blocks := map[[2]bool]string{{false, false}: " ", {true, false}: "▀", {false, true}: "▄", {true, true}: "█"}
	var b strings.Builder
	for y := -quiet; y < c.size+quiet; y += 2 {
		b.WriteString("\x1b[38;5;16;48;5;231m")
		for x := -quiet; x < c.size+quiet; x++ {
			b.WriteString(blocks[[2]bool{c.at(x, y), c.at(x, y+1)}])
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String()
}
