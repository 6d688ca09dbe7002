package bargain

import (
	"cmp"
	"context"
	"math"
	"slices"

	"parley/internal/certificate"
)

// half lists the choices in some groups that lose at most an allowance.
type half struct {
	n      int
	sum    []int64 // n for each partial
	loss   []int64
	stages []halfStage

	thinned int     // length when last thinned
	most    []int64 // of the list, as reach noted it; nil: not yet
	spare   spare
}

// spare is room that one stage leaves to the next.
type spare struct {
	sum, loss []int64
	from      []int32
	pick      []uint16
}

type halfStage struct {
	group int
	from  []int32
	pick  []uint16
}

func (h *half) len() int { return len(h.loss) }

// trace writes the choices of one partial.
func (h *half) trace(at int32, choice []int) {
	for k := len(h.stages) - 1; k >= 0; k-- {
		choice[h.stages[k].group] = int(h.stages[k].pick[at])
		at = h.stages[k].from[at]
	}
}

// option is a choice with its loss.
type option struct {
	c    int
	loss int64
}

// choices are the options of a group that come into play.
type choices struct {
	group   int
	options []option // with rising loss
}

// round looks at every deal that loses at most allow.
func (s *search) round(ctx context.Context, allow int64) Limit {
	fixed, active := s.inPlay(allow)
	a := &half{n: s.n, sum: fixed, loss: []int64{0}, spare: s.spares[0]}
	b := &half{n: s.n, sum: make([]int64, s.n), loss: []int64{0}, spare: s.spares[1]}
	defer func() { s.spares = [2]spare{a.spare, b.spare} }()
	r := s.newReach(active, allow, s.rows())
	s.longest = 1
	for k := range active {
		h, other := a, b
		if b.len() < a.len() {
			h, other = b, a
		}
		r.face(k, other)
		if limit := s.extend(ctx, h, &active[k], r); limit != NoLimit || h.len() == 0 {
			return limit
		}
		s.longest = max(s.longest, h.len())
	}
	if len(a.stages) > 0 && len(b.stages) > 0 {
		for was := math.MaxInt; a.len()+b.len() < was/10*9; {
			was = a.len() + b.len()
			r.sift(len(active)-1, a, b)
			r.sift(len(active)-1, b, a)
		}
	}
	if a.len() == 0 || b.len() == 0 {
		return NoLimit
	}
	return s.meet(ctx, a, b, allow)
}

// rows is how finely reach tells losses apart; long lists repay more work.
func (s *search) rows() int {
	if s.longest < 300 {
		return 24
	}
	return 64
}

// freeFirst is how many of the freest groups come first.
const freeFirst = 6

// inPlay gives the sums of the groups in which only one option loses at most
// allow, and the other groups in the order in which they come into the halves.
// A few of the freest come first: what the lists bring is known exactly, what
// is to come only within bounds, and the bounds of the freest are the widest.
// Then the groups with least freedom, because they lengthen the lists least.
func (s *search) inPlay(allow int64) ([]int64, []choices) {
	active := make([]choices, 0, len(s.losses))
	fixed := slices.Clone(s.f.offset)
	for g, ls := range s.losses {
		var os []option
		for c, l := range ls {
			if l <= allow {
				os = append(os, option{c, l})
			}
		}
		if len(os) == 1 {
			for p := range s.n {
				fixed[p] += s.f.vals[g][os[0].c*s.n+p]
			}
			continue
		}
		slices.SortFunc(os, func(a, b option) int { return cmp.Compare(a.loss, b.loss) })
		active = append(active, choices{g, os})
	}
	slices.SortFunc(active, func(a, b choices) int { return cmp.Compare(b.options[1].loss, a.options[1].loss) })
	free := min(freeFirst, len(active))
	slices.Reverse(active)
	slices.Reverse(active[free:])
	return fixed, active
}

// extend adds a group to a half.
func (s *search) extend(ctx context.Context, h *half, c *choices, r *reach) Limit {
	vals, n := s.f.vals[c.group], s.n
	allow := int64(r.rows)*r.unit - 1
	var room [MaxParties]int64
	next := room[:n]
	st := halfStage{group: c.group, from: h.spare.from[:0], pick: h.spare.pick[:0]}
	sum, loss := h.spare.sum[:0], h.spare.loss[:0]
	for i, l := range h.loss {
		if i&4095 == 0 && ctx.Err() != nil {
			return Cancelled
		}
		for _, o := range c.options {
			if l+o.loss > allow {
				break
			}
			for p, v := range vals[o.c*n : (o.c+1)*n] {
				next[p] = h.sum[i*n+p] + v
			}
			if !r.met(next, l+o.loss) {
				continue
			}
			loss = append(loss, l+o.loss)
			st.from, st.pick = append(st.from, int32(i)), append(st.pick, uint16(o.c))
			sum = append(sum, next...)
		}
		if len(loss) > s.budget {
			return PartialLimit
		}
	}
	h.spare.from, h.spare.pick = st.from, st.pick
	st.from, st.pick = slices.Clone(st.from), slices.Clone(st.pick)
	h.sum, h.loss, h.spare.sum, h.spare.loss = sum, loss, h.sum, h.loss
	h.stages, h.most = append(h.stages, st), nil
	if n <= 3 && len(loss) > max(64, 2*h.thinned) {
		h.thin()
		h.thinned = h.len()
	}
	return NoLimit
}

// thin leaves out partials that another equals or surpasses: whatever deal
// they make, the other makes one at least as good.
func (h *half) thin() {
	vs := vectors{h.n, h.sum}
	kept := vs.maxima(vs.sorted())
	if len(kept) > h.len()*3/4 {
		return
	}
	st := &h.stages[len(h.stages)-1]
	sum, loss := make([]int64, 0, len(kept)*h.n), make([]int64, 0, len(kept))
	from, pick := make([]int32, 0, len(kept)), make([]uint16, 0, len(kept))
	for _, i := range kept {
		sum, loss = append(sum, vs.at(i)...), append(loss, h.loss[i])
		from, pick = append(from, st.from[i]), append(pick, st.pick[i])
	}
	h.sum, h.loss, st.from, st.pick = sum, loss, from, pick
}

// tree is a half arranged so that what cannot matter is passed over together:
// each node knows the largest sums and the least loss below it.
type tree struct {
	n      int
	rows   []int32 // partials, leaves in order
	sum    []int64 // in the order of rows
	loss   []int64
	corner []int64 // largest sums per node
	low    []int64 // least sums per node
	light  []int64 // least loss per node
	from   []int32
	to     []int32
	left   []int32 // 0: a leaf
	right  []int32
}

const leafSize = 24

func plant(h *half) *tree {
	t := &tree{n: h.n, rows: make([]int32, h.len())}
	for i := range t.rows {
		t.rows[i] = int32(i)
	}
	nodes := 4*h.len()/leafSize + 4
	t.corner = make([]int64, 0, nodes*h.n)
	t.grow(h, 0, int32(len(t.rows)))
	t.sum, t.loss = make([]int64, 0, len(h.sum)), make([]int64, 0, len(h.loss))
	for _, r := range t.rows {
		t.sum = append(t.sum, h.sum[int(r)*h.n:(int(r)+1)*h.n]...)
		t.loss = append(t.loss, h.loss[r])
	}
	return t
}

func (t *tree) grow(h *half, from, to int32) int32 {
	at := int32(len(t.light))
	n := t.n
	var lo, hi [MaxParties]int64
	light := int64(math.MaxInt64)
	for x, r := range t.rows[from:to] {
		light = min(light, h.loss[r])
		for p, v := range h.sum[int(r)*n : (int(r)+1)*n] {
			if x == 0 {
				lo[p], hi[p] = v, v
			}
			lo[p], hi[p] = min(lo[p], v), max(hi[p], v)
		}
	}
	t.corner, t.low = append(t.corner, hi[:n]...), append(t.low, lo[:n]...)
	t.light = append(t.light, light)
	t.from, t.to = append(t.from, from), append(t.to, to)
	t.left, t.right = append(t.left, 0), append(t.right, 0)
	if to-from <= leafSize {
		return at
	}
	wide := 0
	for p := range n {
		if hi[p]-lo[p] > hi[wide]-lo[wide] {
			wide = p
		}
	}
	mid := from + (to-from)/2
	halve(t.rows[from:to], int(mid-from), func(r int32) int64 { return h.sum[int(r)*n+wide] })
	l := t.grow(h, from, mid)
	r := t.grow(h, mid, to)
	t.left[at], t.right[at] = l, r
	return at
}

// halve puts the k rows with the largest keys first.
func halve(rows []int32, k int, key func(int32) int64) {
	lo, hi := 0, len(rows)-1
	for lo < hi {
		pivot := key(rows[(lo+hi)/2])
		i, j := lo, hi
		for i <= j {
			for key(rows[i]) > pivot {
				i++
			}
			for key(rows[j]) < pivot {
				j--
			}
			if i <= j {
				rows[i], rows[j] = rows[j], rows[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}

// meeting joins two halves.
type meeting struct {
	s      *search
	a, b   *tree
	ha, hb *half
	allow  int64
	slack  int64
	steps  int
	ctx    context.Context
	limit  Limit
}

func (s *search) meet(ctx context.Context, ha, hb *half, allow int64) Limit {
	m := &meeting{s: s, ha: ha, hb: hb, allow: allow, ctx: ctx, a: plant(ha), b: plant(hb)}
	m.slack = min(allow, s.slack())
	m.pair(0, 0)
	return m.limit
}

// possible says whether some pair below two nodes could be as good as the
// best found.
func (m *meeting) possible(x, y int32) bool {
	if m.a.light[x]+m.b.light[y] > m.slack {
		return false
	}
	n := m.s.n
	var g [MaxParties]int64
	ca, cb := m.a.corner[int(x)*n:int(x)*n+n], m.b.corner[int(y)*n:int(y)*n+n]
	least := m.s.aims.least
	for p, v := range ca {
		if g[p] = v + cb[p]; g[p] < least[p] {
			return false
		}
	}
	la, lb := m.a.low[int(x)*n:int(x)*n+n], m.b.low[int(y)*n:int(y)*n+n]
	loss := m.a.light[x] + m.b.light[y]
	if m.s.q.Aim == certificate.Product {
		if m.s.best != nil && !m.s.aims.bends(la, lb, g[:n], loss) {
			return false
		}
	} else if m.s.aims.over(la, lb) > m.s.aims.room()-loss {
		return false
	}
	return m.s.aims.promises(g[:n])
}

func (m *meeting) pair(x, y int32) {
	if m.limit != NoLimit || !m.possible(x, y) {
		return
	}
	if m.steps++; m.steps&1023 == 0 && m.ctx.Err() != nil {
		m.limit = Cancelled
		return
	}
	la, lb := m.a.left[x] == 0, m.b.left[y] == 0
	switch {
	case la && lb:
		m.leaves(x, y)
	case lb || (!la && m.a.to[x]-m.a.from[x] >= m.b.to[y]-m.b.from[y]):
		m.pair(m.a.left[x], y)
		m.pair(m.a.right[x], y)
	default:
		m.pair(x, m.b.left[y])
		m.pair(x, m.b.right[y])
	}
}

func (m *meeting) leaves(x, y int32) {
	n := m.s.n
	var g [MaxParties]int64
	for i := m.a.from[x]; i < m.a.to[x]; i++ {
		sa := m.a.sum[int(i)*n : int(i)*n+n]
	next:
		for j := m.b.from[y]; j < m.b.to[y]; j++ {
			if m.a.loss[i]+m.b.loss[j] > m.slack {
				continue
			}
			least := m.s.aims.least
			for p, v := range m.b.sum[int(j)*n : int(j)*n+n] {
				if g[p] = sa[p] + v; g[p] < least[p] {
					continue next
				}
			}
			if m.s.aims.promises(g[:n]) {
				m.take(i, j, g[:n])
			}
		}
	}
}

func (m *meeting) take(i, j int32, g []int64) {
	choice := slices.Clone(m.s.start)
	m.ha.trace(m.a.rows[i], choice)
	m.hb.trace(m.b.rows[j], choice)
	m.s.consider(choice, g)
	m.slack = min(m.allow, m.s.slack())
}
