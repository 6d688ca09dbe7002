package bargain

import (
	"context"
	"math/bits"
	"slices"
)

// grid2 adds up two parties' frontiers on the grid of one party's utilities.
// After each group, cell x holds the most the other party can have when the
// first has exactly x above its least, with the way there; a bitmap of the
// cells in use makes the sweep proportional to what was written. The packed
// value is (other's utility)<<32 | parent<<8 | choice, so that one comparison
// keeps the best and its witness together.
type grid2 struct {
	*sums
	axis   int // the party whose utilities are the grid
	stages []stage2
}

// stage2 is a staircase: x falls, the utility in way rises.
type stage2 struct {
	x   []int32
	way []int64
}

const (
	gridCells   = 1 << 22
	gridParents = 1 << 24
	gridChoices = 1 << 8
)

// gridFits says whether the packed form has room for the model.
func (w *sums) gridFits() bool {
	s := w.s
	a := 0
	if s.span(1) < s.span(0) {
		a = 1
	}
	if s.span(a) >= gridCells || s.span(1-a) >= 1<<31 {
		return false
	}
	return !slices.ContainsFunc(s.groups, func(g group) bool { return g.len() > gridChoices })
}

func (g *grid2) size() int { return len(g.stages[len(g.stages)-1].x) }

func (g *grid2) frontier(ctx context.Context, o Options) (int, Limit) {
	if g.s.span(1) < g.s.span(0) {
		g.axis = 1
	}
	cells := int(g.s.span(g.axis)) + 1
	best := make([]int64, cells)
	for i := range best {
		best[i] = -1
	}
	used := make([]uint64, cells/64+1)
	g.stages = append(g.stages, stage2{x: []int32{0}, way: []int64{0}})
	floor := [2]int64{}
	for k, at := range g.order {
		if ctx.Err() != nil {
			return k, Cancelled
		}
		prev := &g.stages[k]
		if len(prev.x) > min(o.Budget.points(), gridParents-1) {
			return k, PointLimit
		}
		g.scatter(prev, at, best, used)
		for q := range 2 {
			// Cells count from the least sums of the groups added so far.
			floor[q] = g.need(k+1, q) - g.base(k+1, q)
			if g.floor == nil {
				floor[q] = 0
			}
		}
		g.stages = append(g.stages, sweep(best, used, floor[g.axis], floor[1-g.axis], len(prev.x)))
		o.tell(Progress{Phase: "frontier", Done: int64(k + 1), Total: int64(len(g.order))})
	}
	if g.axis == 1 {
		last := &g.stages[len(g.order)]
		slices.Reverse(last.x)
		slices.Reverse(last.way)
	}
	return len(g.order), NoLimit
}

// base is the least sum of party q over the first k groups.
func (g *grid2) base(k, q int) int64 {
	b := int64(0)
	for _, at := range g.order[:k] {
		b += g.least(at, q)
	}
	return b
}

func (g *grid2) least(at, q int) int64 {
	vec := g.s.groups[at].vec
	lo := vec.v[q]
	for c := q; c < len(vec.v); c += 2 {
		lo = min(lo, vec.v[c])
	}
	return lo
}

func (g *grid2) scatter(prev *stage2, at int, best []int64, used []uint64) {
	vec := g.s.groups[at].vec
	lo, lo2 := g.least(at, g.axis), g.least(at, 1-g.axis)
	from := make([]int64, len(prev.way))
	for j, w := range prev.way {
		from[j] = w>>32<<32 | int64(j)<<8
	}
	xs := prev.x[:len(from)]
	for c := range vec.len() {
		a := int32(vec.v[2*c+g.axis] - lo)
		add := (vec.v[2*c+1-g.axis]-lo2)<<32 | int64(c)
		for j, f := range from {
			x := xs[j] + a
			best[x] = max(best[x], f+add)
			used[x>>6] |= 1 << (x & 63)
		}
	}
}

// sweep takes the staircase off the grid, from the largest x down, and leaves
// the grid empty.
func sweep(best []int64, used []uint64, floorX, floorY int64, guess int) stage2 {
	s := stage2{x: make([]int32, 0, guess+guess/2+8), way: make([]int64, 0, guess+guess/2+8)}
	highest := floorY<<32 - 1 // the least that does not count
	if floorY <= 0 {
		highest = -1
	}
	for w := len(used) - 1; w >= 0; w-- {
		word := used[w]
		if word == 0 {
			continue
		}
		used[w] = 0
		for word != 0 {
			b := 63 - bits.LeadingZeros64(word)
			word &^= 1 << b
			x := w<<6 | b
			v := best[x]
			best[x] = -1
			if v <= highest || int64(x) < floorX {
				continue
			}
			highest = v | 0xffffffff
			s.x = append(s.x, int32(x))
			s.way = append(s.way, v)
		}
	}
	return s
}

// walk follows a point back through the stages.
func (g *grid2) walk(point int, choice []int) {
	for k := len(choice); k > 0; k-- {
		w := g.stages[k].way[point]
		choice[k-1] = int(w & 0xff)
		point = int(w >> 8 & 0xffffff)
	}
}
