package bargain

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Frontier finds every efficient point in the region, each with a deal that
// reaches it. For two parties this is fast for any number of issues; for more
// the frontier itself grows beyond use, and Cover or a Region answers better.
// When the context ends or Budget.Points is passed, the answer is a cover of
// the frontier with its proved distance.
func (p *Problem) Frontier(ctx context.Context, r Region, o Options) (Frontier, error) {
	if r.Floor != nil && len(r.Floor) != p.n {
		return Frontier{}, &Refusal{Fault: BadTemplate, Why: "the region needs one floor for each party"}
	}
	a, err := p.asking(ctx, o)
	if err != nil {
		return Frontier{}, err
	}
	s := a.s
	w := newSums(s, r.Floor)
	if r.Floor != nil && s.n > 2 {
		w.priced = w.cuts(a.f, r.Floor)
	}
	var run adder
	switch {
	case s.n == 2 && w.gridFits():
		grid := &grid2{sums: w}
		defer grid.release()
		run = grid
	default:
		run = &sumsN{sums: w}
	}
	done, limit := run.frontier(ctx, o)
	f := Frontier{Guarantee: Guarantee{Kind: Exact}}
	tail, eps := w.tail(done)
	if limit != NoLimit {
		f.Guarantee = Guarantee{Kind: Within, Eps: eps, Limit: limit}
		if eps >= 1 {
			f.Guarantee.Kind = Stopped
		}
	}
	if s.limit != NoLimit {
		f.Guarantee = Guarantee{Kind: Stopped, Eps: 1, Limit: s.limit}
	}
	f.Points = p.gather(w, run, done, tail)
	return f, nil
}

// adder adds up groups: grid2 for two parties, sumsN for any number.
type adder interface {
	frontier(ctx context.Context, o Options) (done int, why Limit)
	size() int
	deals(done, issues int, ds []uint16)
	utilities(done, point int, u []int64)
}

// sums is the order in which groups are added up, with what those still to
// come can bring at most.
type sums struct {
	s     *space
	order []int     // groups, those that spread widest first
	rest  [][]int64 // rest[k]: the most that order[k:] can bring, per party
	floor []int64   // nil: none

	priced []cut // what shows that a partial sum falls short of the floor
}

func newSums(s *space, floor []int64) *sums {
	w := &sums{s: s, floor: floor, order: make([]int, len(s.groups))}
	width := make([]float64, len(s.groups))
	for g := range s.groups {
		w.order[g] = g
		vec := s.groups[g].vec
		for q := range s.n {
			lo, hi := vec.v[q], vec.v[q]
			for c := q; c < len(vec.v); c += s.n {
				lo, hi = min(lo, vec.v[c]), max(hi, vec.v[c])
			}
			width[g] += float64(hi-lo) / float64(s.span(q))
		}
	}
	slices.SortStableFunc(w.order, func(a, b int) int { return cmp.Compare(width[b], width[a]) })
	w.rest = make([][]int64, len(w.order)+1)
	w.rest[len(w.order)] = make([]int64, s.n)
	for k := len(w.order) - 1; k >= 0; k-- {
		w.rest[k] = slices.Clone(w.rest[k+1])
		vec := s.groups[w.order[k]].vec
		for q := range s.n {
			hi := vec.v[q]
			for c := q; c < len(vec.v); c += s.n {
				hi = max(hi, vec.v[c])
			}
			w.rest[k][q] += hi
		}
	}
	return w
}

// need is the least partial sum of party q after the first k groups that can
// still reach the floor.
func (w *sums) need(k, q int) int64 {
	if w.floor == nil {
		return math.MinInt64
	}
	return w.floor[q] - w.rest[k][q]
}

// tail gives one choice for every group not yet added, as even-handed as one
// pass can make it, and how far it leaves any party behind what those groups
// could have brought, as a share of the party's range.
func (w *sums) tail(done int) ([]int, float64) {
	choice := make([]int, len(w.order))
	behind := make([]float64, w.s.n)
	for k := done; k < len(w.order); k++ {
		g := &w.s.groups[w.order[k]]
		best, least := 0, math.Inf(1)
		for c := range g.len() {
			worst := 0.0
			for q, v := range g.vec.at(int32(c)) {
				lost := float64(w.rest[k][q]-w.rest[k+1][q]-v) / float64(w.s.span(q))
				worst = max(worst, behind[q]+lost)
			}
			if worst < least {
				best, least = c, worst
			}
		}
		choice[k] = best
		for q, v := range g.vec.at(int32(best)) {
			behind[q] += float64(w.rest[k][q]-w.rest[k+1][q]-v) / float64(w.s.span(q))
		}
	}
	return choice, slices.Max(behind)
}

// gather turns what a run found into points with deals, in order. Groups the
// run did not come to are settled as tail says.
func (p *Problem) gather(w *sums, run adder, done int, tail []int) []Point {
	size, n, m := run.size(), p.n, len(p.t.Issues)
	if size == 0 {
		return nil
	}
	points := make([]Point, size)
	us, ds := make([]int64, size*n), make([]uint16, size*m)
	run.deals(done, m, ds)
	for i := range points {
		u := us[i*n : (i+1)*n : (i+1)*n]
		run.utilities(done, i, u)
		points[i] = Point{u, ds[i*m : (i+1)*m : (i+1)*m]}
	}
	if done == len(w.order) {
		return points
	}
	for _, x := range points {
		for k := done; k < len(w.order); k++ {
			g := &w.s.groups[w.order[k]]
			for q, v := range g.vec.at(int32(tail[k])) {
				x.Utilities[q] += v
			}
			for y, opt := range g.pick(tail[k]) {
				x.Deal[g.issues[y]] = opt
			}
		}
	}
	points = slices.DeleteFunc(points, func(x Point) bool { return w.floor != nil && !covers(x.Utilities, w.floor) })
	return thin(points, n)
}

// thin keeps the points no other surpasses, in order.
func thin(points []Point, n int) []Point {
	vs := vectors{n: n}
	for _, x := range points {
		vs.v = append(vs.v, x.Utilities...)
	}
	var kept []Point
	for _, i := range vs.maxima(vs.sorted()) {
		kept = append(kept, points[i])
	}
	return kept
}
