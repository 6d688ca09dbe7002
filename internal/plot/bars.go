package plot

import (
	"fmt"
	"math"
	"strconv"
)

// Bars is the figure of sensitivity: for each issue, in how many of the draws of uncertain weights each option was part
// of the answer. One long solid bar means that the issue does not depend on the uncertainty.
type Bars struct {
	// Unit is set at the end of the scale, such as "share of 1,000 draws"; may be empty.
	Unit string
	Rows []Bar
}

// Bar is one issue.
type Bar struct {
	Name  string
	Note  string // under the name; may be empty
	Parts []Part // largest first reads best; shares sum to at most 1
}

// Part is one option of the issue with its share of the draws, from 0 to 1.
type Part struct {
	Name  string
	Share float64
}

// Draw lays the figure out. It refuses shares outside 0 to 1 or summing to more than 1.
func (f Bars) Draw(o Options) (*Drawing, error) {
	o, err := o.settled()
	if err == nil {
		err = f.check()
	}
	if err != nil {
		return nil, err
	}
	d := &Drawing{Width: o.Width, opt: o}
	f.draw(d)
	return d, nil
}

func (f Bars) check() error {
	if len(f.Rows) == 0 || len(f.Rows) > maxBars {
		return fmt.Errorf("plot: bars are drawn for 1 to %d issues, not %d", maxBars, len(f.Rows))
	}
	for _, b := range f.Rows {
		if err := checkWords(b.Name, b.Note); err != nil {
			return err
		}
		sum := 0.0
		for _, p := range b.Parts {
			if err := checkWords(p.Name); err != nil {
				return err
			}
			if !(p.Share >= 0 && p.Share <= 1) {
				return fmt.Errorf("plot: option %q of issue %q has the share %v; shares lie between 0 and 1", p.Name, b.Name, p.Share)
			}
			sum += p.Share
		}
		if sum > 1+1e-9 {
			return fmt.Errorf("plot: the shares of issue %q sum to %v, more than 1", b.Name, sum)
		}
	}
	return nil
}

const barHeight = 22.0

func (f Bars) draw(d *Drawing) {
	name, soft := d.faceOf("name"), d.faceOf("soft")
	// Wide: names to the left of the bars. Narrow: above them.
	left, right := 14.0, d.Width-18
	if !d.opt.narrow() {
		w := 60.0
		for _, b := range f.Rows {
			w = math.Max(w, math.Max(name.width(b.Name), soft.width(b.Note)))
		}
		left = math.Min(w, d.Width*0.36) + 28
	}
	s := scale{0, 1, left, right}
	y := 14.0
	for _, b := range f.Rows {
		top, under := d.barName(b, s, y)
		bottom := top + barHeight
		if line := also(d.barParts(b, s, top)); line != "" {
			d.say("soft", vec{left, bottom + 15}, atStart, soft.fit(line, right-left))
			bottom += 18
		}
		y = math.Max(bottom, under) + 14
	}
	d.path("axis", vec{left, y}, vec{right, y})
	for i := 0; i <= 4; i++ {
		x := s.at(float64(i) / 4)
		d.path("axis", vec{x, y}, vec{x, y + 5})
		a := atMiddle
		if i == 0 {
			a, x = atStart, left-3
		} else if i == 4 {
			a, x = atEnd, right+3
		}
		d.say("soft", vec{x, y + 20}, a, percent(float64(i)/4))
	}
	y += 30
	if f.Unit != "" {
		d.say("soft", vec{right, y + 12}, atEnd, soft.fit(f.Unit, right-8))
		y += 20
	}
	d.Height = y + 4
}

// barName sets an issue's name and note, and returns where its bar begins and how far down the words reach.
func (d *Drawing) barName(b Bar, s scale, y float64) (top, under float64) {
	name, soft := d.faceOf("name"), d.faceOf("soft")
	if d.opt.narrow() {
		d.say("name", vec{s.a, y + 14}, atStart, name.fit(b.Name, s.b-s.a))
		top = y + 22
		if b.Note != "" {
			d.say("soft", vec{s.a, y + 30}, atStart, soft.fit(b.Note, s.b-s.a))
			top += 16
		}
		return top, top
	}
	d.say("name", vec{s.a - 14, y + 16}, atEnd, name.fit(b.Name, s.a-22))
	if b.Note == "" {
		return y, y
	}
	d.say("soft", vec{s.a - 14, y + 31}, atEnd, soft.fit(b.Note, s.a-22))
	return y, y + 36
}

// barParts draws the parts of a bar and returns those too short for their words.
func (d *Drawing) barParts(b Bar, s scale, top float64) (small []Part) {
	x := 0.0
	for i, p := range b.Parts {
		if p.Share == 0 {
			continue
		}
		r := box{s.at(x), top, s.at(x+p.Share) - s.at(x), barHeight}
		x += p.Share
		label, class := p.Name+" · "+percent(p.Share), "on"
		if i == 0 {
			d.box("sugg", r)
		} else {
			class = "plain"
			d.hatch(r, i-1)
			d.box("frame", r)
		}
		if d.faceOf(class).width(label) <= r.w-12 {
			d.say(class, vec{r.x + 7, top + 15.5}, atStart, label)
		} else {
			small = append(small, p)
		}
	}
	return small
}

// also writes the options whose part of the bar is too short for words.
func also(ps []Part) string {
	s := ""
	for _, p := range ps {
		if s != "" {
			s += ", "
		}
		s += p.Name + " " + percent(p.Share)
	}
	return s
}

// percent rounds to whole percents, and says "under 1" and "over 99" in figures rather than 0 and 100.
func percent(v float64) string {
	switch {
	case v > 0 && v < 0.005:
		return "<1 %"
	case v < 1 && v >= 0.995:
		return ">99 %"
	}
	return strconv.Itoa(int(math.Round(v*100))) + " %"
}
