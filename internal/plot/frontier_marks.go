package plot

import (
	"math"
	"strconv"
)

// marks seats the named packages: those at one point share a mark, and marks that would touch are moved apart and tied
// to their points by a short line.
func (p *plane) marks() {
	number := 0
	for i, n := range p.f.Named {
		v := p.at(n.At)
		num := ""
		if n.Kind == Solution {
			number++
			num = strconv.Itoa(number)
		}
		if s := p.sharing(v, n.Kind); s != nil {
			s.who = append(s.who, i)
			s.number = join(s.number, num)
			s.r = discRadius(s.number)
			continue
		}
		r := discRadius(num)
		if n.Kind != Solution {
			r = 8
		}
		p.placed = append(p.placed, &seat{point: v, mark: v, who: []int{i}, number: num, kind: n.Kind, r: r})
	}
	for _, s := range p.placed {
		p.keepIn(s)
	}
	p.part()
	for _, s := range p.placed {
		if d := math.Hypot(s.mark.x-s.point.x, s.mark.y-s.point.y); d > 1 {
			p.path("lead", s.point, s.mark)
			p.circle("pt", s.point, 3.2)
		}
	}
	for _, s := range p.placed {
		p.drawSeat(s)
	}
}

func discRadius(number string) float64 { return 9 + 3.4*float64(max(0, len([]rune(number))-1)) }

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "·" + b
}

// sharing finds the seat of solutions at the same place. Drafts and ideal points keep a mark of their own: that a draft
// is a solution is news, shown by the square round the disc.
func (p *plane) sharing(v vec, k Kind) *seat {
	for _, s := range p.placed {
		if s.kind == k && math.Hypot(s.point.x-v.x, s.point.y-v.y) < 0.5 {
			return s
		}
	}
	return nil
}

// keepIn keeps a numbered mark off the figures of the axes.
func (p *plane) keepIn(s *seat) {
	if s.kind != Solution {
		return
	}
	s.mark.x = math.Max(p.frame.x-9+s.r, math.Min(p.frame.x+p.frame.w+9-s.r, s.mark.x))
	s.mark.y = math.Max(p.frame.y, math.Min(p.frame.y+p.frame.h, s.mark.y))
}

// part moves touching discs apart, along the line between them or, where they coincide, up and to the right.
func (p *plane) part() {
	for range 60 {
		still := true
		for i, a := range p.placed {
			for _, b := range p.placed[i+1:] {
				if p.push(a, b) {
					still = false
				}
			}
		}
		if still {
			return
		}
	}
	for i, s := range p.placed {
		if s.kind == Solution && p.touches(i, s.mark) {
			p.seek(i)
		}
	}
}

// touches says whether the i-th mark would touch another if it stood at a place.
func (p *plane) touches(i int, at vec) bool {
	for j, o := range p.placed {
		if i != j && math.Hypot(o.mark.x-at.x, o.mark.y-at.y) < p.placed[i].r+o.r+1 {
			return true
		}
	}
	return false
}

// seek takes the free place nearest to a mark's point, for marks that pushing has left wedged between others.
func (p *plane) seek(i int) {
	s := p.placed[i]
	for r := 4.0; r < p.Width; r += 4 {
		for k := range 24 {
			sin, cos := math.Sincos(2*math.Pi*float64(k)/24 - math.Pi/4)
			s.mark = vec{s.point.x + r*cos, s.point.y + r*sin}
			p.keepIn(s)
			if !p.touches(i, s.mark) {
				return
			}
		}
	}
}

// push moves two marks apart where they touch and at least one may move: only numbered discs do; a square or a cross is
// read at its place. The push turns a little aside, so that discs caught in a corner slide past each other.
func (p *plane) push(a, b *seat) bool {
	need := a.r + b.r + 2
	dx, dy := b.mark.x-a.mark.x, b.mark.y-a.mark.y
	n := math.Hypot(dx, dy)
	if n >= need-1e-6 || a.kind != Solution && b.kind != Solution {
		return false
	}
	over := need - n
	if n < 1e-9 {
		dx, dy, n = 1, -1, math.Sqrt2
	}
	dx, dy = dx/n, dy/n
	dx, dy = dx+0.2*dy, dy-0.2*dx
	move := func(s *seat, by float64) {
		s.mark.x += dx * by
		s.mark.y += dy * by
		p.keepIn(s)
	}
	switch {
	case a.kind == Solution && b.kind == Solution:
		move(a, -over/2)
		move(b, over/2)
	case b.kind == Solution:
		move(b, over)
	default:
		move(a, -over)
	}
	return true
}

// half is half the width and half the height of a mark.
func (s *seat) half() vec {
	if s.kind == Solution {
		return vec{s.r, 9}
	}
	return vec{s.r, s.r}
}

func (p *plane) drawSeat(s *seat) {
	v := s.mark
	switch s.kind {
	case Solution:
		if len([]rune(s.number)) > 2 { // several solutions in one package: a lozenge with all their numbers
			p.box("sugg", box{v.x - s.r, v.y - 9, 2 * s.r, 18})
		} else {
			p.circle("sugg", v, s.r)
		}
		p.say("sn", vec{v.x, v.y + 4.2}, atMiddle, s.number)
	case Draft:
		p.box("draft", box{v.x - 6, v.y - 6, 12, 12})
	case Ideal:
		p.path("ink", vec{v.x - 7, v.y}, vec{v.x + 7, v.y})
		p.path("ink", vec{v.x, v.y - 7}, vec{v.x, v.y + 7})
	case Lone:
		p.area("lone", vec{v.x, v.y - 7}, vec{v.x + 6, v.y}, vec{v.x, v.y + 7}, vec{v.x - 6, v.y})
	}
	h := s.half()
	p.fixed = append(p.fixed, box{v.x - h.x, v.y - h.y, 2 * h.x, 2 * h.y})
}

// words places the names of marks and reservation lines, and sets what found no place in the key.
func (p *plane) words() {
	left := p.frame.x + 3
	c := crowd{frame: box{left, 26, p.Width - 4 - left, p.frame.y + p.frame.h - 28}, solid: p.fixed, dots: p.dots, rings: p.best, lines: [][]vec{p.best}}
	ls := p.reserveLabels(&c)
	bySeat := make([]*label, len(p.placed))
	for i, s := range p.placed {
		l := &label{at: s.mark, clear: s.half(), names: p.namesOf(s), note: p.f.Named[s.who[0]].Note}
		if p.opt.narrow() && s.kind == Solution {
			continue // on a phone numbers stand in the plot and words below it
		}
		if p.opt.narrow() {
			l.note = ""
		}
		l.spots = spotsAround(l, p.labelSize(l))
		bySeat[i] = l
		ls = append(ls, l)
	}
	arrange(ls, c)
	for _, l := range ls {
		if l.chosen >= 0 && l.spots[l.chosen].leader {
			p.path("lead", l.spots[l.chosen].from, l.spots[l.chosen].to)
		}
	}
	for _, l := range ls {
		p.setLabel(l)
	}
	p.key(bySeat)
}

func (p *plane) namesOf(s *seat) (names []string) {
	for _, w := range s.who {
		names = append(names, p.f.Named[w].Name)
	}
	return names
}

// Distances between the lines of a label, as parts of the size of the lower line.
const leading = 1.2

func (p *plane) labelSize(l *label) func(anchor) (w, h, ascent float64) {
	name, soft := p.faceOf("name"), p.faceOf("soft")
	w, h := 0.0, name.size*1.05+name.size*leading*float64(len(l.names)-1)
	for _, n := range l.names {
		w = math.Max(w, name.width(n))
	}
	if l.note != "" {
		w = math.Max(w, soft.width(l.note))
		h += soft.size * leading
	}
	return func(anchor) (float64, float64, float64) { return w, h, name.size * 0.8 }
}

func (p *plane) setLabel(l *label) {
	if l.chosen < 0 {
		return
	}
	s := l.spots[l.chosen]
	if l.free {
		p.say("soft", s.text, s.anchor, l.names[0])
		return
	}
	at := s.text
	for i, n := range l.names {
		if i > 0 {
			at.y += p.faceOf("name").size * leading
		}
		p.say("name", at, s.anchor, n)
	}
	at.y += p.faceOf("soft").size * leading
	p.say("soft", at, s.anchor, l.note)
}

// reserveLabels offers places along the reservation lines.
func (p *plane) reserveLabels(c *crowd) []*label {
	f, face := p.frame, p.faceOf("soft")
	var ls []*label
	offer := func(a Axis, spots func(w, h float64) []spot) {
		if !a.HasReserve || a.ReserveLabel == "" || p.opt.narrow() {
			return
		}
		l := &label{names: []string{a.ReserveLabel}, free: true}
		l.spots = spots(face.width(a.ReserveLabel), face.size*1.1)
		for i := range l.spots {
			s := &l.spots[i]
			s.text = vec{s.box.x, s.box.y + face.size*0.85}
			s.cost += float64(i) * 4
		}
		ls = append(ls, l)
	}
	x, y := p.x.at(p.f.X.Reserve), p.y.at(p.f.Y.Reserve)
	offer(p.f.X, func(w, h float64) (out []spot) {
		for _, top := range []float64{f.y - h - 1, f.y + 3, f.y + f.h - h - 4, f.y + f.h*0.8, f.y + f.h*0.25} {
			out = append(out, spot{box: box{x + 6, top, w, h}}, spot{box: box{x - 6 - w, top, w, h}})
		}
		return out
	})
	offer(p.f.Y, func(w, h float64) (out []spot) {
		for _, left := range []float64{f.x + f.w - w - 2, f.x + 6, f.x + (f.w-w)/2} {
			out = append(out, spot{box: box{left, y - h - 3, w, h}}, spot{box: box{left, y + 3, w, h}})
		}
		return out
	})
	if p.f.X.HasReserve {
		c.lines = append(c.lines, []vec{{x, f.y}, {x, f.y + f.h}})
	}
	if p.f.Y.HasReserve {
		c.lines = append(c.lines, []vec{{f.x, y}, {f.x + f.w, y}})
	}
	return ls
}

// key sets, under the plot, the marks whose words stand nowhere else. A seat without words and without a number gets
// none in the plot either, so its mark is drawn again in the key.
func (p *plane) key(bySeat []*label) {
	y := p.Height + 6
	name, soft := p.faceOf("name"), p.faceOf("soft")
	for i, s := range p.placed {
		l := bySeat[i]
		if l != nil && l.chosen >= 0 && (!p.opt.narrow() || p.f.Named[s.who[0]].Note == "") {
			continue
		}
		again := *s
		again.mark = vec{math.Max(24, 8+s.r), y + 4}
		p.drawSeat(&again)
		for _, w := range s.who {
			n := p.f.Named[w]
			x := math.Max(44, again.mark.x+s.r+10)
			room := p.Width - x - 8
			p.say("name", vec{x, y + 9}, atStart, name.fit(n.Name, room))
			if n.Note != "" {
				used := name.width(n.Name) + 12
				if used+soft.width(n.Note) <= room {
					p.say("soft", vec{x + used, y + 9}, atStart, n.Note)
				} else {
					y += 18
					p.say("soft", vec{x, y + 9}, atStart, soft.fit(n.Note, room))
				}
			}
			p.Keyed = append(p.Keyed, n.Name)
			y += name.size * 1.7
		}
	}
	if p.opt.narrow() {
		for _, a := range []Axis{p.f.X, p.f.Y} {
			if a.HasReserve && a.ReserveLabel != "" {
				p.path("resv", vec{12, y + 4}, vec{36, y + 4})
				p.say("soft", vec{44, y + 8.5}, atStart, soft.fit(a.ReserveLabel, p.Width-50))
				y += 22
			}
		}
	}
	if y > p.Height+6 {
		p.Height = y + 4
	}
}
