package plot

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strconv"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// maxPixels bounds a picture: 64 million pixels are 256 MB.
const maxPixels = 64 << 20

// PNG paints the drawing on light paper, scale device pixels to a CSS pixel: 2 for screens, 3 or 4 for print. A letter
// that the built-in faces do not have is an error that names it, never an empty box; SVG has no such limit.
func (d *Drawing) PNG(w io.Writer, scale float64) error {
	img, err := d.Image(scale)
	if err != nil {
		return err
	}
	return png.Encode(w, img)
}

// Image paints the drawing as PNG does and returns the picture.
func (d *Drawing) Image(scale float64) (*image.RGBA, error) {
	if !(scale >= 0.25 && scale <= 16) {
		return nil, fmt.Errorf("plot: a scale of %g is outside 0.25 to 16", scale)
	}
	w, h := int(math.Ceil(d.Width*scale)), int(math.Ceil(d.Height*scale))
	if w*h > maxPixels {
		return nil, fmt.Errorf("plot: a picture of %d × %d pixels is larger than %d million pixels; take a smaller scale", w, h, maxPixels>>20)
	}
	for _, m := range d.marks {
		if r, bad := d.faceOf(m.class).missing(m.text); bad {
			return nil, fmt.Errorf("plot: the built-in faces have no letter %q (in %q); write the figure as SVG", r, m.text)
		}
	}
	p := painter{img: image.NewRGBA(image.Rect(0, 0, w, h)), scale: scale}
	draw.Draw(p.img, p.img.Bounds(), image.NewUniform(rgb(light["paper"])), image.Point{}, draw.Src)
	for i, m := range d.marks {
		last := i == len(d.marks)-1 || d.marks[i+1].class != m.class || d.marks[i+1].shape == textMark
		p.mark(m, d.faceOf(m.class), last)
	}
	return p.img, nil
}

// painter rasterises marks: everything, letters and dashes included, becomes filled polygons. Each mark is rasterised in
// its own bounds, so that a small mark costs little on a large picture.
type painter struct {
	img   *image.RGBA
	ras   vector.Rasterizer
	scale float64
	polys [][]vec // of the mark in hand, in device pixels
}

// mark paints one mark. Lines of one class in a row that are not opaque are painted together, at the last of them: where
// they cross they grow no darker, as in an SVG group.
func (p *painter) mark(m mark, f face, last bool) {
	l := lookOf()[m.class]
	alpha := 1.0
	if l.opacity != 0 {
		alpha = l.opacity
	}
	line := stroke{width: l.width, dash: l.dash}
	if m.line.width != 0 {
		line = m.line
	}
	var outline [][]vec
	switch m.shape {
	case pathMark:
		outline = m.lines
	case circleMark:
		outline = [][]vec{ring(m.c, m.r)}
	case rectMark:
		b := m.rect
		outline = [][]vec{{{b.x, b.y}, {b.x + b.w, b.y}, {b.x + b.w, b.y + b.h}, {b.x, b.y + b.h}}}
	case textMark:
		p.text(m, f, l)
		return
	}
	closed := m.closed || m.shape != pathMark
	if l.fill != "" && closed {
		for _, o := range outline {
			p.add(o)
		}
		if last || alpha == 1 || l.stroke != "" {
			p.fill(l.fill, alpha)
		}
	}
	if l.stroke != "" {
		for _, o := range outline {
			if closed {
				o = append(append([]vec{}, o...), o[0])
			}
			p.stroke(o, line)
		}
		if last || alpha == 1 {
			p.fill(l.stroke, alpha)
		}
	}
}

// text fills the outlines of the letters, over a line of paper where the class has a halo.
func (p *painter) text(m mark, f face, l look) {
	f.size = m.size
	at := m.c
	switch m.anchor {
	case atMiddle:
		at.x -= f.advance(m.text) / 2
	case atEnd:
		at.x -= f.advance(m.text)
	}
	outlines := f.outlines(m.text, at)
	if l.halo {
		for _, o := range outlines {
			p.stroke(append(o, o[0]), stroke{width: 4})
		}
		p.fill("paper", 1)
	}
	for _, o := range outlines {
		p.add(o)
	}
	p.fill(l.fill, 1)
}

// outlines returns the contours of a line of text as polygons in CSS pixels.
func (f face) outlines(text string, at vec) [][]vec {
	const grid = 64 // glyphs are loaded at 64 times their size, to be free of rounding
	t := f.typeface()
	buf := t.bufs.Get().(*sfnt.Buffer)
	defer t.bufs.Put(buf)
	var out [][]vec
	f.each(text, func(g sfnt.GlyphIndex, x, _ float64) {
		segs, err := t.font.LoadGlyph(buf, g, fixed.Int26_6(f.size*64*grid), nil)
		if err != nil {
			return
		}
		pt := func(q fixed.Point26_6) vec {
			return vec{at.x + x + float64(q.X)/64/grid, at.y + float64(q.Y)/64/grid}
		}
		var cur []vec
		for _, s := range segs {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				if len(cur) > 2 {
					out = append(out, cur)
				}
				cur = []vec{pt(s.Args[0])}
			case sfnt.SegmentOpLineTo:
				cur = append(cur, pt(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				cur = quad(cur, pt(s.Args[0]), pt(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				cur = cube(cur, pt(s.Args[0]), pt(s.Args[1]), pt(s.Args[2]))
			}
		}
		if len(cur) > 2 {
			out = append(out, cur)
		}
	})
	return out
}

func quad(l []vec, b, c vec) []vec {
	a := l[len(l)-1]
	for i := 1; i <= 6; i++ {
		t := float64(i) / 6
		u := 1 - t
		l = append(l, vec{u*u*a.x + 2*u*t*b.x + t*t*c.x, u*u*a.y + 2*u*t*b.y + t*t*c.y})
	}
	return l
}

func cube(l []vec, b, c, e vec) []vec {
	a := l[len(l)-1]
	for i := 1; i <= 8; i++ {
		t := float64(i) / 8
		u := 1 - t
		l = append(l, vec{u*u*u*a.x + 3*u*u*t*b.x + 3*u*t*t*c.x + t*t*t*e.x, u*u*u*a.y + 3*u*u*t*b.y + 3*u*t*t*c.y + t*t*t*e.y})
	}
	return l
}

// ring is a circle as a polygon, fine enough for any scale in use.
func ring(c vec, r float64) []vec {
	n := 12 + int(r*2)
	out := make([]vec, n)
	for i := range out {
		s, co := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out[i] = vec{c.x + r*co, c.y + r*s}
	}
	return out
}

// add gives one polygon, in CSS pixels, to the mark in hand.
func (p *painter) add(poly []vec) {
	out := make([]vec, len(poly))
	for i, v := range poly {
		out[i] = vec{v.x * p.scale, v.y * p.scale}
	}
	p.polys = append(p.polys, out)
}

// stroke adds a line as quads and round joins, all turning the same way, so that overlaps do not cancel.
func (p *painter) stroke(pts []vec, s stroke) {
	if s.dash != nil {
		for _, d := range dashes(pts, s.dash) {
			p.stroke(d, stroke{width: s.width, round: s.round})
		}
		return
	}
	h := s.width / 2
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		dx, dy := b.x-a.x, b.y-a.y
		n := math.Hypot(dx, dy)
		if n == 0 {
			continue
		}
		dx, dy = dx/n*h, dy/n*h
		p.add([]vec{{a.x + dy, a.y - dx}, {b.x + dy, b.y - dx}, {b.x - dy, b.y + dx}, {a.x - dy, a.y + dx}})
	}
	for i, v := range pts {
		if s.round || (i > 0 && i < len(pts)-1 && s.width > 1) {
			p.add(ring(v, h))
		}
	}
}

// dashes cuts a polyline into dashes; a dash of length 0 is kept as a point.
func dashes(pts []vec, pattern []float64) [][]vec {
	var out [][]vec
	k, left, on := 0, pattern[0], true
	var cur []vec
	if len(pts) > 0 {
		cur = []vec{pts[0]}
	}
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		n := math.Hypot(b.x-a.x, b.y-a.y)
		for at := 0.0; at < n; {
			step := math.Min(left, n-at)
			at += step
			left -= step
			q := vec{a.x + (b.x-a.x)*at/n, a.y + (b.y-a.y)*at/n}
			if on {
				cur = append(cur, q)
			}
			if left <= 1e-9 {
				if on {
					out = append(out, cur)
				}
				on, k = !on, (k+1)%len(pattern)
				left, cur = pattern[k], []vec{q}
			}
		}
	}
	if on && len(cur) > 1 {
		out = append(out, cur)
	}
	return out
}

// fill paints the mark in hand: the polygons together, where they overlap once.
func (p *painter) fill(token string, alpha float64) {
	lo, hi := vec{math.Inf(1), math.Inf(1)}, vec{math.Inf(-1), math.Inf(-1)}
	for _, poly := range p.polys {
		for _, v := range poly {
			lo.x, lo.y = math.Min(lo.x, v.x), math.Min(lo.y, v.y)
			hi.x, hi.y = math.Max(hi.x, v.x), math.Max(hi.y, v.y)
		}
	}
	polys := p.polys
	p.polys = p.polys[:0]
	if !(hi.x > lo.x) {
		return
	}
	r := image.Rect(int(math.Floor(lo.x)), int(math.Floor(lo.y)), int(math.Ceil(hi.x))+1, int(math.Ceil(hi.y))+1).Intersect(p.img.Bounds())
	if r.Empty() {
		return
	}
	p.ras.Reset(r.Dx(), r.Dy())
	place := func(v vec) (float32, float32) { // the rasteriser holds no point outside its bounds
		x := math.Min(math.Max(v.x-float64(r.Min.X), 0), float64(r.Dx()))
		y := math.Min(math.Max(v.y-float64(r.Min.Y), 0), float64(r.Dy()))
		return float32(x), float32(y)
	}
	for _, poly := range polys {
		if len(poly) == 0 {
			continue
		}
		p.ras.MoveTo(place(poly[0]))
		for _, v := range poly[1:] {
			p.ras.LineTo(place(v))
		}
		p.ras.ClosePath()
	}
	c := rgb(light[token])
	c.A = uint8(alpha*255 + 0.5)
	p.ras.Draw(p.img, r, image.NewUniform(c), image.Point{})
}

// rgb reads a colour of the theme, "#1d1c1a".
func rgb(hex string) color.NRGBA {
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		panic("plot: a colour of the theme is not a colour: " + hex)
	}
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}
