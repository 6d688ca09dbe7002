package bargain

import (
	"context"
	"math/bits"
	"slices"
	"sync"
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
	bases  [][2]int64 // least sums over the first k groups

	*gridRoom
}

// gridRoom is the grid and the scratch of a sweep, which are large and
// therefore used again.
type gridRoom struct {
	best []int64  // the grid; -1: empty, as between questions
	used []uint64 // one bit for each cell
	xs   []int32
	ways []int64

	stageX   []int32 // all stages of one question, one after another
	stageWay []int64
}

var gridRooms sync.Pool

func newGridRoom(cells int) *gridRoom {
	r, _ := gridRooms.Get().(*gridRoom)
	if r == nil || len(r.best) < cells {
		r = &gridRoom{best: make([]int64, cells), used: make([]uint64, cells/64+1), xs: make([]int32, cells+1), ways: make([]int64, cells+1)}
		for i := range r.best {
			r.best[i] = -1
		}
	}
	return r
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
	g.gridRoom = newGridRoom(cells)
	g.bases = append(g.bases, [2]int64{})
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
		g.bases = append(g.bases, [2]int64{g.bases[k][0] + g.least(at, 0), g.bases[k][1] + g.least(at, 1)})
		g.scatter(prev, at)
		for q := range 2 {
			// Cells count from the least sums of the groups added so far.
			floor[q] = g.need(k+1, q) - g.base(k+1, q)
			if g.floor == nil {
				floor[q] = 0
			}
		}
		g.stages = append(g.stages, g.sweep(floor[g.axis], floor[1-g.axis]))
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
func (g *grid2) base(k, q int) int64 { return g.bases[k][q] }

func (g *grid2) least(at, q int) int64 {
	vec := g.s.groups[at].vec
	lo := vec.v[q]
	for c := q; c < len(vec.v); c += 2 {
		lo = min(lo, vec.v[c])
	}
	return lo
}

func (g *grid2) scatter(prev *stage2, at int) {
	best, used := g.best, g.used
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
			x := uint32(xs[j] + a)
			best[x] = max(best[x], f+add)
			used[x>>6] |= 1 << (x & 63)
		}
	}
}

// sweep takes the staircase off the grid into the scratch lists, from the
// largest x down, and leaves the grid empty. It writes every cell in use and
// moves on only past those that belong to the staircase, because a branch
// nobody can predict costs more than a write.
func (g *grid2) sweep(floorX, floorY int64) stage2 {
	highest := int64(-1) // what a cell must pass
	if floorY > 0 {
		highest = floorY<<32 - 1
	}
	n, x0 := 0, int(max(floorX, 0))
	xs, ways, best := g.xs, g.ways, g.best
	for w := len(g.used) - 1; w >= 0; w-- {
		word := g.used[w]
		if word == 0 {
			continue
		}
		g.used[w] = 0
		for word != 0 {
			b := 63 - bits.LeadingZeros64(word)
			word &^= 1 << (b & 63)
			x := w<<6 | b
			v := best[x]
			best[x] = -1
			xs[n], ways[n] = int32(x), v
			next, higher := n+1, v|0xffffffff
			if v <= highest {
				next, higher = n, highest
			}
			n, highest = next, higher
		}
	}
	for n > 0 && int(xs[n-1]) < x0 {
		n--
	}
	return g.keep(xs[:n], ways[:n])
}

// keep stores a stage. When the store moves, earlier stages stay where they
// were.
func (g *grid2) keep(x []int32, way []int64) stage2 {
	from := len(g.stageX)
	g.stageX, g.stageWay = append(g.stageX, x...), append(g.stageWay, way...)
	return stage2{x: g.stageX[from:], way: g.stageWay[from:]}
}

// release gives the room back; the stages are not to be used any more.
func (g *grid2) release() {
	g.stages, g.stageX, g.stageWay = nil, g.stageX[:0], g.stageWay[:0]
	gridRooms.Put(g.gridRoom)
}

// deals writes the witness of every point, stage by stage rather than point
// by point, because neighbours came from neighbours.
func (g *grid2) deals(done int, issues int, ds []uint16) {
	at := make([]int32, g.size())
	for i := range at {
		at[i] = int32(i)
	}
	for k := done; k > 0; k-- {
		gr, way := &g.s.groups[g.order[k-1]], g.stages[k].way
		if len(gr.issues) == 1 {
			d, picks := ds[gr.issues[0]:], gr.picks
			for i, j := range at {
				w := way[j]
				d[i*issues] = picks[w&0xff]
				at[i] = int32(w >> 8 & 0xffffff)
			}
			continue
		}
		for i, j := range at {
			w := way[j]
			for x, opt := range gr.pick(int(w & 0xff)) {
				ds[i*issues+gr.issues[x]] = opt
			}
			at[i] = int32(w >> 8 & 0xffffff)
		}
	}
}

// utilities gives a point's sums over the groups done, without a tail.
func (g *grid2) utilities(done, point int, u []int64) {
	last := &g.stages[done]
	u[g.axis] = int64(last.x[point]) + g.base(done, g.axis)
	u[1-g.axis] = last.way[point]>>32 + g.base(done, 1-g.axis)
}
