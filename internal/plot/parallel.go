package plot

import (
	"fmt"
	"math"
	"sort"
	"strconv"
)

// Parallel is the figure for three and more parties: one upright scale for each, and one line for each package. What a
// party would not accept is hatched on its scale. Lines are told apart by number, dash and shape.
type Parallel struct {
	Axes  []Axis      // one a party, in the talks' order
	Best  [][]float64 // the frontier, or a part of it, faint in the background; one worth an axis
	Named []Line
}

// Line is a package with a name in a Parallel figure.
type Line struct {
	Kind Kind // Solution or Draft
	Name string
	Note string
	At   []float64 // one worth an axis
}

// Draw lays the figure out. It refuses a package whose number of worths is not the number of axes.
func (f Parallel) Draw(o Options) (*Drawing, error) {
	o, err := o.settled()
	if err == nil {
		err = f.check()
	}
	if err != nil {
		return nil, err
	}
	d := &Drawing{Width: o.Width, opt: o}
	r := rails{Drawing: d, f: f}
	r.lay()
	r.scales()
	r.background()
	r.lines()
	r.words()
	return d, nil
}

func (f Parallel) check() error {
	n := len(f.Axes)
	if n < 2 || n > maxAxes {
		return fmt.Errorf("plot: parallel scales are drawn for 2 to %d parties, not %d", maxAxes, n)
	}
	if len(f.Named) > maxMarks {
		return fmt.Errorf("plot: %d named packages; a reader tells at most %d apart", len(f.Named), maxMarks)
	}
	if len(f.Named)+len(f.Best) == 0 {
		return fmt.Errorf("plot: there is no package to draw")
	}
	if len(f.Best) > maxPoints {
		return fmt.Errorf("plot: a frontier of %d packages is too large to draw", len(f.Best))
	}
	for _, a := range f.Axes {
		if err := checkWords(a.Name, a.Short); err != nil {
			return err
		}
		if err := finite("an axis", a.Min, a.Max, a.Reserve); err != nil {
			return err
		}
	}
	row := func(what string, vs []float64) error {
		if len(vs) != n {
			return fmt.Errorf("plot: %s has %d worths for %d parties", what, len(vs), n)
		}
		return finite(what, vs...)
	}
	for i, b := range f.Best {
		if err := row("package "+strconv.Itoa(i+1), b); err != nil {
			return err
		}
	}
	for _, l := range f.Named {
		if err := checkWords(l.Name, l.Note); err != nil {
			return err
		}
		if err := row(strconv.Quote(l.Name), l.At); err != nil {
			return err
		}
	}
	return nil
}

// rails is the work of laying out one Parallel.
type rails struct {
	*Drawing
	f       Parallel
	xs      []float64
	ys      []scale
	top     float64
	bottom  float64
	numbers []string
	right   float64 // where words begin
}

func (r *rails) lay() {
	n := len(r.f.Axes)
	number := 0
	words := 0.0
	name, soft := r.faceOf("name"), r.faceOf("soft")
	for _, l := range r.f.Named {
		s := ""
		if l.Kind == Solution {
			number++
			s = strconv.Itoa(number)
		}
		r.numbers = append(r.numbers, s)
		words = math.Max(words, math.Max(name.width(l.Name), soft.width(l.Note)))
	}
	left, right := 44.0, r.Width-44
	if !r.opt.narrow() {
		right = r.Width - 40 - math.Min(math.Max(words, 60), r.Width*0.34) - 24
	}
	for i := range r.f.Axes {
		r.xs = append(r.xs, left+(right-left)*float64(i)/float64(n-1))
	}
	r.right = right + 40
	r.top = 78
	h := math.Round(r.Width * 0.45)
	if r.opt.narrow() {
		h = math.Round(r.Width * 0.85)
	}
	if r.opt.Height != 0 {
		h = r.opt.Height - r.top - 46
	}
	r.bottom = r.top + h
	r.Height = r.bottom + 46
	for i, a := range r.f.Axes {
		lo, hi := span(a.Min, a.Max, func(yield func(float64)) {
			for _, b := range r.f.Best {
				yield(b[i])
			}
			for _, l := range r.f.Named {
				yield(l.At[i])
			}
			if a.HasReserve {
				yield(a.Reserve)
			}
		})
		r.ys = append(r.ys, scale{lo, hi, r.bottom, r.top})
	}
}

// scales draws the axes: name above, ends in figures, and below the reservation value the party's hatch.
func (r *rails) scales() {
	n := len(r.f.Axes)
	gap := r.xs[1] - r.xs[0]
	name, soft := r.faceOf("name"), r.faceOf("soft")
	// Names stand on two rows by turns where one row is too narrow for them.
	rows := 1
	for _, a := range r.f.Axes {
		if name.width(a.short()) > gap-8 {
			rows = 2
		}
	}
	figure := math.Min(gap*float64(rows)-6, 2*r.xs[0]-8)
	for i, a := range r.f.Axes {
		x, y := r.xs[i], r.ys[i]
		row := i % rows
		if a.HasReserve {
			cut := y.at(a.Reserve)
			r.hatch(box{x - 9, cut, 18, r.bottom - cut}, i)
			r.box("grid", box{x - 9, cut, 18, r.bottom - cut})
			r.path("resv", vec{x - 13, cut}, vec{x + 13, cut})
		}
		r.path("axis", vec{x, r.top}, vec{x, r.bottom})
		r.path("axis", vec{x - 4, r.top}, vec{x + 4, r.top})
		r.path("axis", vec{x - 4, r.bottom}, vec{x + 4, r.bottom})
		from, to := 8.0, r.Width-8
		if i >= rows {
			from = (r.xs[i-rows]+x)/2 + 5
		}
		if i+rows < n {
			to = (r.xs[i+rows]+x)/2 - 5
		}
		text := name.fit(a.short(), to-from)
		half := name.width(text) / 2
		r.say("name", vec{math.Max(from+half, math.Min(to-half, x)), r.top - 12 - 14*float64(rows) - 20*float64(row)}, atMiddle, text)
		r.say("soft", vec{x, r.top - 8 - 14*float64(row)}, atMiddle, short(y.hi, y.lo, y.hi, figure, soft.width))
		r.say("soft", vec{x, r.bottom + 18 + 14*float64(row)}, atMiddle, short(y.lo, y.lo, y.hi, figure, soft.width))
	}
}

// background draws the frontier faintly: every line where there are few, every k-th where there are many.
func (r *rails) background() {
	step := (len(r.f.Best) + 399) / 400
	for i := 0; i < len(r.f.Best); i += max(1, step) {
		r.path("faint", r.track(r.f.Best[i])...)
	}
}

func (r *rails) track(vs []float64) []vec {
	out := make([]vec, len(vs))
	for i, v := range vs {
		out[i] = vec{r.xs[i], r.ys[i].at(v)}
	}
	return out
}

func (r *rails) lines() {
	for i, l := range r.f.Named {
		r.path("line-"+strconv.Itoa(i%6+1), r.track(l.At)...)
	}
	for i, l := range r.f.Named {
		for _, v := range r.track(l.At) {
			r.knot(i, v)
		}
	}
}

// knot is the shape of the i-th line at each scale: square, circle, triangle, diamond, filled square, filled circle.
func (r *rails) knot(i int, v vec) {
	const h = 4.5
	switch i % 6 {
	case 0:
		r.circle("knot", v, h)
	case 1:
		r.box("knot", box{v.x - h + 0.5, v.y - h + 0.5, 2*h - 1, 2*h - 1})
	case 2:
		r.area("knot", vec{v.x, v.y - h - 1}, vec{v.x + h + 0.5, v.y + h - 0.5}, vec{v.x - h - 0.5, v.y + h - 0.5})
	case 3:
		r.area("knot", vec{v.x, v.y - h - 1}, vec{v.x + h + 1, v.y}, vec{v.x, v.y + h + 1}, vec{v.x - h - 1, v.y})
	case 4:
		r.box("lone", box{v.x - h + 0.5, v.y - h + 0.5, 2*h - 1, 2*h - 1})
	case 5:
		r.circle("lone", v, h)
	}
}

// words names the lines: to the right of the last scale, moved apart and tied by leaders; on a phone in a key below.
func (r *rails) words() {
	type end struct {
		line int
		y    float64
	}
	var ends []end
	last := len(r.xs) - 1
	for i, l := range r.f.Named {
		ends = append(ends, end{i, r.ys[last].at(l.At[last])})
	}
	sort.SliceStable(ends, func(a, b int) bool { return ends[a].y < ends[b].y })
	name, soft := r.faceOf("name"), r.faceOf("soft")
	gap := 24.0
	for _, l := range r.f.Named {
		if l.Note != "" && !r.opt.narrow() {
			gap = 40
		}
	}
	want := make([]float64, len(ends))
	for i, e := range ends {
		want[i] = e.y
	}
	hi := math.Max(r.bottom, r.top+gap*float64(len(ends)-1))
	at := spread(want, gap, r.top, hi)
	if !r.opt.narrow() {
		r.Height = math.Max(r.Height, hi+30)
		for i, e := range ends {
			l := r.f.Named[e.line]
			r.path("lead", vec{r.xs[last] + 8, e.y}, vec{r.right - 14, at[i]})
			r.badge(e.line, vec{r.right - 8 + 4, at[i]})
			x := r.right + 14
			r.say("name", vec{x, at[i] + 5}, atStart, name.fit(l.Name, r.Width-x-4))
			r.say("soft", vec{x, at[i] + 21}, atStart, soft.fit(l.Note, r.Width-x-4))
		}
		return
	}
	gap = 20
	at = spread(want, gap, r.top, math.Max(r.bottom, r.top+gap*float64(len(ends)-1)))
	for i, e := range ends {
		r.path("lead", vec{r.xs[last] + 6, e.y}, vec{r.Width - 24, at[i]})
		r.badge(e.line, vec{r.Width - 14, at[i]})
		r.Height = math.Max(r.Height, at[i]+30)
	}
	y := r.Height + 8
	for i, l := range r.f.Named {
		r.badge(i, vec{20, y})
		r.path("line-"+strconv.Itoa(i%6+1), vec{36, y}, vec{72, y})
		r.knot(i, vec{54, y})
		room := r.Width - 82 - 8
		r.say("name", vec{82, y + 5}, atStart, name.fit(l.Name, room))
		r.Keyed = append(r.Keyed, l.Name)
		if l.Note != "" {
			if used := name.width(l.Name) + 12; used+soft.width(l.Note) <= room {
				r.say("soft", vec{82 + used, y + 5}, atStart, l.Note)
			} else {
				y += 18
				r.say("soft", vec{82, y + 5}, atStart, soft.fit(l.Note, room))
			}
		}
		y += 26
	}
	r.Height = y - 4
}

// badge is what a line is called in figures: a disc with its number, or the draft's square.
func (r *rails) badge(i int, v vec) {
	if r.f.Named[i].Kind == Draft {
		r.box("draft", box{v.x - 6, v.y - 6, 12, 12})
		return
	}
	if r.f.Named[i].Kind != Solution {
		r.knot(i, v)
		return
	}
	r.circle("sugg", v, 9)
	r.say("sn", vec{v.x, v.y + 4.2}, atMiddle, r.numbers[i])
}
