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

func (f Bars) draw(d *Drawing) {
	name, soft, plain := d.faceOf("name"), d.faceOf("soft"), d.faceOf("plain")
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
	const h = 22.0
	for _, b := range f.Rows {
		top := y
		if d.opt.narrow() {
			d.say("name", vec{left, y + 14}, atStart, name.fit(b.Name, right-left))
			top += 22
			if b.Note != "" {
				d.say("soft", vec{left, y + 30}, atStart, soft.fit(b.Note, right-left))
				top += 16
			}
		} else {
			base := y + 16
			if b.Note != "" {
				d.say("soft", vec{left - 14, y + 31}, atEnd, soft.fit(b.Note, left-22))
			}
			d.say("name", vec{left - 14, base}, atEnd, name.fit(b.Name, left-22))
		}
		x := 0.0
		var small []Part
		for i, p := range b.Parts {
			if p.Share == 0 {
				continue
			}
			r := box{s.at(x), top, s.at(x+p.Share) - s.at(x), h}
			x += p.Share
			label := p.Name + " · " + percent(p.Share)
			fits := plain.width(label) <= r.w-12
			if i == 0 {
				d.box("sugg", r)
				if fits {
					d.say("on", vec{r.x + 7, top + 15.5}, atStart, label)
				}
			} else {
				d.hatch(r, i-1)
				d.box("frame", r)
				if fits {
					d.say("plain", vec{r.x + 7, top + 15.5}, atStart, label)
				}
			}
			if !fits {
				small = append(small, p)
			}
		}
		bottom := top + h
		if line := also(small); line != "" {
			d.say("soft", vec{left, bottom + 15}, atStart, soft.fit(line, right-left))
			bottom += 18
		}
		y = math.Max(bottom, y+b2f(b.Note != "" && !d.opt.narrow())*36) + 14
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

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
