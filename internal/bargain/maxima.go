package bargain

import (
	"cmp"
	"context"
	"slices"
)

// vectors is a list of vectors of n whole numbers, one after another.
type vectors struct {
	n int
	v []int64
}

func (s vectors) len() int           { return len(s.v) / s.n }
func (s vectors) at(i int32) []int64 { return s.v[int(i)*s.n : int(i)*s.n+s.n] }

// descending compares two vectors so that the lexicographically larger comes
// first.
func descending(a, b []int64) int {
	for p, v := range a {
		if c := cmp.Compare(b[p], v); c != 0 {
			return c
		}
	}
	return 0
}

func (s vectors) sorted() []int32 {
	order := make([]int32, s.len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return descending(s.at(a), s.at(b)) })
	return order
}

// maxima gives the vectors that no other equals or surpasses in every
// coordinate, the first of equal ones, in descending order. order must list
// all vectors in descending order. A vector is only ever surpassed by one
// before it in that order, which makes one sweep enough.
func (s vectors) maxima(order []int32) []int32 {
	return s.maximaUntil(context.Background(), order)
}

// maximaUntil is maxima, but ends with the context, which can matter for four
// parties and more; what it gives then is of no use.
func (s vectors) maximaUntil(ctx context.Context, order []int32) []int32 {
	switch s.n {
	case 1:
		return order[:min(1, len(order))]
	case 2:
		return s.staircase(order)
	case 3:
		return s.sweep3(order)
	}
	return s.sweepTree(ctx, order)
}

func (s vectors) staircase(order []int32) []int32 {
	kept := order[:0:0]
	for _, i := range order {
		if len(kept) == 0 || s.at(i)[1] > s.at(kept[len(kept)-1])[1] {
			kept = append(kept, i)
		}
	}
	return kept
}

// sweep3 keeps, for every second coordinate, the largest third coordinate
// seen at or above it, in a Fenwick tree over the second coordinates.
func (s vectors) sweep3(order []int32) []int32 {
	if len(order) == 0 {
		return nil
	}
	rank := s.ranks(order)
	tree := make([]int64, slices.Max(rank)+2)
	for i := range tree {
		tree[i] = -1 << 62
	}
	kept := order[:0:0]
	for x, i := range order {
		third, r := s.at(i)[2], int(rank[x])+1
		surpassed := false
		for j := r; j > 0; j &= j - 1 {
			if tree[j] >= third {
				surpassed = true
				break
			}
		}
		if surpassed {
			continue
		}
		kept = append(kept, i)
		for j := r; j < len(tree); j += j & -j {
			tree[j] = max(tree[j], third)
		}
	}
	return kept
}

// ranks numbers the second coordinates from the largest (0) downwards.
func (s vectors) ranks(order []int32) []int32 {
	lo, hi := s.at(order[0])[1], s.at(order[0])[1]
	for _, i := range order {
		lo, hi = min(lo, s.at(i)[1]), max(hi, s.at(i)[1])
	}
	rank := make([]int32, len(order))
	if hi-lo < int64(2*len(order)+1024) {
		for x, i := range order {
			rank[x] = int32(hi - s.at(i)[1])
		}
		return rank
	}
	seconds := make([]int64, len(order))
	for x, i := range order {
		seconds[x] = -s.at(i)[1]
	}
	slices.Sort(seconds)
	seconds = slices.Compact(seconds)
	for x, i := range order {
		at, _ := slices.BinarySearch(seconds, -s.at(i)[1])
		rank[x] = int32(at)
	}
	return rank
}

// sweepTree asks a growing set of kept vectors whether one surpasses the
// next; good for four parties and more.
func (s vectors) sweepTree(ctx context.Context, order []int32) []int32 {
	var set bulwark
	set.n = s.n
	kept := order[:0:0]
	for x, i := range order {
		if x&1023 == 0 && ctx.Err() != nil {
			return kept
		}
		if v := s.at(i); !set.surpasses(v) {
			set.add(v)
			kept = append(kept, i)
		}
	}
	return kept
}

// bulwark answers whether any vector of a growing set is at least as large as
// a given one everywhere. It keeps trees whose sizes double, each node with
// the largest coordinate of every direction below it.
type bulwark struct {
	n     int
	fresh []int64   // not yet in a tree
	trees []*palace // falling size
	last  []int64   // the last that surpassed something: it often does again
}

type palace struct {
	v     []int64 // vectors of the whole tree, leaves in order
	nodes []int64 // corners, heap order
	depth int
}

const bulwarkFresh = 64

func covers(a, b []int64) bool {
	for p, v := range b {
		if a[p] < v {
			return false
		}
	}
	return true
}

func (b *bulwark) surpasses(v []int64) bool {
	if b.last != nil && covers(b.last, v) {
		return true
	}
	for i := 0; i < len(b.fresh); i += b.n {
		if covers(b.fresh[i:i+b.n], v) {
			b.last = b.fresh[i : i+b.n]
			return true
		}
	}
	for _, t := range b.trees {
		if w := t.find(v, b.n, 1, 0, len(t.v)/b.n); w != nil {
			b.last = w
			return true
		}
	}
	return false
}

func (b *bulwark) add(v []int64) {
	if b.fresh = append(b.fresh, v...); len(b.fresh) < bulwarkFresh*b.n {
		return
	}
	vs := b.fresh
	b.fresh = nil
	for len(b.trees) > 0 && len(b.trees[len(b.trees)-1].v) <= len(vs) {
		vs = append(vs, b.trees[len(b.trees)-1].v...)
		b.trees = b.trees[:len(b.trees)-1]
	}
	b.trees = append(b.trees, raise(vs, b.n))
}

func raise(v []int64, n int) *palace {
	t := &palace{v: v}
	count := len(v) / n
	for count>>t.depth > 8 {
		t.depth++
	}
	t.nodes = make([]int64, n<<(t.depth+1))
	rows := make([]int32, count)
	for i := range rows {
		rows[i] = int32(i)
	}
	vs := vectors{n, v}
	t.order(vs, rows, 1, 0)
	sorted := make([]int64, 0, len(v))
	for _, r := range rows {
		sorted = append(sorted, vs.at(r)...)
	}
	t.v = sorted
	return t
}

// order arranges rows so that each node's rows stand together, halved along
// the parties in turn, and records the corners.
func (t *palace) order(vs vectors, rows []int32, node, level int) {
	corner := t.nodes[node*vs.n : (node+1)*vs.n]
	copy(corner, vs.at(rows[0]))
	for _, r := range rows[1:] {
		for p, x := range vs.at(r) {
			corner[p] = max(corner[p], x)
		}
	}
	if level == t.depth {
		return
	}
	p := level % vs.n
	slices.SortFunc(rows, func(a, b int32) int { return cmp.Compare(vs.at(b)[p], vs.at(a)[p]) })
	mid := len(rows) / 2
	t.order(vs, rows[:mid], 2*node, level+1)
	t.order(vs, rows[mid:], 2*node+1, level+1)
}

// find gives a vector below the node that covers v, or nil.
func (t *palace) find(v []int64, n, node, from, to int) []int64 {
	if !covers(t.nodes[node*n:(node+1)*n], v) {
		return nil
	}
	if 2*node*n >= len(t.nodes) {
		for i := from; i < to; i++ {
			if w := t.v[i*n : (i+1)*n]; covers(w, v) {
				return w
			}
		}
		return nil
	}
	mid := from + (to-from)/2
	if w := t.find(v, n, 2*node, from, mid); w != nil {
		return w
	}
	return t.find(v, n, 2*node+1, mid, to)
}
