package bargain

import (
	"math"

	"parley/internal/certificate"
)

// reach says what a partial deal of one half must have so that the other half
// and the groups still to come can complete it; a partial that has less is
// dropped when it arises. The more a partial has lost the less the others may
// lose for it, which is why most partials near the allowance fall here.
//
// Losses are counted in rows, rounded down, so that what is said of a row
// holds for every loss in it. What the other half brings is read from its
// list; what the groups still to come bring at most is worked out for every
// number of rows they may lose, group by group from the last one.
//
// A partial is measured in several ways: by the gain of each party and, where
// the aim is the least share, also by what all but that party gain, at the
// prices. A deal's worth is settled by its loss, so the latter says how much
// one party may have too much.
type reach struct {
	s    *search
	unit int64 // of loss in a row
	rows int
	ways int
	rest [][]int64 // per group in order: rows left × ways, the most of the groups after it
	ask  []int64   // rows lost × ways: what a partial must have
}

// unreached is less than any measure; two of them can be added.
const unreached = math.MinInt64 / 4

// newReach prepares for groups that come in the order given.
func (s *search) newReach(active []choices, allow int64, rows int) *reach {
	r := &reach{s: s, unit: allow/int64(rows) + 1, ways: s.n}
	r.rows = int(allow/r.unit) + 1
	if s.q.Aim == certificate.Least {
		r.ways = 2 * s.n
	}
	size := r.rows * r.ways
	room := make([]int64, (len(active)+1)*size)
	r.ask, room = room[:size], room[size:]
	r.rest = make([][]int64, len(active))
	for k := len(active) - 1; k >= 0; k-- {
		r.rest[k], room = room[:size:size], room[size:]
		if k < len(active)-1 {
			r.add(r.rest[k], r.rest[k+1], &active[k+1])
		}
	}
	return r
}

// add works out what a group and the groups after it bring at most.
func (r *reach) add(to, after []int64, c *choices) {
	w := r.ways
	var room [2 * MaxParties]int64
	for i := range to {
		to[i] = unreached
	}
	for _, o := range c.options {
		lost := int(o.loss / r.unit)
		gain := r.measure(r.s.f.vals[c.group][o.c*r.s.n:][:r.s.n], &room)
		from := after[:len(after)-lost*w]
		for i, dst := 0, to[lost*w:]; i < len(from); i += w {
			for x, v := range gain {
				dst[i+x] = max(dst[i+x], from[i+x]+v)
			}
		}
	}
}

// measure gives sums in every way.
func (r *reach) measure(sum []int64, room *[2 * MaxParties]int64) []int64 {
	copy(room[:], sum)
	if r.ways > len(sum) {
		all := r.s.worth(sum)
		for p, v := range sum {
			room[len(sum)+p] = all - v*r.s.prices[p]
		}
	}
	return room[:r.ways]
}

// face prepares ask for partials of a half that has just taken the group at
// k, to be completed by the other half and the groups after k.
func (r *reach) face(k int, other *half) {
	w := r.ways
	var room [2 * MaxParties]int64
	if other.most == nil {
		r.tops(other)
	}
	for i := range r.ask {
		r.ask[i] = unreached
	}
	for y := range r.rows {
		most := other.most[y*w:][:w]
		if most[0] == unreached {
			continue
		}
		for x := range r.rows - y {
			rest, ask := r.rest[k][(r.rows-1-x-y)*w:][:w], r.ask[x*w:][:w]
			for i, m := range most {
				ask[i] = max(ask[i], m+rest[i])
			}
		}
	}
	least := r.measure(r.s.aims.least, &room)
	for i := range r.ask {
		r.ask[i] = least[i%w] - r.ask[i]
	}
}

// tops notes the most of a half's list in every row and way.
func (r *reach) tops(h *half) {
	var room [2 * MaxParties]int64
	h.most = make([]int64, r.rows*r.ways)
	for i := range h.most {
		h.most[i] = unreached
	}
	for i, l := range h.loss {
		row := h.most[int(l/r.unit)*r.ways:][:r.ways]
		for x, v := range r.measure(h.sum[i*r.s.n:][:r.s.n], &room) {
			row[x] = max(row[x], v)
		}
	}
}

// met says whether sums of a loss have what is asked.
func (r *reach) met(sum []int64, loss int64) bool {
	ask := r.ask[int(loss/r.unit)*r.ways:][:r.ways]
	for p, v := range sum {
		if v < ask[p] {
			return false
		}
	}
	if r.ways == len(sum) {
		return true
	}
	all := r.s.worth(sum)
	ask = ask[len(sum):]
	for p, v := range sum {
		if all-v*r.s.prices[p] < ask[p] {
			return false
		}
	}
	return true
}

// sift drops the partials of a half that the other half does not complete,
// once there are no groups to come.
func (r *reach) sift(k int, h, other *half) {
	r.face(k, other)
	n, at := r.s.n, 0
	h.most = nil
	st := &h.stages[len(h.stages)-1]
	for i, l := range h.loss {
		sum := h.sum[i*n:][:n]
		if !r.met(sum, l) {
			continue
		}
		copy(h.sum[at*n:], sum)
		h.loss[at], st.from[at], st.pick[at] = l, st.from[i], st.pick[i]
		at++
	}
	h.sum, h.loss, st.from, st.pick = h.sum[:at*n], h.loss[:at], st.from[:at], st.pick[:at]
}
