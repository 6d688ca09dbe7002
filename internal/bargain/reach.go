package bargain

import (
	"math"
	"slices"
)

// reach says how much the groups a half has not settled can still bring each
// party for a given loss, so that a partial deal which cannot be completed is
// dropped when it arises. The more a partial has lost the less others may
// lose for it, which is why most partials near the allowance fall here.
//
// The most for a loss is bounded by taking the steps of each group's upper
// hull in the order of gain for loss, the last one in part.
type reach struct {
	s     *search
	allow int64
	shift int     // loss>>shift numbers the row of ask
	fixed []int64 // sums of groups settled for good, over all
	start []int64 // sums of the dearest choices of the active groups, over all
	at    []int   // the active groups
	steps [MaxParties][]stride
	ask   [][MaxParties]int64 // per row: what a partial must have
	done  []bool
}

// stride is a step along a group's hull.
type stride struct {
	group      int
	loss, gain float64
}

const reachRows = 64

func (s *search) newReach(active [][]option, at []int, allow int64) *reach {
	r := &reach{s: s, allow: allow, fixed: slices.Clone(s.f.offset), start: make([]int64, s.n), at: at, done: make([]bool, len(s.losses))}
	for allow>>r.shift >= reachRows {
		r.shift++
	}
	r.ask = make([][MaxParties]int64, allow>>r.shift+1)
	for g, c := range s.start {
		to := r.fixed
		if slices.Contains(at, g) {
			to = r.start
		}
		for p := range s.n {
			to[p] += s.f.vals[g][c*s.n+p]
		}
	}
	for p := range s.n {
		for x, os := range active {
			r.hull(p, at[x], os)
		}
		slices.SortFunc(r.steps[p], func(a, b stride) int {
			// a.gain/a.loss falling; a step without loss comes first.
			if d := a.gain*b.loss - b.gain*a.loss; d > 0 {
				return -1
			} else if d < 0 {
				return 1
			}
			return 0
		})
	}
	return r
}

// hull adds the steps of one group's upper hull of gain over loss, from the
// dearest choice on. The options come with rising loss.
func (r *reach) hull(p, g int, os []option) {
	n, vals := r.s.n, r.s.f.vals[g]
	base := float64(vals[r.s.start[g]*n+p])
	type corner struct{ loss, gain float64 }
	hull := append(make([]corner, 0, 16), corner{0, 0})
	for _, o := range os {
		c := corner{float64(o.loss), float64(vals[o.c*n+p]) - base}
		if c.gain <= hull[len(hull)-1].gain {
			continue
		}
		for len(hull) > 1 {
			a, b := hull[len(hull)-2], hull[len(hull)-1]
			if (b.gain-a.gain)*(c.loss-b.loss) > (c.gain-b.gain)*(b.loss-a.loss) {
				break
			}
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, c)
	}
	for i := 1; i < len(hull); i++ {
		r.steps[p] = append(r.steps[p], stride{g, hull[i].loss - hull[i-1].loss, hull[i].gain - hull[i-1].gain})
	}
}

// prepare works out what partials of the half must have, once its groups are
// settled.
func (r *reach) prepare(h *half) {
	clear(r.done)
	n := r.s.n
	base := make([]int64, n) // of everything outside the half
	copy(base, r.start)
	if !h.offset {
		for p := range n {
			base[p] += r.fixed[p]
		}
	}
	for _, g := range h.groups {
		r.done[g] = true
		c := r.s.start[g]
		for p := range n {
			base[p] -= r.s.f.vals[g][c*n+p]
		}
	}
	for p := range n {
		r.fill(p, base[p])
	}
}

// fill walks party p's steps once, from the row that leaves the smallest
// budget to the one that leaves all.
func (r *reach) fill(p int, base int64) {
	least := r.s.aims.least[p]
	lost, gained := 0.0, 0.0
	x := 0
	for row := len(r.ask) - 1; row >= 0; row-- {
		budget := float64(r.allow - int64(row)<<r.shift)
		for x < len(r.steps[p]) {
			st := r.steps[p][x]
			if r.done[st.group] {
				x++
				continue
			}
			if lost+st.loss > budget {
				break
			}
			lost, gained = lost+st.loss, gained+st.gain
			x++
		}
		most := gained
		if x < len(r.steps[p]) {
			most += (budget - lost) / r.steps[p][x].loss * r.steps[p][x].gain
		}
		r.ask[row][p] = least - base - int64(math.Ceil(most*(1+1e-9))) - 1
	}
}
