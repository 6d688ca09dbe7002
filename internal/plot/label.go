package plot

import (
	"cmp"
	"math"
	"slices"
)

// Labels are placed beside their points by choosing, for each, one of a few hundred places, so that the sum of faults is
// small: covering a mark or a line, crossing another leader, lying far away. First each takes the best place it can in
// order; then each is moved in turn while that helps. A label whose best place is still a bad one goes into the key. The number
// of labels is small (at most maxMarks and two for reservation lines), so this is thorough and takes a few milliseconds.

// label is one thing to place: up to two lines of text set flush, and what it belongs to.
type label struct {
	at     vec      // the point it names
	clear  vec      // half width and half height of the mark at that point
	names  []string // one line each
	note   string
	spots  []spot // where it may stand
	chosen int    // index in spots, or -1: into the key
	free   bool   // needs no leader and stands only at its own spots (reservation lines)
}

// spot is one place for a label.
type spot struct {
	box    box
	text   vec // baseline of the first line
	anchor anchor
	leader bool
	from   vec // leader, from the mark's edge …
	to     vec // … to the text
	cost   float64
}

// crowd is what labels must keep clear of.
type crowd struct {
	frame box     // no label leaves it
	solid []box   // no label lies on these
	lines [][]vec // costly to cover: the frontier, reservation lines
	rings []vec   // costly too: the frontier's packages
	dots  []vec   // cheap to cover
}

const (
	hard  = 1e6   // a fault that is never accepted
	worst = 170.0 // a label that would cost more stands better in the key
)

// spotsAround lists places round a point, near ones first.
func spotsAround(l *label, size func(anchor) (w, h, ascent float64)) []spot {
	w, h, ascent := size(atStart)
	var out []spot
	place := func(end vec, a anchor, leader bool, cost float64) {
		b := box{end.x, end.y - h/2, w, h}
		switch a {
		case atEnd:
			b.x = end.x - w
		case atMiddle:
			b.x = end.x - w/2
		}
		s := spot{box: b, anchor: a, leader: leader, cost: cost}
		s.text = vec{end.x, b.y + ascent}
		if leader {
			s.from = l.edge(end)
			s.to = end
			gap := 4.0
			if a == atEnd {
				gap = -4
			}
			s.box.x += gap
			s.text.x += gap
		}
		out = append(out, s)
	}
	const near = 5
	place(vec{l.at.x + l.clear.x + near, l.at.y}, atStart, false, 0)
	place(vec{l.at.x - l.clear.x - near, l.at.y}, atEnd, false, 3)
	place(vec{l.at.x, l.at.y - l.clear.y - near - h/2}, atMiddle, false, 5)
	place(vec{l.at.x, l.at.y + l.clear.y + near + h/2}, atMiddle, false, 6)
	for _, r := range []float64{22, 36, 52, 72, 96, 124, 156, 192, 232} {
		for k := 0; k < 32; k++ {
			s, c := math.Sincos(2 * math.Pi * (float64(k) + 0.5) / 32)
			end := vec{l.at.x + c*(l.clear.x+r), l.at.y - s*(l.clear.y+r)}
			a := atStart
			if c < 0 {
				a = atEnd
			}
			// Up and to the right is where both gain, where no package is: leaders fan out there.
			place(end, a, true, 10+r*0.16+14*(1-(c+s)/math.Sqrt2))
		}
	}
	return out
}

// edge is where a line from the mark's middle to a place leaves the mark: a disc, or a plate wider than it is high.
func (l *label) edge(to vec) vec {
	dx, dy := to.x-l.at.x, to.y-l.at.y
	t := 1.0
	if l.clear.x == l.clear.y {
		t = l.clear.x / math.Hypot(dx, dy)
	} else {
		t = math.Min(l.clear.x/math.Max(math.Abs(dx), 1e-9), l.clear.y/math.Max(math.Abs(dy), 1e-9))
	}
	return vec{l.at.x + t*dx, l.at.y + t*dy}
}

// arrange chooses a spot for every label: the best of several orders of choosing.
func arrange(ls []*label, c crowd) {
	for _, l := range ls {
		for i := range l.spots {
			l.spots[i].cost += c.cost(l.spots[i])
		}
		slices.SortStableFunc(l.spots, func(a, b spot) int { return cmp.Compare(a.cost, b.cost) })
		l.spots = l.spots[:min(len(l.spots), 120)]
	}
	best, choice := math.Inf(1), make([]int, len(ls))
	for turn := range 2 * len(ls) {
		order := make([]*label, len(ls))
		for i := range ls {
			order[(i+turn)%len(ls)] = ls[i]
		}
		if turn >= len(ls) {
			slices.Reverse(order)
		}
		if total := settle(order); total < best {
			best = total
			for i, l := range ls {
				choice[i] = l.chosen
			}
		}
	}
	for i, l := range ls {
		l.chosen = choice[i]
	}
}

// settle lets the labels choose in order, and again while that helps, and returns what the arrangement costs.
func settle(ls []*label) float64 {
	for _, l := range ls {
		l.chosen = -1
	}
	total := 0.0
	for range 6 {
		moved := false
		total = 0
		for _, l := range ls {
			best, at := worst, -1
			for i, s := range l.spots {
				if s.cost >= best {
					break // the spots are sorted by their own cost, and neighbours only add
				}
				if cost := s.cost + among(ls, l, s); cost < best {
					best, at = cost, i
				}
			}
			total += best
			if at != l.chosen {
				l.chosen, moved = at, true
			}
		}
		if !moved {
			break
		}
	}
	return total
}

// cost is what a spot costs whatever the other labels do.
func (c crowd) cost(s spot) float64 {
	if !s.box.within(c.frame) {
		return hard
	}
	sum := 0.0
	grown := s.box.grow(2)
	for _, b := range c.solid {
		if grown.meets(b) {
			return hard
		}
		if s.leader && segmentMeets(s.from, s.to, b.grow(-0.16*min(b.w, b.h))) { // shrunk to clear the label's own mark
			sum += 150
		}
	}
	for _, l := range c.lines {
		for i := 1; i < len(l); i++ {
			if segmentMeets(l[i-1], l[i], grown) {
				sum += 60
			}
			if s.leader && crosses(s.from, s.to, l[i-1], l[i]) {
				sum += 15
			}
		}
	}
	for _, v := range c.rings {
		if grown.grow(5).holds(v) {
			sum += 25
		}
		if s.leader && segmentMeets(s.from, s.to, box{v.x - 4, v.y - 4, 8, 8}) {
			sum += 10
		}
	}
	for _, d := range c.dots {
		if grown.holds(d) {
			sum += 0.7
		}
	}
	return sum
}

// among is what a spot costs because of where the other labels stand now.
func among(ls []*label, self *label, s spot) float64 {
	sum := 0.0
	for _, o := range ls {
		if o == self || o.chosen < 0 {
			continue
		}
		t := o.spots[o.chosen]
		if s.box.grow(2).meets(t.box) {
			return hard
		}
		if s.leader && segmentMeets(s.from, s.to, t.box.grow(1)) || t.leader && segmentMeets(t.from, t.to, s.box.grow(1)) {
			sum += 400
		}
		if s.leader && t.leader && crosses(s.from, s.to, t.from, t.to) {
			sum += 200
		}
	}
	return sum
}

func segmentMeets(p, q vec, b box) bool {
	if b.holds(p) || b.holds(q) {
		return true
	}
	_, _, ok := clip(p, q, b)
	return ok
}

// crosses says whether segments ab and cd cross properly.
func crosses(a, b, c, d vec) bool {
	side := func(p, q, r vec) float64 { return (q.x-p.x)*(r.y-p.y) - (q.y-p.y)*(r.x-p.x) }
	return side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0
}

// spread moves values apart by at least gap, each as little as can be (pool adjacent violators), within lo to hi where
// they fit. The values must be sorted; the result keeps their order.
func spread(want []float64, gap, lo, hi float64) []float64 {
	type block struct {
		sum float64
		n   int
	}
	var bs []block
	pos := func(b block) float64 { return b.sum / float64(b.n) }
	for i, w := range want {
		bs = append(bs, block{w - float64(i)*gap, 1})
		for len(bs) > 1 && pos(bs[len(bs)-2]) > pos(bs[len(bs)-1]) {
			l := bs[len(bs)-1]
			bs = bs[:len(bs)-1]
			bs[len(bs)-1].sum += l.sum
			bs[len(bs)-1].n += l.n
		}
	}
	top := hi - float64(len(want)-1)*gap
	out := make([]float64, 0, len(want))
	for _, b := range bs {
		p := math.Max(math.Min(pos(b), top), lo)
		for range b.n {
			out = append(out, p+float64(len(out))*gap)
		}
	}
	return out
}
