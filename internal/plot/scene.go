package plot

// A drawing is a list of marks in painting order. Each mark has a class; the class gives ink, line and face (see
// theme.go), for both ways out. There are four kinds of mark and no more, so that a second writer stays small.

// vec is a place on the sheet in CSS pixels, y downwards.
type vec struct{ x, y float64 }

// box is a rectangle on the sheet.
type box struct{ x, y, w, h float64 }

func (b box) grow(d float64) box { return box{b.x - d, b.y - d, b.w + 2*d, b.h + 2*d} }

func (b box) meets(c box) bool {
	return b.x < c.x+c.w && c.x < b.x+b.w && b.y < c.y+c.h && c.y < b.y+b.h
}

func (b box) within(c box) bool {
	return b.x >= c.x && b.y >= c.y && b.x+b.w <= c.x+c.w && b.y+b.h <= c.y+c.h
}

func (b box) holds(p vec) bool { return p.x >= b.x && p.x <= b.x+b.w && p.y >= b.y && p.y <= b.y+b.h }

type shape int

const (
	pathMark shape = iota
	circleMark
	rectMark
	textMark
)

type anchor int

const (
	atStart anchor = iota
	atMiddle
	atEnd
)

// mark is one thing to paint. Which fields count depends on shape.
type mark struct {
	shape  shape
	class  string
	lines  [][]vec // path: its polylines
	closed bool    // path: each polyline is closed and filled
	line   stroke  // path: dash and width where they are part of the geometry (hatches); zero means the class's own
	c      vec     // circle: centre; text: baseline
	r      float64
	rect   box
	text   string
	size   float64
	anchor anchor
}

// stroke is a line's geometry: width, and dash lengths as in SVG. A dash of length 0 under a round cap is a dot.
type stroke struct {
	width float64
	dash  []float64
	round bool
}

// Drawing is a figure laid out for one sheet, ready to be written as SVG or PNG.
type Drawing struct {
	// Width and Height of the sheet in CSS pixels.
	Width, Height float64
	// Keyed lists the named points whose words found no place beside them and stand in the key below.
	Keyed []string

	opt    Options
	marks  []mark
	labels []box // every placed label, for the tests that hold the package to its promise
}

func (d *Drawing) path(class string, pts ...vec) {
	d.marks = append(d.marks, mark{shape: pathMark, class: class, lines: [][]vec{pts}})
}

func (d *Drawing) area(class string, pts ...vec) {
	d.marks = append(d.marks, mark{shape: pathMark, class: class, lines: [][]vec{pts}, closed: true})
}

func (d *Drawing) circle(class string, c vec, r float64) {
	d.marks = append(d.marks, mark{shape: circleMark, class: class, c: c, r: r})
}

func (d *Drawing) box(class string, b box) {
	d.marks = append(d.marks, mark{shape: rectMark, class: class, rect: b})
}

// say sets one line of text and returns the box it fills.
func (d *Drawing) say(class string, at vec, a anchor, text string) box {
	if text == "" {
		return box{at.x, at.y, 0, 0}
	}
	size := d.faceOf(class).size
	d.marks = append(d.marks, mark{shape: textMark, class: class, c: at, text: text, size: size, anchor: a})
	b := textBox(d.faceOf(class), at, a, text)
	d.labels = append(d.labels, b)
	return b
}

// textBox is the box of a line of text whose baseline starts, centres or ends at a place.
func textBox(f face, at vec, a anchor, text string) box {
	w := f.width(text)
	x := at.x
	switch a {
	case atMiddle:
		x -= w / 2
	case atEnd:
		x -= w
	}
	return box{x, at.y - f.size*0.78, w, f.size * 1.02}
}

// hatch fills a rectangle with the lines or dots of the i-th party, as geometry: no pattern, no id, the same in SVG and
// PNG, and it prints. 0 is diagonal, 1 dots, 2 level lines, 3 upright lines, 4 the other diagonal, and so on again.
func (d *Drawing) hatch(b box, i int) {
	if b.w <= 0 || b.h <= 0 {
		return
	}
	m := mark{shape: pathMark, class: "hatchline", line: stroke{width: 1}}
	add := func(p, q vec) {
		if p, q, ok := clip(p, q, b); ok {
			m.lines = append(m.lines, []vec{p, q})
		}
	}
	switch i % 5 {
	case 0:
		for t := 0.0; t < b.w+b.h; t += 7 {
			add(vec{b.x + t, b.y}, vec{b.x + t - b.h, b.y + b.h})
		}
	case 1:
		m.line = stroke{width: 2, dash: []float64{0, 5}, round: true}
		for y := b.y + 2.5; y < b.y+b.h; y += 5 {
			add(vec{b.x + 2.5, y}, vec{b.x + b.w - 1, y})
		}
	case 2:
		for y := b.y + 2; y < b.y+b.h; y += 4 {
			add(vec{b.x, y}, vec{b.x + b.w, y})
		}
	case 3:
		for x := b.x + 2.5; x < b.x+b.w; x += 5 {
			add(vec{x, b.y}, vec{x, b.y + b.h})
		}
	case 4:
		for t := 0.0; t < b.w+b.h; t += 7 {
			add(vec{b.x + b.w - t, b.y}, vec{b.x + b.w - t + b.h, b.y + b.h})
		}
	}
	if len(m.lines) > 0 {
		d.marks = append(d.marks, m)
	}
}

// clip cuts the segment pq to a box (Liang and Barsky 1984).
func clip(p, q vec, b box) (vec, vec, bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := q.x-p.x, q.y-p.y
	for _, e := range [4][2]float64{{-dx, p.x - b.x}, {dx, b.x + b.w - p.x}, {-dy, p.y - b.y}, {dy, b.y + b.h - p.y}} {
		switch {
		case e[0] == 0 && e[1] < 0:
			return p, q, false
		case e[0] < 0:
			t0 = max(t0, e[1]/e[0])
		case e[0] > 0:
			t1 = min(t1, e[1]/e[0])
		}
	}
	if t0 >= t1 {
		return p, q, false
	}
	return vec{p.x + t0*dx, p.y + t0*dy}, vec{p.x + t1*dx, p.y + t1*dy}, true
}
