package plot

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Frontier is the figure for two parties: what every package is worth to each, which packages cannot be bettered for one
// without loss to the other, what each would accept at least, the draft, the ideal point and the named solutions.
type Frontier struct {
	X, Y     Axis
	Packages []Point // any or all packages; the background
	Best     []Point // the frontier, in any order; drawn whole
	Named    []Named // at most 12; solutions are numbered from 1 in this order
}

// Draw lays the figure out. It refuses coordinates that are not numbers, more points than it can draw, and a missing
// title or description.
func (f Frontier) Draw(o Options) (*Drawing, error) {
	o, err := o.settled()
	if err == nil {
		err = f.check()
	}
	if err != nil {
		return nil, err
	}
	p := newPlane(f, o)
	p.ground()
	p.cloud()
	p.front()
	p.scales()
	p.reserves()
	p.marks()
	p.words()
	return p.Drawing, nil
}

func (f Frontier) check() error {
	if len(f.Best) > maxPoints || len(f.Packages) > 100*maxPoints {
		return fmt.Errorf("plot: a frontier of %d points among %d packages is too large to draw", len(f.Best), len(f.Packages))
	}
	if len(f.Named) > maxMarks {
		return fmt.Errorf("plot: %d named packages; a reader tells at most %d apart", len(f.Named), maxMarks)
	}
	if len(f.Best)+len(f.Packages)+len(f.Named) == 0 {
		return fmt.Errorf("plot: there is no package to draw")
	}
	err := checkWords(f.X.Name, f.X.Short, f.X.ReserveLabel, f.Y.Name, f.Y.Short, f.Y.ReserveLabel)
	for _, n := range f.Named {
		if err == nil {
			err = checkWords(n.Name, n.Note)
		}
		if err == nil {
			err = finite(strconv.Quote(n.Name), n.At.X, n.At.Y)
		}
	}
	for _, ps := range [][]Point{f.Best, f.Packages} {
		for i, q := range ps {
			if err == nil {
				err = finite("package "+strconv.Itoa(i+1), q.X, q.Y)
			}
		}
	}
	if err == nil {
		err = finite("an axis", f.X.Min, f.X.Max, f.X.Reserve, f.Y.Min, f.Y.Max, f.Y.Reserve)
	}
	return err
}

// plane is the work of laying out one Frontier.
type plane struct {
	*Drawing
	f      Frontier
	frame  box
	x, y   scale
	best   []vec
	dots   []vec
	placed []*seat
	fixed  []box // words and marks that stand before the labels are placed
}

// seat is a mark on the plane: one point, with everybody who shares it.
type seat struct {
	point  vec   // where the package is
	mark   vec   // where its mark stands, moved aside where marks would touch
	who    []int // indices in f.Named
	number string
	kind   Kind
	r      float64
}

func newPlane(f Frontier, o Options) *plane {
	d := &Drawing{Width: o.Width, opt: o}
	p := &plane{Drawing: d, f: f}
	if o.narrow() {
		p.frame = box{44, 34, o.Width - 44 - 14, 0}
		p.frame.h = math.Round(p.frame.w * 0.98)
	} else {
		p.frame = box{64, 40, o.Width - 64 - 30, 0}
		p.frame.h = math.Round(p.frame.w * 0.735)
	}
	if o.Height != 0 {
		p.frame.h = o.Height - p.frame.y - 60
	}
	p.Height = p.frame.y + p.frame.h + 60
	each := func(of func(Point) float64, a Axis) func(func(float64)) {
		return func(yield func(float64)) {
			for _, ps := range [][]Point{f.Best, f.Packages} {
				for _, q := range ps {
					yield(of(q))
				}
			}
			for _, n := range f.Named {
				yield(of(n.At))
			}
			if a.HasReserve {
				yield(a.Reserve)
			}
		}
	}
	lo, hi := span(f.X.Min, f.X.Max, each(func(q Point) float64 { return q.X }, f.X))
	p.x = scale{lo, hi, p.frame.x, p.frame.x + p.frame.w}
	lo, hi = span(f.Y.Min, f.Y.Max, each(func(q Point) float64 { return q.Y }, f.Y))
	p.y = scale{lo, hi, p.frame.y + p.frame.h, p.frame.y}
	for _, t := range ticks(lo, hi, 5) { // the margin holds the widest figure
		if need := p.faceOf("soft").width(t.text) + 14 - p.frame.x; need > 0 {
			p.frame.x += need
			p.frame.w -= need
		}
	}
	p.x.a = p.frame.x
	return p
}

func (p *plane) at(q Point) vec { return vec{p.x.at(q.X), p.y.at(q.Y)} }

// ground hatches what a party would not accept, each with its own hatch; where both would not, the first hatch stands.
func (p *plane) ground() {
	left, bottom := p.frame.x, p.frame.y+p.frame.h
	cut := left
	if p.f.X.HasReserve {
		cut = p.x.at(p.f.X.Reserve)
		p.hatch(box{left, p.frame.y, cut - left, p.frame.h}, 0)
	}
	if p.f.Y.HasReserve {
		y := p.y.at(p.f.Y.Reserve)
		p.hatch(box{cut, y, left + p.frame.w - cut, bottom - y}, 1)
	}
}

// cloud draws the background: one dot to a cell, with cells grown until there are few enough.
func (p *plane) cloud() {
	for cell := 2.0; ; cell *= 1.3 {
		seen := map[[2]int]bool{}
		p.dots = p.dots[:0]
		for _, q := range p.f.Packages {
			v := p.at(q)
			k := [2]int{int(v.x / cell), int(v.y / cell)}
			if !seen[k] {
				seen[k] = true
				p.dots = append(p.dots, v)
			}
			if len(p.dots) > maxDots {
				break
			}
		}
		if len(p.dots) <= maxDots {
			break
		}
	}
	r := 1.8
	if p.opt.narrow() {
		r = 1.3
	}
	for _, v := range p.dots {
		p.circle("all", v, r)
	}
}

// front draws the frontier from one end to the other, and its packages as rings where there is room to tell them apart.
func (p *plane) front() {
	for _, q := range p.f.Best {
		p.best = append(p.best, p.at(q))
	}
	slices.SortFunc(p.best, func(a, b vec) int {
		if a.x != b.x {
			return int(math.Copysign(1, a.x-b.x))
		}
		return int(math.Copysign(1, a.y-b.y))
	})
	p.best = slices.Compact(p.best)
	// Points closer than a third of a pixel to the line's last point cannot be seen apart.
	line := p.best[:0:0]
	for i, v := range p.best {
		if i == 0 || i == len(p.best)-1 || math.Hypot(v.x-line[len(line)-1].x, v.y-line[len(line)-1].y) > 0.3 {
			line = append(line, v)
		}
	}
	p.best = line
	if len(line) > 1 {
		p.path("front", line...)
	}
	r := 3.2
	if len(line) > 120 {
		r = 2
	}
	if p.opt.narrow() {
		r -= 0.6
	}
	if len(line) > 600 {
		return // a line of touching rings says less than the line
	}
	for _, v := range line {
		p.circle("pt", v, r)
	}
}

// scales draws the axes with their round values and names.
func (p *plane) scales() {
	left, bottom := p.frame.x, p.frame.y+p.frame.h
	p.path("axis", vec{left, p.frame.y}, vec{left, bottom}, vec{left + p.frame.w, bottom})
	n := 5
	end, soft := 4.0, p.faceOf("soft")
	for _, t := range ticks(p.x.lo, p.x.hi, n) {
		x := p.x.at(t.v)
		p.path("axis", vec{x, bottom}, vec{x, bottom + 5})
		w := soft.width(t.text)
		if at := math.Min(x, p.Width-2-w/2); at-w/2 >= end { // a figure that has no room is left out: the tick stands
			p.say("soft", vec{at, bottom + 20}, atMiddle, t.text)
			end = at + w/2 + 4
		}
	}
	for _, t := range ticks(p.y.lo, p.y.hi, n) {
		y := p.y.at(t.v)
		p.path("axis", vec{left - 5, y}, vec{left, y})
		p.say("soft", vec{left - 10, y + 4}, atEnd, t.text)
	}
	name := p.faceOf("name")
	p.fixed = append(p.fixed,
		p.say("name", vec{left + p.frame.w, bottom + 44}, atEnd, name.fit(p.f.X.Name, p.Width-20)),
		p.say("name", vec{10, 20}, atStart, name.fit(p.f.Y.Name, p.Width-20)))
}

// reserves draws the lines of what each party accepts at least; their words are placed with the other labels.
func (p *plane) reserves() {
	f := p.frame
	// A line on the frame would only make the axis look broken.
	if x := p.x.at(p.f.X.Reserve); p.f.X.HasReserve && x > f.x+1 {
		p.path("resv", vec{x, f.y + f.h}, vec{x, f.y})
	}
	if y := p.y.at(p.f.Y.Reserve); p.f.Y.HasReserve && y < f.y+f.h-1 {
		p.path("resv", vec{f.x, y}, vec{f.x + f.w, y})
	}
}
