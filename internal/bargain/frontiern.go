package bargain

import (
	"context"
	"slices"
)

// sumsN adds up frontiers of any number of parties group by group, keeping
// after each only the sums no other surpasses.
type sumsN struct {
	*sums
	stages []stageN
}

type stageN struct {
	vec    vectors
	parent []int32
	pick   []uint16
}

func (f *sumsN) size() int { return f.stages[len(f.stages)-1].vec.len() }

func (f *sumsN) frontier(ctx context.Context, o Options) (int, Limit) {
	f.stages = append(f.stages, stageN{vec: vectors{n: f.s.n, v: make([]int64, f.s.n)}})
	for k, at := range f.order {
		next, limit := f.add(ctx, &f.stages[k], k, at, o.Budget.points())
		if limit != NoLimit {
			return k, limit
		}
		f.stages = append(f.stages, next)
		o.tell(Progress{Phase: "frontier", Done: int64(k + 1), Total: int64(len(f.order))})
	}
	return len(f.order), NoLimit
}

// maxCandidates bounds the sums looked at in one step, about half a gigabyte
// for three parties; beyond it the frontier stops with PointLimit.
const maxCandidates = 12_000_000

// add joins the choices of one group to every sum so far. Each choice shifts
// the sorted sums, so the shifted lists are merged rather than sorted anew.
func (f *sumsN) add(ctx context.Context, prev *stageN, k, at, most int) (stageN, Limit) {
	n := f.s.n
	options := f.s.groups[at].vec
	size := prev.vec.len()
	if size > most || size*options.len() > maxCandidates {
		return stageN{}, PointLimit
	}
	room := size * options.len()
	if f.floor != nil {
		room = size // most fall short
	}
	all := vectors{n: n, v: make([]int64, 0, room*n)}
	lists := make([][]int32, 0, options.len())
	from := make([]int32, 0, room)
	for c := range options.len() {
		if ctx.Err() != nil {
			return stageN{}, Cancelled
		}
		list := make([]int32, 0, size)
		for j := range size {
			if !f.reaches(k+1, prev.vec.at(int32(j)), options.at(int32(c))) {
				continue
			}
			list = append(list, int32(all.len()))
			from = append(from, int32(c*size+j))
			for q := range n {
				all.v = append(all.v, prev.vec.v[j*n+q]+options.v[c*n+q])
			}
		}
		lists = append(lists, list)
	}
	order := all.merged(lists)
	if ctx.Err() != nil {
		return stageN{}, Cancelled
	}
	kept := all.maximaUntil(ctx, order)
	if ctx.Err() != nil {
		return stageN{}, Cancelled
	}
	next := stageN{vec: vectors{n: n, v: make([]int64, 0, len(kept)*n)},
		parent: make([]int32, len(kept)), pick: make([]uint16, len(kept))}
	for x, i := range kept {
		next.vec.v = append(next.vec.v, all.at(i)...)
		next.parent[x], next.pick[x] = from[i]%int32(size), uint16(int(from[i])/size)
	}
	return next, NoLimit
}

// reaches says whether a partial sum can still come up to the floor.
func (f *sumsN) reaches(k int, sum, option []int64) bool {
	if f.floor == nil {
		return true
	}
	for q, v := range option {
		if sum[q]+v < f.need(k, q) {
			return false
		}
	}
	for i := range f.priced {
		if !f.priced[i].passes(k, sum, option) {
			return false
		}
	}
	return true
}

// merged merges lists in descending order, two by two.
func (s vectors) merged(lists [][]int32) []int32 {
	for len(lists) > 1 {
		var next [][]int32
		for i := 0; i+1 < len(lists); i += 2 {
			next = append(next, s.merge(lists[i], lists[i+1]))
		}
		if len(lists)%2 == 1 {
			next = append(next, lists[len(lists)-1])
		}
		lists = next
	}
	return slices.Concat(lists...)
}

func (s vectors) merge(a, b []int32) []int32 {
	out := make([]int32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if descending(s.at(a[0]), s.at(b[0])) <= 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// deals writes the witness of every point.
func (f *sumsN) deals(done, issues int, ds []uint16) {
	for i := range f.size() {
		at := int32(i)
		for k := done; k > 0; k-- {
			g := &f.s.groups[f.order[k-1]]
			for x, opt := range g.pick(int(f.stages[k].pick[at])) {
				ds[i*issues+g.issues[x]] = opt
			}
			at = f.stages[k].parent[at]
		}
	}
}

func (f *sumsN) utilities(done, point int, u []int64) {
	copy(u, f.stages[done].vec.at(int32(point)))
}
